"""What customers were told, and what became of it: a row for each delivery."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, case, select

from app.core.actor import Actor
from app.core.permissions import Action, Grant
from app.customers.models import Customer
from app.customers.queries import ids_of_phone
from app.notices import queries
from app.notices.kinds import notice_kinds
from app.notices.models import Channel, DeliveryState, Notice, NoticeDelivery, Problem
from app.notices.words import called
from app.tables import Asked, Choice, Column, Group, Kind, Order, Period, Phone, Report, Whole

VIEW = Grant(Action.VIEW, "notices")
EXPORT = Grant(Action.EXPORT, "notices")
_WAITS = NoticeDelivery.state == DeliveryState.WAITING


def notices_told(asked: Asked) -> Select[Any]:
    """The deliveries that the actor may see."""
    row = NoticeDelivery
    return (
        select(row.id, row.business_date, row.channel, row.state, row.tries, row.sent_at, row.problem)
        .join(Notice, Notice.id == row.notice_id)
        .join(Customer, Customer.id == Notice.customer_id)
        .add_columns(
            Notice.given_at,
            Notice.kind,
            Notice.customer_id,
            Customer.customer_no,
            Customer.name.label("customer"),
            Customer.phone,
            case((_WAITS, row.due_at)).label("due_at"),
        )
        .where(queries.seen_by(asked.actor))
    )


def _reach(asked: Asked) -> str | None:
    """Who sees less than everything is told so."""
    if asked.actor.may(Action.VIEW, "old-postings"):
        return None
    if asked.actor.may(Action.POST, "notices"):
        return None if asked.actor.stores is None else gettext("You see the notices of your stores.")
    return gettext("You see the notices of today in your stores.")


def _kinds(_actor: Actor) -> Iterable[tuple[str, str]]:
    return [(name, called(name)) for name in notice_kinds()]


def _to_notice(row: Any) -> str:
    return url_for("NoticeView.show", delivery_id=row.id)


def _to_counter(row: Any) -> str:
    return url_for("CounterView.show", customer=row.customer_id)


notices_report = Report(
    name="notices",
    title=_("Notices"),
    route="/notices",
    grant=VIEW,
    export=EXPORT,
    source=notices_told,
    notice=_reach,
    orders=(Order("newest", _("Newest first"), (NoticeDelivery.business_date, NoticeDelivery.id)),),
    filters=(
        Period("period", _("Day"), NoticeDelivery.business_date, months=6),
        Phone("phone", _("Phone"), lambda text: Notice.customer_id.in_(ids_of_phone(text)), is_narrow=True),
        Whole("customer", _("Customer's number in the system"), Notice.customer_id, is_narrow=True),
        Choice("kind", _("Notice"), Notice.kind, choices=_kinds),
        Choice("channel", _("Channel"), NoticeDelivery.channel, choices=Channel),
        Choice("state", _("State"), NoticeDelivery.state, choices=DeliveryState),
        Choice("problem", _("Why not"), NoticeDelivery.problem, choices=Problem),
    ),
    columns=(
        Column("given_at", _("Time"), Kind.MOMENT, link=_to_notice),
        Column("customer", _("Customer"), link=_to_counter),
        Column("phone", _("Phone"), Kind.PHONE),
        Column("kind", _("Notice"), show=called),
        Column("channel", _("Channel"), Kind.CHOICE),
        Column("state", _("State"), Kind.CHOICE),
        Column("problem", _("Why not"), Kind.CHOICE),
        Column("tries", _("Tries"), Kind.NUMBER),
        Column("due_at", _("Next try"), Kind.MOMENT),
        Column("sent_at", _("Sent at"), Kind.MOMENT),
        Column("customer_no", _("Customer no.")),
        Column("business_date", _("Day"), Kind.DAY),
    ),
    groups=(
        Group("day", _("Day"), "business_date", Kind.DAY),
        Group("kind", _("Notice"), "kind", show=called),
        Group("channel", _("Channel"), "channel", Kind.CHOICE),
        Group("state", _("State"), "state", Kind.CHOICE),
    ),
)
