"""Making the archive of a month, and proving it: its lines are those that the days' seals are made over."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, cast, func, select, type_coerce
from sqlalchemy.orm import aliased

from app.audit.models import OperationRecord
from app.core.days import DayClose, DayState
from app.ledger.archives import files, runs
from app.ledger.archives.models import ArchiveKind
from app.ledger.archives.queries import Archived, archives
from app.ledger.frozen import frozen
from app.ledger.models import Account, DayPostings, DayTransfers, Posting, Purse
from app.ledger.seals.digest import frozen_lines, posting_lines, record_lines, seal_over, word_of

LINES: dict[ArchiveKind, Callable[[Connection, date], Iterator[str]]] = {
    ArchiveKind.POSTINGS: posting_lines,
    ArchiveKind.RECORDS: record_lines,
}
OTHER = {ArchiveKind.POSTINGS: ArchiveKind.RECORDS, ArchiveKind.RECORDS: ArchiveKind.POSTINGS}
LOWERED = "ledger.set-credit-limit"


class Digest:
    """SHA-256 over lines as they pass."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()
        self.counts: Counter[str] = Counter()

    def over(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            self._sha.update(f"{line}\n".encode())
            self.counts[word_of(line)] += 1
            yield line

    def __str__(self) -> str:
        return self._sha.hexdigest()


def digest_of(lines: Iterable[str]) -> str:
    """SHA-256 over lines."""
    digest = Digest()
    for _ in digest.over(lines):
        pass
    return str(digest)


def closed_days(connection: Connection, first_day: date, last_day: date) -> list[Row[Any]]:
    """The closed days of a month, in order."""
    ask = select(*DayClose.__table__.c).where(DayClose.day.between(first_day, last_day))
    return list(connection.execute(ask.where(DayClose.state == DayState.CLOSED).order_by(DayClose.day)))


def make(connection: Connection, kind: ArchiveKind, first_day: date, last_day: date, folder: Path) -> dict[str, Any]:
    """Write the archive of a month whose rows are all here. Returns what its manifest says."""
    closed, other = closed_days(connection, first_day, last_day), _other(connection, kind, first_day)
    told: list[dict[str, Any]] = []
    counts: Counter[str] = Counter()

    def days() -> Iterator[tuple[date, Iterator[str]]]:
        for day in closed:
            own = Digest()
            yield day.day, own.over(LINES[kind](connection, day.day))
            told.append(_told(connection, day, kind, str(own), other))
            counts.update(own.counts)

    kept = files.write(folder, kind, first_day, last_day, days())
    return {
        "program": files.PROGRAM,
        "format": files.FORMAT,
        "kind": kind,
        "first_day": str(first_day),
        "last_day": str(last_day),
        "file": kept.name,
        "sha256": kept.sha256,
        "bytes": kept.bytes,
        "counts": {word: counts[word] for word in files.COLUMNS[kind]},
        "explained": _explained(connection, kind, first_day, last_day),
        "days": told,
    } | (_checkpoints(connection, first_day, last_day) if kind is ArchiveKind.POSTINGS else {})


def _other(connection: Connection, kind: ArchiveKind, first_day: date) -> Archived | None:
    """The archive of the other kind, when its rows are no longer here for certain."""
    same = (one for one in archives(connection) if (one.kind, one.first_day) == (OTHER[kind], first_day))
    return next((one for one in same if one.has_left), None)


def _told(connection: Connection, day: Row[Any], kind: ArchiveKind, own: str, other: Archived | None) -> dict[str, Any]:
    beside = other.days[day.day][OTHER[kind]] if other else digest_of(LINES[OTHER[kind]](connection, day.day))
    totals = digest_of(frozen_lines(frozen(connection, day.day)))
    return {"day": str(day.day), "seal": day.seal, kind: own, OTHER[kind]: beside, "frozen": totals}


def _explained(connection: Connection, kind: ArchiveKind, first_day: date, last_day: date) -> list[int]:
    if kind is ArchiveKind.POSTINGS:
        ask = select(Posting.customer_id).where(Posting.is_forced, Posting.business_date.between(first_day, last_day))
    else:
        ask = select(OperationRecord.object_id).where(
            OperationRecord.operation == LOWERED,
            OperationRecord.object_type == "customer",
            OperationRecord.business_date.between(first_day, last_day),
        )
    return sorted({number for number in connection.scalars(ask) if number is not None})


def _checkpoints(connection: Connection, first_day: date, last_day: date) -> dict[str, Any]:
    """What the checkpoints of the month will be, and the sums that they must make."""
    count, digest = runs.digest_of_runs(runs.runs_of(connection, first_day, last_day))
    house = runs.house_changes(connection, first_day, last_day)
    return {
        "checkpoints": {"runs": count, "sha256": digest, "house": {str(key): value for key, value in house.items()}},
        "sums": frozen_sums(connection, first_day, last_day),
    }


def frozen_sums(connection: Connection, first_day: date, last_day: date) -> dict[str, int]:
    """By how much customers' wallets rose in these days, by purse, as it is frozen; in minor units."""
    sums = [
        cast(func.coalesce(func.sum(type_coerce(column, BigInteger)), 0), BigInteger)
        for column in (DayPostings.principal, DayPostings.bonus)
    ]
    row = connection.execute(select(*sums).where(DayPostings.day.between(first_day, last_day))).one()
    return {Purse.PRINCIPAL.value: int(row[0]), Purse.BONUS.value: int(row[1])}


def frozen_house(connection: Connection, first_day: date, last_day: date) -> dict[str, int]:
    """By how much each account of the house rose in these days, by its code, as it is frozen; in minor units."""
    codes = set(connection.scalars(select(Account.code).where(Account.customer_id.is_(None))))
    amount = cast(func.sum(type_coerce(DayTransfers.amount, BigInteger)), BigInteger)
    changes: dict[str, int] = {}
    for side, sign in ((DayTransfers.debit, -1), (DayTransfers.credit, 1)):
        ask = select(side, amount).where(DayTransfers.day.between(first_day, last_day)).group_by(side)
        for code, moved in connection.execute(ask):
            if code in codes:
                changes[code] = changes.get(code, 0) + sign * int(moved)
    return {code: change for code, change in sorted(changes.items()) if change}


def run_sums(connection: Connection, first_day: date, last_day: date) -> dict[str, int]:
    """The same as `frozen_sums`, from the transfers themselves."""
    wallet, found = aliased(Account), {purse.value: 0 for purse in Purse}
    purses = dict(connection.execute(select(wallet.id, wallet.purse).where(wallet.customer_id.is_not(None))).all())
    for run in runs.runs_of(connection, first_day, last_day):
        found[str(purses[run.wallet_id])] += run.change
    return found


def check(connection: Connection, archive: Archived, folder: Path) -> list[str]:
    """Read the file back while the rows are still here. What is wrong with it, in sentences; nothing: it is proved."""
    path = folder / (archive.file or "")
    try:
        if files.digest_of(path) != archive.manifest["sha256"]:
            return [f"{path.name} is not what its manifest says"]
        wrong = list(_check_days(connection, archive, path))
    except (OSError, files.NotAnArchive) as failure:
        return [f"{path.name} cannot be read: {failure}"]
    if archive.kind is ArchiveKind.POSTINGS:
        wrong += _check_sums(connection, archive)
    return wrong


def _check_days(connection: Connection, archive: Archived, path: Path) -> Iterator[str]:
    closed = {day.day: day for day in closed_days(connection, archive.first_day, archive.last_day)}
    other, seen = _other(connection, archive.kind, archive.first_day), []
    for day, lines in files.read(path):
        if day not in closed:
            yield f"{path.name} has the day {day}, which is not closed"
            continue
        seen.append(day)
        own = Digest()
        told, totals = archive.days[day], list(frozen_lines(frozen(connection, day)))
        if other is None:
            sealed = seal_over(
                day, closed[day].previous_seal, _in_order(connection, archive.kind, day, own.over(lines), totals)
            )
            holds = sealed.seal == closed[day].seal == told["seal"]
        else:
            for _ in own.over(lines):
                pass
            held = other.days[day]
            holds = (str(own), digest_of(totals), closed[day].seal) == (
                held[archive.kind],
                held["frozen"],
                held["seal"],
            )
        if not holds or str(own) != told[archive.kind]:
            yield f"the rows of {day} in {path.name} do not give the seal of that day"
    if seen != sorted(closed):
        yield f"{path.name} does not hold every day of its month once"


def _in_order(
    connection: Connection, kind: ArchiveKind, day: date, own: Iterable[str], totals: Iterable[str]
) -> Iterator[str]:
    """A day's lines as its seal takes them: some from the file, the others from here."""
    beside = LINES[OTHER[kind]](connection, day)
    return chain(own, beside, totals) if kind is ArchiveKind.POSTINGS else chain(beside, own, totals)


def _check_sums(connection: Connection, archive: Archived) -> Iterator[str]:
    month = (archive.first_day, archive.last_day)
    if not run_sums(connection, *month) == frozen_sums(connection, *month) == archive.manifest["sums"]:
        yield f"the wallets of {archive.first_day:%Y-%m} do not rise as its frozen totals say"
    names = dict(connection.execute(select(Account.id, Account.code).where(Account.customer_id.is_(None))).all())
    house = {names[int(key)]: value for key, value in archive.manifest["checkpoints"]["house"].items() if value}
    if dict(sorted(house.items())) != frozen_house(connection, *month):
        yield f"the accounts of the house in {archive.first_day:%Y-%m} do not move as its frozen totals say"


def as_text(manifest: dict[str, Any]) -> str:
    """The manifest as it is signed."""
    return json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
