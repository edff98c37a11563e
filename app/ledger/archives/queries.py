"""Reading what has left: the archives and their manifests, as the proofs and the room of retention ask for them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, ScalarSelect, func, select

from app.ledger.archives.models import LEAVING, Archive, ArchiveKind, ArchiveState


@dataclass(frozen=True)
class Archived:
    """One month of one kind, as a value. text: the manifest as it was signed."""

    kind: ArchiveKind
    first_day: date
    last_day: date
    state: ArchiveState
    file: str | None
    text: str | None
    signature: str | None
    key_id: str | None
    public_key: str | None

    @property
    def has_left(self) -> bool:
        """Whether some of its rows may be gone."""
        return self.state in LEAVING

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return json.loads(self.text or "{}")

    @cached_property
    def days(self) -> dict[date, dict[str, Any]]:
        """What the manifest says of each day."""
        return {date.fromisoformat(day["day"]): day for day in self.manifest.get("days", ())}


def archives(connection: Connection) -> list[Archived]:
    """Every month that is leaving or has left, oldest first."""
    names = ("kind", "first_day", "last_day", "state", "file", "manifest", "signature", "key_id", "public_key")
    ask = select(*(Archive.__table__.c[name] for name in names)).order_by(Archive.first_day, Archive.kind)
    return [Archived(*row) for row in connection.execute(ask)]


def last_left(kind: ArchiveKind) -> ScalarSelect[Any]:
    """The last day of which rows have left or may be leaving, as a part of a question."""
    return select(func.max(Archive.last_day)).where(Archive.kind == kind, Archive.state.in_(LEAVING)).scalar_subquery()


def archived_through(connection: Any, kind: ArchiveKind) -> date | None:
    """The last day of which rows have left or may be leaving. None: none has. connection: or a session."""
    return connection.scalar(select(last_left(kind)))


def explained(found: Sequence[Archived]) -> set[int]:
    """Customers whose debt is explained by what has left."""
    return {customer for one in found if one.has_left for customer in one.manifest["explained"]}
