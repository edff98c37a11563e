"""The pages of the totals. What of them is shown to whom is decided in queries.py."""

import tempfile
from pathlib import Path
from typing import Any

from flask import abort, make_response, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from app.audit.operations import record
from app.core import clock, days
from app.core.db import in_transaction, reading_reports
from app.core.errors import Invalid
from app.core.permissions import Action
from app.customers.queries import has_any
from app.ledger import queries as ledger
from app.ledger import totals
from app.ledger.totals import By, Figures
from app.reports import board, period_file, queries, words
from app.reports import customers as people
from app.reports.queries import Asked, Group, Report
from app.reports.schemas import PeriodQuery
from app.shop.models import Method
from app.shop.queries import all_stores, stores_within
from app.staff.guide import Step, first_steps
from app.tables.charts import Chart, Series, bars
from app.tables.exporting import Format, write_lines
from app.tables.views import file_of, format_of
from app.ui import formats
from app.ui.api.reading import read_filters
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

Answer = Response | str


def labelled(groups: list[Group], by: By) -> list[tuple[str, Figures]]:
    """Groups under the names that people know."""
    names = {store.code: store.name for store in all_stores()} if by is By.STORE else {}
    return [(words.group(by, group.key, names), group.figures) for group in groups]


def chart(groups: list[tuple[str, Figures]], title: str) -> Chart | None:
    """Money in and value consumed of each group, side by side; None when there is nothing to draw."""
    taken = [figures.takings for _label, figures in groups]
    consumed = [figures.consumed for _label, figures in groups]
    if not any((*taken, *consumed)):
        return None
    series = [Series(gettext("Money in"), taken), Series(gettext("Value consumed"), consumed)]
    return bars(title, [label for label, _figures in groups], series, formats.money)


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
            steps=first_steps(_steps),
        )


def _steps() -> list[Step]:
    take_over = gettext("Take over the customer list that you have, or enter the first customer.")
    serve, desk = gettext("Serve the first customer."), url_for("CounterView.show")
    return [
        Step(has_any(), take_over, url_for("ImportView.start"), gettext("Take over a list")),
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
        actor = current_actor()
        found = board.today_of(actor)
        return self.render_template(
            "reports/today.html",
            today=days.today(),
            figures=found.figures,
            parts={by: labelled(groups, by) for by, groups in found.parts.items()},
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
        return self._answer("reports/period.html")

    @expose("/print")
    @guarded(Action.VIEW, "postings")
    def print(self) -> Answer:
        return self._answer("reports/period_print.html")

    @expose("/export", methods=["POST"])
    @guarded(Action.EXPORT, "totals")
    def export(self) -> Answer:
        """The groups as a file. That they were taken away is recorded before anything is handed out."""
        format = format_of(request.form.get("format"))
        report, _errors = self._read()
        if report is None:
            abort(400)
        in_transaction(lambda: _record(report, format))
        by = report.by or By.DAY
        lines = period_file.lines(labelled(report.groups, by), report.figures)
        with tempfile.TemporaryDirectory(prefix="export-") as folder:
            path = Path(folder, f"export.{format}")
            write_lines(path, format, period_file.columns(words.by(by)), lines, gettext("Period query"), _said(report))
            return file_of(path, "period", format)

    def _answer(self, template: str) -> Answer:
        report, errors = self._read()
        page = self._page(report, errors, template)
        return make_response(page, 400) if errors else page

    @staticmethod
    def _read() -> tuple[Report | None, dict[str, str]]:
        """What the address asks; or what is wrong with it, by argument."""
        try:
            given = read_filters(PeriodQuery())
            by = given.pop("group_by") or By.DAY
            if given["first"] is None and given["last"] is None:
                given["first"] = days.today().replace(day=1)
            return queries.report(Asked(**given), by, actor=current_actor()), {}
        except ValidationError as wrong:
            return None, {name: _first(told) for name, told in wrong.normalized_messages().items()}
        except Invalid as invalid:
            return None, {name: gettext(str(told)) for name, told in invalid.errors.items()}

    def _page(self, report: Report | None, errors: dict[str, str], template: str) -> str:
        actor = current_actor()
        period = report.period if report else queries.period_for(Asked(), actor=actor)
        by = report.by if report and report.by else By.DAY
        return self.render_template(
            template,
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
            can_export=actor.may(Action.EXPORT, "totals"),
            formats=list(Format),
            described=_said(report) if report else "",
            printed_at=clock.now(),
            zone=clock.shop_clock().zone.key,
        )


def _said(report: Report) -> str:
    """What was asked, in one line; the days are those that the actor gets."""
    first, last = report.period.first, report.period.last
    told = [formats.day(first) if first == last else f"{formats.day(first)} – {formats.day(last)}"]
    told += [request.args[name] for name in ("from_hour", "to_hour", "store", "operator") if request.args.get(name)]
    told += [formats.choice(request.args["method"])] if request.args.get("method") else []
    return " · ".join([*told, words.by(report.by or By.DAY)])


def _record(report: Report, format: Format) -> None:
    asked = {"from": report.period.first, "to": report.period.last, "format": str(format), "report": "period-totals"}
    told = {name: request.args[name] for name in ("store", "operator", "method") if request.args.get(name)}
    changes = {name: (None, value) for name, value in {**asked, **told}.items()}
    record("tables.export", "report", None, actor=current_actor(), changes=changes)


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
