"""What the staff room answers to programs."""

from app.staff.api.administrators import staff_api
from app.staff.api.sessions import session_api

__all__ = ["session_api", "staff_api"]
