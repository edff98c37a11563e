"""Removing what nobody needs any more: sessions that ended long ago, failures that lock nobody."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select

from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.extensions import db
from app.staff.models import SignInFailures, StaffSession
from app.staff.operations.sessions import WINDOW

KEPT = timedelta(days=30)  # after a session has ended
AT_ONCE = 500


def forget_ended_sessions(*, actor: Actor) -> int:
    """Remove some sessions that ended long ago. Returns how many; call it until there are none."""
    before = clock.real_now() - KEPT
    gone = select(StaffSession.id).where(or_(StaffSession.ended_at < before, StaffSession.expires_at < before))
    return _remove(StaffSession.id, gone, "sessions", actor)


def forget_old_failures(*, actor: Actor) -> int:
    """Remove some counts of failed sign-ins that are over. Returns how many; call it until there are none."""
    now = clock.real_now()
    unlocked = or_(SignInFailures.locked_until.is_(None), SignInFailures.locked_until < now)
    gone = select(SignInFailures.key).where(SignInFailures.since < now - WINDOW, unlocked)
    return _remove(SignInFailures.key, gone, "failures", actor)


def _remove(key: Any, gone: Any, what: str, actor: Actor) -> int:
    keys = list(db.session.scalars(gone.limit(AT_ONCE).with_for_update(skip_locked=True)))
    if keys:
        db.session.execute(delete(key.class_).where(key.in_(keys)), execution_options={"synchronize_session": False})
        record("staff.forget-sessions", "staff", None, actor=actor, changes={what: (len(keys), 0)})
    return len(keys)
