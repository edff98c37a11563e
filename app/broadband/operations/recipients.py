"""Whom a service goes to: the customer who has a number, or who becomes one by it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.core.actor import Actor
from app.core.errors import N_, Invalid
from app.customers.models import Customer
from app.customers.operations import create_customer
from app.customers.queries import within
from app.extensions import db


def customer_with(phone: str, *, actor: Actor) -> int | None:
    """Who has this number, within the actor's reach. phone: in E.164."""
    ask = select(Customer.id).where(Customer.phone == phone, Customer.deleted_at.is_(None), within(actor))
    return db.session.scalar(ask)


def recipient(phone: str, said: Mapping[str, Any], *, store_id: int, actor: Actor) -> int:
    """Who has this number; made a customer now, of what is said of him, if nobody has it.

    phone: in E.164. said: at least his name. Raises Invalid, PhoneTaken.
    """
    found = customer_with(phone, actor=actor)
    if found is not None:
        return found
    if not said.get("name"):
        raise Invalid(new_customer_name=N_("Nobody has this number yet: a name is needed."))
    return create_customer({"phone": phone, **said}, store_id=store_id, actor=actor).id
