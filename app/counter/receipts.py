"""The receipt of a posting: shown, printed, and the place where a mistake is put right."""

from typing import Any

from flask import flash, make_response, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext

from app.core import commands
from app.core.commands import KeyReused, Request
from app.core.errors import NotFound
from app.core.permissions import Action
from app.counter.answers import Answer
from app.counter.forms import ReversalForm
from app.counter.screen import may_reverse
from app.customers import queries
from app.ledger import operations
from app.ledger import queries as ledger
from app.shop.queries import store_by_code
from app.ui.formats import refusal_text
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView


class ReceiptView(HouseView):
    """/receipts/<posting>: one posting, with what it changed."""

    route_base = "/receipts"
    default_view = "show"

    @expose("/<int:posting_id>")
    @guarded(Action.VIEW, "postings")
    def show(self, posting_id: int) -> Answer:
        return self._page(posting_id, _fresh())

    @expose("/<int:posting_id>/reversal", methods=["POST"])
    @guarded(Action.REVERSE, "reversals")
    def reverse(self, posting_id: int) -> Answer:
        form, actor = ReversalForm(), current_actor()
        if not form.validate():
            return self._page(posting_id, form, 400)
        request = Request(f"counter:{actor.id}", form.key.data or "", {"reverse": posting_id})
        reason = form.reason.data or ""
        try:
            answered = commands.execute(
                request, lambda: operations.reverse(posting_id, reason=reason, actor=actor).answer()
            )
        except KeyReused:
            return self._page(posting_id, _renewed(form), 409)
        if answered.refusal is not None:
            return self._page(posting_id, _renewed(form), 409, refusal_text(answered.refusal))
        flash(gettext("The posting is reversed."), "success")
        return redirect(url_for("CounterView.show", done=answered.answer["posting"]["id"]))

    def _page(self, posting_id: int, form: ReversalForm, status: int = 200, problem: str = "") -> Answer:
        actor = current_actor()
        receipt = ledger.movement(posting_id, actor=actor)
        form.reason.id = "reverse-reason"
        page = self.render_template(
            "counter/receipt.html",
            receipt=receipt,
            owner=_owner(receipt.posting.customer_id),
            store=store_by_code(receipt.posting.store).name,
            form=form,
            problem=problem,
            can_reverse=may_reverse(receipt.posting, actor),
        )
        return make_response(page, status)


def _fresh() -> ReversalForm:
    return _renewed(ReversalForm(formdata=None))


def _renewed(form: ReversalForm) -> ReversalForm:
    form.renew()
    return form


def _owner(customer_id: int | None) -> Any:
    if customer_id is None:
        return None
    try:
        return queries.get(customer_id, is_deleted_too=True)
    except NotFound:
        return None
