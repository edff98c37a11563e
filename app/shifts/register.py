"""The reports of shifts: one on paper, all of them for the owner, and the shifts that are open now."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.models.filters import BaseFilter
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Query
from werkzeug.wrappers import Response

from app.core.permissions import Action
from app.shifts import queries
from app.shifts.denominations import REST
from app.shifts.models import Shift, ShiftReport
from app.shop.queries import setting
from app.shop.settings import BY_NAME
from app.ui.guard import by_method, current_actor, guarded
from app.ui.interface import HouseInterface
from app.ui.views import HouseView, RegisterView

Answer = Response | str
GIVES = {"recharge", "sale", "cash-in"}  # what fills the drawer; its reversal empties it
SETTLES = {"difference"}
ORDER = ("recharge", "sale", "refund", "reversal", "cash-in", "cash-out")  # on paper, after the float


def cash_of(lines: Sequence[dict[str, Any]]) -> list[tuple[dict[str, Any], Decimal]]:
    """The lines that moved the drawer before it was counted, each with its signed sum."""
    found = []
    for line in lines:
        kind = line["reverses_kind"] or line["kind"]
        is_end = line["is_of_shift"] and line["kind"] != "cash-in"
        if line["method"] != "cash" or is_end or kind in SETTLES:
            continue
        sign = (1 if kind in GIVES else -1) * (-1 if line["reverses_kind"] else 1)
        found.append((line, sign * Decimal(line["amount"])))
    return sorted(found, key=lambda pair: (not pair[0]["is_of_shift"], ORDER.index(pair[0]["kind"])))


def others_of(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of the methods that do not go through the drawer."""
    return [line for line in lines if line["method"] != "cash"]


class ShiftReportView(HouseView):
    """/shift-reports/<shift>: the report of one shift, as it was when the shift was closed, for screen and paper."""

    route_base = "/shift-reports"
    default_view = "show"

    @expose("/<int:shift_id>")
    @guarded(Action.VIEW, "shifts")
    def show(self, shift_id: int) -> Answer:
        report = queries.report(shift_id, actor=current_actor())
        content = report.content
        counts = {worth: count for worth, count in content["counts"].items() if worth != REST}
        return self.render_template(
            "shifts/report.html",
            report=report,
            content=content,
            opening_cash=Decimal(content["opening_cash"]),
            cash=cash_of(content["lines"]),
            others=others_of(content["lines"]),
            counts=sorted(counts.items(), key=lambda pair: -Decimal(pair[0])),
            rest=Decimal(content["counts"].get(REST, 0)),
            decimal=Decimal,
            next_shift=queries.taken_over_by(shift_id),
            shop=setting("shop_name"),
            paper=str(setting("receipt_paper")),
            papers=BY_NAME["receipt_paper"].choices,
        )


class WithinReach(BaseFilter):
    name = "Within reach"
    arg_name = "within-reach"

    def apply(self, query: Query, value: Any) -> Query:
        stores = current_actor().stores
        return query if stores is None else query.filter(ShiftReport.store_id.in_(sorted(stores)))


class ShiftsView(RegisterView):
    """/shifts/list/: every report, with what was too much or too little, by person; above them what is open now."""

    datamodel = HouseInterface(ShiftReport, eager=("store",))
    route_base = "/shifts"
    class_permission_name = "all-shifts"
    base_filters = (("shift_id", WithinReach, None),)
    base_order = ("closed_at", "desc")
    list_title, show_title = _("Shifts"), _("Shift report")
    list_template = "shifts/list.html"
    list_columns = ("number", "store", "clerk_name", "closed_by_name", "closed_at", "expected", "counted", "difference")
    search_columns = ("clerk_name", "store", "business_date", "difference", "number")
    order_columns = ("number", "clerk_name", "closed_at", "difference")
    label_columns = {
        "number": _("Report no."),
        "store": _("Store"),
        "clerk_name": _("Clerk"),
        "closed_by_name": _("Closed by"),
        "closed_at": _("Closed at"),
        "business_date": _("Day"),
        "expected": _("Expected"),
        "counted": _("Counted"),
        "difference": _("Difference"),
    }

    @expose("/show/<pk>")
    @by_method
    def show(self, pk: str) -> Response:
        return redirect(url_for("ShiftReportView.show", shift_id=self._item(pk).shift_id))

    def open_shifts(self) -> Sequence[Shift]:
        """The shifts that have no report yet."""
        return queries.open_shifts(actor=current_actor())

    def differences(self) -> Sequence[Any]:
        """What was too much or too little lately, by person."""
        return queries.differences(actor=current_actor())

    def may_close(self) -> bool:
        """Whether the one who asks may close what another has forgotten."""
        return current_actor().may(Action.EDIT, "all-shifts") and current_actor().may(Action.POST, "shifts")
