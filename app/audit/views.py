"""The register of operation records: read only, for nobody may change what was written down."""

from typing import Any

from flask import g, render_template
from flask_appbuilder.models.filters import BaseFilter
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Query

from app.audit.models import OperationRecord
from app.audit.queries import is_erased, shown_from, store_names, told
from app.audit.words import HOUSE
from app.ui import formats
from app.ui.interface import HouseInterface
from app.ui.views import RegisterView

SHOWN_IN_LIST = 3  # values of a record
LONGEST_IN_LIST = 40  # characters of a value
CODED = {"gender", "kind", "method", "role", "status", "type"}  # fields whose values are codes


def what(operation: str) -> str:
    """An operation in words: "customers.change-phone" is the message "Change phone"."""
    return formats.choice(operation.rpartition(".")[2])


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
        return formats.listed(shown) or formats.NOTHING
    return formats.anything(shown)


def store(store_id: int | None) -> Any:
    """The name of a store. The names are read once per request."""
    if "store_names" not in g:
        g.store_names = store_names()
    return formats.anything(g.store_names.get(store_id))


def short(shown: Any, name: str) -> str:
    """The same in a few characters of plain text."""
    said = value(shown, name)
    text = said.striptags() if isinstance(said, Markup) else str(said)
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


class OperationRecordsView(RegisterView):
    """/operation-records/list/: who did what, when, where from, to what, and what it was before."""

    datamodel = HouseInterface(OperationRecord)
    route_base = "/operation-records"
    class_permission_name = "operation-records"
    list_title = _("Operation records")
    show_title = _("Operation record")
    show_template = "audit/record.html"
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
    search_columns = ("business_date", "actor_name", "operation", "object_type", "object_id", "store_id", "address")
    order_columns = ("recorded_at",)
    base_order = ("id", "desc")
    base_filters = (("business_date", Shown, None),)
    formatters_columns = {
        "actor_name": who,
        "operation": what,
        "object_type": formats.choice,
        "changes": changes,
        "store_id": store,
    }
    label_columns = {
        "recorded_at": _("When"),
        "business_date": _("Business day"),
        "actor_name": _("Who"),
        "operation": _("What was done"),
        "object_type": _("Object"),
        "object_id": _("Number"),
        "changes": _("Before and after"),
        "address": _("From address"),
        "store_id": _("Store"),
    }

    def render_record(self, item: OperationRecord, problem: str = "") -> str:
        return self.render_template(
            self.show_template,
            title=gettext("Operation record %(number)s", number=item.id),
            view=self,
            record=item,
            lines=told(item),
            is_erased=is_erased(item),
            store=store(item.store_id),
            what=what(item.operation),
            value=value,
            field=field,
            who=who,
        )
