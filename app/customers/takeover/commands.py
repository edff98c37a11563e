"""`flask customers import`, and the same for every other kind of list: take one over from the command line."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import click
from flask.cli import with_appcontext

from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.errors import Refused
from app.core.money import to_text
from app.customers.models import CustomerImport
from app.customers.takeover import flow, operations, queries, report
from app.customers.takeover.kinds import ListKind
from app.customers.takeover.layout import Layout
from app.customers.takeover.refusals import BadFile
from app.extensions import db
from app.shop.queries import StoreLine, open_stores

STEP = 50_000
MOST_IN_JSON = 10_000


class WrongUse(click.ClickException):
    """A wrong file, mapping or store."""

    exit_code = 2


class Asked(NamedTuple):
    """What the command was told."""

    kind: ListKind
    file: Path
    dry_run: bool
    as_json: bool
    actor: Actor


def import_command(kind: ListKind, what: str) -> click.Command:
    """`import FILE` of a kind of lists, for the group of its room. what: it does, for the help."""

    @click.command("import", help=what)
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
    @click.option("--dry-run/--apply", help="Check and report, change nothing; or take it over, if no row is refused.")
    @click.option("--mapping", type=click.File(encoding="utf-8"), help='JSON: {"column heading": "field"}.')
    @click.option("--store", "code", help="Code of the store that they belong to; else the first one.")
    @click.option("--json", "as_json", is_flag=True, help="Answer JSON.")
    @click.pass_context
    @with_appcontext
    def import_(
        context: click.Context, file: Path, dry_run: bool, mapping: Any, code: str | None, as_json: bool
    ) -> None:
        actor = Actor.system(f"flask {kind.name} import")
        answer = _import(Asked(kind, file, dry_run, as_json, actor), _mapping(mapping), _store(code))
        if as_json:
            click.echo(json.dumps(answer, ensure_ascii=False))
        context.exit(1 if answer["refused"] else 0)

    return import_


def _import(asked: Asked, columns: dict[str, Any], store: StoreLine) -> dict[str, Any]:
    try:
        layout, height = flow.look(asked.file, asked.kind)
        layout = layout.mapped(columns)
        layout.require_sure()
        if not columns:
            layout.require_money_seen()
        given: dict[str, Any] = {"store_id": store.id, "upload": None, "rows_total": height, "actor": asked.actor}
        import_id = in_transaction(
            lambda: operations.begin(asked.kind, asked.file.name, layout=layout.as_json(), **given)
        )
        return _run(import_id, asked, layout)
    except BadFile as bad:
        raise WrongUse(str(bad)) from None
    except Refused as refused:
        raise click.ClickException(str(refused)) from None


def _store(code: str | None) -> StoreLine:
    stores = open_stores()
    db.session.rollback()
    found = next((store for store in stores if code in (None, store.code)), None)
    if found is None:
        raise WrongUse(f"There is no open store {code!r}." if code else "There is no open store.")
    return found


def _mapping(file: Any) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        mapping = json.load(file)
    except ValueError:
        raise WrongUse("The mapping is not JSON in UTF-8.") from None
    if not isinstance(mapping, dict) or not all(isinstance(name, str | None) for name in mapping.values()):
        raise WrongUse('The mapping must be {"column heading": "field"}.')
    return mapping


def _run(import_id: int, asked: Asked, layout: Layout) -> dict[str, Any]:
    """Check, report, and apply unless it is a trial or a row is refused; what was not applied is forgotten."""
    is_applied, actor = False, asked.actor
    try:
        flow.check(import_id, asked.file, layout, actor=actor, tell=_tell("checked"))
        found = queries.find(import_id, actor=actor)
        answer = _checked(found, asked)
        if not asked.dry_run and not found.rows_refused:
            good = found.rows_staged - found.rows_refused
            applied = flow.take_over(asked.kind, import_id, good, actor=actor, tell=_tell("taken over"))
            is_applied = True
            answer |= _applied(applied, asked)
        return answer
    finally:
        if not is_applied:
            flow.forget(import_id, actor=actor)


def _tell(what: str) -> flow.Tell:
    told = [0]

    def tell(done: int) -> None:
        if done - told[0] >= STEP:
            told[0] = done
            click.echo(f"{done} rows {what}", err=True)

    return tell


def _checked(found: CustomerImport, asked: Asked) -> dict[str, Any]:
    notes = report.notes_in_words(found.notes)
    answer: dict[str, Any] = {
        "file": found.file_name,
        "rows": found.rows_staged,
        "refused": found.rows_refused,
        "applied": 0,
        "document_no": None,
        **{name: to_text(getattr(found, name)) for name in asked.kind.totals},
        "notes": notes,
    }
    if asked.as_json:
        answer["refusals"] = [
            {"row": row.line, "errors": row.errors} for row in queries.refused_rows(found.id, MOST_IN_JSON)
        ]
        return answer
    good = found.rows_staged - found.rows_refused
    click.echo(f"{found.file_name}: {found.rows_staged} rows, {good} good, {found.rows_refused} refused.")
    for note in notes:
        click.echo(note)
    for line, field, what, why in report.complaints(queries.refused_rows(found.id), asked.kind):
        click.echo(f"row {line}\t{field}\t{what or '-'}\t{why}")
    if totals := [f"{label.lower()}: {answer[name]}" for name, label in asked.kind.totals.items()]:
        click.echo(f"{', '.join(totals).capitalize()}.")
    return answer


def _applied(applied: dict[str, Any], asked: Asked) -> dict[str, Any]:
    if not asked.as_json:
        click.echo(f"Taken over as {applied['document_no']}: {applied['rows_applied']} {asked.kind.noun}.")
    return {"applied": applied["rows_applied"], "document_no": applied["document_no"]}
