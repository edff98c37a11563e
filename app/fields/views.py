"""The owner's page of fields: what there is, a new one, a change, and which stock fields are hidden."""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from app.core.db import in_transaction
from app.core.errors import Invalid, Refused, Stale
from app.core.permissions import Action
from app.fields import operations, queries
from app.fields.forms import FieldForm, HiddenForm, NewFieldForm, subject_label
from app.fields.models import CustomField
from app.fields.subjects import subject, subjects
from app.ui.fields import show_errors
from app.ui.formats import refusal_text
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

Answer = Response | str


class CustomFieldsView(HouseView):
    """/custom-fields: for each subject its fields, and its stock fields that can be hidden."""

    route_base = "/custom-fields"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "custom-fields")
    def show(self) -> Answer:
        return self._page()

    @expose("/new")
    @guarded(Action.EDIT, "custom-fields")
    def new(self) -> Answer:
        return self._form(NewFieldForm(formdata=None), subject(request.args.get("subject", "")))

    @expose("/new", methods=["POST"])
    @guarded(Action.EDIT, "custom-fields")
    def define(self) -> Answer:
        form, about, actor = NewFieldForm(), subject(request.args.get("subject", "")), current_actor()
        return self._saved(
            form,
            lambda: operations.define_field(about.name, form.kind.data, form.values(), actor=actor),
            lambda status, problem: make_response(self._form(form, about, problem=problem), status),
        )

    @expose("/<int:field_id>")
    @guarded(Action.EDIT, "custom-fields")
    def edit(self, field_id: int) -> Answer:
        field = queries.get(field_id)
        return self._form(FieldForm.of(field), subject(field.subject), field)

    @expose("/<int:field_id>", methods=["POST"])
    @guarded(Action.EDIT, "custom-fields")
    def change(self, field_id: int) -> Answer:
        form, actor = FieldForm(), current_actor()
        queries.get(field_id)

        def again(status: int, problem: str) -> Answer:
            field = queries.get(field_id)
            if status == 412:
                form.version.data, form.version.raw_data = field.version, None
            return make_response(self._form(form, subject(field.subject), field, problem), status)

        def work() -> None:
            operations.change_field(field_id, form.values(), version=form.version.data, actor=actor)

        return self._saved(form, work, again)

    @expose("/<int:field_id>/retire", methods=["POST"])
    @guarded(Action.EDIT, "custom-fields")
    def retire(self, field_id: int) -> Answer:
        actor = current_actor()
        in_transaction(lambda: operations.retire_field(field_id, actor=actor))
        flash(gettext("The field is retired. What stands in it stays."), "success")
        return redirect(url_for("CustomFieldsView.show"))

    @expose("/<int:field_id>/restore", methods=["POST"])
    @guarded(Action.EDIT, "custom-fields")
    def restore(self, field_id: int) -> Answer:
        actor = current_actor()
        try:
            in_transaction(lambda: operations.restore_field(field_id, actor=actor))
        except Refused as refused:
            return make_response(self._page(refusal_text(refused)), 409)
        flash(gettext("The field is shown again."), "success")
        return redirect(url_for("CustomFieldsView.show"))

    @expose("/hidden", methods=["POST"])
    @guarded(Action.EDIT, "custom-fields")
    def hide(self) -> Answer:
        about, actor = subject(request.args.get("subject", "")), current_actor()
        form = HiddenForm.of(about)
        if not form.validate():
            return make_response(self._page(gettext("This field cannot be hidden.")), 400)
        hidden = frozenset(form.hidden.data or ())
        in_transaction(lambda: operations.hide_stock_fields(about.name, hidden, actor=actor))
        flash(gettext("Saved."), "success")
        return redirect(url_for("CustomFieldsView.show"))

    def _saved(self, form: Any, work: Callable[[], Any], again: Callable[[int, str], Answer]) -> Answer:
        """Do it and go back to the list; or show the form again, as it was typed, and why."""
        if not form.validate():
            return again(400, "")
        try:
            in_transaction(work)
        except Invalid as invalid:
            show_errors(form, invalid)
            return again(400, "")
        except Stale:
            return again(412, gettext("Somebody else has changed this field meanwhile. Saving now replaces it."))
        except Refused as refused:
            return again(409, refusal_text(refused))
        flash(gettext("Saved."), "success")
        return redirect(url_for("CustomFieldsView.show"))

    def _page(self, problem: str = "") -> str:
        about = [
            (each, subject_label(each), queries.defined(each.name), self._hidden_form(each)) for each in subjects()
        ]
        return self.render_template("fields/list.html", about=about, called=_called, problem=problem)

    def _hidden_form(self, about: Any) -> Any:
        if not about.stock:
            return None
        form = HiddenForm.of(about, formdata=None, data={"hidden": sorted(queries.hidden_of(about.name))})
        form.hidden.id = f"hidden-{about.name}"
        return form

    def _form(self, form: Any, about: Any, field: CustomField | None = None, problem: str = "") -> str:
        label = _called(field) if field else gettext("New field")
        return self.render_template(
            "fields/form.html", title=label, form=form, about=about, field_shown=field, problem=problem
        )


def _called(field: CustomField) -> str:
    """What a field is called in the reader's language, the retired ones too."""
    return queries.label_in(field.labels, str(get_locale()))
