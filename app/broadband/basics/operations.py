"""The verbs of basic information: three for all nouns, and one that shows an ID number."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, select
from sqlalchemy.exc import IntegrityError

from app.audit.lines import differences
from app.audit.operations import record
from app.broadband.basics.nouns import EMPLOYEE, Noun
from app.broadband.basics.refusals import InUse
from app.broadband.models.basics import Employee
from app.core.actor import Actor
from app.core.db import Model
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.permissions import Action
from app.core.sealed import HIDDEN
from app.extensions import db

ID_NUMBERS = "id-numbers"  # the resource
SEALED_FILTERS = frozenset({"id_card_mark"})


def create_item(noun: Noun, values: Mapping[str, Any], *, actor: Actor) -> int:
    """Set one up; returns its id. values: by column; what is left out is empty, or what the noun has for it.

    Raises Invalid with a message for every field that cannot be, KeyError for one that the noun does not have.
    """
    cleaned = _cleaned(noun, {**dict.fromkeys(noun.rules), **noun.defaults, **values})
    _require_free(noun, cleaned)
    item = noun.model(**cleaned)
    db.session.add(item)
    _flush(noun)
    _record("broadband.create", noun, item.id, {}, _reading(noun, item), actor)
    return int(item.id)


def change_item(noun: Noun, item_id: int, values: Mapping[str, Any], *, actor: Actor) -> None:
    """Change the columns that are named. What was sold under the old values keeps its copy of them.

    A number that is sealed stays when its mask comes back as it was shown.
    Raises NotFound, Invalid, KeyError.
    """
    item = _locked(noun, item_id)
    before, cleaned = _reading(noun, item), _cleaned(noun, _typed(noun, item, values))
    _require_free(noun, {name: getattr(item, name) for name in _in_groups(noun)} | cleaned, but=item_id)
    for name, value in cleaned.items():
        setattr(item, name, value)
    _flush(noun)
    after = _reading(noun, item)
    if before != after:
        _record("broadband.change", noun, item_id, before, after, actor)


def remove_item(noun: Noun, item_id: int, *, actor: Actor) -> None:
    """Remove one that nothing names. Only its operation records stay. Raises NotFound, InUse."""
    item = _locked(noun, item_id)
    if any(db.session.scalar(select(name).where(name == item_id).limit(1)) is not None for name in _names_of(noun)):
        raise InUse
    before = _reading(noun, item)
    db.session.delete(item)
    try:
        db.session.flush()
    except IntegrityError as conflict:  # named by somebody else at this very moment
        raise InUse from conflict
    _record("broadband.remove", noun, item_id, before, {}, actor)


def reveal_id_card_no(employee_id: int, *, actor: Actor) -> str:
    """The number of an employee's ID card, and a record that this actor has seen it.

    Raises Forbidden; NotFound, also when no number is kept; Unreadable.
    """
    if not actor.may(Action.VIEW, ID_NUMBERS):
        raise Forbidden
    employee = db.session.get(Employee, employee_id)
    if employee is None:
        raise NotFound
    number = employee.id_card_no
    if number is None:
        raise NotFound
    record("broadband.reveal", EMPLOYEE.code, employee_id, actor=actor)
    return number


def record_export(noun: Noun, looked_for: Mapping[str, str], format: str, *, actor: Actor) -> None:
    """Write down that a register is being taken away. looked_for: what was typed into its filters, by column."""
    told = {name: (None, HIDDEN if name in SEALED_FILTERS else said) for name, said in looked_for.items()}
    is_personal = noun.personal | SEALED_FILTERS
    record(
        "broadband.export",
        noun.code,
        None,
        actor=actor,
        changes={"format": (None, format)} | {name: pair for name, pair in told.items() if name not in is_personal},
        personal={name: pair for name, pair in told.items() if name in is_personal},
    )


def _typed(noun: Noun, item: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """What of these values somebody has typed."""
    shown = {name: getattr(item, f"{name}_shown") for name in noun.sealed & values.keys()}
    return {name: value for name, value in values.items() if not value or shown.get(name) != value}


def _cleaned(noun: Noun, values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in values.items():
        try:
            cleaned[name] = noun.rules[name](value)
        except ValueError as wrong:
            errors[name] = str(wrong)
    if errors:
        raise Invalid(**errors)
    return cleaned


def _locked(noun: Noun, item_id: int) -> Any:
    ask = select(noun.model).where(noun.model.id == item_id).with_for_update(of=noun.model)
    item = db.session.scalar(ask.execution_options(populate_existing=True))
    if item is None:
        raise NotFound
    return item


def _in_groups(noun: Noun) -> set[str]:
    return {name for columns in noun.unique for name in columns}


def _require_free(noun: Noun, values: Mapping[str, Any], *, but: int = 0) -> None:
    """Ask before the database does: its refusal would end the transaction. It still has the last word."""
    errors = {}
    for columns, message in noun.unique.items():
        if any(values[name] is None for name in columns):
            continue
        same = [getattr(noun.model, name) == values[name] for name in columns]
        if db.session.scalar(select(noun.model.id).where(*same, noun.model.id != but)) is not None:
            errors[columns[-1]] = message
    if errors:
        raise Invalid(**errors)


def _flush(noun: Noun) -> None:
    try:
        db.session.flush()
    except IntegrityError as conflict:
        for columns, message in noun.unique.items():
            if columns[-1] in str(conflict.orig):
                raise Invalid(**{columns[-1]: message}) from conflict
        raise


def _names_of(noun: Noun) -> Iterator[Column[Any]]:
    """Every column of every table that names a row of this one."""
    for table in Model.metadata.tables.values():
        yield from (key.parent for key in table.foreign_keys if key.column.table is noun.model.__table__)


def _reading(noun: Noun, item: Any) -> dict[str, Any]:
    """What is known of it now; of a number that is sealed, its mark."""
    return {name: noun.reads[name](item) if name in noun.reads else getattr(item, name) for name in noun.rules}


def _record(
    operation: str, noun: Noun, item_id: int, before: Mapping[str, Any], after: Mapping[str, Any], actor: Actor
) -> None:
    changed = differences(before, after)
    for name in noun.sealed & changed.keys():
        changed[name] = (HIDDEN if changed[name][0] else None, HIDDEN if changed[name][1] else None)
    record(
        operation,
        noun.code,
        item_id,
        actor=actor,
        changes={name: pair for name, pair in changed.items() if name not in noun.personal},
        personal={name: pair for name, pair in changed.items() if name in noun.personal},
    )
