"""The shape of what is typed on a receipt."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired, Length

from app.core import commands
from app.ui.fields import LineField

LONGEST_NOTE = 500


class ReversalForm(FlaskForm):
    """Why a posting is undone. key: so that it is undone once. is_forced: into debt, when the money has been spent."""

    key = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])
    reason = LineField(_("Reason"), validators=[InputRequired(), Length(max=LONGEST_NOTE)])
    is_forced = BooleanField(_("If the money is spent, the customer owes it"))

    def renew(self) -> "ReversalForm":
        """Give the form a key of its own, for it will be shown again."""
        self.key.data = commands.new_key()
        self.key.raw_data = None
        return self
