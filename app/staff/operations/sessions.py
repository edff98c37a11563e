"""Signing in and out, and the failures that lock a name or an address."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.db import is_postgresql
from app.core.errors import NotFound, TooManyTries
from app.extensions import db
from app.staff.models import RecoveryCode, SecondFactor, SessionKind, SignInFailures, Staff, StaffSession
from app.staff.queries import failure_keys, seconds_locked
from app.staff.refusals import WrongCredentials

WINDOW = timedelta(minutes=30)
LOCKED_FOR = timedelta(minutes=30)
NAME_FAILURES = 10
ADDRESS_FAILURES = 100
LASTS = {SessionKind.BROWSER: timedelta(hours=12), SessionKind.API: timedelta(hours=8)}


class Proof(NamedTuple):
    """What was shown besides the password. steps: the time steps whose code it is, of that sealed secret.

    recovery_hash: of a code on paper.
    """

    sealed_secret: str | None = None
    steps: Collection[int] = ()
    recovery_hash: str | None = None


def start_session(
    staff_id: int,
    *,
    token_hash: str,
    kind: SessionKind,
    verified_hash: str,
    actor: Actor,
    proof: Proof | None = None,
    user_agent: str | None = None,
    replaces: int | None = None,
) -> int:
    """Sign an administrator in. Returns the id of the session, which ends by itself (see LASTS).

    verified_hash: the password hash that was found right, outside the transaction. replaces: the session that
    the same browser had before; it ends. proof: his second factor, if he has one; it is used up here. Raises
    TooManyTries when failures have locked the name meanwhile, WrongCredentials when he may not sign in any more or
    the proof was used before.
    """
    staff = db.session.get(Staff, staff_id, populate_existing=True)
    if staff is None or not staff.can_sign_in or staff.password != verified_hash:
        raise WrongCredentials
    if seconds := seconds_locked(staff.username, actor.address):
        raise TooManyTries(seconds)
    shown = _use_up(staff_id, proof or Proof())
    if replaces is not None:
        _end(StaffSession.id == replaces)
    now = clock.real_now()
    started = StaffSession(
        user_id=staff_id,
        kind=kind,
        token_hash=token_hash,
        started_at=now,
        last_seen_at=now,
        expires_at=now + LASTS[kind],
        address=actor.address,
        user_agent=(user_agent or "")[:200] or None,
    )
    db.session.add(started)
    staff.last_login = now.replace(tzinfo=None)
    staff.last_seen_address = actor.address
    staff.login_count = (staff.login_count or 0) + 1
    forget_failures(staff.username)
    db.session.flush()
    changes = {"kind": (None, kind)} | ({"second_factor": (None, shown)} if shown else {})
    record("staff.sign-in", "staff", staff_id, actor=actor, changes=changes)
    return started.id


def _use_up(staff_id: int, proof: Proof) -> str | None:
    """Take the second factor, once. Returns what it was; None when he has none. Raises WrongCredentials."""
    kept = db.session.get(SecondFactor, staff_id, populate_existing=True, with_for_update=True)
    if kept is None:
        return None
    fresh = [step for step in proof.steps if step > kept.last_step and proof.sealed_secret == kept.secret]
    if fresh:
        kept.last_step = max(fresh)
        return "code"
    paper = update(RecoveryCode).where(RecoveryCode.user_id == staff_id, RecoveryCode.used_at.is_(None))
    paper = paper.where(RecoveryCode.code_hash == (proof.recovery_hash or ""))
    used = paper.values(used_at=clock.real_now()).execution_options(synchronize_session=False)
    if not db.session.execute(used).rowcount:
        raise WrongCredentials
    return "recovery code"


def end_session(session_id: int, *, actor: Actor) -> None:
    """Sign out one browser or program. Doing it again does nothing."""
    if _end(StaffSession.id == session_id):
        record("staff.sign-out", "staff", actor.id, actor=actor)


def end_own_session(session_id: int, *, actor: Actor) -> None:
    """Sign out one browser or program of the one who acts. Raises NotFound for another person's."""
    mine = select(StaffSession.id).where(StaffSession.id == session_id, StaffSession.user_id == (actor.staff_id or 0))
    if db.session.scalar(mine) is None:
        raise NotFound
    end_session(session_id, actor=actor)


def end_other_sessions(session_id: int | None, *, actor: Actor) -> int:
    """Sign out every other browser and program of the same person. Returns how many there were."""
    ended = end_every_session(actor.staff_id or 0, but=session_id)
    if ended:
        record("staff.end-other-sessions", "staff", actor.id, actor=actor, changes={"ended": (None, ended)})
    return ended


def end_every_session(staff_id: int, *, but: int | None = None) -> int:
    """Part of other verbs, which write the record: whoever loses his right to be in is out at once."""
    return _end(StaffSession.user_id == staff_id, StaffSession.id != (but or 0))


def note_failed_sign_in(username: str | None, *, staff_id: int | None, actor: Actor) -> None:
    """Count a failure of a name and of the address of the actor; the tenth locks the name, the 100th the address.

    username: as typed; it is kept as a hash only, because it may be a password typed into the wrong field.
    staff_id: whose name it is, None for an unknown one.
    """
    until = None
    for key in failure_keys(username, actor.address):
        until = _count(key, ADDRESS_FAILURES if key.startswith("address:") else NAME_FAILURES) or until
    changes = {"locked_until": (None, until)} if until else {}
    record("staff.sign-in-failed", "staff", staff_id, actor=actor, changes=changes)


def note_first_step(*, actor: Actor) -> None:
    """Count a password that a code must follow, right or wrong alike: the 100th locks the address of the actor.

    No record: nothing has failed yet, and how long it takes must not tell which it was.
    """
    for key in failure_keys(None, actor.address):
        _count(key, ADDRESS_FAILURES)


def unlock(staff_id: int, *, actor: Actor) -> None:
    """Let an administrator try again at once. Raises NotFound."""
    staff = db.session.get(Staff, staff_id)
    if staff is None:
        raise NotFound
    forget_failures(staff.username)
    record("staff.unlock", "staff", staff_id, actor=actor)


def forget_failures(username: str) -> None:
    db.session.execute(delete(SignInFailures).where(SignInFailures.key.in_(failure_keys(username, None))))


def _count(key: str, allowed: int) -> datetime | None:
    """Count one more failure under the key. Returns until when it is locked now, if it is."""
    now = clock.real_now()
    insert_ = postgresql.insert if is_postgresql() else sqlite.insert
    first = insert_(SignInFailures.__table__).values(key=key, count=0, since=now)
    db.session.execute(first.on_conflict_do_nothing())
    row = db.session.execute(
        select(SignInFailures).where(SignInFailures.key == key).with_for_update(),
        execution_options={"populate_existing": True},
    ).scalar_one()
    is_over = row.since <= now - WINDOW or (row.locked_until is not None and row.locked_until <= now)
    if is_over:
        row.count, row.since, row.locked_until = 0, now, None
    row.count += 1
    if row.count >= allowed and row.locked_until is None:
        row.locked_until = now + LOCKED_FOR
    return row.locked_until


def _end(*which: object) -> int:
    statement = update(StaffSession).where(*which, StaffSession.ended_at.is_(None))  # type: ignore[arg-type]
    return db.session.execute(
        statement.values(ended_at=clock.real_now()), execution_options={"synchronize_session": False}
    ).rowcount
