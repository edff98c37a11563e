"""The shape of what the browser sends when a list is taken over."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from app.core.errors import Invalid
from app.customers.takeover.kinds import ListKind
from app.shop.queries import StoreLine


class UploadForm(FlaskForm):
    """A file, and the store that its customers belong to."""

    file = FileField(
        _("Customer list"),
        validators=[FileRequired(_("Choose a file."))],
        description=_("An Excel workbook (.xlsx) or a CSV file."),
        render_kw={"accept": ".xlsx,.csv,.txt"},
    )
    store = SelectField(_("Store"), coerce=int)

    def offer(self, stores: Sequence[StoreLine]) -> "UploadForm":
        """With these stores to choose from."""
        self.store.choices = [(store.id, store.name) for store in stores]
        return self


def chosen_fields(sent: Mapping[str, str], columns: int, kind: ListKind) -> dict[int, StrEnum]:
    """Which column is which field, as the selects `column-0`, `column-1`... say. Raises Invalid."""
    chosen = {}
    for column in range(columns):
        name = sent.get(f"column-{column}", "")
        if name and name not in set(kind.fields):
            raise Invalid(**{f"column-{column}": "unknown"})
        if name:
            chosen[column] = kind.fields(name)
    return chosen
