"""Writing a work order: for a service that is found by its customer, and changed as long as nobody has begun."""

from collections.abc import Mapping
from typing import Any

from flask import make_response, request
from flask_appbuilder import expose
from flask_babel import gettext

from app.broadband import operations
from app.broadband import queries as services
from app.broadband.models import Service, WorkOrder
from app.broadband.orders import queries
from app.broadband.orders.forms import filled, fresh, order_form
from app.broadband.orders.plug import WRITE
from app.broadband.orders.sending import Answer, answered
from app.broadband.orders.states import CHANGEABLE, require_status
from app.broadband.subjects import ORDER
from app.core import days
from app.core.sealed import shown
from app.customers.queries import search
from app.fields.inputs import keep_choices
from app.fields.queries import values_of
from app.ui.guard import current_actor, guarded, store_id
from app.ui.views import HouseView


class WorkOrderFormView(HouseView):
    """/broadband/work-orders/new: whose service, which one, and what is to be done; /<number>/edit changes that."""

    route_base = "/broadband/work-orders"
    default_view = "find"

    @expose("/new")
    @guarded(*WRITE)
    def find(self) -> Answer:
        typed = request.args.get("q", "").strip()
        found = search(typed, actor=current_actor()) if typed else []
        services = queries.services_for([each.id for each in found]) if found else []
        return self.render_template("broadband/order_find.html", typed=typed, services=services)

    @expose("/new/<int:service_id>")
    @guarded(*WRITE)
    def fill(self, service_id: int) -> Answer:
        service = services.service(service_id, actor=current_actor())
        return self._form(service, None, fresh(service).shown(service.version))

    @expose("/new/<int:service_id>", methods=["POST"])
    @guarded(*WRITE)
    def create(self, service_id: int) -> Answer:
        form, actor, store = order_form()(), current_actor(), store_id()
        services.service(service_id, actor=actor)

        def work() -> Mapping[str, Any]:
            said: dict[str, Any] = {"store_id": store, "actor": actor, "version": form.seen}
            return {"order": operations.create_order(service_id, form.work, **said).id}

        def again(status: int, problem: str) -> Answer:
            service = services.service(service_id, actor=actor)
            return self._form(service, None, form.shown(service.version), status, problem)

        return answered(form, "create", service_id, work, again, gettext("The work order is written."))

    @expose("/<int:order_id>/edit")
    @guarded(*WRITE)
    def edit(self, order_id: int) -> Answer:
        order = queries.order(order_id, actor=current_actor())
        require_status(order, *CHANGEABLE)
        return self._form(order.service, order, filled(order).shown(order.version))

    @expose("/<int:order_id>/edit", methods=["POST"])
    @guarded(*WRITE)
    def change(self, order_id: int) -> Answer:
        actor = current_actor()
        queries.order(order_id, actor=actor)
        form = order_form()()
        keep_choices(form, ORDER, values_of(ORDER, [order_id])[order_id])

        def work() -> Mapping[str, Any]:
            return {"order": operations.change_order(order_id, form.work, actor=actor, version=form.seen).id}

        def again(status: int, problem: str) -> Answer:
            order = queries.order(order_id, actor=actor)
            return self._form(order.service, order, form.shown(order.version), status, problem)

        return answered(form, "change", order_id, work, again, gettext("The work order is changed."))

    def _form(
        self, service: Service, order: WorkOrder | None, form: Any, status: int = 200, problem: str = ""
    ) -> Answer:
        if order is not None and order.new_id_card_sealed:
            form.new_id_card_no.present = shown(order.new_id_card_sealed)
        page = self.render_template(
            "broadband/order_form.html", service=service, order=order, form=form, problem=problem, today=days.today()
        )
        return make_response(page, status)
