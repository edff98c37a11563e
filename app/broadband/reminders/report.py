"""The work list: services that stop soon or have stopped, with what was last said about them (S2.25)."""

from dataclasses import replace
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select, true

from app.broadband.models import (
    BusinessType,
    Call,
    CallOutcome,
    Community,
    Employee,
    Package,
    Service,
    ServiceStatus,
)
from app.broadband.models.subscriptions import ANNOUNCED
from app.broadband.pages.actions import BY_NAME
from app.broadband.reminders import queries
from app.broadband.reminders.filters import DaysLeft, Muting, also
from app.broadband.reminders.plug import CALL, EXPORT, SEE
from app.broadband.reminders.spans import days_between
from app.broadband.reports.subscribers import HIDES, SHOWN, services_report
from app.broadband.reports.user_status import user_status
from app.broadband.subjects import SERVICE
from app.core import days
from app.customers.models import Customer
from app.customers.queries import within
from app.fields.reporting import owned, values_beside
from app.tables import Asked, Choice, Claim, Column, Group, Kind, Order, Report, RowLink
from app.ui.formats import choice

NEVER_CALLED = "none-yet"
BACK = "back"  # the argument that says where in the list somebody was
COLUMNS = {column.name: column for column in services_report.columns}
FILTERS = {each.name: each for each in services_report.filters}
LED_BY = ("community", "package", "salesperson")  # filters that an index of announced services begins with


def reminders(asked: Asked) -> Select[Any]:
    """The services that are due, of the customers whom the actor may find; muted ones only when they are asked for."""
    today = days.today()
    last = (Call.called_on, Call.promised_on, Call.operator_name.label("called_by"), Call.remark.label("said"))
    # Joined so that a count needs none of those that are there for their columns alone (app/tables/bare.py).
    ask = (
        select(*SHOWN, days_between(today, Service.stop_date).label("days_left"), Service.muted_until)
        .add_columns(Service.status, user_status(), Call.outcome, *last, *values_beside(SERVICE, Service.id))
        .select_from(Service)
        .join(Package, Package.id == Service.package_id)
        .outerjoin(Customer, Customer.id == Service.customer_id)
        .outerjoin(Community, Community.id == Service.community_id)
        .outerjoin(BusinessType, BusinessType.id == Service.business_type_id)
        .outerjoin(Employee, Employee.id == Service.salesperson_id)
        .where(queries.is_due(today), within(asked.actor))
    )
    if asked["muted"] is None:
        ask = ask.where(~queries.is_muted(today))
    return queries.with_last_call(ask)


def _muting(asked: Muting) -> Any:
    today = days.today()
    of = {Muting.HEARD: ~queries.is_muted(today), Muting.MUTED: queries.is_muted(today), Muting.ALL: true()}
    return of[asked]


def _outcome(code: str) -> Any:
    return Call.outcome.is_(None) if code == NEVER_CALLED else Call.outcome == CallOutcome(code)


def _by_rule(wanted: bool) -> Any:
    condition = queries.to_be_suspended(days.today())
    return condition if wanted else ~condition


def _filters() -> Any:
    """Those of the list of services; what leads an index there leads another one here."""
    own = {"stops", "status", *LED_BY}
    led = [replace(FILTERS[name], is_indexed=True) for name in LED_BY]
    stops = replace(FILTERS["stops"], is_indexed=True)
    return (*led, stops, *(replace(each, is_indexed=False) for each in FILTERS.values() if each.name not in own))


def _place() -> dict[str, Any]:
    """Where in the list somebody is, to come back to."""
    return {BACK: request.query_string.decode("ascii", "ignore")}


def _to(method: str) -> Any:
    return lambda row: url_for(f"ReminderView.{method}", service_id=row.id, **_place())


def _to_deed(name: str) -> Any:
    states = BY_NAME[name].states
    return lambda row: url_for("ServiceView.ask", service_id=row.id, name=name) if row.status in states else None


reminders_report = Report(
    name="broadband-reminders",
    title=_("Broadband reminders"),
    route="/broadband/reminders",
    grant=SEE,
    export=EXPORT,
    source=reminders,
    orders=(
        Order("longest", _("Longest overdue first"), (Service.stop_date, Service.id), is_descending=False),
        Order("latest", _("Those that stop last first"), (Service.stop_date, Service.id)),
    ),
    filters=(
        DaysLeft("days", _("Days left"), Service.stop_date),
        Choice(
            "status",
            _("User status"),
            lambda code: queries.is_one_of(ServiceStatus(code)),
            choices=lambda _actor: [(state.value, choice(state)) for state in ANNOUNCED],
        ),
        Choice(
            "outcome",
            _("Outcome of the call"),
            _outcome,
            choices=also((NEVER_CALLED, _("Not called yet")), kind=CallOutcome),
        ),
        Choice("muted", _("Muted"), _muting, choices=Muting),
        Claim("rule", _("To be suspended by the rule"), _by_rule),
        *_filters(),
    ),
    columns=(
        COLUMNS["service_no"],
        COLUMNS["customer_name"],
        Column("days_left", _("Days left"), Kind.NUMBER),
        COLUMNS["stop_date"],
        COLUMNS["phone"],
        COLUMNS["contact_phone"],
        Column("outcome", _("Outcome of the call"), Kind.CHOICE),
        Column("called_on", _("Called on"), Kind.DAY),
        Column("promised_on", _("Promised until"), Kind.DAY),
        Column("said", _("What was said")),
        Column("called_by", _("Called by")),
        Column("muted_until", _("Muted until"), Kind.DAY),
        *(
            COLUMNS[name]
            for name in (
                "customer_no",
                "community",
                "address",
                "landline",
                "id_card_no",
                "business_type",
                "package_type",
                "fee",
                "access_order_no",
                "broadband_account",
                "broadband_password",
                "bound_number",
                "salesperson",
                "user_status",
                "apply_date",
                "activation_date",
                "remark",
            )
        ),
    ),
    groups=(
        Group("community", _("Community"), "community"),
        Group("package", _("Package type"), "package_type"),
        Group("salesperson", _("Salesperson"), "salesperson"),
        Group("outcome", _("Outcome of the call"), "outcome", Kind.CHOICE),
        Group("days", _("Days left"), "days_left", Kind.NUMBER),
    ),
    owned=lambda: owned(SERVICE, Service.id, HIDES),
    row_links=(
        RowLink(_("Call"), "fa-phone", _to("call"), CALL),
        RowLink(_("Pay"), "fa-coins", _to_deed("pay"), BY_NAME["pay"].grant),
        RowLink(_("Mute"), "fa-bell-slash", _to("mute"), CALL),
        RowLink(_("Suspend by force"), "fa-ban", _to_deed("force"), BY_NAME["force"].grant),
    ),
)
