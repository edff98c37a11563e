"""From the arguments of an address to what is asked of a report."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.core.actor import Actor
from app.core.errors import N_, Invalid
from app.tables.report import Asked, Report
from app.ui.fields import show_errors


@dataclass(frozen=True)
class Active:
    """One active filter, and the arguments without it; None when nobody asked for it."""

    text: str
    without: Mapping[str, str] | None


def form_of(report: Report, arguments: Mapping[str, str], actor: Actor) -> FlaskForm:
    """The filter form, filled with what the address says."""
    inputs = {name: each for one in report.filters_of(actor) for name, each in one.inputs(actor).items()}
    kind = type("FilterForm", (FlaskForm,), inputs)
    return kind(formdata=MultiDict(arguments), meta={"csrf": False})


def asked_of(report: Report, arguments: Mapping[str, str], actor: Actor) -> tuple[Asked | None, FlaskForm]:
    """What the arguments ask, and the form that shows them; no Asked when the form tells what is wrong.

    Raises BadRequest for an order or group that the report does not have.
    """
    form = form_of(report, arguments, actor)
    order, group = arguments.get("order", ""), arguments.get("group", "")
    if order and order not in {each.name for each in report.orders}:
        raise BadRequest
    if group and group not in {each.name for each in report.groups_of(actor)}:
        raise BadRequest
    if not form.validate():
        return None, form
    try:
        values = values_of(report, form.data, actor)
    except Invalid as invalid:
        return None, show_errors(form, invalid)
    kept = {name: value for name, value in arguments.items() if name in form.data and value.strip()}
    return Asked(actor, values, kept, order, group), form


def values_of(report: Report, data: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """The filters' values that are given. Raises Invalid, also for a value that a condition cannot take."""
    values, own = {}, report.filters_of(actor)
    for each in report.all_filters():
        value = each.value(data, actor)
        if value is not None and each not in own:
            raise Invalid(**{each.name: N_("There is no such field.")})
        if value is not None:
            each.condition(value)
            values[each.name] = value
    return values


def ask_again(report: Report, arguments: Mapping[str, str], actor: Actor) -> Asked:
    """What kept arguments ask, for work in the background. Raises BadRequest when they mean nothing any more."""
    asked, _form = asked_of(report, arguments, actor)
    if asked is None:
        raise BadRequest
    return asked


def active(report: Report, asked: Asked) -> list[Active]:
    """What is looked for now."""
    found = []
    for each in report.all_filters():
        if each.name not in asked.values:
            continue
        mine = set(each.inputs(asked.actor))
        rest = {name: value for name, value in asked.arguments.items() if name not in mine}
        without = None if mine.isdisjoint(asked.arguments) else rest
        found.append(Active(each.chip(asked.values[each.name], asked.actor), without))
    return found


def described(report: Report, asked: Asked) -> str:
    """All that is looked for, in one line."""
    parts = [
        each.chip(asked.values[each.name], asked.actor) for each in report.all_filters() if each.name in asked.values
    ]
    return " · ".join(parts) or gettext("Everything")
