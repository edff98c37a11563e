"""Finding customers: by number as it is typed, by its last digits, by name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import phonenumbers
from sqlalchemy import ColumnElement, Select, bindparam, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from app.core.actor import Actor
from app.core.connections import PLANNED_ONCE
from app.core.errors import N_, Invalid, NotFound
from app.core.sealed import marks, unseal
from app.customers.merges.queries import kept_for
from app.customers.models import Customer
from app.customers.phones import NotAPhone, digits_of, normalise
from app.extensions import db
from app.ledger.models import WalletStatus
from app.shop.models import Setting
from app.shop.queries import setting

FOUND_MOST = 20
LAST_SIGN = "\U0010ffff"  # behind every other
SHORTEST_ENDING, LONGEST_ENDING = 4, 7


class Standing(NamedTuple):
    """What a posting must know of a customer beside his money."""

    phone: str
    is_deleted: bool


# Built once: every posting asks it.
_STANDING = (
    select(Customer.phone, Customer.deleted_at.is_not(None))
    .where(Customer.id == bindparam("customer_id"))
    .execution_options(**PLANNED_ONCE)
)


def within(actor: Actor | None) -> ColumnElement[bool]:
    """The condition that a customer may be found by the actor (None: by anybody).

    The setting is looked up in the same statement: nothing more is asked of the database for it.
    """
    if actor is None or actor.stores is None:
        return true()
    is_set = select(Setting.name).where(Setting.name == "own_store_customers", Setting.value == True)  # noqa: E712
    return or_(Customer.store_id.in_(actor.stores), ~is_set.exists())


def get(customer_id: int, *, is_deleted_too: bool = False, actor: Actor | None = None) -> Customer:
    """The customer with his wallets and his store, as they are now. actor: within his reach. Raises NotFound."""
    ask = select(Customer).where(Customer.id == customer_id, within(actor))
    # One customer's wallets come in the same question; of many, one each would repeat all that is known of him.
    ask = ask.options(joinedload(Customer.wallets), joinedload(Customer.store, innerjoin=True))
    customer = db.session.scalars(ask.execution_options(populate_existing=True)).unique().one_or_none()
    if customer is None or (customer.deleted_at is not None and not is_deleted_too):
        raise NotFound
    return customer


def standing(customer_id: int, *, actor: Actor) -> Standing:
    """What a posting must know of a customer within the actor's reach, and nothing else. Raises NotFound."""
    ask, asked = _STANDING, {"customer_id": customer_id}
    if actor.stores is not None:
        ask = ask.where(within(actor))
    row = db.session.execute(ask, asked).one_or_none()
    if row is None:
        raise NotFound
    return Standing(*row)


def search(typed: str, *, actor: Actor | None = None) -> Sequence[Customer]:
    """Who is meant by what a clerk typed: a whole number, four to seven last digits, a customer number, a name.

    At most twenty, one when the number is whole. Nothing for an empty text. The phone or customer number of one
    who was merged, if nobody has it now, means the one who was kept.
    """
    text = typed.strip()
    if not text:
        return []
    if number := e164(text):
        exact = db.session.scalars(with_wallets(_found(actor).where(Customer.phone == number))).all()
        if exact:
            return exact
    ask = with_wallets(_found(actor).where(or_(*_meanings(text)))).order_by(Customer.id.desc())
    return db.session.scalars(ask.limit(FOUND_MOST)).all() or _kept_for(text, actor)


def _found(actor: Actor | None) -> Select[tuple[Customer]]:
    return present().where(within(actor))


def _kept_for(text: str, actor: Actor | None) -> Sequence[Customer]:
    kept = kept_for(e164(text), text)
    return db.session.scalars(with_wallets(_found(actor).where(Customer.id == kept))).all() if kept else []


