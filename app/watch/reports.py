"""The two reports: figures by clerk, and the postings behind them."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import Select

from app.core.permissions import Action, Grant
from app.ledger.models import Posting
from app.staff.models import Staff
from app.tables import Asked, Choice, Column, Kind, Order, Period, Report
from app.watch import queries
from app.watch.queries import Watched

VIEW, EXPORT = Grant(Action.VIEW, "clerk-watch"), Grant(Action.EXPORT, "clerk-watch")


def _to(what: Watched) -> Callable[[Any], str | None]:
    """The way from a figure to its rows."""
    name = what.name.lower()

    def address(row: Any) -> str | None:
        if not getattr(row, name):
            return None
        days = {"from": row.first_day.isoformat(), "to": row.last_day.isoformat()}
        return url_for("WatchedPostingsView.show", clerk=row.clerk_id, what=what.value, **days)

    return address


def _by_clerk(asked: Asked) -> Select[Any]:
    span = asked["period"]
    return queries.by_clerk(span.low, span.high)


def _rows(asked: Asked) -> Select[Any]:
    span, clerk = asked["period"], asked["clerk"]
    return queries.rows(span.low, span.high, asked["what"], int(clerk) if clerk else None)


def _count(what: Watched, label: Any) -> Column:
    return Column(what.name.lower(), label, Kind.NUMBER, total=True, link=_to(what))


PERIOD = Period("period", _("Day"), months=1)
clerk_watch = Report(
    name="clerk-watch",
    title=_("Clerk watch"),
    route="/reports/clerk-watch",
    grant=VIEW,
    export=EXPORT,
    source=_by_clerk,
    orders=(Order("name", _("By name"), (Staff.username, Staff.id), is_descending=False),),
    filters=(PERIOD,),
    columns=(
        Column("clerk", _("Clerk")),
        Column("postings", _("Postings"), Kind.NUMBER, total=True),
        _count(Watched.REVERSALS, _("Reversals")),
        Column("reversed_amount", _("Reversed"), Kind.MONEY, total=True),
        Column("share", _("Reversals in percent"), Kind.NUMBER),
        _count(Watched.REFUNDS, _("Refunds")),
        Column("refunded_amount", _("Refunded"), Kind.MONEY, total=True),
        _count(Watched.ADJUSTMENTS, _("Adjustments")),
        Column("adjusted_amount", _("Adjusted"), Kind.MONEY, total=True),
        _count(Watched.REPRINTS, _("Reprints")),
        _count(Watched.AFTER_HOURS, _("After hours")),
        _count(Watched.JUST_BELOW, _("Just below the limit")),
    ),
)
watched_postings = Report(
    name="watched-postings",
    title=_("Postings to look at"),
    route="/reports/watched-postings",
    grant=VIEW,
    export=EXPORT,
    source=_rows,
    orders=(Order("newest", _("Newest first"), (Posting.business_date, Posting.id)),),
    filters=(
        PERIOD,
        Choice("what", _("What"), choices=Watched),
        Choice("clerk", _("Clerk"), choices=lambda _actor: queries.clerks()),
    ),
    columns=(
        Column("receipt_no", _("Receipt"), link=lambda row: url_for("ReceiptView.show", posting_id=row.id)),
        Column("posted_at", _("Time"), Kind.MOMENT),
        Column("kind", _("Kind"), Kind.CHOICE),
        Column("amount", _("Amount"), Kind.MONEY),
        Column("clerk", _("Clerk")),
        Column("store", _("Store")),
        Column("note", _("Note")),
    ),
)
