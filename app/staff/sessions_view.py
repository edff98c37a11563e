"""A person's own open sessions, and an end to each."""

from flask import flash, g, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.core.db import in_transaction
from app.core.permissions import Action
from app.staff.agents import described
from app.staff.operations import end_other_sessions, end_own_session
from app.staff.queries import own_sessions
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView


class OwnSessionsView(HouseView):
    """`/profile/sessions`: where one is signed in. Another person's are neither shown nor ended."""

    route_base = "/profile/sessions"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "profile")
    def show(self) -> str:
        return self.render_template(
            "staff/sessions.html",
            title=gettext("Where you are signed in"),
            sessions=own_sessions(current_actor().staff_id or 0),
            this=g.session_id,
            described=described,
        )

    @expose("/<int(max=2147483647):session_id>/end", methods=["POST"])
    @guarded(Action.EDIT, "profile")
    def end(self, session_id: int) -> Response:
        actor = current_actor()
        in_transaction(lambda: end_own_session(session_id, actor=actor))
        flash(gettext("That session is ended."), "success")
        return redirect(url_for("OwnSessionsView.show"))

    @expose("/others", methods=["POST"])
    @guarded(Action.EDIT, "profile")
    def end_others(self) -> Response:
        actor, session_id = current_actor(), g.session_id
        ended = in_transaction(lambda: end_other_sessions(session_id, actor=actor))
        flash(gettext("Sessions ended: %(count)s.", count=ended), "success")
        return redirect(url_for("OwnSessionsView.show"))
