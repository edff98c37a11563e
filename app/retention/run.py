"""One run of retention: months are archived and proved, all proofs are tried, and only then rows go."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from app.core import clock, days
from app.core.actor import Actor
from app.core.db import consistent_view, in_transaction
from app.ledger.archives.models import ArchiveKind, ArchiveState
from app.ledger.archives.sums import Sums, sums
from app.ledger.closing import close_days
from app.ledger.doubt import refuse_in_doubt
from app.ledger.proofs import verify
from app.retention import due
from app.retention.due import Month
from app.retention.erasing import erase_deleted
from app.retention.leaving import Way
from app.retention.operations import note_run
from app.retention.refusals import ProofFailed

SUMS = "sums"


@dataclass
class Report:
    """What a run did, or would do. gone: rows deleted by kind; erased: deleted customers made nameless.

    before, after: what everybody had at the end of one closed day.
    """

    today: date
    cut_offs: dict[ArchiveKind, date | None]
    is_dry: bool
    months: list[dict[str, Any]] = field(default_factory=list)
    gone: dict[str, int] = field(default_factory=dict)
    erased: int = 0
    proofs: list[str] = field(default_factory=list)
    before: Sums | None = None
    after: Sums | None = None
    batches: list[float] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether the sums before are the sums after, and every proof holds."""
        return self.before == self.after and not self.proofs and (self.before is None or self.before.agrees)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "today": self.today,
            "cut_off": {kind.value: day for kind, day in self.cut_offs.items()},
            "dry_run": self.is_dry,
            "months": self.months,
            "deleted": self.gone,
            "erased": self.erased,
            "proof": {
                "holds": self.holds,
                "failed": self.proofs,
                "before": self.before and asdict(self.before),
                "after": self.after and asdict(self.after),
            },
            "longest_batch_ms": round(max(self.batches, default=0) * 1000),
        }


def retain(
    *,
    today: date | None = None,
    actor: Actor,
    told: Callable[[str], None] = lambda step: None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Let everything leave that is due. Killed anywhere, it may be run again and goes on.

    today: from which the limits are counted; the shop's own when left out. told: after each step; progress: after
    each month. Raises LedgerInDoubt, ProofFailed, ArchiveWrong, OSError, Unavailable; nothing was deleted then, or
    the rest was not.
    """
    refuse_in_doubt()
    close_days(actor=actor)
    report, way = _report(today, is_dry=False), Way(actor, told)
    with consistent_view() as connection:
        months = due.due(connection, report.cut_offs)
    for month in months:
        if month.state is not ArchiveState.PURGING:
            way.prepare(month)
    if months:
        _prove_before(report, months)
        _purge(report, months, way, progress)
        _prove_after(report)
    report.batches = way.batches
    report.erased = erase_deleted(report.cut_offs, actor=actor, told=told)
    if months or report.erased:
        in_transaction(partial(note_run, report.as_json(), actor=actor))
    return report


def rehearse(*, today: date | None = None) -> Report:
    """What a run would do, and whether the proofs would let it. Nothing is written."""
    report = _report(today, is_dry=True)
    with consistent_view() as connection:
        ended = clock.today() - timedelta(days=1)
        months = due.due(connection, report.cut_offs, closed=ended)
        report.months = [_told(month, due.counts(connection, month)) for month in months]
        report.before = report.after = sums(connection)
    report.proofs = _failed()
    return report


def _report(today: date | None, *, is_dry: bool) -> Report:
    day = today or days.today()
    return Report(day, due.cut_offs(day), is_dry)


def _failed() -> list[str]:
    return [proof.name for proof in verify() if not proof.holds]


def _prove_before(report: Report, months: Sequence[Month]) -> None:
    """Nothing is deleted unless the ledger holds, with the rows and with the checkpoints in their place."""
    left = max((month.last_day for month in months if month.kind is ArchiveKind.POSTINGS), default=None)
    with consistent_view() as connection:
        report.before = sums(connection)
        instead = sums(connection, left=left, through=report.before.through) if left else report.before
    failed = _failed()
    if instead != report.before or not report.before.agrees:
        failed.append(SUMS)
    if failed:
        raise ProofFailed(proofs=", ".join(failed))


def _purge(report: Report, months: Sequence[Month], way: Way, progress: Callable[[int, int], None]) -> None:
    for number, month in enumerate(months, start=1):
        gone = way.purge(month)
        report.months.append(_told(month, gone))
        for name, count in gone.items():
            report.gone[name] = report.gone.get(name, 0) + count
        progress(number, len(months))


def _prove_after(report: Report) -> None:
    through = report.before.through if report.before else None
    with consistent_view() as connection:
        report.after = sums(connection, through=through)
    report.proofs = _failed()


def _told(month: Month, rows: dict[str, int]) -> dict[str, Any]:
    return {"kind": month.kind.value, "month": f"{month.first_day:%Y-%m}", **rows}
