"""RecordsView: generated forms whose writes go through verbs, never through the framework's own add and edit."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import abort, flash, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.fields import QuerySelectMultipleField
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response
from wtforms import HiddenField

from app.core.errors import Invalid, NotFound, Refused, Stale
from app.core.permissions import Action
from app.extensions import db
from app.ui import formats
from app.ui.converter import HouseConverter
from app.ui.guard import by_method
from app.ui.registers import RegisterView


class RecordsView(RegisterView):
    """A register whose rows are made, changed and removed through verbs of the room.

    A subclass implements `create(data)`, `change(item_id, data)`, `remove(item_id)`, each by calling
    `in_transaction(...)`, and leaves a route out with `exclude_route_methods`. data: the posted values by column;
    of a relation, the key of the row under the name of its foreign key, or a list of keys. A model with a
    `version` gets it as data["version"]: the one that the form was filled from, which the verb compares.
    """

    own_permissions: ClassVar[Mapping[str, str]] = {
        **RegisterView.own_permissions,
        "add": Action.EDIT,
        "edit": Action.EDIT,
        "delete": Action.REMOVE,
    }
    add_form: Any = None
    edit_form: Any = None
    added_message = _("Saved.")
    changed_message = _("Saved.")
    removed_message = _("Removed.")
    stale_message = _("Somebody else has changed this meanwhile. What is there now stands beside each field.")
    remove_question = _("Remove this? It cannot be undone.")

    def create(self, data: dict[str, Any]) -> Any:
        """Make a row by a verb."""
        raise NotImplementedError

    def change(self, item_id: int, data: dict[str, Any]) -> Any:
        """Change a row by a verb."""
        raise NotImplementedError

    def remove(self, item_id: int) -> Any:
        """Remove a row by a verb."""
        raise NotImplementedError

    def after_saving(self, answer: Any) -> str:
        """Where to go when a verb was done. answer: what create, change or remove returned."""
        return self.address("list")

    def filled_from(self, item: Any) -> Any:
        """What the form of a row shows at first, by attribute: the row, unless some of it is not for everybody."""
        return item

    # Forms

    def _init_forms(self) -> None:
        self.add_form = self.add_form or self._form(
            self.add_columns, self.add_form_extra_fields, self.add_form_query_rel_fields
        )
        self.edit_form = self.edit_form or self._form(
            self.edit_columns, self.edit_form_extra_fields, self.edit_form_query_rel_fields
        )
        if "version" in self.datamodel.list_columns and not hasattr(self.edit_form, "version"):
            self.edit_form.version = HiddenField()

    def _form(self, columns: Any, extra: Any, choices: Any) -> Any:
        rules = {name: [*given] for name, given in self.validators_columns.items()}
        made = HouseConverter(self.datamodel)
        return made.create_form(self.label_columns, columns, self.description_columns, rules, extra, choices)

    def posted(self, form: Any) -> dict[str, Any]:
        """What a valid form holds, as plain values and keys: rows read here are of another transaction."""
        data: dict[str, Any] = {}
        for field in form:
            if field.name == "csrf_token":
                continue
            name, value = field.name, field.data
            if self.datamodel.is_relation(name):
                name, value = self._keys(field)
            data[name] = value
        if "version" in data:
            data["version"] = int(data["version"]) if str(data["version"]).isdecimal() else abort(400)
        return data

    def _keys(self, field: Any) -> tuple[str, Any]:
        key_of = self.datamodel.get_related_interface(field.name).get_pk_value
        if isinstance(field, QuerySelectMultipleField):
            return field.name, [key_of(row) for row in field.data]
        return self.datamodel.foreign_key(field.name).key, None if field.data is None else key_of(field.data)

    # Pages

    @expose("/add", methods=["GET", "POST"])
    @by_method
    def add(self) -> Any:
        form = self.add_form()
        if request.method == "GET":
            return self._form_page(form, "add")
        if not form.validate():
            return self._form_page(form, "add", 400)
        return self._tried(lambda: self.create(self.posted(form)), form, "add", self.added_message)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @by_method
    def edit(self, pk: str) -> Any:
        item = self._item(pk)
        if request.method == "GET":
            return self._form_page(self.edit_form(formdata=None, obj=self.filled_from(item)), "edit", item=item)
        form = self.edit_form()
        if not form.validate():
            return self._form_page(form, "edit", 400, item=item)
        key, data = self.datamodel.get_pk_value(item), self.posted(form)
        return self._tried(lambda: self.change(key, data), form, "edit", self.changed_message, pk)

    @expose("/delete/<pk>", methods=["POST"])
    @by_method
    def delete(self, pk: str) -> Any:
        item = self._item(pk)
        try:
            answer = self.remove(self.datamodel.get_pk_value(item))
        except Refused as refused:
            return make_response(self.render_record(self._item(pk), formats.refusal_text(refused)), 409)
        except IntegrityError:
            db.session.rollback()
            problem = gettext("Other records depend on this one.")
            return make_response(self.render_record(self._item(pk), problem), 409)
        flash(self.removed_message, "success")
        return redirect(self.after_saving(answer))

    def _tried(self, verb: Any, form: Any, page: str, done: Any, pk: str = "") -> Response:
        """Do it; when it is not done, show the form as it was typed, with what was said."""
        try:
            answer = verb()
        except Refused as refused:
            return self._form_page(form, page, 409, formats.refusal_text(refused), pk=pk)
        except Invalid as invalid:
            return self._form_page(form, page, 400, _place(form, invalid), pk=pk)
        except Stale:
            return self._stale_page(form, page, pk)
        except NotFound:
            abort(404)
        except IntegrityError:
            db.session.rollback()
            said = gettext("This contradicts something that is there already.")
            return self._form_page(form, page, 409, said, pk=pk)
        flash(done, "success")
        return redirect(self.after_saving(answer))

    def _stale_page(self, form: Any, page: str, pk: str) -> Response:
        """The form as typed, with the present values beside it; sent again, it is compared with those."""
        db.session.rollback()
        item = self._item(pk)
        for name in self.edit_columns:
            if name in form and getattr(item, name, None) != form[name].data:
                form[name].present = self._shown(item, name)
        if "version" in form:
            form.version.data = form.version.raw_data = None
            form.version.process_data(item.version)
        return self._form_page(form, page, 412, str(self.stale_message), item=item)

    def _shown(self, item: Any, name: str) -> str:
        return str(self.formatters_columns.get(name, formats.anything)(getattr(item, name)))

    def _form_page(
        self, form: Any, page: str, status: int = 200, problem: str = "", *, item: Any = None, pk: str = ""
    ) -> Response:
        item = item if item is not None or not pk else self._item(pk)
        body = self.render_template(
            getattr(self, f"{page}_template"),
            title=getattr(self, f"{page}_title"),
            form=form,
            fieldsets=getattr(self, f"{page}_fieldsets"),
            columns=[name for name in getattr(self, f"{page}_columns") if name in form],
            view=self,
            item=item,
            problem=problem,
        )
        return make_response(body, status)


def _place(form: Any, invalid: Invalid) -> str:
    """Put each message beside its field; returns those that have none."""
    loose = []
    for name, message in invalid.errors.items():
        messages = [gettext(str(each)) for each in (message if isinstance(message, list | tuple) else [message])]
        if name in form:
            form[name].errors = [*form[name].errors, *messages]
        else:
            loose += messages
    return " ".join(loose) or gettext("Some of it cannot be taken. See below.")
