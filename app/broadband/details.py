"""What is typed about a line and its customer, as it is kept."""

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from app.broadband.refusals import AccountTaken
from app.core.errors import N_, Invalid
from app.core.sealed import seal
from app.customers.phones import NotAPhone, normalise
from app.extensions import db
from app.shop.queries import setting

LENGTHS = {"address": 250, "access_order_no": 64, "broadband_account": 120, "bound_number": 64, "remark": 500}
LONGEST_PASSWORD = 128
PERSONAL = ("address", "broadband_account", "bound_number", "remark")
CHANGEABLE = tuple(name for name in LENGTHS if name != "address")  # that is a relocation


def cleaned(details: Mapping[str, str | None]) -> dict[str, str | None]:
    """The details as columns: trimmed, empty as None, the password sealed. Raises Invalid."""
    texts = {name: (value or "").strip() for name, value in details.items()}
    limits = {**LENGTHS, "broadband_password": LONGEST_PASSWORD}
    if too_long := {name: N_("This is too long.") for name, text in texts.items() if len(text) > limits[name]}:
        raise Invalid(**too_long)
    columns = {name: text or None for name, text in texts.items() if name in LENGTHS}
    return columns | {"password_sealed": seal(texts.get("broadband_password"))}


def flush() -> None:
    """Write the service. Raises AccountTaken."""
    try:
        db.session.flush()
    except IntegrityError as conflict:
        if "account" in str(conflict.orig):
            raise AccountTaken from conflict
        raise


def phone_of(typed: str) -> str:
    """A number as it was typed, in E.164. Raises Invalid."""
    try:
        return normalise(typed, setting("phone_region"))
    except NotAPhone:
        raise Invalid(new_phone=N_("This is not a phone number.")) from None
