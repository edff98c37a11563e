"""The second factor of a person: set up, used, taken off. Secrets come here sealed or hashed, and are in no record."""

from collections.abc import Collection

from sqlalchemy import delete, insert

from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.extensions import db
from app.staff.models import RecoveryCode, SecondFactor, Staff
from app.staff.operations.people import locked_staff
from app.staff.operations.sessions import end_every_session, forget_failures
from app.staff.queries import demands_second_factor
from app.staff.refusals import SecondFactorDemanded, WrongCredentials


def set_up_second_factor(
    sealed_secret: str,
    *,
    step: int,
    recovery_hashes: Collection[str],
    verified_hash: str,
    session_id: int | None,
    actor: Actor,
) -> None:
    """Ask for a code at every sign-in of the one who acts, from now on. A former telephone and paper are worth nothing.

    step: of the code that proved the telephone. verified_hash: of his password, found right outside the transaction.
    session_id: the session that stays; the others had no second factor. Raises WrongCredentials.
    """
    staff = _myself(verified_hash, actor)
    _forget(staff.id)
    now = clock.real_now()
    db.session.add(SecondFactor(user_id=staff.id, secret=sealed_secret, last_step=step, set_up_at=now))
    _keep_codes(staff.id, recovery_hashes)
    ended = end_every_session(staff.id, but=session_id)
    record("staff.set-up-second-factor", "staff", staff.id, actor=actor, changes={"sessions_ended": (None, ended)})


def renew_recovery_codes(recovery_hashes: Collection[str], *, verified_hash: str, actor: Actor) -> None:
    """Give the one who acts new codes for paper; the old ones are worth nothing. Raises WrongCredentials, NotFound."""
    staff = _myself(verified_hash, actor)
    if db.session.get(SecondFactor, staff.id) is None:
        raise NotFound
    _keep_codes(staff.id, recovery_hashes)
    record("staff.renew-recovery-codes", "staff", staff.id, actor=actor)


def remove_second_factor(*, verified_hash: str, actor: Actor) -> None:
    """Sign in with the password alone again. Raises SecondFactorDemanded, WrongCredentials."""
    staff = _myself(verified_hash, actor)
    if demands_second_factor(staff.id):
        raise SecondFactorDemanded
    if _forget(staff.id):
        record("staff.remove-second-factor", "staff", staff.id, actor=actor)


def reset_second_factor(staff_id: int, *, actor: Actor) -> None:
    """Take off the second factor of somebody who has lost it; he is signed out everywhere.

    Raises BeyondOwnRights, StaffRemoved, NotFound, also when he has none.
    """
    staff = locked_staff(staff_id, actor=actor)
    if not _forget(staff_id):
        raise NotFound
    forget_failures(staff.username)
    ended = end_every_session(staff_id)
    record("staff.reset-second-factor", "staff", staff_id, actor=actor, changes={"sessions_ended": (None, ended)})


def _myself(verified_hash: str, actor: Actor) -> Staff:
    staff = db.session.get(Staff, actor.staff_id or 0, populate_existing=True, with_for_update=True)
    if staff is None or staff.password != verified_hash or not staff.can_sign_in:
        raise WrongCredentials
    return staff


def _keep_codes(staff_id: int, recovery_hashes: Collection[str]) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == staff_id))
    db.session.execute(insert(RecoveryCode), [{"user_id": staff_id, "code_hash": each} for each in recovery_hashes])


def _forget(staff_id: int) -> bool:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == staff_id))
    return bool(db.session.execute(delete(SecondFactor).where(SecondFactor.user_id == staff_id)).rowcount)
