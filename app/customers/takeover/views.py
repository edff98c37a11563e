"""Taking over a list in the browser: upload, name the columns, see the report, apply. A page for each kind of list."""

from collections.abc import Iterator
from typing import Any

from flask import Response as Streamed
from flask import flash, make_response, redirect, request, stream_with_context, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.core.db import in_transaction
from app.core.errors import N_, Refused
from app.core.permissions import Action, Grant
from app.customers.models import CustomerImport, ImportState
from app.customers.takeover import flow, jobs, kept, operations, queries, report
from app.customers.takeover.forms import UploadForm, chosen_fields
from app.customers.takeover.kinds import ListKind
from app.customers.takeover.layout import Layout
from app.customers.takeover.refusals import BadFile, Interrupted
from app.shop.queries import open_stores
from app.ui.formats import refusal_text
from app.ui.guard import by_method, current_actor
from app.ui.views import HouseView

Answer = Response | str
SHOWN = 50
POSTS = frozenset({"receive", "check", "apply", "discard"})
STATES = {
    ImportState.UPLOADED: (N_("Columns to name"), "info"),
    ImportState.STAGING: (N_("Being checked"), "info"),
    ImportState.STAGED: (N_("Checked"), "warn"),
    ImportState.APPLYING: (N_("Being taken over"), "info"),
    ImportState.APPLIED: (N_("Taken over"), "good"),
    ImportState.FAILED: (N_("Failed"), "bad"),
}


