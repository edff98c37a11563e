"""What the counter answers: the screen of a customer, or the receipt of what was done."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.approvals.operations import Waiting
from app.approvals.telling import waiting_text
from app.core.db import in_transaction
from app.core.errors import Invalid, Refused, Stale, Unavailable
from app.core.permissions import Action
from app.core.rooms import open_rooms
from app.counter.forms import MoneyForm
from app.counter.screen import screen_of, show_present, signed, when
from app.counter.sending import NotSent, send
from app.customers import queries
from app.customers.models import Customer
from app.ledger import queries as ledger
from app.ledger.plan import Posted
from app.receipts.reversing import may_reverse
from app.shifts import queries as shifts
from app.ui.fields import show_errors
from app.ui.formats import refusal_text
from app.ui.guard import current_actor

Answer = Response | str
CHANGED = 412


def present_shift() -> Any:
    """The open shift of the one who asks, in the store that he works in."""
    return shifts.own_open(g.store.id if g.get("store") else None, actor=current_actor())


def _panels_of(customer_id: int) -> list[str]:
    """What the open rooms show on the page of a customer, as HTML."""
    made = (panel(customer_id) for room in open_rooms() for panel in room.customer_panels)
    return [part for part in made if part]


def screen(
    customer: Customer,
    typed: str = "",
    *,
    sent: FlaskForm | None = None,
    busy: str = "",
    problem: str = "",
    question: str = "",
    status: int = 200,
    is_refused: bool = False,
) -> Answer:
    """The page of one customer. sent, busy: the form that came back as it was typed, and its name."""
    actor = current_actor()
    reach = ledger.reach_of(actor)
    shown = screen_of(customer, actor, sent, busy)
    shown.problem, shown.question = problem, question
    shown.is_stale, shown.is_refused = status == CHANGED, is_refused
    if shown.is_stale and sent is not None and busy == "profile":
        show_present(sent, customer, shown.custom)
    page = render_template(
        "counter/customer.html",
        screen=shown,
        customer=customer,
        typed=typed,
        may_open=reach.sees,
        may_reverse=lambda row: may_reverse(row, actor, reach),
        shift=present_shift(),
        can_explain=actor.may(Action.VIEW, "postings"),
        can_reveal=actor.may(Action.VIEW, "id-numbers") and customer.deleted_at is None,
        can_merge=actor.may(Action.POST, "merges") and customer.deleted_at is None,
        signed=signed,
        when=when,
        panels=[] if customer.deleted_at else _panels_of(customer.id),
    )
    return make_response(page, status)


def taken(customer_id: int, form: MoneyForm, name: str, post: Callable[[], Posted | Waiting]) -> Answer:
    """Post what a form says, once, and show the receipt; or show the form again, as it was typed, and why."""
    customer = queries.get(customer_id, is_deleted_too=True, actor=current_actor())

    def again(status: int, **told: Any) -> Answer:
        fresh = queries.get(customer_id, is_deleted_too=True)
        return screen(fresh, sent=form, busy=name, status=status, **told)

    if not form.validate():
        return again(400)
    try:
        answered = send(form, name, customer, current_actor(), post)
    except NotSent as unsent:
        return again(unsent.status, problem=unsent.problem, question=unsent.question)
    except Unavailable:
        return again(503, problem=gettext("The system is busy and nothing was posted. Send it again."))
    if answered.refusal is not None:
        form.renew()
        return again(409, problem=refusal_text(answered.refusal), is_refused=True)
    if told := waiting_text(answered.answer):
        flash(told, "warning")
        return redirect(url_for("CounterView.show", customer=customer_id))
    if answered.is_replay:
        flash(gettext("This had been posted already; it was not posted twice."), "info")
    return redirect(url_for("CounterView.show", done=answered.answer["posting"]["id"]))


def changed(customer_id: int, form: Any, name: str, verb: Callable[[], Any]) -> Answer:
    """Change a customer, and show him; or show the form again, as it was typed, and why."""
    queries.get(customer_id, is_deleted_too=True, actor=current_actor())
    try:
        in_transaction(verb)
    except Invalid as invalid:
        show_errors(form, invalid)
        return back(customer_id, form, name, 400)
    except Stale:
        told = gettext("This customer was changed meanwhile. Look at what is shown now, then send it again.")
        return back(customer_id, form, name, CHANGED, told)
    except Refused as refused:
        return back(customer_id, form, name, 409, refusal_text(refused))
    flash(gettext("Saved."), "success")
    return redirect(url_for("CounterView.show", customer=customer_id))


def back(customer_id: int, form: FlaskForm, name: str, status: int, problem: str = "") -> Answer:
    """The screen again, with the form that was sent."""
    return screen(queries.get(customer_id, actor=current_actor()), sent=form, busy=name, status=status, problem=problem)
