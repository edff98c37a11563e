"""The shape of what is typed to define a field."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectMultipleField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from app.core.subjects import Subject
from app.fields.models import CustomField, FieldKind
from app.fields.rules import LONGEST_LABEL, MOST_POSITION
from app.shop.help import LOCALES
from app.ui.fields import EnumField, LineField, TextField


class FieldForm(FlaskForm):
    """What a field is called and how it is used. version: of the field that was shown."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(min=1)])
    label_en = LineField(_("Label in English"), validators=[Length(max=LONGEST_LABEL)])
    label_zh = LineField(_("Label in Simplified Chinese"), validators=[Length(max=LONGEST_LABEL)])
    label_zh_Hant_TW = LineField(_("Label in Traditional Chinese"), validators=[Length(max=LONGEST_LABEL)])  # noqa: N815
    position = IntegerField(
        _("Place among the others"),
        default=10,
        validators=[InputRequired(), NumberRange(min=0, max=MOST_POSITION)],
        description=_("Small numbers come first."),
    )
    is_required = BooleanField(_("Must be filled in"))
    is_listed = BooleanField(_("Stands in lists"))
    choices = TextField(
        _("Choices"), validators=[Length(max=10_000)], description=_("For a choice alone: one in each line.")
    )

    @classmethod
    def of(cls, field: CustomField) -> Any:
        """The form filled with a field as it is now."""
        labels = {f"label_{locale}": label for locale, label in field.labels.items()}
        return cls(formdata=None, obj=field, data={**labels, "choices": "\n".join(field.choices)})

    def values(self) -> dict[str, Any]:
        """What was typed, as the verbs take it."""
        return {
            "labels": {locale: self[f"label_{locale}"].data for locale in LOCALES},
            "position": self.position.data,
            "is_required": self.is_required.data,
            "is_listed": self.is_listed.data,
            "choices": (self.choices.data or "").splitlines(),
        }


class NewFieldForm(FieldForm):
    """A new field: its kind and its name are chosen once."""

    kind = EnumField(
        _("Kind of field"), kind=FieldKind, default=FieldKind.TEXT, description=_("It cannot be changed later.")
    )
    name = LineField(
        _("Name for programs"),
        validators=[Length(max=32)],
        description=_("Small letters, digits and underscores, for ever. Empty: made of the English label."),
    )

    def values(self) -> dict[str, Any]:
        return {**super().values(), "name": self.name.data}


class HiddenForm(FlaskForm):
    """Which stock fields of a subject nobody is shown."""

    hidden = SelectMultipleField(
        _("Hide these fields"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), choices=[]
    )

    @classmethod
    def of(cls, subject: Subject, **given: Any) -> Any:
        """The form for that subject, with its fields in the reader's language."""
        form = cls(**given)
        form.hidden.choices = [(name, gettext(label)) for name, label in subject.stock.items()]
        return form


def subject_label(subject: Subject) -> Any:
    """What a subject is called in the reader's language."""
    return lazy_gettext(subject.label)
