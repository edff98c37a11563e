"""The pages of a clerk's shift: open it, cash in and out, count it blind, take over what another has counted."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, make_response, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.core.permissions import Action
from app.shifts import operations, queries
from app.shifts.forms import CashForm, CountForm, count_form
from app.shifts.models import Shift
from app.ui.guard import current_actor, guarded, store_id
from app.ui.keyed import KeyedForm, NotSent, send
from app.ui.views import HouseView

Answer = Response | str


class ShiftView(HouseView):
    """/shift: one screen for the clerk's own shift. What should be in the drawer is never on it."""

    route_base = "/shift"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "shifts")
    def show(self) -> Answer:
        return self._screen()

    @expose("", methods=["POST"])
    @guarded(Action.POST, "shifts")
    def open(self) -> Answer:
        form, actor, store = count_form(), current_actor(), store_id()
        if not form.validate():
            return self._screen(form, 400)

        def work() -> Mapping[str, Any]:
            return {"shift": operations.open_shift(store, form.total, counts=form.counts, actor=actor)}

        return self._done(
            form,
            "open",
            store,
            work,
            lambda status, problem: self._screen(form, status, problem),
            gettext("Your shift is open."),
        )

    @expose("/<int:shift_id>/cash", methods=["POST"])
    @guarded(Action.POST, "shifts")
    def cash(self, shift_id: int) -> Answer:
        form, actor = CashForm(), current_actor()
        if not form.validate():
            return self._screen(form, 400)
        kind: dict[str, Any] = {
            "is_in": form.way.data == "in",
            "is_petty": form.place.data == "petty",
            "reason": form.reason.data,
        }

        def work() -> Mapping[str, Any]:
            return operations.move_cash(shift_id, form.money, **kind, actor=actor).answer()

        return self._done(
            form,
            "cash",
            shift_id,
            work,
            lambda status, problem: self._screen(form, status, problem),
            gettext("Posted."),
        )

    @expose("/<int:shift_id>/close")
    @guarded(Action.POST, "shifts")
    def count(self, shift_id: int) -> Answer:
        return self._count(shift_id, count_form(formdata=None).renew())

    @expose("/<int:shift_id>/close", methods=["POST"])
    @guarded(Action.POST, "shifts")
    def close(self, shift_id: int) -> Answer:
        form, actor = count_form(), current_actor()
        queries.to_close(shift_id, actor=actor)
        if not form.validate():
            return self._count(shift_id, form, 400)
        if form.sure.data != _sum_text(form):
            return self._count(shift_id, form, is_asked=True)

        def work() -> Mapping[str, Any]:
            number = operations.close_shift(shift_id, form.total, counts=form.counts, actor=actor)
            return {"shift": shift_id, "number": number}

        done = gettext("The shift is closed. This is its report.")
        return self._done(
            form, "close", shift_id, work, lambda status, problem: self._count(shift_id, form, status, problem), done
        )

    @expose("/<int:shift_id>/take-over")
    @guarded(Action.POST, "shifts")
    def receive(self, shift_id: int) -> Answer:
        return self._receive(shift_id, count_form(formdata=None).renew())

    @expose("/<int:shift_id>/take-over", methods=["POST"])
    @guarded(Action.POST, "shifts")
    def take_over(self, shift_id: int) -> Answer:
        form, actor = count_form(), current_actor()
        if not form.validate():
            return self._receive(shift_id, form, 400)

        def work() -> Mapping[str, Any]:
            return {"shift": operations.take_over(shift_id, form.total, counts=form.counts, actor=actor)}

        done = gettext("You have taken over the cash. Your shift is open.")
        return self._done(
            form,
            "take-over",
            shift_id,
            work,
            lambda status, problem: self._receive(shift_id, form, status, problem),
            done,
        )

    # What they answer

    def _done(
        self,
        form: KeyedForm,
        name: str,
        thing_id: int,
        work: Callable[[], Mapping[str, Any]],
        again: Callable[[int, str], Answer],
        told: str,
    ) -> Answer:
        """Do it, and show what is now; or the form again, as it was typed, and why."""
        try:
            answer = send(form, f"shifts.{name}", thing_id, current_actor(), work)
        except NotSent as unsent:
            return again(unsent.status, unsent.problem)
        flash(told, "success")
        if "number" in answer:
            return redirect(url_for("ShiftReportView.show", shift_id=thing_id))
        return redirect(url_for("ShiftView.show"))

    def _screen(self, sent: Any = None, status: int = 200, problem: str = "") -> Answer:
        actor, store = current_actor(), store_id()
        shift = queries.own_open(store, actor=actor)
        fresh: Any = CashForm(formdata=None) if shift else count_form(formdata=None)
        is_same = isinstance(sent, CashForm) == bool(shift)
        page = self.render_template(
            "shifts/mine.html",
            shift=shift,
            form=sent if sent is not None and is_same else fresh.renew(),
            problem=problem,
            waiting=[] if shift else queries.waiting(store),
            reports=queries.reports(actor=actor, limit=10),
            may_post=actor.may(Action.POST, "shifts"),
        )
        return make_response(page, status)

    def _count(
        self, shift_id: int, form: CountForm, status: int = 200, problem: str = "", *, is_asked: bool = False
    ) -> Answer:
        actor = current_actor()
        shift: Shift = queries.to_close(shift_id, actor=actor)
        if not queries.is_open(shift_id):
            return redirect(url_for("ShiftReportView.show", shift_id=shift_id))
        form.sure.data, form.sure.raw_data = _sum_text(form) if is_asked else "", None
        is_own = shift.clerk_id == actor.id
        page = self.render_template(
            "shifts/count.html", shift=shift, form=form, problem=problem, is_asked=is_asked, is_own=is_own
        )
        return make_response(page, status)

    def _receive(self, shift_id: int, form: CountForm, status: int = 200, problem: str = "") -> Answer:
        report = queries.to_take_over(shift_id, actor=current_actor())
        is_own = report.clerk_id == current_actor().id
        page = self.render_template("shifts/receive.html", report=report, form=form, problem=problem, is_own=is_own)
        return make_response(page, status)


def _sum_text(form: CountForm) -> str:
    """What a count makes, as the page sends it back: another count is asked about anew."""
    return f"{form.total:.2f}"
