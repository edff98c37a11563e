"""What roles are called to people. The stored names are for programs."""

from flask_babel import gettext

from app.core.errors import N_

_NAMES = {
    "super-admin": N_("Super administrator"),
    "ordinary-admin": N_("Ordinary administrator"),
    "cashier": N_("Cashier"),
    "service-desk": N_("Service desk"),
    "finance": N_("Finance"),
    "installer": N_("Installer"),
}


def role_name(role: str | None) -> str:
    """The name of a role in the reader's language; a role of the owner's making has the name he gave it."""
    return gettext(_NAMES[role]) if role in _NAMES else role or ""
