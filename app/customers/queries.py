"""Finding customers: by number as it is typed, by its last digits, by name; and the customer list."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased, selectinload

from app.core import clock
from app.core.errors import N_, Invalid, NotFound
from app.customers.models import Customer
from app.customers.phones import NotAPhone, digits_of, normalise
from app.extensions import db
from app.ledger.models import Account, Purse, WalletStatus
from app.shop.queries import setting

FOUND_MOST = 20
SHORTEST_ENDING, LONGEST_ENDING = 4, 7


def get(customer_id: int, *, is_deleted_too: bool = False) -> Customer:
    """The customer with his wallets and his store, as they are now. Raises NotFound."""
    ask = _with_wallets(select(Customer).where(Customer.id == customer_id))
    customer = db.session.scalar(ask.execution_options(populate_existing=True))
    if customer is None or (customer.deleted_at is not None and not is_deleted_too):
        raise NotFound
    return customer


def search(typed: str) -> Sequence[Customer]:
    """Who is meant by what a clerk typed: a whole number, four to seven last digits, a customer number, a name.

    At most twenty, one when the number is whole. Nothing for an empty text.
    """
    text = typed.strip()
    if not text:
        return []
    exact = db.session.scalars(_with_wallets(_present().where(Customer.phone == _e164(text)))).all()
    if exact:
        return exact
    ask = _with_wallets(_present().where(or_(*_meanings(text)))).order_by(Customer.id.desc())
    return db.session.scalars(ask.limit(FOUND_MOST)).all()


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


def _e164(text: str) -> str:
    try:
        return normalise(text, setting("phone_region"))
    except NotAPhone:
        return ""


def page(filters: Mapping[str, Any], *, below: int | None, limit: int) -> Sequence[Customer]:
    """The customer list, newest first: one more than `limit`, to know whether it goes on.

    filters: phone (whole or its last digits), name, store_id, status, balance_min, balance_max, created_from,
    created_to; None means any. below: the id to go on under. Raises Invalid for a phone that can be none.
    """
    principal = aliased(Account)
    ask = _present().join(principal, (principal.customer_id == Customer.id) & (principal.purse == Purse.PRINCIPAL))
    for condition in _conditions(filters, principal):
        ask = ask.where(condition)
    if below is not None:
        ask = ask.where(Customer.id < below)
    return db.session.scalars(_with_wallets(ask).order_by(Customer.id.desc()).limit(limit + 1)).all()


def _conditions(filters: Mapping[str, Any], principal: Any) -> list[Any]:
    made = {
        "phone": lambda text: _is_phone(text),
        "name": lambda text: Customer.name.contains(text, autoescape=True),
        "store_id": lambda store_id: Customer.store_id == store_id,
        "status": lambda status: principal.status == status,
        "balance_min": lambda amount: principal.balance >= amount,
        "balance_max": lambda amount: principal.balance <= amount,
        "created_from": lambda day: Customer.created_at >= clock.start_of(day),
        "created_to": lambda day: Customer.created_at < clock.start_of(day + timedelta(days=1)),
    }
    return [make(filters[name]) for name, make in made.items() if filters.get(name) is not None]


def _is_phone(text: str) -> Any:
    """The condition of a whole number or its last digits. Raises Invalid for what is neither."""
    digits = digits_of(text)
    if len(digits) == len(text) and SHORTEST_ENDING <= len(digits) <= LONGEST_ENDING:
        return ends_with(digits)
    if not (number := _e164(text)):
        raise Invalid(phone=N_("This is not a phone number."))
    return Customer.phone == number


def phones_of(customer_ids: set[int]) -> dict[int, str | None]:
    """Today's numbers of some customers; None where it was erased."""
    rows = db.session.execute(select(Customer.id, Customer.phone).where(Customer.id.in_(customer_ids)))
    return {row.id: row.phone for row in rows}


def ids_of_phone(text: str) -> Select[Any]:
    """The customers of a number, whole or its last digits, as a subquery: deleted ones too, for their history.

    Raises Invalid for a text that is neither.
    """
    return select(Customer.id).where(_is_phone(text))


def _present() -> Select[tuple[Customer]]:
    return select(Customer).where(Customer.deleted_at.is_(None))


def _with_wallets(ask: Select[tuple[Customer]]) -> Select[tuple[Customer]]:
    return ask.options(selectinload(Customer.wallets), selectinload(Customer.store))


STATUSES = {"active": WalletStatus.OPEN, "frozen": WalletStatus.FROZEN, "closed": WalletStatus.CLOSED}
STATUS_NAMES = {status: name for name, status in STATUSES.items()}


def deleted_before(moment: datetime, *, limit: int) -> Sequence[int]:
    """Customers who were deleted before that moment and of whom something personal is still kept."""
    ask = select(Customer.id).where(Customer.deleted_at < moment, Customer.name != "").order_by(Customer.id)
    return db.session.scalars(ask.limit(limit)).all()
