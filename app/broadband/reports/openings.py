"""How many users were opened in a period (S2.22), by the day of activation or of application."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, Date, Select, column, func, select

from app.broadband.models import Employee, Service
from app.broadband.reports.subscribers import SERVICES, TAKE_OUT
from app.core.errors import N_
from app.customers.models import Customer
from app.customers.queries import within
from app.tables import Asked, Choice, Column, Group, Kind, Order, Period, Report


class CountedBy(StrEnum):
    """Which of its days a user is counted on."""

    ACTIVATION = "activation-date"
    APPLICATION = "application-date"


WORDS = (N_("Activation date"), N_("Application date"))
_DAYS = {CountedBy.ACTIVATION: Service.activation_date, CountedBy.APPLICATION: Service.apply_date}


def openings(asked: Asked) -> Select[Any]:
    """The users of each day of the period, package and salesperson, within the actor's reach.

    Counted on the day of activation, those who were activated; or on the day of application, all. The package and
    the salesperson are those of today. Who was closed since is counted too: he was opened.
    """
    day = _DAYS[asked["counted"] or CountedBy.ACTIVATION]
    first, last = asked["period"]
    ask = (
        select(
            day.label("opened_on"),
            func.min(Service.id).label("id"),
            Service.package_type,
            Employee.name.label("salesperson"),
            func.count().label("opened_count"),
        )
        .outerjoin(Employee, Employee.id == Service.salesperson_id)
        .where(day.between(first, last))
        .group_by(day, Service.package_type, Employee.id, Employee.name)
    )
    if asked.actor.stores is not None:
        ask = ask.join(Customer, Customer.id == Service.customer_id).where(within(asked.actor))
    return select(*ask.subquery("opening").c)


openings_report = Report(
    name="broadband-openings",
    title=_("Openings"),
    route="/broadband/openings",
    grant=SERVICES,
    export=TAKE_OUT,
    source=openings,
    orders=(Order("newest", _("Newest first"), (column("opened_on", Date), column("id", BigInteger))),),
    filters=(
        Period("period", _("Opened"), months=1),
        Choice("counted", _("Counted by"), choices=CountedBy),
    ),
    columns=(
        Column("opened_on", _("Day"), Kind.DAY),
        Column("package_type", _("Package type")),
        Column("salesperson", _("Salesperson")),
        Column("opened_count", _("Number of accounts opened"), Kind.NUMBER, total=True),
    ),
    groups=(
        Group("day", _("Day"), "opened_on", Kind.DAY),
        Group("package", _("Package type"), "package_type"),
        Group("salesperson", _("Salesperson"), "salesperson"),
    ),
)
