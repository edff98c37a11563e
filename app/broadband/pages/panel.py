"""The services of a customer, where his page shows him: days left, and the way to a payment."""

from flask import render_template

from app.broadband import queries
from app.broadband.pages.actions import PAY
from app.broadband.states import PAYABLE
from app.core import days
from app.core.permissions import Action
from app.ui.guard import current_actor


def panel(customer_id: int) -> str:
    """A part of a page; empty for who may not see services."""
    actor = current_actor()
    if not actor.may(Action.VIEW, "services"):
        return ""
    return render_template(
        "broadband/panel.html",
        services=queries.services_of(customer_id),
        customer_id=customer_id,
        today=days.today(),
        payable=PAYABLE if actor.may(*PAY) else (),
        may_open=actor.may(Action.POST, "services"),
    )
