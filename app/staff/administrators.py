"""The list of administrators, for those who may see it, and what they may do there."""

from typing import Any

from flask import flash, make_response, redirect
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.models.filters import BaseFilter
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Query
from werkzeug.wrappers import Response

from app.core.db import in_transaction
from app.core.errors import N_, Invalid
from app.core.permissions import Action
from app.extensions import db
from app.staff import operations
from app.staff.forms import ChangedAdministratorForm, NewAdministratorForm, NewPasswordForm
from app.staff.models import Staff, own_email
from app.staff.passwords import hash_password
from app.staff.queries import second_factor_of
from app.staff.role_names import role_name
from app.staff.rules import check_password
from app.ui.fields import show_errors
from app.ui.formats import anything
from app.ui.guard import current_actor, guarded
from app.ui.interface import HouseInterface
from app.ui.views import RecordsView


class NotRemoved(BaseFilter):
    name = "Not removed"
    arg_name = "not-removed"

    def apply(self, query: Query, value: Any) -> Query:
        return query.filter(Staff.deleted_at.is_(None))


class AdministratorsView(RecordsView):
    """/administrators/list/: who may sign in, as what, and where. Those who were removed live on in the records."""

    datamodel = HouseInterface(Staff, eager=("roles", "stores"))
    route_base = "/administrators"
    class_permission_name = "staff"
    method_permission_name = {"unlock": Action.EDIT}
    base_filters = (("deleted_at", NotRemoved, None),)
    base_order = ("username", "asc")
    list_title, show_title = _("Administrators"), _("Administrator")
    add_title, edit_title = _("New administrator"), _("Change administrator")
    show_template = "staff/administrator.html"
    list_columns = ("username", "display_name", "role", "stores", "status", "last_sign_in_at")
    show_columns = (*list_columns, "last_seen_address", "phone", "email", "password_changed_at")
    search_columns = ("username", "display_name", "phone", "active", "stores")
    order_columns = ("username", "display_name")
    add_columns = ("username", "display_name", "role", "stores", "phone", "email", "password", "again")
    edit_columns = ("display_name", "role", "stores", "phone", "email", "active")
    add_form, edit_form = NewAdministratorForm, ChangedAdministratorForm
    remove_question = _("Remove this administrator? The name cannot be used again; history stays readable.")
    formatters_columns = {
        "role": lambda role: role_name(role) or anything(role),
        "email": lambda it: anything(own_email(it)),
    }
    label_columns = {
        "username": _("User name"),
        "display_name": _("Display name"),
        "role": _("Role"),
        "stores": _("Stores"),
        "status": _("Status"),
        "active": _("May sign in"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "last_sign_in_at": _("Last sign-in"),
        "last_seen_address": _("From address"),
        "password_changed_at": _("Password changed"),
    }

    def create(self, data: dict[str, Any]) -> int:
        actor, username = current_actor(), data["username"]
        check_password(data["password"], username)
        hashed = hash_password(data["password"])
        particulars = {name: data[name] for name in ("role", "display_name", "phone", "email")}
        particulars["store_ids"] = data["stores"]
        return in_transaction(
            lambda: operations.create_staff(username, password_hash=hashed, actor=actor, **particulars)
        )

    def change(self, item_id: int, data: dict[str, Any]) -> None:
        actor, version = current_actor(), data["version"]
        particulars = {name: data[name] for name in ("role", "display_name", "phone", "email")}
        particulars |= {"store_ids": data["stores"], "is_active": data["active"]}
        in_transaction(lambda: operations.change_staff(item_id, actor=actor, version=version, **particulars))

    def remove(self, item_id: int) -> None:
        actor = current_actor()
        in_transaction(lambda: operations.remove_staff(item_id, actor=actor))

    @action("unlock", N_("Unlock"), icon="fa-lock-open", multiple=False)
    def unlock(self, item: Staff) -> Response:
        """Let him try again at once after too many failures."""
        actor, staff_id, name = current_actor(), item.id, item.username
        in_transaction(lambda: operations.unlock(staff_id, actor=actor))
        flash(gettext("%(name)s may try to sign in again.", name=name), "success")
        return redirect(self.address("show", pk=staff_id))

    @expose("/password/<pk>")
    @guarded(Action.EDIT, "staff")
    def password(self, pk: str) -> str:
        return self._password_page(NewPasswordForm(), self._item(pk))

    @expose("/password/<pk>", methods=["POST"])
    @guarded(Action.EDIT, "staff")
    def set_password(self, pk: str) -> Response:
        """Give him another password, which signs him out everywhere."""
        form, staff = NewPasswordForm(), self._item(pk)
        actor, staff_id, name = current_actor(), staff.id, staff.username
        if not form.validate():
            return make_response(self._password_page(form, staff), 400)
        try:
            check_password(form.password.data or "", name)
        except Invalid as invalid:
            return make_response(self._password_page(show_errors(form, invalid), staff), 400)
        db.session.rollback()  # hashing is slow, and nothing may wait for it
        hashed = hash_password(form.password.data or "")
        in_transaction(lambda: operations.set_password(staff_id, hashed, actor=actor))
        flash(gettext("%(name)s has a new password and is signed out everywhere.", name=name), "success")
        return redirect(self.address("show", pk=staff_id))

    @expose("/second-factor/<pk>", methods=["POST"])
    @guarded(Action.EDIT, "staff")
    def reset_second_factor(self, pk: str) -> Response:
        """Let somebody in who has lost his telephone: his password alone signs him in again."""
        staff = self._item(pk)
        actor, staff_id, name = current_actor(), staff.id, staff.username
        in_transaction(lambda: operations.reset_second_factor(staff_id, actor=actor))
        flash(gettext("The second factor of %(name)s is taken off.", name=name), "success")
        return redirect(self.address("show", pk=staff_id))

    def has_second_factor(self, pk: Any) -> bool:
        return second_factor_of(int(pk)) is not None

    def _password_page(self, form: NewPasswordForm, staff: Staff) -> str:
        title = gettext("New password for %(name)s", name=staff.username)
        return self.render_template(
            "staff/set_password.html", title=title, form=form, back=self.address("show", pk=staff.id)
        )
