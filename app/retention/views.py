"""The owner's page of archives: what has left, and what one customer did in a month that has."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from flask import current_app, make_response
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.core import days
from app.core.db import in_transaction
from app.core.errors import NotFound, Refused
from app.core.permissions import Action
from app.ledger.archives.models import ArchiveKind
from app.ledger.archives.queries import Archived
from app.retention import operations, queries
from app.retention.due import cut_offs
from app.retention.forms import LookForm
from app.retention.looking import Line, history_of, is_there
from app.ui.formats import refusal_text
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

Answer = Response | str


class ArchivesView(HouseView):
    """/archives: months that have left. Looking into one is written down, so it is a POST."""

    route_base = "/archives"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "archives")
    def show(self) -> Answer:
        return self._page(LookForm(formdata=None))

    @expose("/look", methods=["POST"])
    @guarded(Action.VIEW, "archives")
    def look(self) -> Answer:
        form, actor = LookForm(), current_actor()
        if not form.offer(_with_files(queries.all_archives())).validate():
            return make_response(self._page(form), 400)
        archive = queries.archive_of_postings(date.fromisoformat(form.month.data))
        try:
            person = queries.person(form.customer.data or "")
        except NotFound:
            form.customer.errors = [gettext("There is no such customer.")]
            return make_response(self._page(form), 400)
        note = partial(operations.note_look, person.id, archive.first_day, actor=actor)
        in_transaction(note)
        try:
            found = history_of(archive, person.id, _folder())
        except Refused as refused:
            return make_response(self._page(form, problem=refusal_text(refused)), 409)
        return self._page(form, person=person, found=found, month=f"{archive.first_day:%Y-%m}")

    def _page(
        self,
        form: LookForm,
        *,
        problem: str = "",
        person: queries.Person | None = None,
        found: list[Line] | None = None,
        month: str = "",
    ) -> str:
        kept, folder = queries.all_archives(), _folder()
        return self.render_template(
            "retention/archives.html",
            title=gettext("Archives"),
            archives=[_row(archive, folder) for archive in kept],
            limits={kind.value: day for kind, day in cut_offs(days.today()).items()},
            form=form.offer(_with_files(kept)),
            problem=problem,
            person=person,
            found=found,
            month=month,
        )


def _folder() -> Path:
    return Path(current_app.config["ARCHIVE_DIR"])


def _with_files(kept: list[Archived]) -> list[Archived]:
    return [archive for archive in kept if archive.kind is ArchiveKind.POSTINGS and archive.file]


def _row(archive: Archived, folder: Path) -> dict[str, Any]:
    told = archive.manifest
    return {
        "month": f"{archive.first_day:%Y-%m}",
        "kind": archive.kind,
        "state": archive.state,
        "rows": sum(told.get("counts", {}).values()),
        "size": told.get("bytes"),
        "file": archive.file,
        "sha256": told.get("sha256", ""),
        "is_there": is_there(archive, folder),
    }