def _meanings(text: str) -> list[Any]:
    """Digits are looked for where an index finds them, not inside a million names."""
    meanings = [Customer.customer_no == text]
    digits = digits_of(text)
    if len(digits) < len(text):
        return [*meanings, Customer.name.contains(text, autoescape=True)]
    if SHORTEST_ENDING <= len(digits) <= LONGEST_ENDING:
        meanings.append(ends_with(digits))
    return meanings


def ends_with(digits: str) -> Any:
    """The condition that a phone number ends so. A range over the digits backwards, so that an index serves it."""
    start = digits[::-1]
    return (Customer.phone_reversed >= start) & (Customer.phone_reversed < start[:-1] + chr(ord(start[-1]) + 1))


def begins_with(text: str) -> Any:
    """The condition that a phone number begins so: with the country's code, or as it is written in the shop's country.

    A range, so that an index serves it. Raises Invalid for what has no digits.
    """
    digits = digits_of(text)
    if not digits:
        raise Invalid(phone_start=N_("This is not a phone number."))
    code = f"{phonenumbers.country_code_for_region(setting('phone_region'))}"
    start = f"+{digits}" if text.lstrip().startswith(("+", "\uff0b")) else f"+{code}{digits.lstrip('0')}"
    return (Customer.phone >= start) & (Customer.phone < start[:-1] + chr(ord(start[-1]) + 1))


def named_from(text: str) -> Any:
    """The condition that a name begins so, as it is written. A range, so that an index serves it."""
    return (Customer.name >= text) & (Customer.name < text + LAST_SIGN)


def e164(text: str) -> str:
    """The number that a text is, as it is kept; empty when it is none."""
    try:
        return normalise(text, setting("phone_region"))
    except NotAPhone:
        return ""


def is_phone(text: str) -> Any:
    """The condition of a whole number or its last digits. Raises Invalid for what is neither."""
    digits = digits_of(text)
    if len(digits) == len(text) and SHORTEST_ENDING <= len(digits) <= LONGEST_ENDING:
        return ends_with(digits)
    if not (number := e164(text)):
        raise Invalid(phone=N_("This is not a phone number."))
    return Customer.has_phone(number)


def has_id_number(token: str) -> Any:
    """The condition of the ID number that is sealed in the token. Raises Unreadable."""
    return Customer.id_number_mark.in_(marks(unseal(token)))


def phones_of(customer_ids: set[int]) -> dict[int, str | None]:
    """Today's numbers of some customers; None where it was erased."""
    rows = db.session.execute(select(Customer.id, Customer.phone).where(Customer.id.in_(customer_ids)))
    return {row.id: row.phone for row in rows}


def ids_within(actor: Actor) -> Select[Any]:
    """The customers that the actor may find, as a subquery: deleted ones too, for their history."""
    return select(Customer.id).where(within(actor))


def ids_of_phone(text: str) -> Select[Any]:
    """The customers of a number, whole or its last digits, as a subquery: deleted ones too, for their history.

    Raises Invalid for a text that is neither.
    """
    return select(Customer.id).where(is_phone(text))


def present() -> Select[tuple[Customer]]:
    return select(Customer).where(Customer.deleted_at.is_(None))


def has_any() -> bool:
    """Whether there is any customer."""
    return db.session.scalar(present().with_only_columns(Customer.id).limit(1)) is not None


def with_wallets(ask: Select[tuple[Customer]]) -> Select[tuple[Customer]]:
    return ask.options(selectinload(Customer.wallets), joinedload(Customer.store, innerjoin=True))


STATUSES = {"active": WalletStatus.OPEN, "frozen": WalletStatus.FROZEN, "closed": WalletStatus.CLOSED}
STATUS_NAMES = {status: name for name, status in STATUSES.items()}


def deleted_before(moment: datetime, *, limit: int) -> Sequence[int]:
    """Customers who were deleted before that moment and of whom something personal is still kept."""
    ask = select(Customer.id).where(Customer.deleted_at < moment, Customer.name != "").order_by(Customer.id)
    return db.session.scalars(ask.limit(limit)).all()