class ListView(HouseView):
    """One list after the other. Whatever takes long is done by a job, and its page looks after it.

    A kind of list is a subclass: kind, resource (of its grants), and what it says.
    """

    kind: ListKind
    resource: str
    list_url: str
    default_view = "start"

    def grant_of(self, method: str) -> Grant:
        """What a method of the page needs."""
        return Grant(Action.POST if method in POSTS else Action.VIEW, self.resource)

    def words(self) -> dict[str, str]:
        """What its pages say: title, file, intro, list, applied."""
        raise NotImplementedError

    def apply_words(self, count: int) -> str:
        """What stands on the button that applies so many rows."""
        raise NotImplementedError

    @expose("")
    @by_method
    def start(self) -> Answer:
        return self._start(self._form())

    @expose("", methods=["POST"])
    @by_method
    def receive(self) -> Answer:
        form = self._form()
        if not form.validate():
            return make_response(self._start(form), 400)
        flow.forget_abandoned(actor=current_actor())
        upload, name = form.file.data, kept.keep(form.file.data.stream)
        try:
            import_id = self._begin(name, upload.filename or "", form.store.data)
        except BadFile as bad:
            kept.drop(name)
            form.file.errors = [refusal_text(bad)]
            return make_response(self._start(form), 400)
        except BaseException:
            kept.drop(name)
            raise
        return redirect(url_for(".show", import_id=import_id))

    def _begin(self, name: str, file_name: str, store_id: int) -> int:
        actor = current_actor()
        layout, height = flow.look(kept.path_of(name), self.kind)
        return in_transaction(
            lambda: operations.begin(
                self.kind,
                file_name,
                store_id=store_id,
                upload=name,
                layout=layout.as_json(),
                rows_total=height,
                actor=actor,
            )
        )

    def _found(self, import_id: int) -> CustomerImport:
        return queries.find(import_id, actor=current_actor(), kind=self.kind.name)

    def _form(self) -> UploadForm:
        actor = current_actor()
        form = UploadForm().offer([store for store in open_stores() if actor.reaches(store.id)])
        form.file.label.text = self.words()["file"]
        return form

    def _start(self, form: UploadForm) -> str:
        actor = current_actor()
        return self.render_template(
            "customers/import_start.html",
            title=self.words()["title"],
            form=form,
            imports=queries.latest(self.kind.name, actor=actor),
            states=STATES,
            kind=self.kind,
            words=self.words(),
            may_post=actor.may(Action.POST, self.resource),
        )

    @expose("/<int:import_id>")
    @by_method
    def show(self, import_id: int) -> Answer:
        found = self._found(import_id)
        if _is_stalled(found):
            return self._failed(found, refusal_text(Interrupted()))
        return self._pages[found.state](self, found)

    @expose("/<int:import_id>/progress")
    @by_method
    def progress(self, import_id: int) -> Answer:
        found = self._found(import_id)
        done, total = _progress(found)
        state = "stalled" if _is_stalled(found) else found.state.value
        answer = make_response({"state": state, "done": done, "total": total})
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @expose("/<int:import_id>/refused.csv")
    @by_method
    def refused(self, import_id: int) -> Answer:
        found = self._found(import_id)
        lines: Iterator[str] = stream_with_context(report.as_csv(queries.refused_rows(found.id), self.kind, gettext))
        headers = {"Content-Disposition": f"attachment; filename=refused-rows-{found.id}.csv"}
        return Streamed(lines, mimetype="text/csv", headers=headers)

    @expose("/<int:import_id>/columns")
    @by_method
    def columns(self, import_id: int) -> Answer:
        """The columns of a list that was checked already, to name them otherwise."""
        found = self._found(import_id)
        if found.state not in operations.READY:
            return redirect(url_for(".show", import_id=import_id))
        return self._columns(found)

    @expose("/<int:import_id>/check", methods=["POST"])
    @by_method
    def check(self, import_id: int) -> Answer:
        actor = current_actor()
        self._found(import_id)
        flow.give_up_dead(import_id, actor=actor)
        found = self._found(import_id)
        layout, path = Layout.kept(found.layout, self.kind), kept.path_of(found.upload or "gone")
        try:
            if "columns" in request.form:
                layout = layout.assigned(chosen_fields(request.form, len(layout.headings), self.kind))
        except BadFile as bad:
            return make_response(self._columns(found, refusal_text(bad)), 400)
        if not path.is_file():
            flash(gettext("The file is no longer here. Upload it again."), "warning")
            return redirect(url_for(".start"))
        jobs.ask_check(import_id, layout, actor=actor)
        return redirect(url_for(".show", import_id=import_id))

    @expose("/<int:import_id>/apply", methods=["POST"])
    @by_method
    def apply(self, import_id: int) -> Answer:
        self._found(import_id)
        jobs.ask_apply(self.kind, import_id, actor=current_actor())
        return redirect(url_for(".show", import_id=import_id))

    @expose("/<int:import_id>/discard", methods=["POST"])
    @by_method
    def discard(self, import_id: int) -> Answer:
        actor = current_actor()
        self._found(import_id)
        flow.give_up_dead(import_id, actor=actor)
        flow.forget(import_id, actor=actor)
        flash(gettext("The list was discarded. Nothing was taken over."), "success")
        return redirect(url_for(".start"))

    def _columns(self, found: CustomerImport, refusal: str = "") -> str:
        layout, sent = Layout.kept(found.layout, self.kind), request.form
        columns = [
            {
                "place": place,
                "heading": heading,
                "examples": [row[place] for row in layout.samples if row[place]],
                "chosen": sent.get(f"column-{place}") if "columns" in sent else layout.fields.get(place),
            }
            for place, heading in enumerate(layout.headings)
        ]
        fields = {name: gettext(label) for name, label in self.kind.labels.items()}
        return self._page(found, "columns", columns=columns, fields=fields, refusal=refusal)

    def _working(self, found: CustomerImport) -> str:
        done, total = _progress(found)
        return self._page(found, "working", done=done, total=total)

    def _report(self, found: CustomerImport) -> str:
        rows = list(report.complaints(queries.refused_rows(found.id, SHOWN), self.kind, gettext))
        good = found.rows_staged - found.rows_refused
        notes = report.notes_in_words(found.notes, gettext)
        return self._page(found, "report", good=good, complaints=rows, notes=notes, apply=self.apply_words(good))

    def _done(self, found: CustomerImport) -> str:
        return self._page(found, "done", notes=report.notes_in_words(found.notes, gettext))

    def _failed(self, found: CustomerImport, why: str = "") -> str:
        error = dict(found.error or {})
        kind = Refused.known.get(error.pop("code", ""), Interrupted)
        return self._page(found, "failed", why=why or refusal_text(kind(**error)))

    def _page(self, found: CustomerImport, name: str, **context: Any) -> str:
        return self.render_template(
            f"customers/import_{name}.html",
            title=found.file_name,
            found=found,
            kind=self.kind,
            words=self.words(),
            list_url=self.list_url,
            may_post=current_actor().may(Action.POST, self.resource),
            **context,
        )

    _pages = {
        ImportState.UPLOADED: _columns,
        ImportState.STAGING: _working,
        ImportState.STAGED: _report,
        ImportState.APPLYING: _working,
        ImportState.APPLIED: _done,
        ImportState.FAILED: _failed,
    }


def _is_stalled(found: CustomerImport) -> bool:
    return queries.is_stalled(found, is_marked=kept.mark() is not None)


def _progress(found: CustomerImport) -> tuple[int, int]:
    """How many rows are done, of how many; no more than all."""
    if found.state is ImportState.STAGING:
        total = max(found.rows_total or 0, 1)
        return min(found.rows_staged, total), total
    mark, run = kept.mark(), queries.run_of(found)
    if found.state is ImportState.APPLYING and mark is not None and mark.import_id == found.id:
        return mark.done, max(mark.total, 1)  # on SQLite the run itself cannot be written meanwhile
    if found.state is ImportState.APPLYING and run is not None:
        return run.done or 0, max(found.rows_staged, 1)
    return found.rows_applied, max(found.rows_staged, 1)
