"""Notices and their deliveries, as far as somebody may see them."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from app.core import clock, days
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.permissions import Action
from app.extensions import db
from app.notices.models import DeliveryState, Notice, NoticeDelivery

LATELY = timedelta(days=7)
LARGEST_ID = 2**63 - 1
TROUBLE = (DeliveryState.FAILED, DeliveryState.UNKNOWN)


class Told(NamedTuple):
    """A notice, and its deliveries in the order of channels."""

    notice: Notice
    deliveries: Sequence[NoticeDelivery]


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


def reachable(deliveries: Iterable[NoticeDelivery], actor: Actor) -> set[int]:
    """Which of these he may open, by their numbers."""
    numbers = [each.id for each in deliveries]
    ask = select(NoticeDelivery.id).join(NoticeDelivery.notice).where(NoticeDelivery.id.in_(numbers), seen_by(actor))
    return set(db.session.scalars(ask))


def told_to(customer_id: int, *, limit: int) -> list[Told]:
    """What a customer was told last, newest first."""
    ask = select(Notice).where(Notice.customer_id == customer_id).order_by(Notice.id.desc()).limit(limit)
    notices = db.session.scalars(ask).all()
    of_them = select(NoticeDelivery).where(NoticeDelivery.notice_id.in_([notice.id for notice in notices]))
    deliveries = db.session.scalars(of_them.order_by(NoticeDelivery.id)).all() if notices else []
    return [Told(notice, [each for each in deliveries if each.notice_id == notice.id]) for notice in notices]


def count_unsent() -> dict[DeliveryState, int]:
    """How many wait or are under way, and how many of the last days did not get through, by state."""
    lately = NoticeDelivery.due_at > clock.now() - LATELY
    at_it = NoticeDelivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING))
    asked = select(NoticeDelivery.state, func.count()).where(
        or_(at_it, and_(NoticeDelivery.state.in_(TROUBLE), lately))
    )
    found = dict(db.session.execute(asked.group_by(NoticeDelivery.state)).tuples().all())
    return {state: found.get(state, 0) for state in DeliveryState if state is not DeliveryState.SENT}
