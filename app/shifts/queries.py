"""Which shifts are open, whose cash waits to be taken over, and which reports one may see."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)
from sqlalchemy import exists, func, or_, select

from app.core import days
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.permissions import SUPER_ADMIN, Action
from app.extensions import db
from app.ledger import drawers
from app.shifts.models import Shift, ShiftReport
from app.staff.models import Staff, staff_store

MOST_WAITING = 5
WAITS = 7 * days.ONE_DAY
LATELY = 30 * days.ONE_DAY


class Waiting(NamedTuple):
    """Cash that was counted at the end of a shift and that nobody has taken over. It does not say how much."""

    shift_id: int
    clerk_id: int
    clerk_name: str
    closed_at: Any


def own_open(store_id: int | None, *, actor: Actor) -> Shift | None:
    """The actor's open shift in that store."""
    if store_id is None or actor.id is None:
        return None
    found = drawers.open_drawers(store_id=store_id, clerk_id=actor.id)
    return db.session.get(Shift, found[0].shift_id) if found else None


def is_open(shift_id: int) -> bool:
    """Whether a shift has no report yet."""
    return not db.session.scalar(select(exists().where(ShiftReport.shift_id == shift_id)))


def open_shifts(*, actor: Actor) -> Sequence[Shift]:
    """Every shift that is open in the actor's stores, oldest first."""
    numbers = [row.shift_id for row in drawers.open_drawers() if actor.reaches(row.store_id)]
    return db.session.scalars(select(Shift).where(Shift.id.in_(numbers)).order_by(Shift.id)).all()


def to_close(shift_id: int, *, actor: Actor) -> Shift:
    """A shift that the actor may close: his own, or anybody's for the owner. Raises NotFound."""
    found = db.session.get(Shift, shift_id)
    is_mine = found is not None and found.clerk_id == actor.id
    if found is None or not actor.reaches(found.store_id):
        raise NotFound
    if not is_mine and not actor.may(Action.EDIT, "all-shifts"):
        raise NotFound
    return found


def waiting(store_id: int) -> list[Waiting]:
    """The last closed shifts of a store whose cash nobody has taken over, newest first."""
    report, later = ShiftReport, Shift.__table__.alias()
    taken = exists().where(later.c.taken_from_id == report.shift_id)
    ask = select(report.shift_id, report.clerk_id, report.clerk_name, report.closed_at)
    first_day = days.today() - WAITS
    ask = ask.where(report.store_id == store_id, report.counted > 0, ~taken, report.business_date >= first_day)
    return [Waiting(*row) for row in db.session.execute(ask.order_by(report.number.desc()).limit(MOST_WAITING))]


def to_take_over(shift_id: int, *, actor: Actor) -> ShiftReport:
    """A closed shift in a store of the actor's. Raises NotFound."""
    found = db.session.get(ShiftReport, shift_id)
    if found is None or not actor.reaches(found.store_id):
        raise NotFound
    return found


def _seen_by(actor: Actor) -> list[Any]:
    if actor.may(Action.VIEW, "all-shifts"):
        return [] if actor.stores is None else [ShiftReport.store_id.in_(sorted(actor.stores))]
    later = Shift.__table__.alias()
    took = exists().where(later.c.taken_from_id == ShiftReport.shift_id, later.c.clerk_id == actor.id)
    mine = or_(ShiftReport.clerk_id == actor.id, ShiftReport.closed_by_id == actor.id, took)
    stores = sorted(actor.stores) if actor.stores is not None else []
    return [ShiftReport.business_date == days.today(), mine, *([ShiftReport.store_id.in_(stores)] if stores else [])]


def reports(*, actor: Actor, limit: int = 20) -> Sequence[ShiftReport]:
    """The reports within reach, newest first: for a clerk those of today that he took part in."""
    ask = select(ShiftReport).where(*_seen_by(actor)).order_by(ShiftReport.closed_at.desc()).limit(limit)
    return db.session.scalars(ask).all()


def differences(*, actor: Actor) -> Sequence[Any]:
    """By person, for the last thirty days: shifts that did not come out even, and the sum of their differences."""
    total = func.sum(ShiftReport.difference)
    since = days.today() - LATELY
    ask = select(ShiftReport.clerk_id, func.max(ShiftReport.clerk_name).label("name"), func.count().label("times"))
    ask = ask.add_columns(total.label("difference")).where(ShiftReport.difference != 0, *_seen_by(actor))
    return db.session.execute(ask.where(ShiftReport.business_date > since).group_by(ShiftReport.clerk_id)).all()


def report(shift_id: int, *, actor: Actor) -> ShiftReport:
    """One report within reach. Raises NotFound."""
    found = db.session.scalar(select(ShiftReport).where(ShiftReport.shift_id == shift_id, *_seen_by(actor)))
    if found is None:
        raise NotFound
    return found


def taken_over_by(shift_id: int) -> Shift | None:
    """The shift that goes on with the cash of this one."""
    return db.session.scalar(select(Shift).where(Shift.taken_from_id == shift_id))


def has_others(store_id: int, *, actor: Actor) -> bool:
    """Whether somebody else could take over in that store now."""
    link, mine, works = assoc_permissionview_role.c, assoc_user_role.c, staff_store.c
    may_post = (
        select(mine.user_id)
        .join(Role, Role.id == mine.role_id)
        .join(assoc_permissionview_role, link.role_id == Role.id)
        .join(PermissionView, PermissionView.id == link.permission_view_id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .where(Permission.name == f"can_{Action.POST}", ViewMenu.name == "shifts", mine.user_id == Staff.id)
    )
    is_owner = select(mine.user_id).join(Role, Role.id == mine.role_id).where(Role.name == SUPER_ADMIN)
    is_there = select(works.user_id).where(works.store_id == store_id, works.user_id == Staff.id)
    other = select(Staff.id).where(
        Staff.id != (actor.id or 0),
        Staff.active.is_(True),
        Staff.deleted_at.is_(None),
        exists(may_post),
        or_(exists(is_there), Staff.id.in_(is_owner)),
    )
    return db.session.scalar(other.limit(1)) is not None
