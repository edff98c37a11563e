"""Passwords, as hashes that were made before the transaction. None ever stands in a record."""

from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.extensions import db
from app.staff.models import Staff
from app.staff.operations.people import locked_staff
from app.staff.operations.sessions import end_every_session, forget_failures
from app.staff.refusals import WrongCredentials


def set_password(staff_id: int, password_hash: str, *, actor: Actor) -> None:
    """Give an administrator another password: he is signed out everywhere, and may try at once.

    Raises BeyondOwnRights, StaffRemoved, NotFound.
    """
    staff = locked_staff(staff_id, actor=actor)
    _keep(staff, password_hash)
    forget_failures(staff.username)
    ended = end_every_session(staff_id)
    record("staff.set-password", "staff", staff_id, actor=actor, changes={"sessions_ended": (None, ended)})


def change_own_password(password_hash: str, *, verified_hash: str, session_id: int | None, actor: Actor) -> None:
    """Change one's own password: every other browser and program of his is signed out.

    verified_hash: the hash of the old password, found right outside the transaction. session_id: the session
    that stays. Raises WrongCredentials when the password was changed meanwhile.
    """
    staff = db.session.get(Staff, actor.id, populate_existing=True, with_for_update=True)
    if staff is None:
        raise NotFound
    if staff.password != verified_hash or not staff.can_sign_in:
        raise WrongCredentials
    _keep(staff, password_hash)
    ended = end_every_session(staff.id, but=session_id)
    record("staff.change-own-password", "staff", staff.id, actor=actor, changes={"sessions_ended": (None, ended)})


def _keep(staff: Staff, password_hash: str) -> None:
    staff.password = password_hash
    staff.password_changed_at = clock.real_now()
