"""What is chosen by its number must be there, and be one of those that are offered."""

from typing import Any

from app.broadband.models import BusinessType, Package, Usage
from app.core.db import Model
from app.core.errors import N_, Invalid
from app.extensions import db

NOT_CHOSEN = object()


def found_of(model: type[Model], number: int | None) -> Any:
    """The row of that number, None where there is none; NOT_CHOSEN for no number."""
    return NOT_CHOSEN if number is None else db.session.get(model, number)


def offered(number: int | None) -> Any:
    """A package that can be chosen now."""
    package = found_of(Package, number)
    return package if package is NOT_CHOSEN or (package and package.is_offered) else None


def of_usage(number: int | None, usage: Usage) -> Any:
    """A business type of that usage."""
    kind = found_of(BusinessType, number)
    return kind if kind is NOT_CHOSEN or (kind and kind.usage is usage) else None


def require_there(**found: Any) -> dict[str, Any]:
    """The same, by the names of their fields. Raises Invalid for all those that are None."""
    if missing := {name: N_("Choose one of the list.") for name, row in found.items() if row is None}:
        raise Invalid(**missing)
    return found
