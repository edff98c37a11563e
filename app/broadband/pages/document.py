"""A document on screen and paper, and taking it back."""

from typing import Any

from flask import flash, make_response, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.broadband import operations, queries
from app.broadband.forms import UndoForm
from app.broadband.models import Document, DocumentKind
from app.broadband.reminders.words import remark_in_words
from app.broadband.words import in_both_scripts
from app.core.permissions import Action
from app.shop.queries import setting
from app.ui.guard import current_actor, guarded
from app.ui.keyed import NotSent, send
from app.ui.views import HouseView

Answer = Response | str


class DocumentView(HouseView):
    """/broadband/documents/<number>: one document."""

    route_base = "/broadband/documents"
    default_view = "show"

    @expose("/<int:document_id>")
    @guarded(Action.VIEW, "broadband-documents")
    def show(self, document_id: int) -> Answer:
        return self._page(queries.document(document_id, actor=current_actor()), UndoForm(formdata=None).renew())

    @expose("/<int:document_id>/reverse", methods=["POST"])
    @guarded(Action.REVERSE, "reversals")
    def reverse(self, document_id: int) -> Answer:
        form, actor = UndoForm(), current_actor()
        document = queries.document(document_id, actor=actor)
        if not form.validate():
            return self._page(document, form, 400)

        def work() -> dict[str, Any]:
            return {"document": operations.reverse(document_id, reason=form.reason.data or "", actor=actor).id}

        try:
            send(form, "broadband.reverse", document_id, actor, work)
        except NotSent as unsent:
            fresh = queries.document(document_id, actor=actor)
            return self._page(fresh, form, unsent.status, unsent.problem)
        flash(gettext("The document is reversed."), "success")
        return redirect(url_for("DocumentView.show", document_id=document_id))

    def _page(self, document: Document, form: Any, status: int = 200, problem: str = "") -> Answer:
        stands = document.reversed_at is None and document.kind is not DocumentKind.TAKEN_OVER
        page = self.render_template(
            "broadband/document.html",
            document=document,
            payment=queries.payment(document.id) if document.kind is DocumentKind.PAYMENT else None,
            installer=queries.installer_of(document),
            words=in_both_scripts(document.fee) if document.fee else {},
            shop_name=setting("shop_name"),
            remark=remark_in_words(document.remark),
            form=form,
            problem=problem,
            may_reverse=stands and current_actor().may(Action.REVERSE, "reversals") and queries.is_last(document),
        )
        return make_response(page, status)
