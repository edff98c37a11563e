"""What is typed about ID cards: their numbers are shown to nobody, not even in the form of an employee."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length, Optional

from app.ui.fields import LineField

LONGEST = Length(max=32)


class IdCardForm(FlaskForm):
    """The whole number that is looked for."""

    id_card_no = LineField(_("ID card no."), validators=[InputRequired(), LONGEST])


# The number is no column: generated forms do not make its input by themselves.
ID_CARD = {
    "id_card_no": LineField(_("ID card no."), validators=[Optional(), LONGEST], render_kw={"autocomplete": "off"})
}
