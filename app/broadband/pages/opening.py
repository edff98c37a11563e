"""Opening a service: for a customer found by his phone, or somebody new, with what he pays at once."""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.broadband import operations
from app.broadband.details import phone_of
from app.broadband.forms import NewcomerForm, OpeningForm
from app.broadband.operations.recipients import recipient
from app.broadband.subjects import SERVICE
from app.core.errors import Invalid
from app.core.permissions import Action
from app.customers import queries as customers
from app.customers.models import Customer
from app.fields.inputs import with_fields
from app.ui.fields import show_errors
from app.ui.guard import current_actor, guarded, store_id
from app.ui.keyed import NotSent, send
from app.ui.views import HouseView

Answer = Response | str
BAD = 400


class OpeningView(HouseView):
    """/broadband/open: first whose service it is, then what it is."""

    route_base = "/broadband/open"
    default_view = "find"

    @expose("")
    @guarded(Action.POST, "services")
    def find(self) -> Answer:
        typed = request.args.get("q", "").strip()
        found = customers.search(typed, actor=current_actor()) if typed else []
        if len(found) == 1:
            return redirect(url_for("OpeningView.fill", customer_id=found[0].id))
        return self.render_template("broadband/find.html", typed=typed, found=found)

    @expose("/<int:customer_id>")
    @guarded(Action.POST, "services")
    def fill(self, customer_id: int) -> Answer:
        customer = customers.get(customer_id, actor=current_actor())
        return _page(customer, _empty(OpeningForm, address=customer.address))

    @expose("/<int:customer_id>", methods=["POST"])
    @guarded(Action.POST, "services")
    def open(self, customer_id: int) -> Answer:
        customer = customers.get(customer_id, actor=current_actor())
        return _opened(_form(OpeningForm), customer, lambda: customer_id)

    @expose("/new")
    @guarded(Action.EDIT, "customers")
    @guarded(Action.POST, "services")
    def fill_new(self) -> Answer:
        typed = request.args.get("q", "").strip()
        known = {"new_phone" if any(map(str.isdigit, typed)) else "new_customer_name": typed}
        return _page(None, _empty(NewcomerForm, **known))

    @expose("/new", methods=["POST"])
    @guarded(Action.EDIT, "customers")
    @guarded(Action.POST, "services")
    def open_new(self) -> Answer:
        form, actor, store = _form(NewcomerForm), current_actor(), store_id()

        def whose() -> int:
            return recipient(phone_of(form.new_phone.data or ""), form.person, store_id=store, actor=actor)

        return _opened(form, None, whose)


def _form(kind: type[OpeningForm], **given: Any) -> Any:
    """The form with the owner's fields, for what the actor may do."""
    return with_fields(kind, SERVICE)(**given).for_actor(current_actor())


def _empty(kind: type[OpeningForm], **known: str | None) -> Any:
    return _form(kind, formdata=None, data={**known, "is_active": True}).renew()


def _opened(form: Any, customer: Customer | None, whose: Callable[[], int]) -> Answer:
    """Open the service, switch it on or have it installed, and take the first payment: all of what is asked, or none.

    whose: the customer's number; customer: whose page it is, None of somebody who is new.
    """
    actor, store = current_actor(), store_id()
    if not form.validate():
        return _page(customer, form, BAD)

    def work() -> dict[str, Any]:
        service = operations.open_service(whose(), form.wanted, store_id=store, actor=actor)
        if form.is_active.data:
            operations.activate(service.id, actor=actor)
        if form.work_order:
            operations.create_order(service.id, form.work_order, store_id=store, actor=actor)
        if form.pays_now.data:
            operations.pay(service.id, operations.Bill(), method=form.method, store_id=store, actor=actor)
        return {"service": service.id}

    try:
        made = send(form, "broadband.open", customer.id if customer else 0, actor, work)
    except Invalid as invalid:
        return _page(customer, show_errors(form, invalid), BAD)
    except NotSent as unsent:
        return _page(customer, form, unsent.status, unsent.problem)
    flash(gettext("The service is open."), "success")
    return redirect(url_for("ServiceView.show", service_id=made["service"]))


def _page(customer: Customer | None, form: Any, status: int = 200, problem: str = "") -> Answer:
    return make_response(render_template("broadband/open.html", customer=customer, form=form, problem=problem), status)
