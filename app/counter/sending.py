"""What happens to a form that moves money: once for its key, however often it is sent."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext, ngettext

from app.approvals.operations import Waiting
from app.core import clock, commands
from app.core.actor import Actor
from app.core.commands import Answered, KeyReused, Request
from app.counter.forms import MoneyForm
from app.customers.models import Customer
from app.extensions import db
from app.ledger import queries as ledger
from app.ledger.plan import Posted
from app.ui.formats import money

LATELY = 60  # seconds
# What the forms of the screen post, as the ledger calls it.
KINDS = {"recharge": "recharge", "consume": "consumption", "refund": "refund", "adjust": "adjustment"}


class NotSent(Exception):
    """Nothing was posted. The form goes back to the clerk with a problem or a question, and this status."""

    def __init__(self, status: int, *, problem: str = "", question: str = "") -> None:
        super().__init__(problem or question)
        self.status, self.problem, self.question = status, problem, question


def request_of(form: Any, name: str, thing_id: int, actor: Actor) -> Request:
    """The request that a form is: its key, and everything typed into it."""
    skipped = {"key", "version", "again", "csrf_token"}
    typed = {each.name: each.data for each in form if each.name not in skipped and each.data is not None}
    return Request(f"counter:{actor.id}", form.key.data, {"form": name, "of": thing_id, **typed})


def send(
    form: MoneyForm, name: str, customer: Customer, actor: Actor, post: Callable[[], Posted | Waiting]
) -> Answered:
    """Post, or answer as before when the form was sent before. Raises NotSent, and what `commands.execute` raises."""
    request = request_of(form, name, customer.id, actor)
    try:
        if known := commands.find(request):
            return known
        try:
            _require_fresh(form, customer)
            _ask_again(form, name, customer)
        except NotSent:
            db.session.rollback()  # its twin may have posted since: that is what was asked about
            if known := commands.find(request):
                return known
            raise
        return commands.execute(request, lambda: post().answer())
    except KeyReused:
        form.renew()
        raise NotSent(
            409, problem=gettext("This form was sent before. Look at the last movements, then send it again.")
        ) from None


def _require_fresh(form: MoneyForm, customer: Customer) -> None:
    """Refuse when the customer was renamed, re-numbered or closed since. A changed balance does not count."""
    if customer.deleted_at is not None:
        raise NotSent(412, problem=gettext("This customer has been deleted meanwhile."))
    if form.version.data != customer.version:
        raise NotSent(
            412, problem=gettext("This customer was changed meanwhile. Look at what is shown now, then send it again.")
        )


def _ask_again(form: MoneyForm, name: str, customer: Customer) -> None:
    """The same amount for the same customer within a minute is asked about once."""
    if form.again.data == "yes" or form.amount.data is None:
        return
    last = ledger.same_lately(customer.id, form.amount.data, KINDS[name], LATELY)
    if last is None:
        return
    ago = max(1, round((clock.now() - last.posted_at).total_seconds()))
    form.again.data, form.again.raw_data = "yes", None
    raise NotSent(
        409,
        question=ngettext(
            "%(amount)s was posted for this customer %(num)s second ago, receipt %(receipt)s. Really once more?",
            "%(amount)s was posted for this customer %(num)s seconds ago, receipt %(receipt)s. Really once more?",
            ago,
            amount=money(last.amount),
            receipt=last.receipt_no,
        ),
    )
