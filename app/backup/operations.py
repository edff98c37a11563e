"""What is written down of backups that are made and taken away through the pages."""

from app.audit.operations import record
from app.core.actor import Actor


def note_creation(name: str, rows: int, *, actor: Actor) -> None:
    """Write down that somebody has made a backup. name: of its file."""
    record("backup.create", "backup", None, actor=actor, changes={"file": (None, name), "rows": (None, rows)})


def note_download(name: str, *, actor: Actor) -> None:
    """Write down that somebody takes all data away, before he gets the first byte. name: of the file."""
    record("backup.download", "backup", None, actor=actor, changes={"file": (None, name)})
