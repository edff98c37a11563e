"""/exports: the long exports that one has asked for, how far they are, and the files."""

from flask import current_app, send_file
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import Forbidden, NotFound
from app.core.jobs.models import RunState
from app.core.permissions import Action
from app.exports import files, queries
from app.jobs import words
from app.tables import later
from app.tables.exporting import Format
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView


class ExportsView(HouseView):
    """Each sees his own alone. Getting a file writes nothing: that it is taken away was recorded when it was asked."""

    route_base = "/exports"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "profile")
    def show(self) -> str:
        actor = current_actor()
        runs = queries.own(actor)
        return self.render_template(
            "exports/list.html",
            title=gettext("My exports"),
            runs=runs,
            job=current_app.extensions["jobs"][later.JOB],
            words=words,
            title_of=_title_of,
            may_have={run.id for run in runs if _is_there(run) and queries.may_have(run, actor)},
            is_busy=any(run.state in later.UNDER_WAY for run in runs),
            days=files.KEPT.days,
        )

    @expose("/<int:run_id>/file")
    @guarded(Action.VIEW, "profile")
    def file(self, run_id: int) -> Response:
        actor = current_actor()
        run = queries.find_own(run_id, actor)
        if not _is_there(run):
            raise NotFound
        if not queries.may_have(run, actor):
            raise Forbidden
        format = Format(run.arguments["format"])
        day = clock.shop_clock().business_date(run.enqueued_at).isoformat()
        name = f"{run.arguments['export']}-{day}.{format}"
        path = files.path_of(run.arguments["file"], format)
        answer = send_file(path, format.mimetype, as_attachment=True, download_name=name, conditional=False, max_age=0)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _is_there(run: queries.JobRun) -> bool:
    path = files.path_of(run.arguments["file"], run.arguments["format"])
    return run.state is RunState.DONE and path.is_file()


def _title_of(run: queries.JobRun) -> str:
    export = later.find(run.arguments["export"])
    return str(export.title) if export else run.arguments["export"]
