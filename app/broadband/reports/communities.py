"""Users by community: how many were opened in a period, and how many were active when it ended (S2.20)."""

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, Select, case, cast, func, select

from app.broadband import choices
from app.broadband.choices import to_filter
from app.broadband.models import Community, Service
from app.broadband.reports.history import as_of
from app.broadband.reports.subscribers import SERVICES, TAKE_OUT
from app.customers.models import Customer
from app.customers.queries import within
from app.tables import Asked, Choice, Column, Group, Kind, Order, Period, Report

MONTHS = 1  # that it looks back when nobody says from when


def users(asked: Asked) -> Select[Any]:
    """Each community with its users; who has two services is two of them.

    user_count: whose service was switched on in the period, as its activation date says today. active_count: who was
    active when the last day of the period ended, by the history of his service (`history.as_of`). Both are counted
    where the service was at that time. The actor counts customers within his reach.
    """
    first, last = asked["period"]
    then = as_of(last)
    if asked.actor.stores is not None:
        then = then.join(Customer, Customer.id == Service.customer_id).where(within(asked.actor))
    service = then.subquery()
    opened = case((service.c.activation_date.between(first, last), 1), else_=0)
    counted = (
        select(
            service.c.community_id,
            cast(func.sum(opened), BigInteger).label("user_count"),
            cast(func.sum(service.c.is_active), BigInteger).label("active_count"),
        )
        .group_by(service.c.community_id)
        .subquery()
    )
    figures = [func.coalesce(counted.c[name], 0).label(name) for name in ("user_count", "active_count")]
    shown: tuple[Any, ...] = (Community.id, Community.community_code, Community.community, *figures)
    return select(*shown).outerjoin(counted, counted.c.community_id == Community.id)


communities_report = Report(
    name="broadband-users-by-community",
    title=_("Users by community"),
    route="/broadband/users-by-community",
    grant=SERVICES,
    export=TAKE_OUT,
    source=users,
    orders=(Order("code", _("By code"), (Community.community_code,), is_descending=False),),
    filters=(
        Period("period", _("Opened"), months=MONTHS),
        Choice(
            "community",
            _("Community"),
            lambda number: Community.id == int(number),
            choices=to_filter(choices.communities),
            is_narrow=True,
        ),
    ),
    columns=(
        Column("community_code", _("Community code")),
        Column("community", _("Community")),
        Column("user_count", _("Number of users"), Kind.NUMBER, total=True),
        Column("active_count", _("Active when the period ended"), Kind.NUMBER, total=True),
    ),
    groups=(Group("community", _("Community"), "community"),),
)
