"""The page of a report: filters, rows, sums, chart, print view and export, all made of the declaration."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from flask import Response as FileResponse
from flask import abort, redirect, request, url_for
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.core import clock
from app.core.db import in_transaction, reading_reports
from app.core.sealed import seal
from app.tables import asking, cells, charts, cursors, exporting, later, period, rows
from app.tables.exporting import Format
from app.tables.report import COUNT, Asked, Group, Measure, Report
from app.ui.guard import current_actor, guarded
from app.ui.panel import Chip
from app.ui.views import HouseView

Answer = Response | str
MOST_PRINTED = 500  # rows
LONGEST_NAME = 40
PIECE = 256 * 1024  # bytes
WAYS = ("order",)  # arguments that are no filters and count for an export


def report_page(report: Report) -> type[HouseView]:
    """The view of a report, for `Feature.pages`: <Name>View with show, print and, where it may be had, export."""

    class ReportView(HouseView):
        route_base = report.route
        default_view = "show"

        @expose("/")
        @guarded(*report.grant)
        @reading_reports()
        def show(self) -> Answer:
            return _Shown(self, report).page(report.page_size, "tables/report.html")

        @expose("/print")
        @guarded(*report.grant)
        @reading_reports()
        def print(self) -> Answer:
            return _Shown(self, report).page(MOST_PRINTED, "tables/print.html")

    if any(each.is_sealed for each in report.filters):

        @expose("/find", methods=["POST"])
        @guarded(*report.grant)
        def find(self: Any) -> Answer:
            return _Shown(self, report).find()

        ReportView.find = find
    if report.export is not None:
        in_background = later.of_report(report)

        @expose("/export", methods=["POST"])
        @guarded(*report.export)
        def export(self: Any) -> Answer:
            return _Shown(self, report).export(in_background)

        ReportView.export = export
    ReportView.__name__ = ReportView.__qualname__ = view_name(report)
    return ReportView


def view_name(report: Report) -> str:
    """What the view of a report is called: "account-details" has the AccountDetailsView."""
    return "".join(part.capitalize() for part in report.name.split("-")) + "View"


class _Shown:
    """One answer of a report's page."""

    def __init__(self, view: HouseView, report: Report) -> None:
        self.view, self.report, self.actor = view, report, current_actor()
        self.arguments = {name: value for name, value in request.args.items() if name != "csrf_token"}
        self.asked, self.form = asking.asked_of(report, self.arguments, self.actor)

    def page(self, limit: int, template: str) -> Answer:
        if self.asked is None:
            return self.view.render_template(template, **self._frame(), page=None), 400  # type: ignore[return-value]
        found, sums, lines = self._read(self.asked, limit)
        return self.view.render_template(
            template,
            **self._frame(),
            page=found,
            sums=sums,
            lines=lines,
            chart=_chart(self.report, self.asked, lines),
            group=self.report.group_of(self.asked),
            measures=self.report.measures_of(self.actor),
            chips=self._chips(self.asked),
            described=asking.described(self.report, self.asked),
            told=self._told(),
            next=cursors.written(self.report, self.asked, found.after) if found else None,
            looked_to=_looked_to(found),
        )

    def _read(self, asked: Asked, limit: int) -> tuple[rows.Page | None, rows.Sums | None, Any]:
        everything = self.arguments.get("sums") == "all"
        sums = rows.sums(self.report, asked, everything=everything)
        if asked.group:
            is_known = sums is not None and not sums.is_more
            return None, sums, rows.groups(self.report, asked, everything=True) if is_known else None
        after = self.arguments.get("after")
        try:
            key = cursors.understood(self.report, asked, after) if after else None
        except cursors.BadPlace:
            abort(400)
        return rows.page(self.report, asked, after=key, limit=limit), sums, None

    def _frame(self) -> dict[str, Any]:
        return {
            "view": self.view,
            "report": self.report,
            "title": self.report.title,
            "form": self.form,
            "sealed": self._sealed(),
            "arguments": self.arguments,
            "groups": self.report.groups_of(self.actor),
            "columns": [each for each in self.report.columns_of(self.actor) if not each.is_for_files],
            "row_links": self.report.row_links_of(self.actor),
            "shown": cells.shown,
            "address": self._address,
            "presets": [] if self._told() else self._presets(),
            "can_export": self.report.exports_to(self.actor),
            "formats": list(Format),
            "printed_at": clock.now(),
            "zone": clock.shop_clock().zone.key,
            "most_printed": MOST_PRINTED,
            "count_name": COUNT,
        }

    def _address(self, method: str = "show", keep: Mapping[str, str] | None = None, **changes: Any) -> str:
        """Of a method of this page, with the same arguments but for some; None leaves one out."""
        kept = dict(self.arguments if keep is None else {**_others(self.arguments, self.form), **keep})
        given = {name: value for name, value in {**kept, **changes}.items() if value not in (None, "")}
        return url_for(f"{self.view.endpoint}.{method}", **given)

    def _chips(self, asked: Asked) -> list[Chip]:
        return [
            Chip(each.text, "" if each.without is None else self._address(keep=each.without))
            for each in asking.active(self.report, asked)
            if each.without is not None or not self._told()
        ]

    def _told(self) -> Any:
        """What limits the rows for this actor, whatever he looks for: days that nobody asked for mean nothing then."""
        return self.report.notice(self.asked) if self.report.notice and self.asked else None

    def _presets(self) -> list[dict[str, Any]]:
        main = next((each for each in self.report.filters if isinstance(each, period.Period)), None)
        if main is None:
            return []
        names, found = main.arguments, []
        for preset in period.presets():
            chosen: dict[str, Any] = {names[0]: preset.first.isoformat(), names[1]: preset.last.isoformat()}
            is_on = all(self.arguments.get(name) == day for name, day in chosen.items())
            href = self._address("show", None, after=None, **chosen)
            found.append({"label": preset.label, "href": href, "is_on": is_on})
        return found

    def _sealed(self) -> list[Any]:
        """What he may look for that stands in no address."""
        return [each for each in self.report.filters_of(self.actor) if each.is_sealed]

    def find(self) -> Response:
        """To the page that looks for what was typed, sealed from here on, beside what it looked for before."""
        offered = self._sealed() or abort(403)
        typed = {each.name: request.form.get(each.name, "").strip() for each in offered}
        if any(len(typed[each.name]) > each.longest for each in offered):
            abort(400)
        changes: dict[str, Any] = {name: seal(text) for name, text in typed.items()}
        return redirect(self._address(**changes, after=None))

    @reading_reports()
    def export(self, in_background: later.Export) -> Answer:
        """The file, written whole before it is sent: a slow line must not hold the database's view open."""
        asked, format = self.asked, format_of(request.form.get("format"))
        if asked is None:
            abort(400)

        def record() -> None:
            exporting.record(self.report, asked, format)

        if later.is_long(self.report, asked):
            kept = {**asked.arguments, **{name: self.arguments[name] for name in WAYS if name in self.arguments}}
            return later.ask(in_background, kept, format, actor=self.actor, record=record)
        in_transaction(record)
        with tempfile.TemporaryDirectory(prefix="export-") as folder:
            path = Path(folder, f"export.{format}")
            exporting.write(self.report, asked, path, format)
            return file_of(path, self.report.name, format)


