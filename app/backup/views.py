"""The backups of the house for its owner: which there are, one more, and one to take away."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from flask import current_app, flash, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.backup import operations
from app.backup.making import folder
from app.backup.nightly import DRILL
from app.backup.operations import CREATE
from app.backup.reading import opened
from app.backup.refusals import BackupRefused
from app.core.db import in_transaction
from app.core.errors import NotFound
from app.core.jobs.models import RunState
from app.core.permissions import Action
from app.jobs import queries as jobs
from app.jobs import words
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

Answer = Response | str
MOST_SHOWN = 100
UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)
MEGABYTE = 1_000_000


class Kept(NamedTuple):
    """One file. made_at, rows: None when it is damaged."""

    name: str
    megabytes: float
    made_at: datetime | None = None
    rows: int | None = None


class BackupsView(HouseView):
    """/backups. Downloading hands out all personal data: it is a POST with a grant of its own, and is recorded."""

    route_base = "/backups"
    default_view = "list"

    @expose("")
    @guarded(Action.VIEW, "backups")
    def list(self) -> Answer:
        actor, known = current_actor(), current_app.extensions["jobs"]
        lines = jobs.overview([known[name] for name in (CREATE, DRILL)])
        return self.render_template(
            "backup/list.html",
            kept=sorted(_kept(), key=lambda each: each.name.rpartition("-")[2], reverse=True)[:MOST_SHOWN],
            folder=str(folder()),
            lines=[line for line in lines if line.last],
            is_busy=any(line.last and line.last.state in UNDER_WAY for line in lines),
            words=words,
            can_create=actor.may(Action.POST, "backups"),
            can_download=actor.may(Action.EXPORT, "backups"),
        )

    @expose("/create", methods=["POST"])
    @guarded(Action.POST, "backups")
    def create(self) -> Answer:
        actor = current_actor()
        in_transaction(lambda: operations.ask_for_one(actor=actor))
        flash(gettext("The backup is being made."), "info")
        return redirect(url_for("BackupsView.list"))

    @expose("/download", methods=["POST"])
    @guarded(Action.EXPORT, "backups")
    def download(self) -> Answer:
        actor, path = current_actor(), _path_of(request.form.get("name", ""))
        in_transaction(lambda: operations.note_download(path.name, actor=actor))
        answer = send_file(path, "application/zip", as_attachment=True, conditional=False, max_age=0)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _path_of(name: str) -> Path:
    """The file of that name in the folder of backups, and nothing else. Raises NotFound."""
    found = next((path for path in folder().glob("*.zip") if path.name == name and path.is_file()), None)
    if found is None:
        raise NotFound
    return found


def _kept() -> Iterator[Kept]:
    for path in folder().glob("*.zip"):
        size = path.stat().st_size / MEGABYTE
        try:
            with opened(path) as backup:
                manifest = backup.manifest
        except BackupRefused:
            yield Kept(path.name, size)
        else:
            yield Kept(path.name, size, datetime.fromisoformat(manifest.created_at), manifest.rows)
