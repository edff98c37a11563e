"""Writing down what came of a call, and muting reminders: from the work list, or from the page of a service."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.broadband import queries
from app.broadband.models import Service
from app.broadband.models.subscriptions import ANNOUNCED
from app.broadband.pages.actions import offered
from app.broadband.reminders import operations
from app.broadband.reminders.forms import CallForm, MuteForm
from app.broadband.reminders.plug import CALL
from app.broadband.reminders.queries import calls_of, last_call_id
from app.broadband.reminders.report import BACK
from app.core import days
from app.core.errors import Invalid
from app.ui.fields import show_errors
from app.ui.guard import current_actor, guarded
from app.ui.keyed import NotSent, VersionedForm, send
from app.ui.views import HouseView

Answer = Response | str
Work = Callable[[], Mapping[str, Any]]
BAD = 400


class ReminderView(HouseView):
    """/broadband/reminders/<service>: a call about it, and whether anybody is reminded of it."""

    route_base = "/broadband/reminders"
    default_view = "call"

    @expose("/<int:service_id>/call")
    @guarded(*CALL)
    def call(self, service_id: int) -> Answer:
        service = queries.service(service_id, actor=current_actor())
        return self._call_page(service, CallForm(formdata=None).shown(last_call_id(service_id)))

    @expose("/<int:service_id>/call", methods=["POST"])
    @guarded(*CALL)
    def record(self, service_id: int) -> Answer:
        form, actor = CallForm(), current_actor()
        service = queries.service(service_id, actor=actor)

        def work() -> Mapping[str, Any]:
            said = {"promised_on": form.promised_on.data, "remark": form.remark.data, "after": form.seen}
            return {"call": operations.record_call(service_id, form.outcome.data, actor=actor, **said).id}

        def again(status: int, problem: str) -> Answer:
            fresh = queries.service(service_id, actor=actor)
            seen = form if status == BAD else form.shown(last_call_id(service_id))
            return self._call_page(fresh, seen, status, problem)

        return _answered(form, "call", service, work, again, gettext("The call is written down."))

    @expose("/<int:service_id>/mute")
    @guarded(*CALL)
    def mute(self, service_id: int) -> Answer:
        service = queries.service(service_id, actor=current_actor())
        form = MuteForm(formdata=None, data={"until": service.muted_until})
        return self._mute_page(service, form.shown(service.version))

    @expose("/<int:service_id>/mute", methods=["POST"])
    @guarded(*CALL)
    def set_mute(self, service_id: int) -> Answer:
        form, actor = MuteForm(), current_actor()
        service = queries.service(service_id, actor=actor)

        def work() -> Mapping[str, Any]:
            done = operations.mute(service_id, form.until.data, actor=actor, version=form.seen)
            return {"service": done.id}

        return _answered(
            form, "mute", service, work, self._again(form, service_id), gettext("The reminders are muted.")
        )

    @expose("/<int:service_id>/unmute", methods=["POST"])
    @guarded(*CALL)
    def unmute(self, service_id: int) -> Answer:
        form, actor = VersionedForm(), current_actor()
        service = queries.service(service_id, actor=actor)

        def work() -> Mapping[str, Any]:
            return {"service": operations.unmute(service_id, actor=actor, version=form.seen).id}

        told = gettext("The reminders are heard again.")
        return _answered(form, "unmute", service, work, self._again(form, service_id), told)

    def _again(self, form: VersionedForm, service_id: int) -> Callable[[int, str], Answer]:
        def again(status: int, problem: str) -> Answer:
            fresh = queries.service(service_id, actor=current_actor())
            if isinstance(form, MuteForm) and status == BAD:  # he still speaks of what he saw
                return self._mute_page(fresh, form, status, problem)
            shown = form if isinstance(form, MuteForm) else MuteForm(formdata=None)
            return self._mute_page(fresh, shown.shown(fresh.version), status, problem)

        return again

    def _call_page(self, service: Service, form: CallForm, status: int = 200, problem: str = "") -> Answer:
        return self._page("broadband/call.html", service, form, status, problem, calls=calls_of(service.id))

    def _mute_page(self, service: Service, form: MuteForm, status: int = 200, problem: str = "") -> Answer:
        is_muted = service.muted_until is not None and service.muted_until > days.today()
        unmuting = VersionedForm(formdata=None).shown(service.version) if is_muted else None
        return self._page("broadband/mute.html", service, form, status, problem, unmuting=unmuting)

    def _page(
        self, template: str, service: Service, form: VersionedForm, status: int, problem: str, **more: Any
    ) -> Answer:
        page = self.render_template(
            template,
            service=service,
            form=form,
            problem=problem,
            today=days.today(),
            back=_back(service),
            place={BACK: request.args[BACK]} if BACK in request.args else {},
            is_announced=service.status in ANNOUNCED and service.stop_date is not None,
            deeds=offered(service, current_actor()),
            **more,
        )
        return make_response(page, status)


def _answered(
    form: VersionedForm,
    name: str,
    service: Service,
    work: Work,
    again: Callable[[int, str], Answer],
    told: str,
) -> Answer:
    """Do the work of a form once and go back; or the page again, by a status and a problem."""
    if not form.validate():
        return again(BAD, "")
    back = _back(service)
    try:
        send(form, f"reminders.{name}", service.id, current_actor(), work)
    except Invalid as invalid:
        show_errors(form.renew(), invalid)
        return again(BAD, "")
    except NotSent as unsent:
        return again(unsent.status, unsent.problem)
    flash(told, "success")
    return redirect(back)


def _back(service: Service) -> str:
    """Where the one who asks came from: the place in the work list, or the page of the service."""
    if BACK not in request.args:
        return url_for("ServiceView.show", service_id=service.id)
    kept: dict[str, Any] = {name: value for name, value in parse_qsl(request.args[BACK]) if not name.startswith("_")}
    return url_for("BroadbandRemindersView.show", **kept)
