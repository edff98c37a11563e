"""The shape of what is typed for a merge."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from app.core import commands
from app.customers.merges.operations import CHOSEN
from app.customers.models import Customer
from app.ui.fields import LineField
from app.ui.formats import phone

KEPT, GONE = "kept", "gone"


def _version() -> IntegerField:
    return IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=1)])


class MergeForm(FlaskForm):
    """Whose phone and name stay, and why. key: so that it is done once; versions: of the customers that were shown."""

    key = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])
    into = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=1, max=2**63 - 1)])
    kept_version = _version()
    gone_version = _version()
    phone = RadioField(_("Phone that stays"), choices=[KEPT, GONE], default=KEPT)
    name = RadioField(_("Name that stays"), choices=[KEPT, GONE], default=KEPT)
    reason = LineField(_("Reason"), validators=[InputRequired(), Length(max=500)])
    sure = BooleanField(_("I have made sure that both are one person"), validators=[InputRequired()])

    def show(self, gone: Customer, kept: Customer) -> "MergeForm":
        """The form for these two, with a key of its own; what was typed stays."""
        fresh = {
            "key": commands.new_key(),
            "into": kept.id,
            "kept_version": kept.version,
            "gone_version": gone.version,
        }
        for name, value in fresh.items():
            self[name].data, self[name].raw_data = value, None
        for name in sorted(CHOSEN):
            self[name].choices = [(KEPT, _shown(name, kept)), (GONE, _shown(name, gone))]
        self.reason.id = "merge-reason"
        return self

    def taken(self) -> list[str]:
        """What the one who is kept takes from the other."""
        return sorted(name for name in CHOSEN if self[name].data == GONE)


def _shown(name: str, customer: Customer) -> Any:
    return phone(customer.phone) if name == "phone" else customer.name
