"""The register of operation records: read only, for nobody may change what was written down."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import current_app, g, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.models.filters import BaseFilter
from flask_appbuilder.widgets import ListWidget
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Query

from app.audit import looking, queries
from app.audit.exports import record_taken
from app.audit.models import OperationRecord
from app.audit.queries import is_erased, shown_from, store_names, told
from app.audit.words import HOUSE
from app.core.db import in_transaction
from app.core.permissions import Action
from app.tables import Column, Kind
from app.tables.exporting import write_lines
from app.tables.views import file_of, format_of
from app.ui import arguments, formats
from app.ui.guard import by_method, current_actor
from app.ui.interface import HouseInterface
from app.ui.views import RegisterView

SHOWN_IN_LIST = 3  # values of a record
LONGEST_IN_LIST = 40  # characters of a value
# As values are written down: an amount always with two decimals, a day as the calendar's standard has it.
_AMOUNT = re.compile(r"-?[0-9]+\.[0-9]{2}", re.ASCII)
_DAY = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])", re.ASCII)
# Fields whose values are codes.
CODED = {"gender", "kind", "method", "role", "status", "type", "usage"}
CODED |= {"document_status", "kind_of_field", "outcome", "subject", "work_kind"}


def who(name: str) -> str:
    """Who acted: people by their own names, the house in the reader's words."""
    return gettext(name) if name in HOUSE else name


def field(name: str, is_personal: bool = False) -> str:
    """What was changed, in words: "phone_region" is the message "Phone region"."""
    is_of_store = name == "name" and not is_personal  # of all names, a store's alone is nobody's
    return formats.choice("store-name" if is_of_store else name)


def value(shown: Any, name: str = "") -> Any:
    """A value before or after, as people read it. name: of its field."""
    if name in CODED and isinstance(shown, str):
        return formats.choice(shown)
    if isinstance(shown, list | tuple):
        return formats.listed(value(each, name) for each in shown) or formats.NOTHING
    if isinstance(shown, str) and _AMOUNT.fullmatch(shown):
        return formats.money(Decimal(shown))
    if isinstance(shown, str) and _DAY.fullmatch(shown):
        return formats.day(date.fromisoformat(shown))
    return formats.anything(shown)


def store(store_id: int | None) -> Any:
    """The name of a store."""
    return formats.anything(store_names_once().get(store_id))


def store_names_once() -> Mapping[int | None, str]:
    """The names of the stores, read once per request."""
    if "store_names" not in g:
        g.store_names = store_names()
    return g.store_names


def short(shown: Any, name: str) -> str:
    """The same in a few characters of plain text."""
    text = _plain(shown, name)
    return text if len(text) <= LONGEST_IN_LIST else f"{text[: LONGEST_IN_LIST - 1]}…"


def changes(pairs: dict[str, Any]) -> Markup:
    """The first values of a record, one below the other."""
    lines = [
        formats.pair(field(name), f"{short(before, name)} → {short(after, name)}")
        for name, (before, after) in pairs.items()
    ]
    more = max(len(lines) - SHOWN_IN_LIST, 0)
    # The template escapes what it is given.
    return Markup(render_template("audit/changes.html", lines=lines[:SHOWN_IN_LIST], more=more))  # noqa: S704


class Shown(BaseFilter):
    """Not older than the limit that the owner has set."""

    name = "Shown"
    arg_name = "shown"

    def apply(self, query: Query, value: Any) -> Query:
        first = shown_from()
        return query if first is None else query.filter(OperationRecord.business_date >= first)


class RecordRows(ListWidget):
    """The rows of the generated list; what a record is about is called by its name, and leads there."""

    template = "audit/rows.html"


