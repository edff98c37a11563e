"""What the generated forms of basic information lack: an input for a number that is not shown."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField
from wtforms.validators import Length, Optional

from app.ui.fields import LineField


class SealedField(LineField):
    """A value that is typed and never shown again, not even in its own form."""

    def process_data(self, value: Any) -> None:
        self.data = None


ID_CARD = {
    "id_card_no": SealedField(
        _("ID card no."), validators=[Optional(), Length(max=32)], render_kw={"autocomplete": "off"}
    )
}
CHANGED_ID_CARD = {
    "id_card_no": SealedField(
        _("ID card no."),
        validators=[Optional(), Length(max=32)],
        description=_("It is not shown. Empty: what is kept stays."),
        render_kw={"autocomplete": "off"},
    ),
    "forget_id_card": BooleanField(_("Forget the ID card number that is kept")),
}
