"""The shapes of parameters, bodies and answers. A field that nobody declared is refused."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from marshmallow import RAISE, Schema, ValidationError, fields, post_load

from app.ui.api.cursors import CursorText
from app.ui.api.fields import Whole

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200


class _Strict(Schema):
    """Refuses what it does not know. ordered: pairs of names whose first value may not exceed the second."""

    class Meta:
        unknown = RAISE

    error_messages = {
        "unknown": _("There is no such field."),
        "type": _("This must be an object."),
    }
    ordered: ClassVar[tuple[tuple[str, str], ...]] = ()

    @post_load
    def _in_order(self, values: dict[str, Any], **_options: Any) -> dict[str, Any]:
        for first, last in self.ordered:
            low, high = values.get(first), values.get(last)
            if low is not None and high is not None and low > high:
                raise ValidationError({self._sent_as(first): [str(_("This lies after the end of the range."))]})
        return values

    def _sent_as(self, name: str) -> str:
        """The name under which a caller sends the value that is loaded as `name`."""
        fits = (field for key, field in self.fields.items() if (field.attribute or key) == name)
        field = next(fits)
        return field.data_key or name


class _Filled(_Strict):
    """What is absent is None."""

    @post_load
    def _fill(self, values: dict[str, Any], **_options: Any) -> dict[str, Any]:
        names = [field.attribute or name for name, field in self.fields.items()]
        return dict.fromkeys(names) | values


class Body(_Filled):
    """What a request says. Loads to a dict with every declared name; what was left out, or null, is None."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field) -> None:
        field_obj.allow_none = field_obj.allow_none or not field_obj.required


class Patch(_Strict):
    """What to change: loads to a dict with the names that were sent, and no others."""


class Query(_Filled):
    """The parameters of an address, each at most once."""

    is_query = True


class ListQuery(Query):
    """The parameters of a list. `limit` has its default; `cursor` is the id to go on below, or None."""

    cursor = CursorText()
    limit = Whole(least=1, most=LARGEST_LIMIT, load_default=DEFAULT_LIMIT)


class Answer(Schema):
    """The shape of an answer, for the document alone: a handler answers plain values."""


def page_schema(name: str, item: type[Schema]) -> type[Answer]:
    """The schema of a list of such items."""
    parts: Mapping[str, fields.Field] = {
        "items": fields.List(fields.Nested(item), required=True),
        "next": CursorText(required=True, allow_none=True),
    }
    return Answer.from_dict(dict(parts), name=name)  # type: ignore[return-value]
