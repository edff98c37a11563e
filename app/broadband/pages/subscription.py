"""A service: what it is, what can be done with it, and what was done."""

from functools import partial
from typing import Any

from flask import abort, flash, make_response, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.broadband import operations, queries
from app.broadband.forms import PayForm, ServiceForm
from app.broadband.models import Service
from app.broadband.models.subscriptions import ANNOUNCED
from app.broadband.operations.details import PASSWORDS
from app.broadband.orders.queries import orders_under_way
from app.broadband.pages.actions import BY_NAME, At, Deed, offered
from app.broadband.reminders.plug import CALL
from app.broadband.reminders.plug import SEE as SEE_REMINDERS
from app.broadband.reminders.queries import calls_of
from app.broadband.settings import AT_CLOSING
from app.broadband.subjects import SERVICE
from app.core import days
from app.core.db import in_transaction
from app.core.errors import Invalid, Refused
from app.core.permissions import Action
from app.fields.queries import hidden_of, values_of
from app.fields.shown import said
from app.shop.queries import setting
from app.ui.fields import show_errors
from app.ui.formats import refusal_text
from app.ui.guard import current_actor, guarded, store_id
from app.ui.keyed import NotSent, send
from app.ui.views import HouseView

Answer = Response | str
BAD = 400


class ServiceView(HouseView):
    """/broadband/service/<number>: one service."""

    route_base = "/broadband/service"
    default_view = "show"

    @expose("/<int:service_id>")
    @guarded(Action.VIEW, "services")
    def show(self, service_id: int) -> Answer:
        actor = current_actor()
        service = queries.service(service_id, actor=actor)
        return self.render_template(
            "broadband/service.html",
            service=service,
            deeds=offered(service, actor),
            documents=queries.documents_of(service_id),
            orders=orders_under_way(service_id, actor=actor),
            today=days.today(),
            may_remind=actor.may(*SEE_REMINDERS),
            may_call=actor.may(*CALL) and service.status in ANNOUNCED and service.stop_date is not None,
            calls=calls_of(service_id) if actor.may(*SEE_REMINDERS) else (),
            own=said(SERVICE, values_of(SERVICE, [service_id])[service_id]),
            hidden=hidden_of(SERVICE),
            form=ServiceForm(formdata=None).shown(service.version),
            may_reveal=actor.may(Action.VIEW, PASSWORDS) and service.password_sealed is not None,
            sees=lambda document: actor.may(Action.VIEW, "broadband-documents") and queries.sees(actor, document),
        )

    @expose("/<int:service_id>/password", methods=["POST"])
    @guarded(Action.VIEW, PASSWORDS)
    @guarded(Action.VIEW, "services")
    def reveal(self, service_id: int) -> Answer:
        """Show the password of the line, once."""
        actor = current_actor()
        service_no = queries.service(service_id, actor=actor).service_no
        try:
            password = in_transaction(partial(operations.reveal_password, service_id, actor=actor))
        except Refused as refused:
            flash(refusal_text(refused), "danger")
            return redirect(url_for("ServiceView.show", service_id=service_id))
        title = gettext("Password of service %(number)s", number=service_no)
        back = url_for("ServiceView.show", service_id=service_id)
        return self.render_template("broadband/revealed.html", title=title, number=password, back=back)

    @expose("/<int:service_id>/do/<name>")
    @guarded(Action.VIEW, "services")
    def ask(self, service_id: int, name: str) -> Answer:
        deed = _deed(name)
        service = queries.service(service_id, actor=current_actor())
        form = deed.form_for(service, current_actor(), formdata=None, data=deed.defaults(service)).renew()
        return self._form(service, deed, form)

    @expose("/<int:service_id>/do/<name>", methods=["POST"])
    @guarded(Action.VIEW, "services")
    def do(self, service_id: int, name: str) -> Answer:
        deed, actor, store = _deed(name), current_actor(), store_id()
        service = queries.service(service_id, actor=actor)
        form = deed.form_for(service, actor)
        if not form.validate():
            return self._form(service, deed, form, BAD)

        def work() -> dict[str, Any]:
            document = deed.do(service_id, form, At(actor, store))
            return {"document": document.id if document else None}

        try:
            made = send(form, f"broadband.{name}", service_id, actor, work)
        except Invalid as invalid:
            return self._form(service, deed, show_errors(form, invalid), BAD)
        except NotSent as unsent:
            return self._form(queries.service(service_id, actor=actor), deed, form, unsent.status, unsent.problem)
        flash(gettext("Done."), "success")
        if made["document"] is None:
            return redirect(url_for("ServiceView.show", service_id=service_id))
        return redirect(url_for("DocumentView.show", document_id=made["document"]))

    def _form(self, service: Service, deed: Deed, form: Any, status: int = 200, problem: str = "") -> Answer:
        if status != BAD:  # who typed something wrong still speaks of what he saw
            form.version.data = str(service.version)
        page = self.render_template(
            "broadband/deed.html",
            service=service,
            deed=deed,
            form=form,
            problem=problem,
            today=days.today(),
            is_offered=service.status in deed.states,
            usual=operations.reckon(operations.Bill(), service) if deed.form is PayForm else None,
            given_back=queries.unused(service) if deed.name == "close" else None,
            policy=setting(AT_CLOSING),
        )
        return make_response(page, status)


def _deed(name: str) -> Deed:
    """The deed of that name, if the one who asks may do it."""
    deed = BY_NAME.get(name) or abort(404)
    return deed if current_actor().may(*deed.grant) else abort(403)
