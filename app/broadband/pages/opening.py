"""Opening a service: for a customer found by his phone, with its first payment if he pays at once."""

from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.broadband import operations
from app.broadband.forms import OpeningForm
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
        form = with_fields(OpeningForm, SERVICE)(formdata=None, data={"address": customer.address, "is_active": True})
        return self._form(customer, form.renew())

    @expose("/<int:customer_id>", methods=["POST"])
    @guarded(Action.POST, "services")
    def open(self, customer_id: int) -> Answer:
        form, actor, store = with_fields(OpeningForm, SERVICE)(), current_actor(), store_id()
        customer = customers.get(customer_id, actor=actor)
        if not form.validate():
            return self._form(customer, form, BAD)

        def work() -> dict[str, Any]:
            service = operations.open_service(customer_id, form.wanted, store_id=store, actor=actor)
            if form.is_active.data:
                operations.activate(service.id, actor=actor)
            if form.pays_now.data:
                operations.pay(service.id, operations.Bill(), method=form.method, store_id=store, actor=actor)
            return {"service": service.id}

        try:
            made = send(form, "broadband.open", customer_id, actor, work)
        except Invalid as invalid:
            return self._form(customer, show_errors(form, invalid), BAD)
        except NotSent as unsent:
            return self._form(customer, form, unsent.status, unsent.problem)
        flash(gettext("The service is open."), "success")
        return redirect(url_for("ServiceView.show", service_id=made["service"]))

    def _form(self, customer: Customer, form: Any, status: int = 200, problem: str = "") -> Answer:
        page = self.render_template("broadband/open.html", customer=customer, form=form, problem=problem)
        return make_response(page, status)
