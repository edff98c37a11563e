"""Defining fields, hiding stock fields, and writing what stands in a field."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError

from app.audit.lines import Changes, differences
from app.audit.operations import record
from app.core.actor import Actor
from app.core.db import is_postgresql
from app.core.errors import N_, Invalid, NotFound, Stale
from app.extensions import db
from app.fields import queries, rules
from app.fields.models import CustomField, CustomValue, FieldKind, HiddenField
from app.fields.queries import COLUMNS, Field, Value
from app.fields.refusals import FieldNameTaken, TooManyFields
from app.fields.subjects import subject as declared

MOST_FIELDS = 40  # in use, of one subject: they come along with every page


def define_field(subject: str, kind: FieldKind, values: Mapping[str, Any], *, actor: Actor) -> int:
    """Give a subject one field more; returns its id.

    values: `labels` (by locale, one is enough), `position`, `is_required`, `is_listed`, `choices` (of a choice), and
    `name`, which is made of the label when it is left out. Raises NotFound, Invalid, FieldNameTaken, TooManyFields.
    """
    declared(subject)
    cleaned = _cleaned(kind, values)
    _lock()
    known = queries.defined(subject)
    _require_room(known)
    taken = {field.name for field in known}
    name = rules.name_of(values.get("name"), cleaned["labels"], taken)
    if name in taken:
        raise FieldNameTaken
    field = CustomField(subject=subject, kind=kind, name=name, is_retired=False, **cleaned)
    db.session.add(field)
    try:
        db.session.flush()
    except IntegrityError:
        raise FieldNameTaken from None
    record("fields.define", "custom-field", field.id, actor=actor, changes=differences({}, _reading(field)))
    return field.id


def change_field(field_id: int, values: Mapping[str, Any], *, actor: Actor, version: int | None = None) -> None:
    """Call a field otherwise, put it elsewhere, offer other choices. Its name and its kind stay.

    values: as in `define_field`. A choice that is taken away stays where it stands. version: of the field that was
    shown; None takes any. Raises NotFound, Stale, Invalid.
    """
    field = _locked(field_id, version)
    _write(field, _cleaned(field.kind, values), "fields.change-field", actor)


def retire_field(field_id: int, *, actor: Actor) -> None:
    """Show a field no longer. What stands in it stays, and its name stays taken. Raises NotFound."""
    _write(_locked(field_id), {"is_retired": True}, "fields.retire", actor)


def restore_field(field_id: int, *, actor: Actor) -> None:
    """Show a retired field again, with what stands in it. Raises NotFound, TooManyFields."""
    field = _locked(field_id)
    if field.is_retired:
        _require_room(queries.defined(field.subject))
    _write(field, {"is_retired": False}, "fields.restore", actor)


def hide_stock_fields(subject: str, hidden: Collection[str], *, actor: Actor) -> None:
    """Hide these stock fields of a subject, and show all others again. What stands in them stays.

    Raises NotFound for an unknown subject, Invalid for a field that cannot be done without.
    """
    if set(hidden) - declared(subject).stock.keys():
        raise Invalid(hidden=N_("This field cannot be hidden."))
    _lock()
    before = set(db.session.scalars(select(HiddenField.name).where(HiddenField.subject == subject)))
    changes = {name: (name not in before, name not in hidden) for name in sorted(before ^ set(hidden))}
    if not changes:
        return
    db.session.execute(delete(HiddenField).where(HiddenField.subject == subject))
    db.session.add_all(HiddenField(subject=subject, name=name) for name in hidden)
    db.session.flush()
    record("fields.hide", subject, None, actor=actor, changes=changes)


def set_values(subject: str, subject_id: int, values: Mapping[str, Any], *, actor: Actor) -> bool:
    """Write what stands in some fields of a thing, by their names; whether anything changed. None: nothing.

    The caller has made sure that the thing is there and that the actor may change it, and holds its lock. Raises
    Invalid with a sentence for every input (`custom_<name>`) that cannot be, or that is needed and left empty.
    """
    fields = {field.name: field for field in queries.fields_of(subject)}
    before = queries.values_of(subject, [subject_id])[subject_id]
    changes = differences({name: before.get(name) for name in values}, rules.clean_values(fields, values, before))
    for name, (_old, new) in changes.items():
        _put(fields[name], subject_id, new)
    if changes:
        _record_values(subject, subject_id, changes, actor)
    return bool(changes)


def fill_values(subject: str, from_id: int, into_id: int, *, actor: Actor) -> None:
    """Fill what is empty in the fields of one thing with what stands in those of another. The caller holds both."""
    found = queries.values_of(subject, [from_id, into_id])
    given = {name: (None, value) for name, value in found[from_id].items() if name not in found[into_id]}
    for field in queries.fields_of(subject):
        if field.name in given:
            _put(field, into_id, given[field.name][1])
    if given:
        _record_values(subject, into_id, given, actor)


def erase_values(subject: str, subject_id: int, *, actor: Actor) -> bool:
    """Take out what stands in the fields of a thing, the retired ones too; whether anything did.

    The caller writes the record.
    """
    mine = select(CustomField.id).where(CustomField.subject == subject)
    gone = delete(CustomValue).where(CustomValue.field_id.in_(mine), CustomValue.subject_id == subject_id)
    return db.session.execute(gone.execution_options(synchronize_session=False)).rowcount > 0


def _cleaned(kind: FieldKind, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "labels": rules.clean_labels(values["labels"]),
        "choices": rules.clean_choices(kind, values.get("choices") or []),
        "position": rules.clean_position(values.get("position")),
        "is_required": bool(values.get("is_required")),
        "is_listed": bool(values.get("is_listed")),
    }


def _require_room(known: list[CustomField]) -> None:
    if sum(not field.is_retired for field in known) >= MOST_FIELDS:
        raise TooManyFields(most=MOST_FIELDS)


def _locked(field_id: int, version: int | None = None) -> CustomField:
    ask = select(CustomField).where(CustomField.id == field_id).with_for_update()
    field = db.session.scalar(ask.execution_options(populate_existing=True))
    if field is None:
        raise NotFound
    if version is not None and field.version != version:
        raise Stale
    return field


def _write(field: CustomField, values: Mapping[str, Any], operation: str, actor: Actor) -> None:
    before = _reading(field)
    for name, value in values.items():
        setattr(field, name, value)
    if changes := differences(before, _reading(field)):
        field.version += 1
        db.session.flush()
        record(operation, "custom-field", field.id, actor=actor, changes=changes)


def _reading(field: CustomField) -> dict[str, Any]:
    """A field as an operation record tells of it."""
    plain = {"subject": field.subject, "name_for_programs": field.name, "position": field.position}
    claims = {name: getattr(field, name) for name in ("is_required", "is_listed", "is_retired")}
    labels = ", ".join(field.labels[locale] for locale in sorted(field.labels))
    return {
        **plain,
        **claims,
        "kind_of_field": field.kind.words,
        "labels": labels,
        "choices": ", ".join(field.choices),
    }


def _record_values(subject: str, subject_id: int, changes: Changes, actor: Actor) -> None:
    said = {name: (_plain(old), _plain(new)) for name, (old, new) in changes.items()}
    told, personal = ({}, said) if declared(subject).is_personal else (said, {})
    record("fields.set-values", subject, subject_id, actor=actor, changes=told, personal=personal)


def _plain(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _put(field: Field, subject_id: int, value: Value | None) -> None:
    """One value, which is there or is not: the two writers of one thing wait for its lock."""
    mine = (CustomValue.field_id == field.id, CustomValue.subject_id == subject_id)
    db.session.execute(delete(CustomValue).where(*mine).execution_options(synchronize_session=False))
    if value is not None:
        given = {"field_id": field.id, "subject_id": subject_id, COLUMNS[field.kind].key: value}
        db.session.execute(CustomValue.__table__.insert().values(given))


def _lock() -> None:
    """Let one writer in at a time: a field that does not exist yet cannot be locked. SQLite does so by itself."""
    if is_postgresql():
        db.session.execute(text("LOCK TABLE custom_field IN SHARE ROW EXCLUSIVE MODE"))
