"""/jobs: what the house does by itself, how it went, and a button to have it done now."""

from flask import abort, current_app, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.core.db import in_transaction
from app.core.jobs import Job
from app.core.jobs.models import RunState
from app.core.permissions import Action
from app.jobs import operations, queries, words
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

Answer = Response | str
RESOURCE = "jobs"
SHOWN = 50
UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)


class JobsView(HouseView):
    """Each job with its last run; while one is under way the page looks again by itself."""

    route_base = "/jobs"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, RESOURCE)
    def show(self) -> Answer:
        lines = queries.overview(_jobs().values())
        is_busy = any(line.last and line.last.state in UNDER_WAY for line in lines)
        return self._page("overview", gettext("Jobs"), lines=lines, is_busy=is_busy)

    @expose("/<name>")
    @guarded(Action.VIEW, RESOURCE)
    def runs(self, name: str) -> Answer:
        job = _jobs().get(name) or abort(404)
        found = queries.runs_of(name, SHOWN + 1, request.args.get("before", type=int))
        more = found[SHOWN - 1].id if len(found) > SHOWN else None
        is_busy = any(run.state in UNDER_WAY for run in found)
        return self._page("runs", gettext(job.label), job=job, runs=found[:SHOWN], more=more, is_busy=is_busy)

    @expose("/<name>/run", methods=["POST"])
    @guarded(Action.POST, RESOURCE)
    def run(self, name: str) -> Answer:
        actor, job = current_actor(), _jobs().get(name) or abort(404)
        in_transaction(lambda: operations.run_now(name, actor=actor))
        flash(gettext("%(job)s will be done at once.", job=gettext(job.label)), "success")
        return redirect(url_for("JobsView.show"))

    def _page(self, name: str, title: str, **context: object) -> str:
        may_run = current_actor().may(Action.POST, RESOURCE)
        return self.render_template(f"jobs/{name}.html", title=title, words=words, may_run=may_run, **context)


def _jobs() -> dict[str, Job]:
    return current_app.extensions["jobs"]
