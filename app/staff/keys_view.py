"""The keys of programs: made, shown once, revoked."""

from flask import flash, make_response, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.core import clock
from app.core.days import ONE_DAY
from app.core.db import in_transaction
from app.core.errors import Invalid, Refused
from app.core.permissions import Action
from app.staff import keys, operations
from app.staff.forms import ApiKeyForm
from app.staff.queries import token_hash
from app.staff.role_names import role_name
from app.ui.fields import show_errors
from app.ui.formats import refusal_text
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

Answer = Response | str


class ApiKeysView(HouseView):
    """`/api-keys`: which programs may work here, in which role and stores, and when they last did."""

    route_base = "/api-keys"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "api-keys")
    def show(self) -> str:
        return self.render_template(
            "staff/api_keys.html",
            title=gettext("API keys"),
            keys=keys.api_keys(),
            now=clock.real_now(),
            role_name=role_name,
            may_edit=current_actor().may(Action.EDIT, "api-keys"),
        )

    @expose("/new")
    @guarded(Action.EDIT, "api-keys")
    def new(self) -> str:
        return self._form(ApiKeyForm(formdata=None))

    @expose("/new", methods=["POST"])
    @guarded(Action.EDIT, "api-keys")
    def make(self) -> Answer:
        form, actor, secret = ApiKeyForm(), current_actor(), keys.new_key()
        if not form.validate():
            return make_response(self._form(form), 400)
        name, role, last_day = form.name.data or "", form.role.data, form.expires_on.data
        store_ids = [store.id for store in form.stores.data]
        expires_at = clock.start_of(last_day + ONE_DAY) if last_day else None
        try:
            in_transaction(
                lambda: operations.make_key(
                    name,
                    key_hash=token_hash(secret),
                    role=role,
                    store_ids=store_ids,
                    expires_at=expires_at,
                    actor=actor,
                )
            )
        except Invalid as invalid:
            return make_response(self._form(show_errors(form, invalid)), 400)
        except Refused as refused:
            return make_response(self._form(form, refusal_text(refused)), 409)
        return self.render_template("staff/api_key_made.html", title=gettext("New API key"), name=name, secret=secret)

    @expose("/<int(max=2147483647):key_id>/revoke", methods=["POST"])
    @guarded(Action.EDIT, "api-keys")
    def revoke(self, key_id: int) -> Response:
        actor = current_actor()
        in_transaction(lambda: operations.revoke_key(key_id, actor=actor))
        flash(gettext("The key is revoked. Whoever shows it is turned away from now on."), "success")
        return redirect(url_for("ApiKeysView.show"))

    def _form(self, form: ApiKeyForm, problem: str = "") -> str:
        return self.render_template("staff/api_key_form.html", title=gettext("New API key"), form=form, problem=problem)
