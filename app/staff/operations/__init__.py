"""The verbs of the staff room, by noun."""

from app.staff.operations.passwords import change_own_password, set_password
from app.staff.operations.people import change_own_profile, change_staff, create_staff, remove_staff
from app.staff.operations.purge import forget_ended_sessions, forget_old_failures
from app.staff.operations.roles import sync_roles
from app.staff.operations.sessions import end_other_sessions, end_session, note_failed_sign_in, start_session, unlock

__all__ = [
    "change_own_password",
    "change_own_profile",
    "change_staff",
    "create_staff",
    "end_other_sessions",
    "end_session",
    "forget_ended_sessions",
    "forget_old_failures",
    "note_failed_sign_in",
    "remove_staff",
    "set_password",
    "start_session",
    "sync_roles",
    "unlock",
]
