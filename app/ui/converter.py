"""Forms made from models: our inputs, choices within reach, look-ups for large tables."""

from collections.abc import Callable
from typing import Any

from flask import current_app
from flask_appbuilder.fields import QuerySelectField, QuerySelectMultipleField
from flask_appbuilder.forms import GeneralModelConverter
from wtforms import BooleanField, DecimalField, IntegerField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.ui import fields
from app.ui.interface import LARGEST_NUMBER

LONGEST_LINE = 200  # characters; longer texts get several lines


def reach(related: Any, named: Any = None) -> Any:
    """The filters that rows of a relation must pass to be chosen.

    named: what the form's view says of it; when it says nothing, the base filters of all views of that model
    together, so that no drop-down shows what a list would not.
    """
    filters = related.get_filters()
    if named is not None:
        return filters.add_filter_list(named)
    for view in current_app.appbuilder.baseviews:  # type: ignore[attr-defined]
        if getattr(getattr(view, "datamodel", None), "obj", None) is related.obj:
            filters = filters.get_joined_filters(view._base_filters)
    return filters


class HouseConverter(GeneralModelConverter):
    """Flask-AppBuilder's converter, with inputs that know money, the shop's zone and Bootstrap."""

    def rows_of(self, name: str, filter_rel_fields: Any) -> Callable[[], list[Any]]:
        """The rows to choose from for a relation, read when they are asked for."""
        related = self.datamodel.get_related_interface(name)
        named = (filter_rel_fields or {}).get(name)
        return lambda: related.query(reach(related, named))[1]

    def _find(self, name: str, filter_rel_fields: Any) -> Callable[[str], Any]:
        named = (filter_rel_fields or {}).get(name)
        related, column = self.datamodel.get_related_interface(name), self.datamodel.lookup[name]
        read = self.datamodel.reads.get(name, str)

        def row(typed: str) -> Any:
            filters = reach(related, named)
            filters.add_filter(column, related.FilterEqual, read(typed))
            found = related.query(filters, page_size=2)[1]
            return found[0] if len(found) == 1 else None

        return row

    def _convert_many_to_one(
        self, col_name: str, label: Any, description: Any, validators: Any, filter_rel_fields: Any, form: dict
    ) -> dict:
        is_optional = self.datamodel.is_nullable(col_name)
        rules = [*validators, Optional() if is_optional else InputRequired()]
        if self.datamodel.is_lookup(col_name):
            column = self.datamodel.lookup[col_name]
            form[col_name] = fields.LookupField(
                label,
                rules,
                find=self._find(col_name, filter_rel_fields),
                call=lambda row: getattr(row, column),
                description=description,
            )
            return form
        form[col_name] = QuerySelectField(
            label,
            rules,
            query_func=self.rows_of(col_name, filter_rel_fields),
            get_pk_func=self._get_related_pk_func(col_name),
            allow_blank=is_optional,
            description=description,
        )
        return form

    def _convert_many_to_many(
        self, col_name: str, label: Any, description: Any, validators: Any, filter_rel_fields: Any, form: dict
    ) -> dict:
        form[col_name] = QuerySelectMultipleField(
            label,
            validators,
            query_func=self.rows_of(col_name, filter_rel_fields),
            get_pk_func=self._get_related_pk_func(col_name),
            description=description,
        )
        return form

    def _convert_simple(self, col_name: str, label: Any, description: Any, validators: Any, form: dict) -> dict:
        data, is_optional = self.datamodel, self.datamodel.is_nullable(col_name)
        rules = [*validators, Optional() if is_optional else InputRequired()]
        given = {"description": description, "default": data.get_col_default(col_name)}
        if data.is_boolean(col_name):
            form[col_name] = BooleanField(label, validators, **given)
        elif data.is_enum(col_name):
            given["kind"], given["optional"] = data.enum_of(col_name), is_optional
            form[col_name] = fields.EnumField(label, validators, **given)
        else:
            kind, more = self._input(col_name)
            form[col_name] = kind(label, [*rules, *more], **given)
        return form

    def _input(self, name: str) -> tuple[Any, list[Any]]:
        """The kind of input of a plain column, and the rules that its type brings."""
        data = self.datamodel
        for test, kind in _INPUTS.items():
            if getattr(data, test)(name):
                is_number = kind in (IntegerField, DecimalField)
                return kind, [NumberRange(-LARGEST_NUMBER, LARGEST_NUMBER)] if is_number else []
        longest = data.get_max_length(name)
        rules = [Length(max=longest)] if longest != -1 else []
        return (fields.TextField if longest > LONGEST_LINE else fields.LineField), rules


_INPUTS: dict[str, Any] = {
    "is_money": fields.MoneyField,
    "is_text": fields.TextField,
    "is_integer": IntegerField,
    "is_numeric": DecimalField,
    "is_float": DecimalField,
    "is_date": fields.DayField,
    "is_datetime": fields.MomentField,
}
