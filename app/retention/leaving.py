"""The way of one month out of the tables, in steps that may each be interrupted and done again."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app

from app.audit.operations import purge_records
from app.core.actor import Actor
from app.core.days import ONE_DAY
from app.core.db import consistent_view
from app.ledger.archives import files, making, runs
from app.ledger.archives.models import ArchiveKind, ArchiveState
from app.ledger.archives.queries import Archived, archives
from app.ledger.closing import patiently
from app.ledger.operations.archives import (
    advance_archive,
    keep_house,
    keep_manifest,
    keep_runs,
    plan_archive,
    purge_postings,
)
from app.ledger.seals.keys import SealKey
from app.retention.due import Month
from app.retention.refusals import ArchiveMoved, ArchiveWrong

AT_ONCE = 2_000  # rows of one transaction: nobody at the counter waits longer than for these
LONGEST_PAUSE = 0.2
Thing = TypeVar("Thing")


@dataclass
class Way:
    """How months go out: in whose name, into which folder, and who is told after each step.

    told: called with a word after every transaction and every file; batches: how long each deletion took, in seconds.
    """

    actor: Actor
    told: Callable[[str], None] = lambda step: None
    batches: list[float] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return Path(current_app.config["ARCHIVE_DIR"])

    def prepare(self, month: Month) -> None:
        """Bring a month as far as it can go before anything is deleted. Raises ArchiveWrong, OSError."""
        if month.state is None:
            self._do("planned", partial(plan_archive, month.kind, month.first_day, month.last_day, actor=self.actor))
        archive = self._fresh(month)
        if archive.state in (ArchiveState.VERIFIED, ArchiveState.CHECKPOINTED):
            archive = self._still_there(month, archive)
        steps = {
            ArchiveState.PLANNED: self._write,
            ArchiveState.WRITTEN: self._verify,
            ArchiveState.VERIFIED: self._checkpoint,
        }
        while archive.state in steps:
            steps[archive.state](month, archive)
            archive = self._fresh(month)

    def purge(self, month: Month) -> dict[str, int]:
        """Delete the rows of a month that is ready, day by day. Returns how many of each.

        Raises ArchiveMoved when its file is not there, whole: rows are not deleted on the word of a manifest.
        """
        archive = self._fresh(month)
        if not self._is_whole(archive):
            raise ArchiveMoved(file=archive.file)
        self._advance(month, ArchiveState.CHECKPOINTED, ArchiveState.PURGING)
        gone: dict[str, int] = {}
        day = month.first_day
        while day <= month.last_day:
            while counted := self._batch(month.kind, day):
                for name, count in counted.items():
                    gone[name] = gone.get(name, 0) + count
            day += ONE_DAY
        self._advance(month, ArchiveState.PURGING, ArchiveState.PURGED)
        return gone

    def _write(self, month: Month, _archive: Archived) -> None:
        with consistent_view() as connection:
            told = making.make(connection, month.kind, month.first_day, month.last_day, self.folder)
        self.told("file written")
        text, key = making.as_text(told), SealKey(current_app.config["SEAL_KEY"])
        files.write_beside(self.folder, told["file"], text, key.sign_manifest(text), key.public)
        keep = partial(keep_manifest, month.kind, month.first_day, text, told["file"], key=key, actor=self.actor)
        self._do("written", keep)

    def _verify(self, month: Month, archive: Archived) -> None:
        with consistent_view() as connection:
            wrong = making.check(connection, archive, self.folder)
        if wrong:
            self._advance(month, ArchiveState.WRITTEN, ArchiveState.PLANNED)
            raise ArchiveWrong(what="; ".join(wrong[:3]))
        self._advance(month, ArchiveState.WRITTEN, ArchiveState.VERIFIED)

    def _checkpoint(self, month: Month, archive: Archived) -> None:
        if month.kind is ArchiveKind.POSTINGS:
            with consistent_view() as connection:
                for part in _in_parts(runs.runs_of(connection, month.first_day, month.last_day)):
                    self._do("checkpoints", partial(keep_runs, month.first_day, part, actor=self.actor))
                house = runs.house_changes(connection, month.first_day, month.last_day)
            self._do("house", partial(keep_house, month.first_day, house, actor=self.actor))
            with consistent_view() as connection:
                kept = runs.digest_of_runs(runs.kept_runs(connection, month.first_day))
            told = archive.manifest["checkpoints"]
            if kept != (told["runs"], told["sha256"]):
                raise ArchiveWrong(what=f"the checkpoints of {month.first_day:%Y-%m} are not those of its manifest")
        self._advance(month, ArchiveState.VERIFIED, ArchiveState.CHECKPOINTED)

    def _still_there(self, month: Month, archive: Archived) -> Archived:
        """A file that was lost or damaged before anything was deleted is written again."""
        if not self._is_whole(archive):
            self._advance(month, archive.state, ArchiveState.PLANNED)
        return self._fresh(month)

    def _is_whole(self, archive: Archived) -> bool:
        try:
            return files.digest_of(self.folder / (archive.file or "")) == archive.manifest["sha256"]
        except OSError:
            return False

    def _batch(self, kind: ArchiveKind, day: Any) -> dict[str, int]:
        """One short transaction; then others have the database for as long as it took."""
        began = time.monotonic()
        if kind is ArchiveKind.POSTINGS:
            half = AT_ONCE // 2  # most postings have one transfer or two
            postings, transfers = patiently(partial(purge_postings, day, most=half, actor=self.actor))
            counted = {"postings": postings, "transfers": transfers}
        else:
            counted = {"records": patiently(partial(purge_records, day, most=AT_ONCE, actor=self.actor))}
        took = time.monotonic() - began
        if not any(counted.values()):
            return {}
        self.batches.append(took)
        self.told("batch")
        time.sleep(min(took, LONGEST_PAUSE))
        return counted

    def _advance(self, month: Month, old: ArchiveState, new: ArchiveState) -> None:
        self._do(new.value, partial(advance_archive, month.kind, month.first_day, old, new, actor=self.actor))

    def _do(self, step: str, work: Callable[[], Any]) -> None:
        patiently(work)
        self.told(step)

    def _fresh(self, month: Month) -> Archived:
        with consistent_view() as connection:
            found = archives(connection)
        return next(one for one in found if (one.kind, one.first_day) == (month.kind, month.first_day))


def _in_parts(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    rest = iter(things)
    while part := list(islice(rest, AT_ONCE)):
        yield part
