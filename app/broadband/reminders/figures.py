"""Figures per salesperson: what came of the services that came due in a period.

Every figure is about these services alone, a service once for each stop date, whatever day the rest happened on; the
salesperson is the one that the service had when it came due.

- came due: that many services did, by the day on which it was first seen (`Reminder.due_on`).
- called: of these, how many were called about that stop date at least once.
- reached: in how many of these at least one call reached the customer himself: reached, promised to pay, or refuses.
- promised: of how many the customer promised to pay at least once, whatever he said later.
- renewed: for how many a payment was taken after a call about that stop date, at most so many days after it as is
  asked for; payments that were taken back do not count, nor those that nobody called about.
- renewed amount: what the first of these payments came to, all its parts together.

Who may not see old postings is told of the payments that he may see.
"""

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal_column, select
from sqlalchemy.orm import aliased, join

from app.broadband import queries
from app.broadband.models import Call, CallOutcome, Community, Document, DocumentKind, Employee, Reminder, Service
from app.broadband.reminders.plug import EXPORT_FIGURES, SEE_FIGURES
from app.broadband.reminders.spans import days_between
from app.broadband.reports.payments import to_service
from app.broadband.reports.subscribers import services_report
from app.core.actor import Actor
from app.customers.models import Customer
from app.customers.queries import within
from app.tables import Asked, Choice, Column, Group, Kind, Order, Period, Report, Whole

USUAL_DAYS = 30  # after a call, within which a payment counts, when nobody says another number
SPOKEN = tuple(outcome for outcome in CallOutcome if outcome.is_spoken)
Paid = aliased(Document)
FILTERS = {each.name: each for each in services_report.filters}


def _if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _was_called(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    same = (Call.service_id == Reminder.service_id, Call.stop_date == Reminder.stop_date)
    return exists(select(Call.id).where(*same, *conditions).correlate(Reminder))


SHOWN: tuple[Any, ...] = (
    Reminder.id,
    Reminder.service_id,
    Reminder.due_on,
    Reminder.stop_date,
    Service.service_no,
    Customer.customer_no,
    Customer.name.label("customer_name"),
    Community.community,
    Employee.name.label("salesperson"),
    literal_column("1").label("came_due"),
    _if(_was_called()).label("called"),
    _if(_was_called(Call.outcome.in_(SPOKEN))).label("reached"),
    _if(_was_called(Call.outcome == CallOutcome.PROMISED)).label("promised"),
    _if(Paid.id.is_not(None)).label("renewed"),
    Paid.fee.label("renewed_amount"),
)


def figures(asked: Asked) -> Select[Any]:
    """The services that came due, of the customers whom the actor may find, with a figure of 0 or 1 for each fact."""
    paid = Paid.id == _first_payment(asked["within"] or USUAL_DAYS, asked.actor)
    joined = (
        join(Reminder, Service, Service.id == Reminder.service_id)
        .join(Customer, Customer.id == Service.customer_id)
        .join(Community, Community.id == Service.community_id)
        .outerjoin(Employee, Employee.id == Reminder.salesperson_id)
        .outerjoin(Paid, paid)
    )
    return select(*SHOWN).select_from(joined).where(within(asked.actor))


def _first_payment(within_days: int, actor: Actor) -> Any:
    """The first payment that counts, by its number."""
    after = and_(Document.service_id == Call.service_id, Document.made_at >= Call.made_at)
    ask = select(func.min(Document.id)).select_from(Call).join(Document, after)
    same = (Call.service_id == Reminder.service_id, Call.stop_date == Reminder.stop_date)
    stands = (Document.kind == DocumentKind.PAYMENT, Document.reversed_at.is_(None), queries.seen_by(actor))
    in_time = days_between(Call.called_on, Document.dated_on) <= within_days
    return ask.where(*same, *stands, in_time).correlate(Reminder).scalar_subquery()


figures_report = Report(
    name="broadband-salespersons",
    title=_("Figures of salespersons"),
    route="/broadband/salespersons",
    grant=SEE_FIGURES,
    export=EXPORT_FIGURES,
    source=figures,
    orders=(Order("newest", _("Newest first"), (Reminder.due_on, Reminder.id)),),
    filters=(
        Period("period", _("Came due on"), Reminder.due_on, months=1),
        Choice(
            "salesperson",
            _("Salesperson"),
            lambda number: Reminder.salesperson_id == int(number),
            choices=FILTERS["salesperson"].choices,  # type: ignore[attr-defined]
        ),
        Choice(
            "community",
            _("Community"),
            lambda number: Service.community_id == int(number),
            choices=FILTERS["community"].choices,  # type: ignore[attr-defined]
        ),
        Whole("within", _("Paid within so many days of a call")),
    ),
    columns=(
        Column("service_no", _("Service no."), link=to_service),
        Column("customer_no", _("Customer no.")),
        Column("customer_name", _("Customer name")),
        Column("community", _("Community")),
        Column("salesperson", _("Salesperson")),
        Column("due_on", _("Came due on"), Kind.DAY),
        Column("stop_date", _("Stop date"), Kind.DAY),
        Column("came_due", _("Came due"), Kind.NUMBER, total=True),
        Column("called", _("Called"), Kind.NUMBER, total=True),
        Column("reached", _("Reached"), Kind.NUMBER, total=True),
        Column("promised", _("Promised"), Kind.NUMBER, total=True),
        Column("renewed", _("Renewed"), Kind.NUMBER, total=True),
        Column("renewed_amount", _("Renewed amount"), Kind.MONEY, total=True),
    ),
    groups=(
        Group("salesperson", _("Salesperson"), "salesperson"),
        Group("community", _("Community"), "community"),
        Group("day", _("Day"), "due_on", Kind.DAY),
    ),
)