def file_of(path: Path, name: str, format: Format) -> FileResponse:
    """The answer that hands a written file out; the file may be removed meanwhile."""
    size, file = path.stat().st_size, path.open("rb")  # the open file outlives its name
    named = f"{name}-{clock.today().isoformat()}.{format}"
    headers = {"Content-Disposition": f"attachment; filename={named}", "Content-Length": str(size)}
    return FileResponse(_pieces(file), mimetype=format.mimetype, headers={**headers, "Cache-Control": "no-store"})


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _others(arguments: Mapping[str, str], form: Any) -> dict[str, str]:
    """The arguments that are no filters, without the place in the list."""
    return {name: value for name, value in arguments.items() if name not in form and name != "after"}


def format_of(text: str | None) -> Format:
    """The form that is asked for. 400 for another."""
    return Format(text) if text in set(Format) else abort(400)


def _looked_to(found: rows.Page | None) -> Any:
    return found.looked_to[0] if found and found.looked_to else None


def _chart(report: Report, asked: Asked, lines: list[dict[str, Any]] | None) -> charts.Chart | None:
    """The first four measures by group, oldest first; how many rows when there is no measure."""
    group = report.group_of(asked)
    if group is None or not lines:
        return None
    measures = report.measures_of(asked.actor)[:4]
    kind = {measure.kind for measure in measures}
    if len(kind) != 1:  # figures of one unit fit one scale
        measures = measures[:1]
    ordered = list(reversed(lines)) if group.kind.value in ("day", "moment") else lines
    labels = [_label(group, line["key"]) for line in ordered]
    named = [charts.Series(each.label, [line[each.name] for line in ordered]) for each in measures]
    drawn = named or [charts.Series(report.title, [line[COUNT] for line in ordered])]
    how = charts.lines if group.chart == "line" else charts.bars
    return how(report.title, labels, drawn, _words(measures[:1]))


def _words(measures: tuple[Measure, ...]) -> Any:
    return lambda value: str(cells.shown(measures[0], value)) if measures else str(value)


def _label(group: Group, key: Any) -> str:
    text = str(cells.plain(group, key)) if key is not None else "—"
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…"
