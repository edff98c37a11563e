"""Making one of two customers: the other one is found, both are looked at side by side, and it is done once."""

from collections.abc import Mapping
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.core import commands
from app.core.commands import KeyReused, Request
from app.core.errors import NotFound, Refused, Stale
from app.core.permissions import Action
from app.customers import queries
from app.customers.merges.forms import MergeForm
from app.customers.merges.operations import KEPT, merge_customers
from app.customers.merges.queries import get_merge
from app.customers.models import Customer
from app.customers.profile import FIELDS, is_empty
from app.customers.subject import CUSTOMER
from app.fields.queries import hidden_of, values_of
from app.fields.shown import said
from app.ui.formats import choice, refusal_text
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

Answer = Response | str
LARGEST_ID = 2**63 - 1


class MergingView(HouseView):
    """/customers/<id>/merge: this customer into another one (?into=), who is looked for first (?q=)."""

    route_base = "/customers/"
    default_view = "show"

    @expose("<int:customer_id>/merge")
    @guarded(Action.POST, "merges")
    def show(self, customer_id: int) -> Answer:
        gone = queries.get(customer_id)
        if not (typed := request.args.get("into")):
            return self._find(gone)
        return self._both(gone, _other(gone, typed), MergeForm(formdata=None))

    @expose("<int:customer_id>/merge", methods=["POST"])
    @guarded(Action.POST, "merges")
    def merge(self, customer_id: int) -> Answer:
        form, actor = MergeForm(), current_actor()
        into = form.into.data
        if into is None or not 0 < into <= LARGEST_ID:
            raise NotFound
        if not form.validate():
            gone = queries.get(customer_id)
            return self._both(gone, _other(gone, str(into)), form, 400)
        said: dict[str, Any] = {"reason": form.reason.data or "", "take": form.taken()}
        versions = {customer_id: form.gone_version.data or 0, into: form.kept_version.data or 0}
        asked = Request(f"counter:{actor.id}", form.key.data or "", {"merge": [customer_id, into], **said})

        def work() -> dict[str, Any]:
            return {"merge": merge_customers(customer_id, into, versions=versions, actor=actor, **said).id}

        try:
            answered = commands.execute(asked, work)
        except Stale:
            told = gettext("One of them was changed meanwhile. Look at what is shown now, then send it again.")
            return self._again(customer_id, into, form, 412, told)
        except KeyReused:
            told = gettext("This form was sent before. Look at both customers, then send it again.")
            return self._again(customer_id, into, form, 409, told)
        except Refused as refused:
            return self._again(customer_id, into, form, 409, refusal_text(refused))
        if answered.refusal is not None:
            return self._again(customer_id, into, form, 409, refusal_text(answered.refusal))
        flash(gettext("Both customers are one now."), "success")
        return redirect(url_for("MergeView.show", merge_id=answered.answer["merge"]))

    def _find(self, gone: Customer) -> str:
        typed = (request.args.get("q") or "").strip()[:120]
        found = [each for each in queries.search(typed) if each.id != gone.id]
        return self.render_template("customers/merge_find.html", gone=gone, typed=typed, found=found)

    def _again(self, gone_id: int, kept_id: int, form: MergeForm, status: int, problem: str) -> Answer:
        gone, kept = (queries.get(number, is_deleted_too=True) for number in (gone_id, kept_id))
        return self._both(gone, kept, form, status, problem)

    def _both(self, gone: Customer, kept: Customer, form: MergeForm, status: int = 200, problem: str = "") -> Answer:
        own = values_of(CUSTOMER, [gone.id, kept.id])
        page = self.render_template(
            "customers/merge.html",
            gone=gone,
            kept=kept,
            form=form.show(gone, kept),
            problem=problem,
            filled=_filled(gone, kept, own),
            hidden=hidden_of(CUSTOMER),
            own={number: said(CUSTOMER, values) for number, values in own.items()},
        )
        return make_response(page, status)


class MergeView(HouseView):
    """/customers/merges/<id>: the document of a merge."""

    route_base = "/customers/merges"
    default_view = "show"

    @expose("/<int:merge_id>")
    @guarded(Action.POST, "merges")
    def show(self, merge_id: int) -> Answer:
        merge = get_merge(merge_id)
        gone, kept = (queries.get(number, is_deleted_too=True) for number in (merge.from_id, merge.into_id))
        return self.render_template("customers/merge_done.html", merge=merge, gone=gone, kept=kept)


def _other(gone: Customer, typed: str) -> Customer:
    """The customer of an address. Raises NotFound, also for the same one."""
    if not (typed.isascii() and typed.isdigit() and 0 < int(typed) <= LARGEST_ID) or int(typed) == gone.id:
        raise NotFound
    return queries.get(int(typed))


def _filled(gone: Customer, kept: Customer, own: Mapping[int, Mapping[str, Any]]) -> list[str]:
    """What those fields are called that are empty in the one who is kept and will be the other's."""
    hidden, mine = hidden_of(CUSTOMER), own.get(kept.id, {})
    stock = [choice(name) for name in FIELDS if name not in hidden and _is_filled(name, gone, kept)]
    return [*stock, *(each.label for each in said(CUSTOMER, own.get(gone.id, {})) if each.name not in mine)]


def _is_filled(name: str, gone: Customer, kept: Customer) -> bool:
    """Whether a field that is empty in the one who is kept will be the other's."""
    return name not in KEPT and is_empty(kept, name) and not is_empty(gone, name)
