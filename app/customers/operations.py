"""The verbs of the customers' room. A balance is never a field of a customer: the ledger moves money."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import N_, Forbidden, Invalid, NotFound, Stale
from app.core.numbering import take_ids
from app.core.permissions import Action
from app.core.rooms import open_rooms
from app.customers.models import Customer
from app.customers.numbers import number_of
from app.customers.phones import is_mobile
from app.customers.profile import FIELDS, IMPERSONAL, SEALED, changed_in, clean, reading, told_changes
from app.customers.queries import get
from app.customers.refusals import CustomerDeleted, NotDeleted, NumberTaken, PhoneTaken
from app.customers.subject import CUSTOMER
from app.extensions import db
from app.fields.operations import erase_values, set_values
from app.ledger.models import WalletStatus
from app.ledger.operations import close_wallets, freeze, open_wallet, set_credit_limit, unfreeze
from app.shop.models import Store
from app.shop.queries import setting, store_to_work_in

ERASED = (
    *(name for name in FIELDS if name not in ("name", "type", *SEALED)),
    "phone_reversed",
    "id_number_sealed",
    "id_number_mark",
)


def create_customer(
    values: Mapping[str, Any], *, store_id: int, actor: Actor, custom: Mapping[str, Any] | None = None
) -> Customer:
    """Take in a new customer, with an empty wallet.

    values: fields of app/customers/profile.py; `phone` and `name` are needed. custom: what stands in the owner's own
    fields, by name. Raises Invalid, PhoneTaken.
    """
    cleaned = _cleaned({"phone": None, "name": None, "type": None, **values})
    _require_good(cleaned["phone"])
    (number,) = take_ids(Customer.__table__, 1)
    customer = Customer(
        id=number,
        customer_no=number_of(number),
        store_id=store_id,
        created_at=clock.now(),
        created_by=actor.staff_id,
        **cleaned,
    )
    db.session.add(customer)
    _flush()
    open_wallet(customer.id, actor=actor)
    _record("customers.create", customer, {}, store_id, actor)
    if custom:
        set_values(CUSTOMER, customer.id, custom, actor=actor)
    return customer


def change_customer(
    customer_id: int,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    version: int | None = None,
    custom: Mapping[str, Any] | None = None,
) -> Customer:
    """Change some fields of the profile; `status` freezes, unfreezes or closes the wallets.

    `credit_limit` and `store` (its code) may be among them too.
    version: the one that the caller saw; None takes any. custom: as in `create_customer`. An ID number that comes back
    masked, as it was shown, stays. Raises NotFound, CustomerDeleted, Stale, Invalid, PhoneTaken, BalanceNotZero,
    WalletClosed; Forbidden when the actor may not touch wallets, or moves a customer and works in some stores only.
    """
    customer = _locked(customer_id, version)
    before = reading(customer)
    cleaned = _cleaned(changed_in(values, customer))
    if cleaned.get("phone", customer.phone) != customer.phone:
        _require_good(cleaned["phone"])
    for name, value in cleaned.items():
        setattr(customer, name, value)
    _move(customer, values.get("store"), actor)
    after = reading(customer)
    status_changed = "status" in values and _set_status(customer, values["status"], actor)
    credit_changed = "credit_limit" in values and _set_credit(customer, values["credit_limit"], actor)
    custom_changed = bool(custom) and set_values(CUSTOMER, customer_id, custom or {}, actor=actor)
    if before != after or status_changed or credit_changed or custom_changed:
        customer.version += 1
    _flush()
    if before != after:
        _record("customers.change", customer, before, customer.store_id, actor)
    return customer


def reveal_id_number(customer_id: int, *, actor: Actor) -> str:
    """The ID number of a customer within reach; the record says that it was shown.

    Raises Forbidden; NotFound, also when there is no number; Unreadable.
    """
    if not actor.may(Action.VIEW, "id-numbers"):
        raise Forbidden
    customer = get(customer_id, actor=actor)
    if (number := customer.id_number) is None:
        raise NotFound
    shown = {"revealed": (None, "id_number")}
    record("customers.reveal", "customer", customer_id, actor=actor, changes=shown, store_id=customer.store_id)
    return number


def delete_customer(customer_id: int, *, reason: str, actor: Actor, version: int | None = None) -> None:
    """Delete a customer who owes nothing and is owed nothing. His history stays; his number is free again.

    Raises NotFound, CustomerDeleted, Stale, BalanceNotZero, and what a room says in which he still has something.
    """
    customer = _locked(customer_id, version)
    close_wallets(customer_id, actor=actor, reason=reason)
    for room in open_rooms():
        for tie in room.customer_ties:
            tie(customer_id)
    customer.deleted_at = clock.now()
    customer.version += 1
    db.session.flush()
    changes = {"deleted": (False, True), "reason": (None, reason)}
    record("customers.delete", "customer", customer_id, actor=actor, changes=changes, store_id=customer.store_id)


def erase_customer(customer_id: int, *, actor: Actor) -> bool:
    """Take what is known of a person out of a deleted customer; whether there was anything. His number stays.

    Raises NotFound, NotDeleted. The caller writes the record.
    """
    ask = select(Customer).where(Customer.id == customer_id).with_for_update(of=Customer)
    customer = db.session.scalar(ask.execution_options(populate_existing=True))
    if customer is None:
        raise NotFound
    if customer.deleted_at is None:
        raise NotDeleted
    had_more = erase_values(CUSTOMER, customer_id, actor=actor)
    if _is_erased(customer):
        return had_more
    for name in ERASED:
        setattr(customer, name, None)
    customer.name = ""
    customer.version += 1
    db.session.flush()
    return True


def _is_erased(customer: Customer) -> bool:
    """Whether nothing of the person is left."""
    return not customer.name and all(getattr(customer, name) is None for name in ERASED)


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    return clean(values, region=setting("phone_region"), today=clock.today())


def _locked(customer_id: int, version: int | None) -> Customer:
    ask = select(Customer).where(Customer.id == customer_id)
    customer = db.session.scalar(ask.with_for_update(of=Customer).execution_options(populate_existing=True))
    if customer is None:
        raise NotFound
    if customer.deleted_at is not None:
        raise CustomerDeleted
    if version is not None and customer.version != version:
        raise Stale
    return customer


def _move(customer: Customer, code: str | None, actor: Actor) -> None:
    if code in (None, customer.store.code):
        return
    if actor.stores is not None:  # he could move a customer out of his own reach, or take him from others
        raise Forbidden
    customer.store = db.session.get_one(Store, store_to_work_in(code, actor=actor).id)


def _set_status(customer: Customer, status: WalletStatus, actor: Actor) -> bool:
    if customer.status is status:
        return False
    if not actor.may(Action.EDIT, "wallets"):
        raise Forbidden
    verbs = {WalletStatus.OPEN: unfreeze, WalletStatus.FROZEN: freeze, WalletStatus.CLOSED: close_wallets}
    verbs[status](customer.id, actor=actor)
    return True


def _set_credit(customer: Customer, limit: Decimal, actor: Actor) -> bool:
    if customer.credit_limit == limit:
        return False
    if not actor.may(Action.EDIT, "wallets"):
        raise Forbidden
    set_credit_limit(customer.id, limit, actor=actor)
    return True


def _require_good(phone: str) -> None:
    """Raises Invalid for a number that the owner does not want, PhoneTaken for one that somebody has."""
    if setting("mobile_phones_only") and not is_mobile(phone):
        raise Invalid(phone=N_("A mobile number is needed."))
    _require_free(phone)


def _require_free(phone: str) -> None:
    """Ask before the database does: its refusal would end the transaction. It still has the last word."""
    if db.session.scalar(select(Customer.id).where(Customer.phone == phone, Customer.deleted_at.is_(None))):
        raise PhoneTaken


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as conflict:
        if "customer_no" in str(conflict.orig):
            raise NumberTaken from conflict
        if "phone" in str(conflict.orig):
            raise PhoneTaken from conflict
        raise


def _record(operation: str, customer: Customer, before: dict[str, Any], store_id: int, actor: Actor) -> None:
    changed = told_changes(before, reading(customer))
    record(
        operation,
        "customer",
        customer.id,
        actor=actor,
        changes={name: pair for name, pair in changed.items() if name in IMPERSONAL},
        personal={name: pair for name, pair in changed.items() if name not in IMPERSONAL},
        store_id=store_id,
    )
