"""What services were on a day that is over, read from their documents and not from what they are today.

What was taken back counts as done from its day on, until the day on which it was taken back: so the figure of a day
that is over does not change with what happens later.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, func, or_, select, type_coerce

from app.broadband.models import Document, DocumentKind, Service

_SWITCHED_OFF = (DocumentKind.SUSPENSION, DocumentKind.FORCED_SUSPENSION, DocumentKind.CLOSING)
# Kinds are named for the index. A work order tells of a state when its account of the changes names it: it has
# switched the service on.
_OF_STATES = and_(
    Document.kind.in_(
        (*_SWITCHED_OFF, DocumentKind.REACTIVATION, DocumentKind.WORK_ORDER, DocumentKind.TAKEN_OVER),
    ),
    or_(Document.kind != DocumentKind.WORK_ORDER, type_coerce(Document.after, Text).like('%"status":%')),
)
_CAME_ACTIVE = type_coerce(Document.after, Text).like('%"status":"active"%')
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
    state = _one(and_(stood(day), _OF_STATES), Document.id.desc())
    place = _one(and_(stood(day), _OF_PLACES), Document.id.desc())
    first_place = _one(_OF_PLACES, Document.id.asc())
    is_active = case(
        (state.c.kind.in_(_SWITCHED_OFF), 0),
        (and_(state.c.kind == DocumentKind.TAKEN_OVER, ~state.c.came_active), 0),
        (state.c.kind.is_not(None), 1),
        # Before it was taken over it had no document: what the list said of its past counts.
        (or_(Service.suspended_on <= day, Service.closed_on <= day), 0),
        (Service.activation_date <= day, 1),
        else_=0,
    )
    where = func.coalesce(place.c.new_community_id, first_place.c.community_id, Service.community_id)
    shown = (Service.id.label("service_id"), Service.activation_date, where.label("community_id"))
    found = select(*shown, is_active.label("is_active"))
    for one in (state, place, first_place):
        found = found.outerjoin(one, and_(one.c.service_id == Service.id, one.c.place == 1))
    return found


def _one(condition: ColumnElement[bool], order: Any) -> Any:
    """The documents of which that is true, each with its place among those of its service."""
    at = func.row_number().over(partition_by=Document.service_id, order_by=order)
    what: tuple[Any, ...] = (Document.service_id, Document.kind, Document.community_id, Document.new_community_id)
    what += (_CAME_ACTIVE.label("came_active"),)
    return select(*what, at.label("place")).where(condition).subquery()
