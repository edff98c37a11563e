"""What is known of a customer: which fields there are, and what may stand in them. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.audit.lines import differences
from app.core.errors import N_, Invalid
from app.core.sealed import DOT, HIDDEN
from app.customers.models import Customer, CustomerType, Gender, Language
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
FIELDS = ("phone", "type", "gender", "birthday", "language", *LENGTHS)
# Everything else that is known of a person is written down apart, where it can be erased.
IMPERSONAL = {"type", "store", "customer_no"}
SEALED = {"id_number": "id_number_sealed"}  # what nobody sees by looking at a customer: its field, where it is kept


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
    if name == "language":
        return _member(Language, value) if value else None
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
    if name in SEALED and DOT in text:
        raise ValueError(N_("Type the whole number, or leave the field as it is."))
    if len(text) > LENGTHS[name]:
        raise ValueError(N_("This is too long."))
    if name == "name" and not text:
        raise ValueError(N_("A name is needed."))
    return text or None


def shown(customer: Customer) -> dict[str, Any]:
    """The profile as everybody may see it who may see the customer: what is sealed is masked."""
    return {name: getattr(customer, f"{name}_shown" if name in SEALED else name) for name in FIELDS}


def changed_in(values: Mapping[str, Any], customer: Customer) -> dict[str, Any]:
    """What of these values somebody has typed: a mask that came back as it was shown changes nothing."""
    return {name: value for name, value in values.items() if not (name in SEALED and _is_mask(name, value, customer))}


def _is_mask(name: str, value: Any, customer: Customer) -> bool:
    return bool(value) and DOT in str(value) and str(value).strip() == getattr(customer, f"{name}_shown")


def is_empty(customer: Customer, name: str) -> bool:
    """Whether nothing is known in that field. Opens nothing."""
    return getattr(customer, SEALED.get(name, name)) is None


def take(name: str, giver: Customer, taker: Customer) -> None:
    """Copy a field from one customer to another; what is sealed stays so."""
    if name not in SEALED:
        setattr(taker, name, getattr(giver, name))
        return
    taker.id_number_sealed, taker.id_number_mark = giver.id_number_sealed, giver.id_number_mark


def reading(customer: Customer) -> dict[str, Any]:
    """The profile as it is now, for comparing; what is sealed stays so."""
    values = {name: getattr(customer, SEALED.get(name, name)) for name in (*FIELDS, "customer_no")}
    return values | {"store": customer.store.code}


def told_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What differs between two readings, for the operation record: of what is sealed, only that it was changed."""
    return {
        name: (pair[0] and HIDDEN, pair[1] and HIDDEN) if name in SEALED else pair
        for name, pair in differences(before, after).items()
    }
