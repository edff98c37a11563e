"""What stands in a backup, told by itself."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from app.backup.refusals import Damaged

FORMAT = "prepaid-desk-backup/1"
ENTRY = "manifest.json"


@dataclass(frozen=True)
class TableContents:
    """One table. columns: name and neutral kind; rows: how many; sha256: of its lines; highest: number given so far."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    sha256: str
    highest: int | None = None

    @property
    def entry(self) -> str:
        return f"tables/{self.name}.jsonl"


@dataclass(frozen=True)
class Manifest:
    """The whole backup. revision: the migration of the database; created_at: ISO, UTC; source: the kind of database."""

    product: str
    revision: str
    created_at: str
    source: str
    tables: tuple[TableContents, ...]
    format: str = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def read_manifest(text: bytes) -> Manifest:
    """Raises Damaged for what is no manifest of a format that this version reads."""
    try:
        parts: dict[str, Any] = json.loads(text)
        if parts["format"] != FORMAT:
            raise Damaged(f"The backup has the format {parts['format']!r}, which this version does not read.")
        tables = tuple(_table(part) for part in parts.pop("tables"))
        manifest = Manifest(tables=tables, **parts)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Damaged("The backup's list of contents cannot be read.") from None
    if not all(isinstance(text, str) for text in (manifest.revision, manifest.created_at, manifest.product)):
        raise Damaged("The backup's list of contents cannot be read.")
    return manifest


def _table(part: dict[str, Any]) -> TableContents:
    columns = tuple((str(name), str(kind)) for name, kind in part.pop("columns"))
    table = TableContents(columns=columns, **part)
    if not (isinstance(table.rows, int) and isinstance(table.name, str) and isinstance(table.sha256, str)):
        raise ValueError(table.name)
    if not isinstance(table.highest, int | None):
        raise ValueError(table.name)
    return table
