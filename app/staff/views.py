"""A person's own pages: who he is, his password, the store he works in."""

from flask import abort, flash, g, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.core.db import in_transaction
from app.core.errors import Invalid, Stale
from app.core.permissions import Action
from app.extensions import db
from app.staff import browser
from app.staff.forms import OwnPasswordForm, ProfileForm
from app.staff.models import Staff
from app.staff.operations import change_own_profile
from app.staff.queries import second_factor_of
from app.staff.refusals import EmailTaken, WrongCredentials
from app.staff.role_names import role_name
from app.staff.sign_in import change_password
from app.ui.fields import show_errors
from app.ui.formats import refusal_text
from app.ui.guard import current_actor, guarded
from app.ui.languages import back_to
from app.ui.views import HouseView

Answer = Response | str


class ProfileView(HouseView):
    """`/profile`: one's own record, and never another's."""

    route_base = "/profile"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "profile")
    def show(self) -> Answer:
        staff = _myself()
        return self._page(ProfileForm(data=_typed(staff)), staff)

    @expose("", methods=["POST"])
    @guarded(Action.EDIT, "profile")
    def change(self) -> Answer:
        form = ProfileForm()
        if not form.validate():
            return make_response(self._page(form, _myself()), 400)
        actor, version = current_actor(), request.form.get("version", type=int)
        given = {name: form[name].data for name in ("display_name", "phone", "email")}
        try:
            in_transaction(lambda: change_own_profile(actor=actor, version=version, **given))
        except Invalid as invalid:
            return make_response(self._page(show_errors(form, invalid), _myself()), 400)
        except EmailTaken as refused:
            return make_response(self._page(show_errors(form, Invalid(email=refusal_text(refused))), _myself()), 409)
        except Stale:
            flash(gettext("Your profile was changed meanwhile. This is how it is now."), "warning")
            staff = _myself()
            return make_response(self._page(ProfileForm(formdata=None, data=_typed(staff)), staff), 412)
        flash(gettext("Saved."), "success")
        return redirect(url_for("ProfileView.show"))

    def _page(self, form: ProfileForm, staff: Staff) -> str:
        return self.render_template(
            "staff/profile.html",
            title=gettext("My profile"),
            form=form,
            staff=staff,
            role=role_name(staff.role),
            stores=g.stores,
            has_second_factor=second_factor_of(staff.id) is not None,
        )


class OwnPasswordView(HouseView):
    """`/profile/password`: asks for the present password; every other session of the person ends."""

    route_base = "/profile/password"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "profile")
    def show(self) -> Answer:
        return self._page(OwnPasswordForm())

    @expose("", methods=["POST"])
    @guarded(Action.EDIT, "profile")
    def change(self) -> Answer:
        form = OwnPasswordForm()
        if not form.validate():
            return make_response(self._page(form), 400)
        actor, session_id = current_actor(), g.session_id
        try:
            change_password(form.old.data or "", form.password.data or "", session_id=session_id, actor=actor)
        except Invalid as invalid:
            return make_response(self._page(show_errors(form, invalid)), 400)
        except WrongCredentials:
            wrong = Invalid(old=gettext("This is not your present password."))
            return make_response(self._page(show_errors(form, wrong)), 400)
        flash(gettext("Your password is changed. Every other place where you were signed in is signed out."), "success")
        return redirect(url_for("ProfileView.show"))

    def _page(self, form: OwnPasswordForm) -> str:
        return self.render_template("staff/own_password.html", title=gettext("Change password"), form=form)


class StoreView(HouseView):
    """`/store`: in which of his stores a person works now."""

    route_base = "/store"
    default_view = "choose"

    @expose("")
    @guarded(Action.VIEW, "profile")
    def choose(self) -> Answer:
        wanted = back_to(request.args.get("next"))
        return self.render_template(
            "staff/choose_store.html", title=_("Where do you work today?"), stores=g.stores, next=wanted
        )

    @expose("", methods=["POST"])
    @guarded(Action.VIEW, "profile")
    def change(self) -> Answer:
        store_id = request.form.get("store", type=int)
        if store_id is None or store_id not in {store.id for store in g.stores}:
            abort(404)
        browser.choose_store(store_id)
        return redirect(back_to(request.form.get("next")))


def _myself() -> Staff:
    db.session.rollback()
    return db.session.get_one(Staff, current_actor().id)


def _typed(staff: Staff) -> dict[str, str | None]:
    return {"display_name": staff.display_name, "phone": staff.phone, "email": staff.own_email}
