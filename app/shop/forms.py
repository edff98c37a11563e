"""The shape of what is typed about the shop; the rules stand in the verbs."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask_babel import lazy_gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from app.core.setting_kinds import Declared, SettingKind
from app.shop.help import LONGEST_TEXT
from app.shop.models import Method
from app.shop.settings import all_declared
from app.ui.fields import LineField, MoneyField
from app.ui.formats import choice

LARGEST_VERSION = 2**31 - 1


class HelpForm(FlaskForm):
    """One language of the help. version: of the text that was shown."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, LARGEST_VERSION)])
    body = TextAreaField(
        _("Text"),
        validators=[InputRequired(), Length(max=LONGEST_TEXT)],
        description=_("An empty line parts paragraphs. Lines that begin with - or with 1. become a list."),
    )


_INPUTS: dict[SettingKind, Callable[..., Any]] = {
    SettingKind.MONEY: MoneyField,
    SettingKind.REGION: LineField,
    SettingKind.LINE: LineField,
    SettingKind.YES_NO: BooleanField,
    SettingKind.CHOICE: SelectField,
    SettingKind.SEVERAL: partial(
        SelectMultipleField, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    ),
}


def _input(declared: Declared) -> Field:
    more: dict[str, Any] = {}
    kind = _INPUTS.get(declared.kind, LineField)
    if declared.choices:
        more["choices"] = [(code, lazy_gettext(called)) for code, called in declared.choices]
        more["default"] = declared.default
    if declared.kind is SettingKind.WHOLE:
        more["render_kw"] = {"inputmode": "numeric", "min": declared.least, "max": declared.most, "type": "number"}
    return kind(lazy_gettext(declared.label), description=lazy_gettext(declared.help), **more)


def settings_form(**more: Any) -> Any:
    """One input per declared setting: which there are hangs on the rooms that are open. more: as any form takes it."""
    inputs = {each.name: _input(each) for each in all_declared().values()}
    return type("SettingsForm", (FlaskForm,), inputs)(**more)


# One switch per payment method.
MethodsForm: Any = type(
    "MethodsForm",
    (FlaskForm,),
    {each.name.lower(): BooleanField() for each in Method},
)


def label_methods(form: Any) -> Any:
    """The same form, with each method named in the reader's language."""
    for method in Method:
        form[method.name.lower()].label.text = choice(method)
    return form
