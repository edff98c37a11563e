"""What happens in this process, told to whoever counts it. Nothing here reads or writes the database."""

from typing import Any

from blinker import Signal
from sqlalchemy import event
from sqlalchemy.orm import Session

POSTED = "posted"  # in the session's info: the kinds of the postings of this transaction

posted = Signal()  # sent with the kind of a posting, once it is committed
refused = Signal()  # sent with the code of a refusal


def note_posting(session: Any, kind: str) -> None:
    """A posting was written, and will have been made when this transaction is committed."""
    session.info.setdefault(POSTED, []).append(kind)


@event.listens_for(Session, "after_commit")
def _tell(session: Session) -> None:
    for kind in session.info.pop(POSTED, ()):
        posted.send(kind)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(POSTED, None)
