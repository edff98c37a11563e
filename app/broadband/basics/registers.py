"""A register of one noun: list, page, forms and file, all by the noun's rules."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from flask import request
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _

from app.broadband.basics import operations
from app.broadband.basics.nouns import Noun
from app.core.db import in_transaction
from app.core.permissions import Action
from app.tables import Column, Kind
from app.tables.exporting import write_lines
from app.tables.views import file_of, format_of
from app.ui import arguments, formats
from app.ui.guard import by_method, current_actor
from app.ui.views import RecordsView

_KINDS = {"is_money": Kind.MONEY, "is_date": Kind.DAY, "is_enum": Kind.CHOICE, "is_boolean": Kind.CLAIM}


def phone(number: str | None) -> Any:
    """A number in groups, or the sign for nothing."""
    return formats.phone(number) if number else formats.NOTHING


class BasicsView(RecordsView):
    """A subclass names its `noun`; its columns are those of the noun's rules, relations by their own name."""

    noun: ClassVar[Noun]
    method_permission_name = {"delete": Action.EDIT, "export": Action.EXPORT}
    list_template = "ui/exported_list.html"
    remove_question = _("Remove this? What services or documents use is kept.")

    def create(self, data: dict[str, Any]) -> int:
        actor = current_actor()
        return in_transaction(lambda: operations.create_item(self.noun, data, actor=actor))

    def change(self, item_id: int, data: dict[str, Any]) -> None:
        actor = current_actor()
        in_transaction(lambda: operations.change_item(self.noun, item_id, data, actor=actor))

    def remove(self, item_id: int) -> None:
        actor = current_actor()
        in_transaction(lambda: operations.remove_item(self.noun, item_id, actor=actor))

    @expose("/export", methods=["POST"])
    @by_method
    def export(self) -> Any:
        """All rows that the filters of the address leave, as a file; that they were taken away is written down."""
        format, actor = format_of(request.form.get("format")), current_actor()
        arguments.fill(self._filters)
        filters = self._filters
        looked_for = {kind.column_name: ", ".join(values) for kind, values in filters.get_filters_values()}
        in_transaction(lambda: operations.record_export(self.noun, looked_for, str(format), actor=actor))
        rows = map(self._line, self.datamodel.every(filters, self.datamodel.order(*(self.base_order or ("", "")))))
        with tempfile.TemporaryDirectory(prefix="export-") as folder:
            path = Path(folder, f"export.{format}")
            write_lines(path, format, self._file_columns(), rows, str(self.list_title), "")
            return file_of(path, self.noun.code, format)

    def _file_columns(self) -> list[Column]:
        return [Column(name, self.label_columns[name], self._kind(name)) for name in self.show_columns]

    def _kind(self, name: str) -> Kind:
        if name == "phone":
            return Kind.PHONE
        if self.datamodel.is_integer(name):
            return Kind.NUMBER
        return next((kind for test, kind in _KINDS.items() if getattr(self.datamodel, test)(name)), Kind.TEXT)

    def _line(self, item: Any) -> Mapping[str, Any]:
        return {name: self.datamodel._get_attr_value(item, name) for name in self.show_columns}
