"""What waits for a second person, and the page on which he decides."""

from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.approvals import operations, queries
from app.approvals.forms import ApproveForm, DeclineForm
from app.approvals.models import ApprovalState
from app.core import clock, commands
from app.core.commands import KeyReused, Request
from app.core.db import in_transaction
from app.core.errors import NotFound, Refused
from app.core.permissions import Action
from app.ledger import queries as ledger
from app.ui.formats import refusal_text
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

Answer = Response | str
PER_PAGE = 50
MOST_WAITING = 200
DECIDED = frozenset(ApprovalState) - {ApprovalState.WAITING}


class ApprovalsView(HouseView):
    """/approvals: what waits first, then what was decided; /approvals/<number>: one request, and the decision."""

    route_base = "/approvals"
    default_view = "list"

    @expose("")
    @guarded(Action.VIEW, "approvals")
    def list(self) -> Answer:
        decided = queries.page(DECIDED, below=_below(), limit=PER_PAGE)
        return self.render_template(
            "approvals/list.html",
            waiting=queries.page({ApprovalState.WAITING}, limit=MOST_WAITING)[:MOST_WAITING],
            decided=decided[:PER_PAGE],
            is_more=len(decided) > PER_PAGE,
            is_first=_below() is None,
            now=clock.now(),
        )

    @expose("/<int:approval_id>")
    @guarded(Action.VIEW, "approvals")
    def show(self, approval_id: int) -> Answer:
        return self._page(approval_id)

    @expose("/<int:approval_id>/approve", methods=["POST"])
    @guarded(Action.APPROVE, "approvals")
    def approve(self, approval_id: int) -> Answer:
        form, actor = ApproveForm(), current_actor()
        if not form.validate():
            return self._page(approval_id, 400, approve=form)
        note = form.note.data or None
        asked = Request(f"counter:{actor.id}", form.key.data or "", {"approve": approval_id, "note": note})

        def work() -> dict[str, Any]:
            return {"approval": {"id": approval_id}, **operations.approve(approval_id, note=note, actor=actor).answer()}

        try:
            answered = commands.find(asked) or commands.execute(asked, work)
        except (KeyReused, Refused) as refused:
            return self._refused(approval_id, form, refused)
        if answered.refusal is not None:
            return self._refused(approval_id, form, answered.refusal)
        flash(gettext("Approved: the posting is made."), "success")
        return redirect(url_for("ApprovalsView.show", approval_id=approval_id))

    @expose("/<int:approval_id>/decline", methods=["POST"])
    @guarded(Action.APPROVE, "approvals")
    def decline(self, approval_id: int) -> Answer:
        form, actor = DeclineForm(), current_actor()
        if not form.validate():
            return self._page(approval_id, 400, decline=form)
        reason = form.reason.data or ""
        try:
            in_transaction(lambda: operations.decline(approval_id, reason=reason, actor=actor))
        except Refused as refused:
            return self._page(approval_id, 409, refusal_text(refused), decline=form)
        flash(gettext("Declined: nothing is posted."), "success")
        return redirect(url_for("ApprovalsView.list"))

    def _refused(self, approval_id: int, form: ApproveForm, refused: Exception) -> Answer:
        said = gettext("This form was sent before.") if isinstance(refused, KeyReused) else refusal_text(refused)  # type: ignore[arg-type]
        return self._page(approval_id, 409, said, approve=form.renew())

    def _page(self, approval_id: int, status: int = 200, problem: str = "", **forms: Any) -> Answer:
        row, actor = queries.get(approval_id), current_actor()
        approval = row.Approval
        state = approval.state_at(clock.now())
        is_own, is_alone = approval.asked_by_id == actor.id, queries.is_only_owner(actor)
        page = self.render_template(
            "approvals/approval.html",
            row=row,
            approval=approval,
            state=state,
            problem=problem,
            figures=_figures(approval, state, actor),
            original=_posting(approval.posting_id, actor),
            is_own=is_own,
            is_alone=is_alone,
            can_approve=state is ApprovalState.WAITING and (is_alone or not is_own),
            can_decline=state is ApprovalState.WAITING,
            approve=forms.get("approve") or ApproveForm(formdata=None).renew(),
            decline=forms.get("decline") or DeclineForm(formdata=None),
        )
        return make_response(page, status)


def _figures(approval: Any, state: ApprovalState, actor: Any) -> Any:
    if state is not ApprovalState.WAITING:
        return None
    try:
        return queries.figures_of(approval, actor=actor)
    except NotFound:
        return None


def _posting(posting_id: int | None, actor: Any) -> Any:
    """The posting to be reversed, as long as it is online."""
    if posting_id is None:
        return None
    try:
        return ledger.get(posting_id, actor=actor)
    except NotFound:
        return None


def _below() -> int | None:
    typed = request.args.get("below", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None
