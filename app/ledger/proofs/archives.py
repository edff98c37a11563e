"""What has left is covered: by signed manifests, checkpoints that make the frozen sums, and files that are whole."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import BigInteger, Connection, cast, func, select, type_coerce

from app.audit.models import OperationRecord
from app.core.days import DayClose
from app.core.months import month_after
from app.ledger.archives import files, runs
from app.ledger.archives.making import as_text, frozen_house, frozen_sums
from app.ledger.archives.models import ArchiveKind, ArchiveState, HouseCheckpoint
from app.ledger.archives.queries import Archived, archives
from app.ledger.models import Account, Posting, Receipt
from app.ledger.proofs.found import Finding
from app.ledger.seals.keys import is_signed_manifest, key_id

TABLES: dict[ArchiveKind, Any] = {ArchiveKind.POSTINGS: Posting, ArchiveKind.RECORDS: OperationRecord}


def prove_archives(connection: Connection) -> Iterator[Finding | int]:
    """Walk the months that are leaving or have left. A file that was moved elsewhere is not looked for."""
    found = archives(connection)
    folder = Path(current_app.config["ARCHIVE_DIR"])
    for archive in found:
        yield 1
        if archive.state is ArchiveState.PLANNED:
            continue
        yield from _manifest(archive)
        yield from _file(archive, folder)
        if archive.has_left:
            yield from _gone(connection, archive)
            if archive.kind is ArchiveKind.POSTINGS:
                yield from _checkpoints(connection, archive)
    yield from _order(found)


def _where(archive: Archived) -> str:
    return f"archive {archive.kind}/{archive.first_day:%Y-%m}"


def _manifest(archive: Archived) -> Iterator[Finding]:
    text, public = archive.text or "", archive.public_key or ""
    if key_id(public) != archive.key_id or not is_signed_manifest(text, archive.signature or "", public):
        yield Finding(_where(archive), "has a manifest that its key did not sign")
    told = archive.manifest
    said = (told.get("kind"), told.get("first_day"), told.get("last_day"), told.get("file"), as_text(told))
    if said != (archive.kind, str(archive.first_day), str(archive.last_day), archive.file, text):
        yield Finding(_where(archive), "has a manifest of something else")


def _file(archive: Archived, folder: Path) -> Iterator[Finding]:
    path = folder / (archive.file or "")
    try:
        if path.is_file() and files.digest_of(path) != archive.manifest["sha256"]:
            yield Finding(_where(archive), f"is damaged: {path.name} is not what was signed")
    except OSError as failure:
        yield Finding(_where(archive), f"cannot be read: {failure.strerror}")


def _gone(connection: Connection, archive: Archived) -> Iterator[Finding]:
    """Whether as many rows left as the closed days had, and none has stayed or come back."""
    month, told = (archive.first_day, archive.last_day), archive.manifest["counts"]
    names = {"posting": "postings", "transfer": "transfers", "record": "records"}
    for word, count in told.items():
        column = DayClose.__table__.c[names[word]]
        sealed = connection.scalar(select(func.coalesce(func.sum(column), 0)).where(DayClose.day.between(*month)))
        if int(sealed or 0) != count:
            yield Finding(_where(archive), f"holds {count} {names[word]}, {sealed} were sealed")
    dated = TABLES[archive.kind]
    rows = select(func.count()).select_from(dated).where(dated.business_date.between(*month))
    left = connection.scalar(rows) if archive.state is ArchiveState.PURGED else 0
    if left:
        yield Finding(_where(archive), f"has left, and {left} of its rows are here")
    if archive.kind is ArchiveKind.POSTINGS:
        receipts = select(func.count()).select_from(Receipt).where(Receipt.business_date.between(*month))
        if (kept := connection.scalar(receipts)) != told["posting"]:
            yield Finding(_where(archive), f"holds {told['posting']} postings, {kept} receipts are kept of them")


def _checkpoints(connection: Connection, archive: Archived) -> Iterator[Finding]:
    told, month = archive.manifest["checkpoints"], (archive.first_day, archive.last_day)
    if runs.digest_of_runs(runs.kept_runs(connection, archive.first_day)) != (told["runs"], told["sha256"]):
        yield Finding(_where(archive), "has checkpoints of wallets that are not those of its manifest")
    if frozen_sums(connection, *month) != archive.manifest["sums"]:
        yield Finding(_where(archive), "moved customers' money otherwise than its frozen totals say")
    columns = [type_coerce(c, BigInteger) for c in (HouseCheckpoint.change, HouseCheckpoint.balance)]
    rows = list(
        connection.execute(
            select(HouseCheckpoint.account_id, Account.code, *columns)
            .join(Account, Account.id == HouseCheckpoint.account_id)
            .where(HouseCheckpoint.first_day == archive.first_day)
        )
    )
    if {str(row[0]): row[2] for row in rows} != told["house"]:
        yield Finding(_where(archive), "has checkpoints of the house that are not those of its manifest")
    if dict(sorted((row[1], row[2]) for row in rows if row[2])) != frozen_house(connection, *month):
        yield Finding(_where(archive), "moved the accounts of the house otherwise than its frozen totals say")
    total = cast(func.sum(type_coerce(HouseCheckpoint.change, BigInteger)), BigInteger)
    ask = select(HouseCheckpoint.account_id, total).where(HouseCheckpoint.first_day <= archive.first_day)
    summed = dict(connection.execute(ask.group_by(HouseCheckpoint.account_id)).all())
    if any(summed[row[0]] != row[3] for row in rows):
        yield Finding(_where(archive), "has a balance of the house that its months do not make")


def _order(found: Sequence[Archived]) -> Iterator[Finding]:
    """Months leave one after the other."""
    for kind in ArchiveKind:
        gone = [archive for archive in found if archive.kind is kind and archive.has_left]
        for before, after in pairwise(gone):
            if month_after(before.last_day) != after.first_day:
                yield Finding(_where(after), f"does not follow {before.first_day:%Y-%m}")