class OperationRecordsView(RegisterView):
    """/operation-records/list/: who did what, when, where from, to what, and what it was before."""

    datamodel = HouseInterface(OperationRecord, kinds=looking.KINDS)
    route_base = "/operation-records"
    class_permission_name = "operation-records"
    method_permission_name = {"export": Action.EXPORT}
    list_title = _("Operation records")
    show_title = _("Operation record")
    list_template, show_template = "ui/exported_list.html", "audit/record.html"
    list_widget = RecordRows
    list_columns = (
        "recorded_at",
        "actor_name",
        "operation",
        "object_type",
        "object_id",
        "changes",
        "store_id",
        "address",
    )
    search_columns = (
        "business_date",
        "actor_id",
        "actor_name",
        "operation",
        "object_type",
        "object_id",
        "store_id",
        "address",
    )
    order_columns = ("business_date",)
    base_order = ("business_date", "desc")
    formatters_columns = {
        "actor_name": who,
        "operation": looking.what,
        "object_type": formats.choice,
        "changes": changes,
        "store_id": store,
    }
    label_columns = looking.LABELS

    @expose("/export", methods=["POST"])
    @by_method
    def export(self) -> Any:
        """All records that the filters of the address leave, as a file; that they were taken away is one more."""
        format = format_of(request.form.get("format"))
        arguments.fill(self._filters)
        filters = self._filters
        in_transaction(lambda: record_taken(filters, format, current_actor()))
        rows = self.datamodel.every(filters, self.datamodel.order(*self.base_order))
        title, asked = gettext("Operation records"), looking.described(filters)
        with tempfile.TemporaryDirectory(prefix="export-") as folder:
            path = Path(folder, f"export.{format}")
            write_lines(path, format, COLUMNS, map(_line, rows), title, asked)
            return file_of(path, "operation-records", format)

    def objects(self, records: Sequence[OperationRecord]) -> Mapping[tuple[str, int], tuple[str, str]]:
        """What records are about is called so, and where it is, for those who may see it; staff may be gone."""
        may, here = current_actor().may, current_app.view_functions
        found: dict[tuple[str, int], tuple[str, str]] = {}
        for (kind, number), text in queries.called(records).items():
            if kind not in WAYS:
                found[kind, number] = (text, "")
                continue
            resource, endpoint, name = WAYS[kind]
            if may(Action.VIEW, resource) and endpoint in here:
                argument: dict[str, Any] = {name: number}
                found[kind, number] = (formats.phone(text), url_for(endpoint, **argument))
        return found

    def render_record(self, item: OperationRecord, problem: str = "") -> str:
        return self.render_template(
            self.show_template,
            title=gettext("Operation record %(number)s", number=item.id),
            view=self,
            record=item,
            lines=told(item),
            is_erased=is_erased(item),
            store=store(item.store_id),
            what=looking.what(item.operation),
            objects=self.objects([item]),
            value=value,
            field=field,
            who=who,
        )


# Where what a record is about can be seen: who may, which page, and what its argument is called.
WAYS = {
    "customer": ("customers", "CustomersView.show", "pk"),
    "posting": ("postings", "ReceiptView.show", "posting_id"),
}
COLUMNS = (
    Column("recorded_at", _("When"), Kind.MOMENT),
    Column("business_date", _("Business day"), Kind.DAY),
    Column("actor_name", _("Who")),
    Column("address", _("From address")),
    Column("operation", _("What was done")),
    Column("object_type", _("Object")),
    Column("object_id", _("Number"), Kind.NUMBER),
    Column("store", _("Store")),
    Column("changes", _("Before and after")),
)


def _line(item: OperationRecord) -> Mapping[str, Any]:
    pairs = [(line, field(line.field, line.is_personal)) for line in told(item)]
    said = [
        formats.pair(name, f"{_plain(line.before, line.field)} → {_plain(line.after, line.field)}")
        for line, name in pairs
    ]
    return {
        **{name: getattr(item, name) for name in ("recorded_at", "business_date", "address", "object_id")},
        "actor_name": who(item.actor_name),
        "operation": looking.where_and_what(item.operation),
        "object_type": formats.choice(item.object_type),
        "store": store_names_once().get(item.store_id),
        "changes": " · ".join(said),
    }


def _plain(shown: Any, name: str) -> str:
    said = value(shown, name)
    return said.striptags() if isinstance(said, Markup) else str(said)
