"""The verbs of the staff room, by noun."""

from app.staff.operations.keys import make_key, revoke_key
from app.staff.operations.passwords import change_own_password, set_password
from app.staff.operations.people import change_own_profile, change_staff, create_staff, remove_staff
from app.staff.operations.purge import forget_ended_sessions, forget_old_failures
from app.staff.operations.roles import sync_roles
from app.staff.operations.second_factor import (
    remove_second_factor,
    renew_recovery_codes,
    reset_second_factor,
    set_up_second_factor,
)
from app.staff.operations.sessions import (
    end_other_sessions,
    end_own_session,
    end_session,
    note_failed_sign_in,
    note_first_step,
    start_session,
    unlock,
)

__all__ = [
    "change_own_password",
    "change_own_profile",
    "change_staff",
    "create_staff",
    "end_other_sessions",
    "end_own_session",
    "end_session",
    "forget_ended_sessions",
    "forget_old_failures",
    "make_key",
    "note_failed_sign_in",
    "note_first_step",
    "remove_second_factor",
    "remove_staff",
    "renew_recovery_codes",
    "reset_second_factor",
    "revoke_key",
    "set_password",
    "set_up_second_factor",
    "start_session",
    "sync_roles",
    "unlock",
]
