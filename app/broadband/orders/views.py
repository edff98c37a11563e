"""The page of one work order: what it says, its next steps, its materials; and its sheet on paper."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import make_response
from flask_appbuilder import expose
from flask_babel import gettext

from app.broadband import operations
from app.broadband.models import OrderStatus, WorkOrder
from app.broadband.orders import queries
from app.broadband.orders.forms import BillForm, CancelForm, LineChangeForm, LineForm, ScheduleForm
from app.broadband.orders.plug import BILL, SEE, WORK, WRITE
from app.broadband.orders.sending import Answer, answered
from app.broadband.orders.states import CHANGEABLE, may_become
from app.broadband.subjects import ORDER
from app.broadband.words import in_both_scripts, in_capitals
from app.core.permissions import Grant
from app.core.sealed import shown
from app.fields.queries import values_of
from app.fields.shown import said
from app.shop.queries import setting
from app.ui.guard import current_actor, guarded, store_id
from app.ui.keyed import VersionedForm
from app.ui.views import HouseView

Work = Callable[[], Any]
STEPS: Mapping[str, tuple[OrderStatus, type[VersionedForm], Grant]] = {
    "accept": (OrderStatus.ACCEPTED, VersionedForm, WRITE),
    "schedule": (OrderStatus.SCHEDULED, ScheduleForm, WRITE),
    "start": (OrderStatus.IN_PROGRESS, VersionedForm, WORK),
    "finish": (OrderStatus.DONE, VersionedForm, WORK),
    "bill": (OrderStatus.BILLED, BillForm, BILL),
    "cancel": (OrderStatus.CANCELLED, CancelForm, WRITE),
}


class WorkOrderView(HouseView):
    """/broadband/work-orders/<number>: one order. What cannot be done now has no form."""

    route_base = "/broadband/work-orders"
    default_view = "show"

    @expose("/<int:order_id>")
    @guarded(*SEE)
    def show(self, order_id: int) -> Answer:
        return _page(self, order_id)

    @expose("/<int:order_id>/sheet")
    @guarded(*SEE)
    def sheet(self, order_id: int) -> Answer:
        order = queries.order(order_id, actor=current_actor())
        words = in_both_scripts(order.total)
        return self.render_template(
            "broadband/order_sheet.html", **_said(order), words=words, shop=setting("shop_name")
        )

    @expose("/<int:order_id>/accept", methods=["POST"])
    @guarded(*WRITE)
    def accept(self, order_id: int) -> Answer:
        form, actor = VersionedForm(), current_actor()
        return self._step(order_id, "accept", form, lambda: operations.accept(order_id, actor=actor, version=form.seen))

    @expose("/<int:order_id>/schedule", methods=["POST"])
    @guarded(*WRITE)
    def schedule(self, order_id: int) -> Answer:
        form, actor = ScheduleForm(), current_actor()

        def work() -> WorkOrder:
            chosen = {"installer_id": form.installer.data, "work_date": form.work_date.data}
            return operations.schedule(order_id, form.moment, **chosen, actor=actor, version=form.seen)

        return self._step(order_id, "schedule", form, work)

    @expose("/<int:order_id>/start", methods=["POST"])
    @guarded(*WORK)
    def start(self, order_id: int) -> Answer:
        form, actor = VersionedForm(), current_actor()
        return self._step(order_id, "start", form, lambda: operations.start(order_id, actor=actor, version=form.seen))

    @expose("/<int:order_id>/finish", methods=["POST"])
    @guarded(*WORK)
    def finish(self, order_id: int) -> Answer:
        form, actor = VersionedForm(), current_actor()
        return self._step(order_id, "finish", form, lambda: operations.finish(order_id, actor=actor, version=form.seen))

    @expose("/<int:order_id>/cancel", methods=["POST"])
    @guarded(*WRITE)
    def cancel(self, order_id: int) -> Answer:
        form, actor = CancelForm(), current_actor()

        def work() -> WorkOrder:
            return operations.cancel(order_id, reason=form.reason.data or "", actor=actor, version=form.seen)

        return self._step(order_id, "cancel", form, work)

    @expose("/<int:order_id>/bill", methods=["POST"])
    @guarded(*BILL)
    def bill(self, order_id: int) -> Answer:
        form, actor, store = BillForm(), current_actor(), store_id()

        def work() -> Any:
            since = form.billing_start_at.data
            said: dict[str, Any] = {"store_id": store, "actor": actor, "billing_start_at": since, "version": form.seen}
            return operations.bill(order_id, method=form.method, **said)

        return self._step(order_id, "bill", form, work)

    def _step(self, order_id: int, name: str, form: VersionedForm, work: Work) -> Answer:
        def once() -> Mapping[str, Any]:
            work()
            return {"order": order_id}

        def again(status: int, problem: str) -> Answer:
            return _page(self, order_id, {name: form}, status, problem)

        queries.order(order_id, actor=current_actor())
        return answered(form, name, order_id, once, again, gettext("Done."))


class WorkOrderLinesView(HouseView):
    """The materials of an order: put on, corrected, taken off."""

    route_base = "/broadband/work-orders"
    default_view = "add"

    @expose("/<int:order_id>/lines", methods=["POST"])
    @guarded(*WRITE)
    def add(self, order_id: int) -> Answer:
        form, actor = LineForm(), current_actor()

        def work() -> Mapping[str, Any]:
            said: dict[str, Any] = {"remark": form.remark.data, "actor": actor, "version": form.seen}
            operations.add_line(order_id, form.material.data, form.counted, **said)
            return {"order": order_id}

        return self._done(order_id, form, "add-line", order_id, work)

    @expose("/<int:order_id>/lines/<int:line_id>", methods=["POST"])
    @guarded(*WRITE)
    def change(self, order_id: int, line_id: int) -> Answer:
        form, actor = LineChangeForm(), current_actor()

        def work() -> Mapping[str, Any]:
            said: dict[str, Any] = {"remark": form.remark.data, "actor": actor, "version": form.seen}
            operations.change_line(line_id, form.counted, **said)
            return {"order": order_id}

        return self._done(order_id, form, "change-line", line_id, work)

    @expose("/<int:order_id>/lines/<int:line_id>/removal", methods=["POST"])
    @guarded(*WRITE)
    def remove(self, order_id: int, line_id: int) -> Answer:
        form, actor = VersionedForm(), current_actor()

        def work() -> Mapping[str, Any]:
            operations.remove_line(line_id, actor=actor, version=form.seen)
            return {"order": order_id}

        return self._done(order_id, form, "remove-line", line_id, work)

    def _done(self, order_id: int, form: VersionedForm, name: str, thing: int, work: Work) -> Answer:
        queries.order(order_id, actor=current_actor())

        def again(status: int, problem: str) -> Answer:
            return _page(self, order_id, {name: form}, status, problem or _first_error(form))

        return answered(form, name, thing, work, again, gettext("The materials are changed."))


def _page(
    view: HouseView,
    order_id: int,
    sent: Mapping[str, VersionedForm] | None = None,
    status: int = 200,
    problem: str = "",
) -> Answer:
    """The page of an order. sent: forms that come back as they were typed, by what they do."""
    actor, typed = current_actor(), sent or {}
    order = queries.order(order_id, actor=actor)
    may_write = actor.may(*WRITE)
    has_lines = may_write and order.is_open
    page = view.render_template(
        "broadband/order.html",
        **_said(order),
        steps=_steps(order, typed),
        may_change=may_write and order.document_status in CHANGEABLE,
        line_form=_line_form(order, typed.get("add-line")) if has_lines else None,
        line_forms={each.id: _change_form(order, each) for each in order.lines} if has_lines else {},
        problem=problem,
    )
    return make_response(page, status)


def _said(order: WorkOrder) -> dict[str, Any]:
    """What pages say of an order; what is money to who may see that."""
    person = order.new_customer
    return {
        "order": order,
        "shows_money": queries.shows_money(order, actor=current_actor()),
        "total_in_words": in_capitals(order.total),
        "id_card_no": order.customer.id_number_shown,
        "new_id_card_no": shown(order.new_id_card_sealed),
        "new_name": person.name if person else order.new_customer_name,
        "new_phone": person.phone if person else order.new_phone,
        "own": said(ORDER, values_of(ORDER, [order.id])[order.id]),
    }


def _steps(order: WorkOrder, sent: Mapping[str, VersionedForm]) -> dict[str, VersionedForm]:
    """The forms of what may be done now by the one who asks; one that was sent, as it was typed."""
    actor, found = current_actor(), {}
    for name, (status, kind, grant) in STEPS.items():
        if actor.may(*grant) and may_become(order, status):
            form = sent.get(name) or kind(formdata=None, data=_known(order))
            for field in form:
                field.id = f"{name}-{field.name}"
            found[name] = form.shown(order.version)
    return found


def _known(order: WorkOrder) -> dict[str, Any]:
    return {"appointment_at": order.appointment_at, "installer": order.installer_id, "work_date": order.work_date}


def _line_form(order: WorkOrder, sent: VersionedForm | None) -> Any:
    return (sent or LineForm(formdata=None)).shown(order.version)


def _change_form(order: WorkOrder, line: Any) -> LineChangeForm:
    form = LineChangeForm(formdata=None, data={"quantity": line.quantity, "remark": line.remark})
    for field in form:
        field.id = f"line-{line.id}-{field.name}"
    return form.shown(order.version)


def _first_error(form: VersionedForm) -> str:
    return next((str(error) for field in form for error in field.errors), "")
