"""The shape of a decision."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from app.core import commands
from app.ui.fields import LineField

LONGEST_NOTE = 500


class ApproveForm(FlaskForm):
    """key: so that it is posted once."""

    key = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])
    note = LineField(_("Note (optional)"), validators=[Length(max=LONGEST_NOTE)])

    def renew(self) -> "ApproveForm":
        """Give the form a key of its own, for it will be shown again."""
        self.key.data = commands.new_key()
        self.key.raw_data = None
        return self


class DeclineForm(FlaskForm):
    reason = LineField(_("Reason"), validators=[InputRequired(), Length(max=LONGEST_NOTE)])
