"""The shape of what is typed about administrators; the rules stand in rules.py and the verbs."""

from typing import Any

from flask_appbuilder.fields import QuerySelectMultipleField
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.permissions import ORDINARY_ADMIN
from app.extensions import db
from app.shop.models import Store
from app.staff.models import own_email
from app.staff.queries import role_names
from app.staff.role_names import role_name
from app.ui.fields import DayField


class SignInForm(FlaskForm):
    username = StringField(_("User name"), validators=[InputRequired()])
    password = PasswordField(_("Password"), validators=[InputRequired()])


class CodeForm(FlaskForm):
    code = StringField(
        _("Code"),
        validators=[InputRequired(), Length(max=64)],
        description=_("The six digits that your telephone shows, or one of your recovery codes."),
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )


class PasswordForm(FlaskForm):
    """Asks who it is before something grave."""

    password = PasswordField(
        _("Present password"), validators=[InputRequired()], render_kw={"autocomplete": "current-password"}
    )


class SetUpForm(PasswordForm):
    """sealed: the new secret, which only the desk can read there."""

    sealed = HiddenField()
    code = StringField(
        _("Code"),
        validators=[InputRequired(), Length(max=64)],
        description=_("The six digits that the telephone shows now."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class ProfileForm(FlaskForm):
    display_name = StringField(_("Display name"), validators=[Optional(), Length(max=80)])
    phone = StringField(_("Phone"), validators=[Optional(), Length(max=20)])
    email = StringField(_("E-mail"), validators=[Optional(), Length(max=254)])


class NewPasswordForm(FlaskForm):
    """A password typed twice. What makes a good one is told by the rules, not here."""

    password = PasswordField(
        _("New password"),
        validators=[InputRequired()],
        description=_("At least 8 characters."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _("New password again"),
        validators=[InputRequired(), EqualTo("password", message=_("The two passwords are not the same."))],
        render_kw={"autocomplete": "new-password"},
    )


class OwnPasswordForm(NewPasswordForm):
    old = PasswordField(_("Present password"), validators=[InputRequired()])


def _roles() -> list[tuple[str, str]]:
    return [(name, role_name(name)) for name in role_names()]


def _open_stores() -> list[Store]:
    return list(db.session.scalars(select(Store).where(Store.is_open.is_(True)).order_by(Store.id)))


def _only_store() -> list[Store]:
    stores = _open_stores()
    return stores if len(stores) == 1 else []


def _stores_field() -> Any:
    return QuerySelectMultipleField(
        _("Stores"),
        query_func=_open_stores,
        get_pk_func=lambda store: store.id,
        default=_only_store,
        validators=[DataRequired(_("Choose at least one store that exists."))],
        description=_("A super administrator reaches every store."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class ApiKeyForm(FlaskForm):
    name = StringField(
        _("Name"),
        validators=[InputRequired(), Length(max=64)],
        description=_("What the records call the program, for example: web shop."),
        render_kw={"autocomplete": "off"},
    )
    role = SelectField(
        _("Role"), choices=_roles, default=ORDINARY_ADMIN, description=_("The program may do what this role may.")
    )
    stores = _stores_field()
    expires_on = DayField(
        _("Good until"), validators=[Optional()], description=_("The last day. Empty: until it is revoked.")
    )


class _OwnEmailField(StringField):
    """Who has no address has a placeholder, which nobody sees."""

    def process_data(self, value: Any) -> None:
        super().process_data(own_email(value))


class _AdministratorForm(FlaskForm):
    display_name = StringField(_("Display name"), validators=[Optional(), Length(max=80)])
    role = SelectField(_("Role"), choices=_roles, default=ORDINARY_ADMIN)
    stores = _stores_field()
    phone = StringField(_("Phone"), validators=[Optional(), Length(max=20)])
    email = _OwnEmailField(_("E-mail"), validators=[Optional(), Length(max=254)])


class NewAdministratorForm(_AdministratorForm, NewPasswordForm):
    username = StringField(_("User name"), validators=[InputRequired(), Length(max=64)])


class ChangedAdministratorForm(_AdministratorForm):
    active = BooleanField(_("May sign in"))
    version = HiddenField()
