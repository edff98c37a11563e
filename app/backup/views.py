"""The backups of the house for its owner: which there are, one more, and one to take away."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from flask import flash, make_response, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.backup import operations
from app.backup.making import create, folder, new_name
from app.backup.reading import opened
from app.backup.refusals import BackupRefused
from app.core.db import in_transaction
from app.core.errors import NotFound
from app.core.permissions import Action
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

Answer = Response | str
MOST_SHOWN = 100
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
        return self._page()

    @expose("/create", methods=["POST"])
    @guarded(Action.POST, "backups")
    def create(self) -> Answer:
        actor, path = current_actor(), new_name("backup")
        try:
            made = create(path)
        except (BackupRefused, OSError) as failure:
            return make_response(self._page(str(failure)), 409)
        in_transaction(lambda: operations.note_creation(path.name, made.rows, actor=actor))
        flash(gettext("The backup is made: %(file)s.", file=path.name), "success")
        return redirect(url_for("BackupsView.list"))

    @expose("/download", methods=["POST"])
    @guarded(Action.EXPORT, "backups")
    def download(self) -> Answer:
        actor, path = current_actor(), _path_of(request.form.get("name", ""))
        in_transaction(lambda: operations.note_download(path.name, actor=actor))
        answer = send_file(path, "application/zip", as_attachment=True, conditional=False, max_age=0)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _page(self, problem: str = "") -> str:
        actor = current_actor()
        return self.render_template(
            "backup/list.html",
            kept=sorted(_kept(), key=lambda each: each.name.rpartition("-")[2], reverse=True)[:MOST_SHOWN],
            folder=str(folder()),
            problem=problem,
            can_create=actor.may(Action.POST, "backups"),
            can_download=actor.may(Action.EXPORT, "backups"),
        )


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
