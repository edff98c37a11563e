"""The sign-in page, and the way out."""

from typing import Any

from flask import flash, g, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.views import AuthDBView
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from app.core.db import in_transaction
from app.core.errors import TooManyTries
from app.staff import browser
from app.staff.forms import CodeForm, SignInForm
from app.staff.models import SessionKind, Staff
from app.staff.operations import end_session
from app.staff.queries import open_stores, password_is_old
from app.staff.refusals import SecondFactorNeeded, WrongCredentials
from app.staff.rights import actor_for
from app.staff.sign_in import Caller, finish_sign_in, sign_in
from app.ui.guard import signed_in
from app.ui.languages import back_to


class SignInView(AuthDBView):
    """`/login/` and `/logout/`. Signing out is a POST: no picture on another site can do it."""

    title = lazy_gettext("Sign in")

    @expose("/login/", methods=["GET", "POST"])
    @no_cache
    def login(self) -> Response | str:
        wanted = back_to(request.args.get("next"))
        if request.method == "GET" and signed_in():
            return redirect(wanted)
        form = SignInForm()
        if request.method == "GET":
            return self._page(form)
        if not form.validate():
            return make_response(self._page(form), 400)
        try:
            staff = self._sign_in(form)
        except SecondFactorNeeded as needed:
            browser.keep_pending(browser.Pending(form.username.data or "", needed.mark))
            return redirect(url_for("SignInView.code", next=wanted if wanted != "/" else None))
        except WrongCredentials:
            flash(gettext("The user name or the password is wrong."), "danger")
            return make_response(self._page(form), 400)
        except TooManyTries as locked:
            return self._locked(form, locked)
        return redirect(_after_sign_in(staff, wanted))

    @expose("/login/code", methods=["GET", "POST"])
    @no_cache
    def code(self) -> Response | str:
        """The second step: asked of who has a second factor, whether the password was right or not."""
        pending, form = browser.pending(), CodeForm()
        if pending is None:
            return redirect(self.appbuilder.get_url_for_login)
        if request.method == "GET":
            return self._page(form)
        if not form.validate():
            return make_response(self._page(form), 400)
        try:
            caller = Caller(SessionKind.BROWSER, request.remote_addr, request.user_agent.string, g.session_id)
            token, staff = finish_sign_in(pending.username, form.code.data or "", mark=pending.mark, caller=caller)
        except WrongCredentials:
            flash(gettext("The user name, the password or the code is wrong. Each code is good once."), "danger")
            return make_response(self._page(CodeForm(formdata=None)), 400)
        except TooManyTries as locked:
            return self._locked(CodeForm(formdata=None), locked)
        browser.enter(token)
        return redirect(_after_sign_in(staff, back_to(request.args.get("next"))))

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        """End the session, so that a copy of its cookie is worth nothing."""
        actor, session_id = signed_in(), g.session_id
        if actor and session_id:
            in_transaction(lambda: end_session(session_id, actor=actor))
        browser.leave()
        return redirect(self.appbuilder.get_url_for_login)

    def _locked(self, form: Any, locked: TooManyTries) -> Response:
        minutes = -(-locked.seconds // 60)
        flash(gettext("Too many tries. Wait %(minutes)s minutes, then try again.", minutes=minutes), "danger")
        return make_response(self._page(form), 429, {"Retry-After": str(locked.seconds)})

    def _page(self, form: Any) -> str:
        return self.render_template(self.login_template, title=self.title, form=form)

    def _sign_in(self, form: SignInForm) -> Staff:
        token, staff = sign_in(
            form.username.data or "",
            form.password.data or "",
            kind=SessionKind.BROWSER,
            address=request.remote_addr,
            user_agent=request.user_agent.string,
            replaces=g.session_id,
        )
        browser.enter(token)
        return staff


def _after_sign_in(staff: Staff, wanted: str) -> str:
    """Where he wanted to go, by way of choosing a store when he has several."""
    if password_is_old(staff):
        flash(gettext("Your password is old. It is time to change it."), "warning")
    stores = open_stores(actor_for(staff, request.remote_addr).stores)
    return url_for("StoreView.choose", next=wanted) if len(stores) > 1 else wanted
