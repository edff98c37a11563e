"""The first super administrator, made when the house is started for the first time."""

import secrets
from typing import NamedTuple

from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.staff.operations import create_staff
from app.staff.operations.roles import lock_roles
from app.staff.passwords import hash_password
from app.staff.queries import super_admins
from app.staff.rules import check_password

# Without signs that look like one another on paper.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


class FirstAdmin(NamedTuple):
    """Who was made. new_password: set when it was made up here; print it once, it is kept nowhere."""

    username: str
    new_password: str | None


def ensure_first_admin(username: str, password: str = "") -> FirstAdmin | None:
    """Make the first super administrator, unless there is one. The roles must have been synced.

    password: empty for a random one. Raises Invalid for a password that is too easy, UsernameTaken.
    """
    if super_admins():
        return None
    chosen = password or random_password()
    check_password(chosen, username)
    hashed = hash_password(chosen)
    actor = Actor.system("first start")

    def make() -> bool:
        lock_roles()
        if super_admins():
            return False
        create_staff(username, password_hash=hashed, role=SUPER_ADMIN, actor=actor)
        return True

    made = in_transaction(make)
    return FirstAdmin(username, None if password else chosen) if made else None


def random_password() -> str:
    """A password that can be read out: four groups of four signs, 79 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))
