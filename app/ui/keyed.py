"""Forms that do their work once for their key, however often they are sent."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired, Length, Optional

from app.core import commands
from app.core.actor import Actor
from app.core.commands import KeyReused, Request
from app.core.errors import Refused, Stale, Unavailable
from app.ui.formats import refusal_text

NOT_CONTENT = {"key", "sure", "version", "csrf_token"}


class KeyedForm(FlaskForm):
    """A form that does its work once."""

    key = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])

    def renew(self) -> Any:
        """Give the form a key of its own, for it will be shown (again)."""
        self.key.data = commands.new_key()
        self.key.raw_data = None
        return self


class VersionedForm(KeyedForm):
    """What is done with a thing as it was seen. version: which it was."""

    version = HiddenField(validators=[Optional(), Length(max=12)])

    @property
    def seen(self) -> int | None:
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() else None

    def shown(self, version: int) -> Any:
        """The form as it goes out, for what is seen now."""
        self.version.data, self.version.raw_data = str(version), None
        return self.renew()


class NotSent(Exception):
    """Nothing was done. The form goes back with a problem and this status."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status, self.problem = status, problem


def send(
    form: KeyedForm, name: str, thing_id: int, actor: Actor, work: Callable[[], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Do the work of a valid form, or answer as before when it was sent before.

    name: "room.form". Raises NotSent, NotFound, Invalid.
    """
    room, form_name = name.split(".", 1)
    typed = {each.name: each.data for each in form if each.name not in NOT_CONTENT and each.data is not None}
    request = Request(f"{room}:{actor.id}", form.key.data or "", {"form": form_name, "of": thing_id, **typed})
    try:
        answered = commands.execute(request, work)
    except KeyReused:
        form.renew()
        raise NotSent(
            409, gettext("This form was sent before. Look at what is shown now, then send it again.")
        ) from None
    except Stale:
        answered = _before(request, form)
    except Unavailable:
        raise NotSent(503, gettext("The system is busy and nothing was posted. Send it again.")) from None
    except Refused as refused:  # one that is not kept under the key
        raise NotSent(409, refusal_text(refused)) from None
    if answered.refusal is not None:
        form.renew()
        raise NotSent(409, refusal_text(answered.refusal))
    return answered.answer


def _before(request: Request, form: KeyedForm) -> commands.Answered:
    """What a form did that is sent again: it has made stale itself what it was filled for. Raises NotSent."""
    found = commands.find(request)
    if found is None:
        form.renew()
        raise NotSent(412, gettext("This was changed meanwhile. Look at what is shown now, then send it again."))
    return found
