"""The receipt of a posting: shown, printed, and the place where a mistake is put right."""

from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.approvals import operations as approvals
from app.approvals.queries import waiting_for
from app.approvals.telling import waiting_text
from app.core import commands
from app.core.actor import Actor
from app.core.commands import KeyReused, Request
from app.core.db import in_transaction
from app.core.errors import NotFound, Refused
from app.core.permissions import Action
from app.customers import queries as customers
from app.ledger import queries as ledger
from app.ledger import statements
from app.receipts import codes, operations, paper, queries
from app.receipts.forms import ReversalForm
from app.receipts.reversing import may_reverse
from app.shop.queries import setting, store_by_code
from app.ui.formats import refusal_text
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

Answer = Response | str


class ReceiptView(HouseView):
    """/receipts/<posting>: one posting on paper. ?paper: its layout; ?print: the record of the print that it shows."""

    route_base = "/receipts"
    default_view = "show"

    @expose("/<int:posting_id>")
    @guarded(Action.VIEW, "postings")
    def show(self, posting_id: int) -> Answer:
        return self._page(posting_id, ReversalForm(formdata=None).renew())

    @expose("/<int:posting_id>/print", methods=["POST"])
    @guarded(Action.VIEW, "postings")
    def print(self, posting_id: int) -> Answer:
        actor = current_actor()
        record_id = in_transaction(lambda: operations.mark_printed(posting_id, actor=actor))
        layout = paper.paper_of(request.form.get("paper"))
        return redirect(url_for("ReceiptView.show", posting_id=posting_id, paper=layout, print=record_id))

    @expose("/<int:posting_id>/reversal", methods=["POST"])
    @guarded(Action.REVERSE, "reversals")
    def reverse(self, posting_id: int) -> Answer:
        form, actor = ReversalForm(), current_actor()
        if not form.validate():
            return self._page(posting_id, form, 400)
        reason, is_forced = form.reason.data or "", bool(form.is_forced.data)
        said = {"reverse": posting_id, "reason": reason, "is_forced": is_forced}
        asked = Request(f"counter:{actor.id}", form.key.data or "", said)
        try:
            answered = commands.find(asked) or commands.execute(
                asked, lambda: _reversed(posting_id, reason, is_forced, actor)
            )
        except KeyReused:
            return self._page(posting_id, form.renew(), 409)
        except Refused as refused:
            return self._page(posting_id, form.renew(), 409, refusal_text(refused))
        if answered.refusal is not None:
            return self._page(posting_id, form.renew(), 409, refusal_text(answered.refusal))
        if told := waiting_text(answered.answer):
            flash(told, "warning")
            return redirect(url_for("ReceiptView.show", posting_id=posting_id))
        flash(gettext("The posting is reversed."), "success")
        return redirect(url_for("CounterView.show", done=answered.answer["posting"]["id"]))

    def _page(self, posting_id: int, form: ReversalForm, status: int = 200, problem: str = "") -> Answer:
        actor = current_actor()
        receipt = statements.movement(posting_id, actor=actor)
        prints = queries.prints_of(posting_id)
        address = codes.address_of(posting_id)
        form.reason.id = "reverse-reason"
        waiting = waiting_for(posting_id)
        page = self.render_template(
            "receipts/receipt.html",
            receipt=receipt,
            owner=_owner(receipt.posting.customer_id),
            shop=setting("shop_name"),
            store=store_by_code(receipt.posting.store).name,
            words=paper.words_of(receipt.posting.amount),
            masked=paper.masked,
            paper=paper.paper_of(request.args.get("paper")),
            papers=paper.PAPERS,
            prints=prints,
            copy=paper.copy_of(prints, request.args.get("print")),
            check_address=address,
            code=codes.drawn(address),
            form=form,
            problem=problem,
            waiting=waiting,
            can_force=_may_force(receipt, actor),
            can_reverse=waiting is None and may_reverse(receipt.posting, actor, ledger.reach_of(actor)),
        )
        return make_response(page, status)


class ReceiptCheckView(HouseView):
    """/r/<token>: whether a receipt holds, for whoever scans its code. Open to everybody.

    A receipt is valid or reversed. A refund is a posting of its own that is tied to no recharge, so it changes neither.
    Guessing costs no database anything: a token that is not ours is turned away by its signature.
    """

    route_base = "/r"
    default_view = "show"

    @expose("/<token>")
    def show(self, token: str) -> Answer:
        checked = queries.checked(codes.posting_of(token))
        page = self.render_template("receipts/check.html", checked=checked, shop=setting("shop_name"))
        return make_response(page, {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"})


def _reversed(posting_id: int, reason: str, is_forced: bool, actor: Actor) -> dict[str, Any]:
    return approvals.reverse(posting_id, reason=reason, is_forced=is_forced, actor=actor).answer()


def _may_force(receipt: statements.Movement, actor: Actor) -> bool:
    """Whether he may let the customer owe what is missing: only what raised the balance can have been spent."""
    return receipt.posting.balance_after is not None and receipt.change > 0 and actor.may(Action.POST, "debts")


def _owner(customer_id: int | None) -> Any:
    if customer_id is None:
        return None
    try:
        return customers.get(customer_id, is_deleted_too=True)
    except NotFound:
        return None
