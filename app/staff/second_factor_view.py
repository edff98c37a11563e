"""A person's second factor: set up with a telephone, with codes on paper for the day it is lost."""

from typing import Any

from flask import current_app, flash, g, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.core.db import in_transaction
from app.core.errors import Invalid
from app.core.permissions import Action
from app.shop.queries import setting
from app.staff import operations
from app.staff import second_factor as codes
from app.staff.forms import PasswordForm, SetUpForm
from app.staff.queries import recovery_codes_left, second_factor_of
from app.staff.refusals import SecondFactorDemanded, WrongCredentials
from app.staff.sign_in import confirm_password
from app.ui.fields import show_errors
from app.ui.formats import refusal_text
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

Answer = Response | str
SET_UP_SECONDS = 3600


class SecondFactorView(HouseView):
    """`/profile/second-factor`. Every change of it asks for the password; codes for paper are shown once."""

    route_base = "/profile/second-factor"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "profile")
    def show(self) -> Answer:
        kept = second_factor_of(current_actor().staff_id or 0)
        if kept is None or "again" in request.args:
            return self._set_up_page(SetUpForm(formdata=None), codes.new_secret())
        return self._page(PasswordForm(formdata=None))

    @expose("", methods=["POST"])
    @guarded(Action.EDIT, "profile")
    def set_up(self) -> Answer:
        """Take the telephone that has shown the right code for the secret of this form."""
        form, actor, session_id = SetUpForm(), current_actor(), g.session_id
        offered = codes.unseal(form.sealed.data, _offer(), SET_UP_SECONDS)
        if offered is None:
            flash(gettext("This page was open for too long. Scan the new code."), "warning")
            return make_response(self._set_up_page(SetUpForm(formdata=None), codes.new_secret()), 400)
        secret = offered["secret"]
        try:
            steps = self._read(form, secret)
            verified = confirm_password(form.password.data or "", actor=actor)
        except Invalid as invalid:
            return make_response(self._set_up_page(show_errors(form, invalid), secret), 400)
        except WrongCredentials:
            return make_response(self._set_up_page(_wrong_password(form), secret), 400)
        sealed, shown = codes.seal({"secret": secret}, "secret"), codes.new_recovery_codes()
        hashes = [codes.recovery_hash(each) for each in shown]
        in_transaction(
            lambda: operations.set_up_second_factor(
                sealed,
                step=max(steps),
                recovery_hashes=hashes,
                verified_hash=verified,
                session_id=session_id,
                actor=actor,
            )
        )
        return self._show_codes(shown)

    @expose("/codes", methods=["POST"])
    @guarded(Action.EDIT, "profile")
    def renew(self) -> Answer:
        """New codes for paper; the old ones are worth nothing."""
        shown = codes.new_recovery_codes()
        hashes = [codes.recovery_hash(each) for each in shown]
        refused = self._with_password(
            lambda verified, actor: operations.renew_recovery_codes(hashes, verified_hash=verified, actor=actor)
        )
        return refused or self._show_codes(shown)

    @expose("/off", methods=["POST"])
    @guarded(Action.EDIT, "profile")
    def remove(self) -> Answer:
        """Sign in with the password alone again."""
        refused = self._with_password(
            lambda verified, actor: operations.remove_second_factor(verified_hash=verified, actor=actor)
        )
        if refused:
            return refused
        flash(gettext("From now on your password alone signs you in."), "success")
        return redirect(url_for("ProfileView.show"))

    def _with_password(self, work: Any) -> Answer | None:
        """Do it if the password is right. Answers the page that says why not, else None."""
        form, actor = PasswordForm(), current_actor()
        if not form.validate():
            return make_response(self._page(form), 400)
        try:
            verified = confirm_password(form.password.data or "", actor=actor)
            in_transaction(lambda: work(verified, actor))
        except WrongCredentials:
            return make_response(self._page(_wrong_password(form)), 400)
        except SecondFactorDemanded as refused:
            return make_response(self._page(form, refusal_text(refused)), 409)
        return None

    def _read(self, form: SetUpForm, secret: str) -> tuple[int, ...]:
        if not form.validate():
            raise Invalid
        steps = codes.matching_steps(secret, codes.plain(form.code.data or ""))
        if not steps:
            raise Invalid(code=gettext("This is not the code that the telephone shows now. Is its clock right?"))
        return steps

    def _set_up_page(self, form: SetUpForm, secret: str) -> str:
        form.sealed.data = codes.seal({"secret": secret}, _offer())
        issuer = setting("shop_name") or current_app.config["APP_NAME"]
        return self.render_template(
            "staff/second_factor_set_up.html",
            title=gettext("Second factor"),
            form=form,
            picture=codes.picture_of(codes.address_of(secret, current_actor().name, issuer)),
            spaced=codes.spaced(secret),
            is_demanded=g.get("must_set_up", False),
        )

    def _page(self, form: PasswordForm, problem: str = "") -> Answer:
        staff_id = current_actor().staff_id or 0
        kept = second_factor_of(staff_id)
        if kept is None:
            return redirect(url_for("SecondFactorView.show"))
        return self.render_template(
            "staff/second_factor.html",
            title=gettext("Second factor"),
            form=form,
            problem=problem,
            kept=kept,
            left=recovery_codes_left(staff_id),
        )

    def _show_codes(self, shown: list[str]) -> str:
        return self.render_template("staff/recovery_codes.html", title=gettext("Recovery codes"), codes=shown)


def _offer() -> str:
    """What an offered secret is sealed for: this person's set-up and no other."""
    return f"set-up {current_actor().staff_id}"


def _wrong_password(form: Any) -> Any:
    return show_errors(form, Invalid(password=gettext("This is not your present password.")))
