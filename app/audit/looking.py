"""What operation records are looked for by: choices in the reader's words, each served by an index."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, and_

from app.audit import queries
from app.audit.models import OperationRecord
from app.core.actor import ActorKind
from app.ui import filters, formats

Choices = tuple[tuple[str, str], ...]


def what(operation: str) -> str:
    """An operation in words: "customers.change-phone" is the message "Change phone"."""
    return formats.choice(operation.rpartition(".")[2])


def where_and_what(operation: str) -> str:
    """The same with the room that it was done in, to tell two of one name apart."""
    return formats.pair(formats.choice(operation.partition(".")[0]), what(operation))


def _in_words(pairs: Any) -> Choices:
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))


class OperationIs(filters.Is):
    def choices(self) -> Choices:
        return _in_words((code, where_and_what(code)) for code in queries.codes(OperationRecord.operation))


class ObjectIs(filters.Is):
    def choices(self) -> Choices:
        return _in_words((code, formats.choice(code)) for code in queries.codes(OperationRecord.object_type))


class StoreIs(filters.Is):
    def choices(self) -> Choices:
        return _in_words((str(number), name) for number, name in queries.store_names().items())


class By(filters.Is):
    """One of the staff, by his number: names change, and the records of then keep the names of then."""

    suffix = ""

    def choices(self) -> Choices:
        return _in_words((str(number), name) for number, name in queries.staff_names().items())

    def apply(self, query: Select[Any], value: Any) -> Select[Any]:
        return query.where(and_(super().clause(self.column, self.typed(value)), _IS_STAFF))


_IS_STAFF = OperationRecord.actor_kind == ActorKind.STAFF
KINDS = {
    "operation": (OperationIs,),
    "object_type": (ObjectIs,),
    "object_id": (filters.Is,),
    "store_id": (StoreIs,),
    "actor_id": (By,),
}
LABELS = {
    "recorded_at": _("When"),
    "business_date": _("Business day"),
    "actor_name": _("Who"),
    "actor_id": _("Administrator"),
    "operation": _("What was done"),
    "object_type": _("Object"),
    "object_id": _("Number"),
    "changes": _("Before and after"),
    "address": _("From address"),
    "store_id": _("Store"),
}


def described(view_filters: Any) -> str:
    """What is looked for, in one line."""
    said = [
        formats.pair(str(LABELS[kind.column_name]), f"{kind.suffix} {formats.listed(values)}".strip())
        for kind, values in view_filters.get_filters_values()
    ]
    return " · ".join(said) or gettext("Everything")
