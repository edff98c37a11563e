"""What services were on a day that is over, read from their documents and not from what they are today.

What was taken back counts as done from its day on, until the day on which it was taken back: so the figure of a day
that is over does not change with what happens later.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from app.broadband.models import Document, DocumentKind, Service

_SWITCHED_OFF = (DocumentKind.SUSPENSION, DocumentKind.FORCED_SUSPENSION, DocumentKind.CLOSING)
# Kinds are named for the index. A work order tells of a state when its account of the changes names it: it has
# switched the service on.
_OF_STATES = and_(
    Document.kind.in_((*_SWITCHED_OFF, DocumentKind.REACTIVATION, DocumentKind.WORK_ORDER)),
    or_(Document.kind != DocumentKind.WORK_ORDER, type_coerce(Document.after, Text).like('%"status":%')),
)
_OF_PLACES = and_(
    Document.kind.in_((DocumentKind.RELOCATION, DocumentKind.TRANSFER, DocumentKind.WORK_ORDER)),
    Document.new_community_id.is_not(None),
)


def stood(day: date) -> ColumnElement[bool]:
    """The condition that a document stood when that day ended."""
    return and_(Document.dated_on <= day, or_(Document.reversed_on.is_(None), Document.reversed_on > day))


def as_of(day: date) -> Select[Any]:
    """Every service that anybody opened, as it was when that day ended.

    service_id; activation_date as it is known today; community_id: where it was; is_active: 1 for a service that had
    been switched on and was neither suspended, of its customer's will or by force, nor closed; one whose paid days
    were over is active until somebody suspends it. 0 for all others.
    """
    state, place, first_place = aliased(Document), aliased(Document), aliased(Document)
    states = _last(and_(stood(day), _OF_STATES))
    places = _last(and_(stood(day), _OF_PLACES))
    first = _last(_OF_PLACES, func.min)
    is_active = case(
        (state.id.is_not(None), case((state.kind.in_(_SWITCHED_OFF), 0), else_=1)),
        (Service.activation_date <= day, 1),
        else_=0,
    )
    return (
        select(
            Service.id.label("service_id"),
            Service.customer_id,
            Service.activation_date,
            func.coalesce(place.new_community_id, first_place.community_id, Service.community_id).label("community_id"),
            is_active.label("is_active"),
        )
        .outerjoin(states, states.c.service_id == Service.id)
        .outerjoin(state, state.id == states.c.id)
        .outerjoin(places, places.c.service_id == Service.id)
        .outerjoin(place, place.id == places.c.id)
        .outerjoin(first, first.c.service_id == Service.id)
        .outerjoin(first_place, first_place.id == first.c.id)
    )


def _last(condition: ColumnElement[bool], which: Any = func.max) -> Any:
    """The last document of each service of which that is true; the first one with min."""
    ask = select(Document.service_id, which(Document.id).label("id")).where(condition)
    return ask.group_by(Document.service_id).subquery()
