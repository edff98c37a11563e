"""What is known of a customer: which fields there are, and what may stand in them. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.core.errors import N_, Invalid
from app.customers.models import Customer, CustomerType, Gender
from app.customers.phones import NotAPhone, digits_reversed, normalise

LENGTHS = {
    "name": 120,
    "landline": 32,
    "contact_phone": 32,
    "email": 254,
    "address": 250,
    "id_number": 32,
    "note": 500,
}
FIELDS = ("phone", "type", "gender", "birthday", *LENGTHS)
# Everything else that is known of a person is written down apart, where it can be erased.
IMPERSONAL = {"type", "store", "customer_no"}


def clean(values: Mapping[str, Any], *, region: str, today: date) -> dict[str, Any]:
    """The values as they are kept: trimmed, phone in E.164, empty as None. Only names in FIELDS are taken.

    region: of phone numbers without a country. Raises Invalid with a message for every field that cannot be.
    """
    cleaned: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name in FIELDS:
        if name not in values:
            continue
        try:
            cleaned[name] = _clean(name, values[name], region, today)
        except ValueError as wrong:
            errors[name] = str(wrong)
    if errors:
        raise Invalid(**errors)
    if "phone" in cleaned:
        cleaned["phone_reversed"] = digits_reversed(cleaned["phone"])
    return cleaned


def _clean(name: str, value: Any, region: str, today: date) -> Any:
    if name == "phone":
        return _phone(value, region)
    if name == "type":
        return _member(CustomerType, value or CustomerType.PERSONAL)
    if name == "gender":
        return _member(Gender, value) if value else None
    if name == "birthday":
        return _birthday(value, today)
    return _text(name, value)


def _phone(value: Any, region: str) -> str:
    if not value or not str(value).strip():
        raise ValueError(N_("A phone number is needed."))
    try:
        return normalise(str(value), region)
    except NotAPhone:
        raise ValueError(N_("This is not a phone number.")) from None


def _member(kind: Callable[[Any], Any], value: Any) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise ValueError(N_("This is not one of the choices.")) from None


def _birthday(value: date | None, today: date) -> date | None:
    if value is not None and not date(1880, 1, 1) <= value <= today:
        raise ValueError(N_("This day cannot be a birthday."))
    return value


def _text(name: str, value: Any) -> str | None:
    text = "" if value is None else str(value).strip()
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
        raise ValueError(N_("This holds signs that cannot be kept."))
    if len(text) > LENGTHS[name]:
        raise ValueError(N_("This is too long."))
    if name == "name" and not text:
        raise ValueError(N_("A name is needed."))
    return text or None


def reading(customer: Customer) -> dict[str, Any]:
    """The profile as it is now, for the operation record and for comparing."""
    return {name: getattr(customer, name) for name in (*FIELDS, "customer_no")} | {"store": customer.store.code}
