"""The pages of the totals. What of them is shown to whom is decided in queries.py."""

from typing import Any

from flask import make_response, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from app.core import days
from app.core.db import reading_reports
from app.core.errors import Invalid
from app.core.permissions import Action
from app.customers import listing
from app.ledger import queries as ledger
from app.ledger import totals
from app.ledger.totals import By, Figures
from app.reports import board, queries, words
from app.reports import customers as people
from app.reports.charts import chart
from app.reports.queries import Asked, Group, Report
from app.reports.schemas import PeriodQuery
from app.shop.models import Method
from app.shop.queries import all_stores, stores_within
from app.staff.guide import Step, first_steps
from app.ui.api.reading import read_filters
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

Answer = Response | str


def labelled(groups: list[Group], by: By) -> list[tuple[str, Figures]]:
    """Groups under the names that people know."""
    names = {store.code: store.name for store in all_stores()} if by is By.STORE else {}
    return [(words.group(by, group.key, names), group.figures) for group in groups]


class DashboardView(HouseView):
    """/overview: the owner's first page."""

    route_base = "/overview"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "totals")
    @reading_reports()
    def show(self) -> Answer:
        span = next((days for days in board.SPANS if str(days) == request.args.get("days")), board.SPANS[0])
        shown = board.board(span)
        return self.render_template(
            "reports/dashboard.html",
            board=shown,
            span=span,
            spans=board.SPANS,
            parts_of=board.PARTS_OF_DAYS,
            trend=labelled(shown.trend, By.DAY),
            parts={by: labelled(groups, by) for by, groups in shown.parts.items()},
            chart=chart,
            words=words,
            steps=first_steps(_steps()),
        )


def _steps() -> list[Step]:
    has_customers = bool(listing.find({}, actor=current_actor(), limit=1).rows)
    take_over = gettext("Take over the customer list that you have, or enter the first customer.")
    serve, desk = gettext("Serve the first customer."), url_for("CounterView.show")
    return [
        Step(has_customers, take_over, url_for("ImportView.start"), gettext("Take over a list")),
        Step(ledger.has_any(), serve, desk, gettext("Counter")),
    ]


class TodayView(HouseView):
    """/today: what was done today, as far as it is within reach. A clerk's own small overview."""

    route_base = "/today"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "postings")
    @reading_reports()
    def show(self) -> Answer:
        actor, today = current_actor(), ledger.reach_of(current_actor()).today
        asked = Asked(first=today, last=today)
        parts = {by: queries.report(asked, by, actor=actor) for by in (By.METHOD, By.HOUR)}
        return self.render_template(
            "reports/today.html",
            today=today,
            figures=parts[By.HOUR].figures,
            parts={by: labelled(report.groups, by) for by, report in parts.items()},
            reach=ledger.reach_of(actor),
            stores=stores_within(actor),
            chart=chart,
            words=words,
        )


class TotalsView(HouseView):
    """/totals/: everything since the first day."""

    route_base = "/totals"
    default_view = "show"

    @expose("/")
    @guarded(Action.VIEW, "totals")
    @reading_reports()
    def show(self) -> Answer:
        return self.render_template("reports/totals.html", found=totals.all_time(), words=words)


class PeriodView(HouseView):
    """/totals/period: some days, of a store, a clerk or a method, told apart by something."""

    route_base = "/totals/period"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "postings")
    @reading_reports()
    def show(self) -> Answer:
        try:
            given = read_filters(PeriodQuery())
            by = given.pop("group_by") or By.DAY
            if given["first"] is None and given["last"] is None:
                given["first"] = days.today().replace(day=1)
            report = queries.report(Asked(**given), by, actor=current_actor())
        except ValidationError as wrong:
            return self._refused({name: _first(told) for name, told in wrong.normalized_messages().items()})
        except Invalid as invalid:
            return self._refused({name: gettext(str(told)) for name, told in invalid.errors.items()})
        return self._page(report, {})

    def _refused(self, errors: dict[str, str]) -> Response:
        """The form as it was typed, and what is wrong with it."""
        return make_response(self._page(None, errors), 400)

    def _page(self, report: Report | None, errors: dict[str, str]) -> str:
        actor = current_actor()
        period = report.period if report else queries.period_for(Asked(), actor=actor)
        by = report.by if report and report.by else By.DAY
        return self.render_template(
            "reports/period.html",
            report=report,
            period=period,
            by=by,
            groups=labelled(report.groups, by) if report else [],
            errors=errors,
            typed=request.args,
            stores=stores_within(actor),
            operators=queries.operators_in(period),
            methods=Method,
            bys=By,
            chart=chart,
            words=words,
        )


class CustomerMoneyView(HouseView):
    """/totals/customers: who has most with the shop, and who of them stays away."""

    route_base = "/totals/customers"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "totals")
    @reading_reports()
    def show(self) -> Answer:
        found = people.holders()
        return self.render_template(
            "reports/customers.html",
            largest=found[: people.SHOWN],
            dormant=people.dormant(found),
            after=people.DORMANT_DAYS,
            looked_through=people.LOOKED_THROUGH,
        )


def _first(told: Any) -> str:
    return str(told[0] if isinstance(told, list) else told)
