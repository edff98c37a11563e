"""What a form of a work order is answered with: done and on, or the page again with what was wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.core.errors import Invalid
from app.ui.fields import show_errors
from app.ui.guard import current_actor
from app.ui.keyed import NotSent, VersionedForm, send

Answer = Response | str
Again = Callable[[int, str], Answer]
BAD = 400


def answered(
    form: VersionedForm, name: str, thing_id: int, work: Callable[[], Mapping[str, Any]], again: Again, told: str
) -> Answer:
    """Do the work of a form once and show its order; or the page again, by a status and a problem.

    work answers with {"order": its id}.
    """
    if not form.validate():
        return again(BAD, "")
    try:
        made = send(form, f"work-orders.{name}", thing_id, current_actor(), work)
    except Invalid as invalid:
        form.renew()
        show_errors(form, invalid)
        return again(BAD, "")
    except NotSent as unsent:
        return again(unsent.status, unsent.problem)
    flash(told, "success")
    return redirect(url_for("WorkOrderView.show", order_id=made["order"]))
