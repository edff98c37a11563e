"""Who asks: what Flask-AppBuilder is told about users, sign-in and sessions."""

from flask import Flask, g, redirect, request, url_for
from flask_login import AnonymousUserMixin, LoginManager
from werkzeug.wrappers import Response

from app.staff import browser
from app.staff.models import Staff
from app.staff.sign_in_view import SignInView
from app.ui.access import HouseSecurity

# Programs show a token of their own; files and the state of health are for everybody, also without a database.
_WITHOUT_COOKIE = ("/api/v1/", "/static/", "/healthz", "/readyz", "/metrics")
# What is left to somebody whose role demands a second factor that he does not have yet.
_OPEN_BEFORE_SET_UP = frozenset(
    {"SecondFactorView.show", "SecondFactorView.set_up", "SignInView.logout", "LanguageView.change"}
)


class StaffSecurity(HouseSecurity):
    """The framework's security manager, with our administrators, our sign-in, and sessions that can be ended."""

    user_model = Staff
    authdbview = SignInView

    def create_login_manager(self, app: Flask) -> LoginManager:
        """Let the framework see whom we found. It keeps nothing of its own in the cookie."""
        manager = LoginManager(app)
        manager.session_protection = None
        manager.request_loader(lambda _request: g.get("user"))
        return manager

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        return False

    def before_request(self) -> Response | None:
        """Nobody asks, until a browser's cookie says who. `g.actor` is None for nobody.

        Who must set up a second factor first is led there from everywhere else.
        """
        g.user, g.actor, g.session_id, g.stores, g.store = AnonymousUserMixin(), None, None, (), None
        if not request.path.startswith(_WITHOUT_COOKIE):
            browser.recognise()
        is_elsewhere = g.get("must_set_up") and request.endpoint not in _OPEN_BEFORE_SET_UP
        return redirect(url_for("SecondFactorView.show")) if is_elsewhere else None
