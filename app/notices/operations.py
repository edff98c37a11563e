"""The verbs of the outbox."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.audit.operations import record
from app.core import clock, days
from app.core.actor import Actor
from app.core.db import is_postgresql
from app.core.errors import NotFound
from app.core.notices import NoticeKind
from app.customers.models import Customer
from app.extensions import db
from app.notices import queries
from app.notices.channels import adapters, channels_to
from app.notices.models import Channel, DeliveryState, Notice, NoticeDelivery
from app.notices.refusals import ChannelOff, NothingToSay, NotToBeSent
from app.notices.writing import pack


def give(customer_id: int, kind: NoticeKind, *, key: str, values: Mapping[str, Any], actor: Actor) -> bool:
    """Tell a customer something, once for this key; False when it was told before.

    key: of at most 200 signs, made of ids and days, never of what tells of a person; begin it with the kind's name.
    values: for the places of the kind's text: amounts as Decimal, days, aware moments, whole numbers, texts.
    Part of the caller's transaction. Raises NotFound for a customer who is not there (any more); KeyError and TypeError
    when the values do not fit the text.
    """
    customer = db.session.scalar(select(Customer).where(Customer.id == customer_id, Customer.deleted_at.is_(None)))
    if customer is None:
        raise NotFound
    notice_id = _put(customer, kind, key, pack(kind, values))
    if notice_id is None:
        return False
    channels = [Channel.IN_APP, *channels_to(customer)]
    db.session.add_all(_delivery(notice_id, channel) for channel in channels)
    changes = {
        "kind": (None, kind.label),
        "customer": (None, customer_id),
        "by_email": (None, Channel.EMAIL in channels),
    }
    record("notices.give", "notice", notice_id, actor=actor, changes=changes, store_id=customer.store_id)
    return True


def _put(customer: Customer, kind: NoticeKind, key: str, packed: Mapping[str, Any]) -> int | None:
    """Who comes second with a key waits for the first one's transaction, and puts nothing."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    row = {
        "key": key,
        "kind": kind.name,
        "customer_id": customer.id,
        "store_id": customer.store_id,
        "values": packed,
        "given_at": clock.now(),
    }
    return db.session.scalar(
        insert(Notice).values(**row).on_conflict_do_nothing(index_elements=["key"]).returning(Notice.id)
    )


def _delivery(notice_id: int, channel: Channel) -> NoticeDelivery:
    now = clock.now()
    is_there = channel is Channel.IN_APP
    return NoticeDelivery(
        notice_id=notice_id,
        channel=channel,
        state=DeliveryState.SENT if is_there else DeliveryState.WAITING,
        business_date=days.today(),
        due_at=now,
        sent_at=now if is_there else None,
    )


def send_again(delivery_id: int, *, actor: Actor) -> None:
    """Have what failed, or may not have arrived, sent once more, as soon as that may be.

    Raises NotFound, also beyond the actor's reach; NotToBeSent, ChannelOff, NothingToSay.
    """
    found = queries.delivery(delivery_id, actor=actor)
    if found.state not in queries.TROUBLE:
        raise NotToBeSent
    if found.notice.values is None or found.notice.customer.deleted_at is not None:
        raise NothingToSay
    if found.channel not in {each.channel for each in adapters()}:
        raise ChannelOff
    before = found.state
    again = update(NoticeDelivery).where(NoticeDelivery.id == delivery_id, NoticeDelivery.state == before)
    fresh = {"state": DeliveryState.WAITING, "put_off": 0, "due_at": clock.now(), "problem": None, "reply": None}
    taken = db.session.scalar(
        again.values(fresh).returning(NoticeDelivery.id), execution_options={"synchronize_session": False}
    )
    if taken is None:
        raise NotToBeSent
    notice = found.notice
    changes = {"status": (before.value, DeliveryState.WAITING.value), "customer": (None, notice.customer_id)}
    record("notices.send-again", "notice", notice.id, actor=actor, changes=changes, store_id=notice.store_id)


def forget_texts(before: datetime, *, most: int, actor: Actor) -> int:
    """Empty what some notices of before that moment say, and where they went; how many. That they were stays."""
    old = select(Notice.id).where(Notice.given_at < before, Notice.values.is_not(None)).order_by(Notice.given_at)
    numbers = list(db.session.scalars(old.limit(most)))
    if numbers:
        _empty(Notice.id.in_(numbers))
        record("notices.forget", "notice", None, actor=actor, changes={"notices": (None, len(numbers))})
    return len(numbers)


def erase_notices(customer_id: int, *, actor: Actor) -> bool:
    """Empty what notices say of a customer, and where they went; whether there was anything.

    The caller writes the record.
    """
    return _empty(Notice.customer_id == customer_id)


def _empty(which: ColumnElement[bool]) -> bool:
    them = select(Notice.id).where(which)
    emptied = (
        update(Notice).where(which, Notice.values.is_not(None)).values(values=null()),
        update(NoticeDelivery)
        .where(NoticeDelivery.notice_id.in_(them), NoticeDelivery.address.is_not(None))
        .values(address=None),
    )
    options = {"synchronize_session": False}
    return sum(db.session.execute(each, execution_options=options).rowcount for each in emptied) > 0
