"""The counter's pages. The page of a customer has all his forms; each form has an address of its own."""

from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext

from app.approvals import operations as approvals
from app.core.db import in_transaction
from app.core.errors import Invalid, NotFound, Refused
from app.core.permissions import Action
from app.counter.answers import Answer, back, changed, present_shift, screen, taken
from app.counter.forms import (
    AdjustForm,
    ConsumeForm,
    CreditForm,
    RechargeForm,
    RefundForm,
    StatusForm,
    may_move,
    method_of,
    profile_form,
)
from app.customers import operations as customers
from app.customers import queries
from app.customers.merges.queries import kept_of
from app.customers.subject import CUSTOMER
from app.fields.queries import values_of
from app.ledger import operations, statements
from app.ledger import queries as ledger
from app.receipts.reversing import may_reverse
from app.ui.fields import show_errors
from app.ui.formats import refusal_text
from app.ui.guard import current_actor, guarded, store_id
from app.ui.views import HouseView

LARGEST_ID = 2**63 - 1


class CounterView(HouseView):
    """/counter: find a customer, take one in, change what is known of him."""

    route_base = "/counter"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "counter")
    def show(self) -> Answer:
        typed = (request.args.get("q") or "").strip()[:120]
        if chosen := request.args.get("customer"):
            return _chosen(_number(chosen))
        found = queries.search(typed, actor=current_actor())
        if len(found) == 1:
            return screen(found[0], typed)
        done = request.args.get("done")
        receipt = statements.movement(_number(done), actor=current_actor()) if done else None
        return self.render_template(
            "counter/find.html",
            typed=typed,
            found=found,
            receipt=receipt,
            shift=present_shift(),
            owner=_owner(receipt),
            new_as={"phone" if any(map(str.isdigit, typed)) else "name": typed},
            may_reverse=lambda row: may_reverse(row, current_actor(), ledger.reach_of(current_actor())),
        )

    @expose("/new")
    @guarded(Action.EDIT, "customers")
    def new(self) -> Answer:
        form = profile_form(formdata=None, data={name: request.args.get(name, "")[:40] for name in ("phone", "name")})
        return self.render_template("counter/new.html", form=form)

    @expose("/new", methods=["POST"])
    @guarded(Action.EDIT, "customers")
    def create(self) -> Answer:
        form, actor, store = profile_form(), current_actor(), store_id()
        if not form.validate():
            return self._new_again(form, 400)
        values, own = form.values(), form.custom()
        try:
            made = in_transaction(lambda: customers.create_customer(values, store_id=store, custom=own, actor=actor).id)
        except Invalid as invalid:
            show_errors(form, invalid)
            return self._new_again(form, 400)
        except Refused as refused:
            return self._new_again(form, 409, refusal_text(refused))
        flash(gettext("The customer is entered."), "success")
        return redirect(url_for("CounterView.show", customer=made))

    def _new_again(self, form: Any, status: int, problem: str = "") -> Answer:
        return make_response(self.render_template("counter/new.html", form=form, problem=problem), status)

    @expose("/<int:customer_id>/profile", methods=["POST"])
    @guarded(Action.EDIT, "customers")
    def change(self, customer_id: int) -> Answer:
        stands = values_of(CUSTOMER, [customer_id])[customer_id]
        actor = current_actor()
        form = profile_form(custom=stands, moves=may_move(actor))
        if not form.validate():
            return back(customer_id, form, "profile", 400)
        values, own, version = form.values(), form.custom(), form.version.data or 0
        return changed(
            customer_id,
            form,
            "profile",
            lambda: customers.change_customer(customer_id, values, version=version, custom=own, actor=actor),
        )

    @expose("/<int:customer_id>/status", methods=["POST"])
    @guarded(Action.EDIT, "wallets")
    def switch(self, customer_id: int) -> Answer:
        form, actor = StatusForm(), current_actor()
        if not form.validate() or form.status.data not in queries.STATUSES:
            return back(customer_id, form, "status", 400)
        values, version = {"status": queries.STATUSES[form.status.data]}, form.version.data
        return changed(
            customer_id,
            form,
            "status",
            lambda: customers.change_customer(customer_id, values, version=version, actor=actor),
        )

    @expose("/<int:customer_id>/credit", methods=["POST"])
    @guarded(Action.EDIT, "wallets")
    def give_credit(self, customer_id: int) -> Answer:
        form, actor = CreditForm(), current_actor()
        if not form.validate():
            return back(customer_id, form, "credit", 400)
        values, version = {"credit_limit": form.credit_limit.data}, form.version.data
        return changed(
            customer_id,
            form,
            "credit",
            lambda: customers.change_customer(customer_id, values, version=version, actor=actor),
        )


class TakingView(HouseView):
    """/counter/<customer>/...: the forms that move money."""

    route_base = "/counter/"
    default_view = "recharge"

    @expose("<int:customer_id>/recharge", methods=["POST"])
    @guarded(Action.POST, "recharges")
    def recharge(self, customer_id: int) -> Answer:
        form, actor, store = RechargeForm(), current_actor(), store_id()

        def post() -> Any:
            paid: dict[str, Any] = {"method": method_of(form), "note": form.note.data}
            return operations.recharge(customer_id, form.money, store_id=store, actor=actor, **paid)

        return taken(customer_id, form, "recharge", post)

    @expose("<int:customer_id>/consume", methods=["POST"])
    @guarded(Action.POST, "consumptions")
    def consume(self, customer_id: int) -> Answer:
        form, actor, store = ConsumeForm(), current_actor(), store_id()
        category = form.category.data if form.category.data in ledger.categories() else operations.GENERAL

        def post() -> Any:
            due: dict[str, Any] = {"category": category, "note": form.note.data}
            return operations.consume(customer_id, form.money, store_id=store, actor=actor, **due)

        return taken(customer_id, form, "consume", post)

    @expose("<int:customer_id>/refund", methods=["POST"])
    @guarded(Action.POST, "refunds")
    def refund(self, customer_id: int) -> Answer:
        form, actor, store = RefundForm(), current_actor(), store_id()

        def post() -> Any:
            paid: dict[str, Any] = {"method": method_of(form), "reason": form.reason.data}
            return operations.refund(customer_id, form.money, store_id=store, actor=actor, **paid)

        return taken(customer_id, form, "refund", post)

    @expose("<int:customer_id>/adjust", methods=["POST"])
    @guarded(Action.POST, "adjustments")
    def adjust(self, customer_id: int) -> Answer:
        form, actor, store = AdjustForm(), current_actor(), store_id()

        def post() -> Any:
            why = form.reason.data or ""
            return approvals.adjust(customer_id, form.money, store_id=store, reason=why, actor=actor)

        return taken(customer_id, form, "adjust", post)


def _chosen(customer_id: int) -> Answer:
    """The screen of a customer; the way to the one who was kept when he was merged."""
    try:
        return screen(queries.get(customer_id, actor=current_actor()))
    except NotFound:
        if (kept := kept_of(customer_id)) is None:
            raise
        flash(gettext("This customer was merged. You see the one who was kept."), "info")
        return redirect(url_for("CounterView.show", customer=kept))


def _number(text: str) -> int:
    """An id from an address. Raises NotFound for what can be none."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= LARGEST_ID):
        raise NotFound
    return int(text)


def _owner(receipt: statements.Movement | None) -> Any:
    customer_id = receipt.posting.customer_id if receipt else None
    return queries.get(customer_id, is_deleted_too=True) if customer_id else None
