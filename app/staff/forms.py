"""The shape of what is typed about administrators; the rules stand in rules.py and the verbs."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Optional


class SignInForm(FlaskForm):
    username = StringField(_("User name"), validators=[InputRequired()])
    password = PasswordField(_("Password"), validators=[InputRequired()])


class ProfileForm(FlaskForm):
    display_name = StringField(_("Display name"), validators=[Optional(), Length(max=80)])
    phone = StringField(_("Phone"), validators=[Optional(), Length(max=20)])
    email = StringField(_("E-mail"), validators=[Optional(), Length(max=254)])


class NewPasswordForm(FlaskForm):
    """A password typed twice. What makes a good one is told by the rules, not here."""

    password = PasswordField(_("New password"), validators=[InputRequired()])
    again = PasswordField(
        _("New password again"),
        validators=[InputRequired(), EqualTo("password", message=_("The two passwords are not the same."))],
    )


class OwnPasswordForm(NewPasswordForm):
    old = PasswordField(_("Present password"), validators=[InputRequired()])
