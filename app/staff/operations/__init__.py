"""The verbs of the staff room, by noun."""

from app.staff.operations.roles import lock_roles, sync_roles

__all__ = ["lock_roles", "sync_roles"]
