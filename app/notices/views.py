"""One notice on one channel: what he was told, what became of it, and sending it again."""

from typing import Any

from flask import flash, make_response, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.core.permissions import Action
from app.notices import operations, queries
from app.notices.channels import adapters
from app.notices.models import DeliveryState, NoticeDelivery
from app.notices.words import PILLS, called
from app.notices.writing import language_of, write
from app.ui.guard import current_actor, guarded
from app.ui.keyed import KeyedForm, NotSent, send
from app.ui.languages import TAGS
from app.ui.views import HouseView

Answer = Response | str


class SendAgainForm(KeyedForm):
    """Nothing is typed: it sends the same again."""


class NoticeView(HouseView):
    """/notices/<number>: one delivery."""

    route_base = "/notices"
    default_view = "show"

    @expose("/<int:delivery_id>")
    @guarded(Action.VIEW, "notices")
    def show(self, delivery_id: int) -> Answer:
        found = queries.delivery(delivery_id, actor=current_actor())
        return self._page(found, SendAgainForm(formdata=None).renew())

    @expose("/<int:delivery_id>/again", methods=["POST"])
    @guarded(Action.POST, "notices")
    def again(self, delivery_id: int) -> Answer:
        form, actor = SendAgainForm(), current_actor()
        found = queries.delivery(delivery_id, actor=actor)
        if not form.validate():
            return self._page(found, form.renew(), 400)

        def work() -> dict[str, Any]:
            operations.send_again(delivery_id, actor=actor)
            return {"delivery": delivery_id}

        try:
            send(form, "notices.send-again", delivery_id, actor, work)
        except NotSent as unsent:
            return self._page(queries.delivery(delivery_id, actor=actor), form.renew(), unsent.status, unsent.problem)
        flash(gettext("It will be sent again within minutes, unless these are quiet hours."), "success")
        return redirect(url_for("NoticeView.show", delivery_id=delivery_id))

    def _page(self, found: NoticeDelivery, form: SendAgainForm, status: int = 200, problem: str = "") -> Answer:
        notice = found.notice
        language = language_of(notice.customer)
        page = self.render_template(
            "notices/notice.html",
            delivery=found,
            told=notice,
            called=called(notice.kind),
            text=write(notice.kind, notice.values, language),
            lang=TAGS[language],
            pills=PILLS,
            form=form,
            problem=problem,
            is_unknown=found.state is DeliveryState.UNKNOWN,
            may_send=current_actor().may(Action.POST, "notices") and _can_be_sent(found),
        )
        return make_response(page, status)


def _can_be_sent(found: NoticeDelivery) -> bool:
    """Whether the button is worth showing; the verb says no by itself."""
    is_there = found.notice.values is not None and found.notice.customer.deleted_at is None
    is_on = found.channel in {each.channel for each in adapters()}
    return found.state in queries.TROUBLE and is_there and is_on
