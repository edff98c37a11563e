"""The shape of what is asked of an archive."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired, Length

from app.ledger.archives.queries import Archived
from app.ui.fields import LineField


class LookForm(FlaskForm):
    """A customer and a month."""

    customer = LineField(
        _("Customer"),
        validators=[InputRequired(), Length(max=32)],
        description=_("The whole customer number or phone number, also of a deleted customer."),
    )
    month = SelectField(_("Month"))

    def offer(self, found: list[Archived]) -> "LookForm":
        """With these archives to choose from."""
        self.month.choices = [(str(one.first_day), f"{one.first_day:%Y-%m}") for one in found]
        return self
