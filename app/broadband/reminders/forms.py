"""The shape of what is typed about calls and reminders. Each form does its work once."""

from flask_babel import lazy_gettext as _
from wtforms.validators import InputRequired, Length, Optional

from app.broadband.forms import LONGEST_REMARK
from app.broadband.models import CallOutcome
from app.ui.fields import DayField, EnumField, TextField
from app.ui.keyed import VersionedForm


class CallForm(VersionedForm):
    """What came of a call. version: the last call that was seen, 0 before the first."""

    outcome = EnumField(_("Outcome of the call"), kind=CallOutcome, optional=True, validators=[InputRequired()])
    promised_on = DayField(
        _("Promised until"), validators=[Optional()], description=_("Only for who has promised to pay.")
    )
    remark = TextField(_("Remark"), validators=[Length(max=LONGEST_REMARK)])


class MuteForm(VersionedForm):
    """Until when nobody is reminded."""

    until = DayField(_("Muted until"), validators=[InputRequired()], description=_("From that day on it is listed."))
