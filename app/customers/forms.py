"""The shape of what is typed about a customer outside the counter."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from app.ui.fields import LineField


class RemovalForm(FlaskForm):
    """Why a customer is deleted. version: of the customer that was shown."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=1)])
    reason = LineField(_("Reason"), validators=[InputRequired(), Length(max=500)])
