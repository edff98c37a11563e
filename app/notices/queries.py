"""Notices and their deliveries, as far as somebody may see them."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from app.core import clock, days
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.permissions import Action
from app.extensions import db
from app.notices.models import DeliveryState, Notice, NoticeDelivery

LATELY = timedelta(days=7)
LARGEST_ID = 2**63 - 1
TROUBLE = (DeliveryState.FAILED, DeliveryState.UNKNOWN)


class Way(NamedTuple):
    """A delivery, and whether he who asks may open it."""

    delivery: NoticeDelivery
    is_open: bool


class Told(NamedTuple):
    """A notice, and what became of it on each channel."""

    notice: Notice
    ways: Sequence[Way]


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that a delivery is within reach: in his stores, and of today for who sees postings of today only.

    Who may send again sees every day of his stores: what failed overnight is his to look after.
    """
    if actor.may(Action.VIEW, "old-postings"):
        return true()
    own = true() if actor.stores is None else Notice.store_id.in_(actor.stores)
    if actor.may(Action.POST, "notices"):
        return own
    return and_(NoticeDelivery.business_date == days.today(), own)


def delivery(delivery_id: int, *, actor: Actor) -> NoticeDelivery:
    """One delivery with its notice and customer. Raises NotFound, also for one beyond his reach."""
    ask = select(NoticeDelivery).join(NoticeDelivery.notice).where(NoticeDelivery.id == delivery_id, seen_by(actor))
    whole = joinedload(NoticeDelivery.notice).joinedload(Notice.customer)
    found = None
    if delivery_id <= LARGEST_ID:
        found = db.session.scalar(ask.options(whole).execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def told_to(customer_id: int, *, limit: int, actor: Actor) -> list[Told]:
    """What a customer was told last, newest first, however far the actor sees. Asked in one statement."""
    last = select(Notice.id).where(Notice.customer_id == customer_id).order_by(Notice.id.desc()).limit(limit)
    ask = select(NoticeDelivery, seen_by(actor)).join(NoticeDelivery.notice).where(Notice.id.in_(last))
    whole = contains_eager(NoticeDelivery.notice).joinedload(Notice.customer, innerjoin=True)
    rows = db.session.execute(ask.options(whole).order_by(Notice.id.desc(), NoticeDelivery.id)).all()
    return [
        Told(ways[0][0].notice, [Way(*each) for each in ways])
        for _number, ways in ((number, list(group)) for number, group in groupby(rows, lambda row: row[0].notice_id))
    ]


def count_unsent() -> dict[DeliveryState, int]:
    """How many wait or are under way, and how many of the last days did not get through, by state."""
    lately = NoticeDelivery.due_at > clock.now() - LATELY
    at_it = NoticeDelivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING))
    asked = select(NoticeDelivery.state, func.count()).where(
        or_(at_it, and_(NoticeDelivery.state.in_(TROUBLE), lately))
    )
    found = {row[0]: row[1] for row in db.session.execute(asked.group_by(NoticeDelivery.state))}
    return {state: found.get(state, 0) for state in DeliveryState if state is not DeliveryState.SENT}
