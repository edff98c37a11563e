"""What happens to a form of a shift: once for its key, however often it is sent."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext

from app.core import commands
from app.core.actor import Actor
from app.core.commands import KeyReused, Request
from app.core.errors import Unavailable
from app.shifts.forms import KeyedForm
from app.ui.formats import refusal_text

NOT_CONTENT = {"key", "sure", "csrf_token"}


class NotSent(Exception):
    """Nothing was done. The form goes back with a problem and this status."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status, self.problem = status, problem


def send(
    form: KeyedForm, name: str, thing_id: int, actor: Actor, work: Callable[[], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Do the work of a valid form, or answer as before when it was sent before. Raises NotSent, NotFound."""
    typed = {each.name: each.data for each in form if each.name not in NOT_CONTENT and each.data is not None}
    request = Request(f"shifts:{actor.id}", form.key.data or "", {"form": name, "of": thing_id, **typed})
    try:
        answered = commands.execute(request, work)
    except KeyReused:
        form.renew()
        raise NotSent(
            409, gettext("This form was sent before. Look at what is shown now, then send it again.")
        ) from None
    except Unavailable:
        raise NotSent(503, gettext("The system is busy and nothing was posted. Send it again.")) from None
    if answered.refusal is not None:
        form.renew()
        raise NotSent(409, refusal_text(answered.refusal))
    return answered.answer
