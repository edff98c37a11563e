"""The filter panel above a generated list: inputs for what may be looked for, chips for what is."""

from typing import Any, NamedTuple

from flask import request, url_for
from flask_babel import gettext

from app.ui import formats
from app.ui.converter import HouseConverter


class Input(NamedTuple):
    """One input of the panel. kind: text, number, date or choice; choices: value and words, for a choice."""

    name: str
    label: str
    kind: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()


class Chip(NamedTuple):
    """One active filter, and the address of the list without it, if it can be left out."""

    text: str
    without: str


def inputs(view: Any) -> list[Input]:
    """An input for every filter that the view offers."""
    found = []
    for column, kinds in view._filters.get_search_filters().items():
        label = str(view.label_columns.get(column, column))
        for index, kind in enumerate(kinds):
            if kind.is_offered:
                found.append(_input(view, column, f"_flt_{index}_{column}", f"{label} {kind.suffix}".strip(), kind))
    return found


def _input(view: Any, column: str, name: str, label: str, kind: Any) -> Input:
    choices = _choices(view, column, kind)
    return Input(
        name, label, "choice" if choices else _kind(view.datamodel, column), request.args.get(name, ""), choices
    )


def _kind(data: Any, column: str) -> str:
    if data.is_date(column) or data.is_datetime(column):
        return "date"
    return "number" if data.is_numeric(column) or data.is_integer(column) else "text"


def _choices(view: Any, column: str, kind: Any) -> tuple[tuple[str, str], ...]:
    data = view.datamodel
    if (offered := kind.choices()) is not None:
        return tuple(offered)
    if data.is_enum(column):
        return tuple((str(member.value), formats.choice(member)) for member in data.enum_of(column))
    if data.is_boolean(column):
        return ("y", gettext("Yes")), ("n", gettext("No"))
    if data.is_relation(column) and not data.is_lookup(column):
        related = data.get_related_interface(column)
        rows = HouseConverter(data).rows_of(column, view.search_form_query_rel_fields)()
        return tuple((str(related.get_pk_value(row)), str(row)) for row in rows)
    return ()


def chips(view: Any) -> list[Chip]:
    """What is looked for now."""
    found = []
    for kind, values in view._filters.get_filters_values():
        label = str(view.label_columns.get(kind.column_name, kind.column_name))
        words = dict(_choices(view, kind.column_name, kind))
        shown = formats.listed(words.get(value, value) for value in values)
        said = (
            f"{label} {kind.suffix}" if kind.is_offered else gettext("%(name)s (%(kind)s)", name=label, kind=kind.name)
        )
        found.append(Chip(formats.pair(said.strip(), shown), _without(view, kind)))
    return found


def _without(view: Any, kind: Any) -> str:
    """The address of the list without this filter, from its first page on."""
    mine = [type(one) for one in view._filters.get_search_filters()[kind.column_name]]
    dropped = {f"_flt_{mine.index(type(kind))}_{kind.column_name}", view.place_name}
    return address_with(view, **dict.fromkeys(dropped))


def address_with(view: Any, **changes: Any) -> str:
    """The address of this page with some arguments changed, or left out when they are None."""
    kept = {name: values for name, values in request.args.lists() if name not in changes}
    given = {name: value for name, value in changes.items() if value is not None}
    return url_for(request.endpoint or "HomeView.index", **{**(request.view_args or {}), **kept, **given})


def export_address(view: Any) -> str:
    """Where the list is taken away as a file, with the filters that it has now."""
    return view.address("export", **{name: values for name, values in request.args.lists() if name.startswith("_flt_")})
