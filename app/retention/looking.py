"""Reading an archive's file for one customer: straight through, in bounded memory."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.core.money import from_minor
from app.ledger.archives import files
from app.ledger.archives.queries import Archived
from app.ledger.models import Kind
from app.ledger.seals.digest import POSTING
from app.retention.refusals import ArchiveMoved, ArchiveWrong

MOST = 1000  # lines on one page; a month of one customer has fewer


@dataclass(frozen=True)
class Line:
    """One posting as it was archived."""

    id: int
    day: date
    posted_at: datetime
    kind: Kind
    method: str | None
    amount: Decimal
    balance_after: Decimal | None
    bonus_after: Decimal | None
    receipt_no: str
    note: str | None


def is_there(archive: Archived, folder: Path) -> bool:
    """Whether the file lies in the folder, as long as it was written; its bytes are proved by `flask ledger verify`."""
    path = folder / (archive.file or "")
    return bool(archive.file) and path.is_file() and path.stat().st_size == archive.manifest["bytes"]


def history_of(archive: Archived, customer_id: int, folder: Path) -> list[Line]:
    """What the customer did in that month, oldest first. Raises ArchiveMoved, ArchiveWrong."""
    path = folder / (archive.file or "")
    if not path.is_file():
        raise ArchiveMoved(file=path.name)
    try:
        return [_line(values) for values in _postings(path, customer_id)]
    except (OSError, files.NotAnArchive) as wrong:
        raise ArchiveWrong(what=f"{path.name}: {wrong}") from wrong


def _postings(path: Path, customer_id: int) -> Iterator[dict[str, Any]]:
    mark, found = f",{customer_id},", 0
    for _, lines in files.read(path):
        for line in lines:
            # Most lines are not his: they are told apart before they are taken apart.
            if mark not in line or not line.startswith('["posting"'):
                continue
            values = dict(zip(POSTING, json.loads(line)[1:], strict=True))
            if values["customer_id"] == customer_id:
                yield values
                found += 1
                if found == MOST:
                    return


def _line(values: dict[str, Any]) -> Line:
    return Line(
        id=values["id"],
        day=date.fromisoformat(values["business_date"]),
        posted_at=datetime.fromisoformat(values["posted_at"]).astimezone(UTC),
        kind=Kind(values["kind"]),
        method=values["method"],
        amount=from_minor(values["amount"]),
        balance_after=_amount(values["balance_after"]),
        bonus_after=_amount(values["bonus_after"]),
        receipt_no=values["receipt_no"],
        note=values["note"],
    )


def _amount(minor: int | None) -> Decimal | None:
    return None if minor is None else from_minor(minor)
