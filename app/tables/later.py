"""Exports that take longer than a request should. They are asked for here; the job that writes them is app/exports'."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import get_locale, gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.jobs import enqueue
from app.core.jobs.models import JobRun, RunState
from app.core.permissions import Grant
from app.extensions import db
from app.tables import asking, exporting, rows
from app.tables.exporting import Format, Progress
from app.tables.report import Report

JOB = "tables.export"
PAGE = "ExportsView.show"  # where one waits for it
LONG = 20_000  # rows; what has more, or must look at more, is written in the background
UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)
Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Export:
    """Something that can be exported in the background. name: kept with the run; never rename it.

    title: a message. grant: asked again before it is written and before it is handed out. write: asks again with
    arguments as they were kept (plain JSON), in the name of the actor; returns how many rows.
    """

    name: str
    title: Any
    grant: Grant
    write: Callable[[Arguments, Actor, Path, Format, Progress], int]


_known: dict[str, Export] = {}


def declare(export: Export) -> Export:
    """Make an export known to the job."""
    _known[export.name] = export
    return export


def find(name: str) -> Export | None:
    """The export of that name; None for one that this house does not know (any more)."""
    return _known.get(name)


def of_report(report: Report) -> Export:
    """What exports a report. It must be one that may be exported."""

    def write(arguments: Arguments, actor: Actor, path: Path, format: Format, progress: Progress) -> int:
        return exporting.write(report, asking.ask_again(report, arguments, actor), path, format, progress)

    assert report.export is not None  # noqa: S101 - the caller has looked
    return declare(Export(report.name, report.title, report.export, write))


def is_long(report: Report, asked: Any) -> bool:
    """Whether it has more than LONG rows, or more must be looked at to know."""
    return rows.is_more_than(LONG, report, asked)


def ask(export: Export, arguments: Arguments, format: Format, *, actor: Actor, record: Callable[[], None]) -> Response:
    """Have it written in the background, unless it is already; answers the way to the page that tells of it.

    record: writes the operation record, in the transaction that asks.
    """
    kept = {"export": export.name, "asked": dict(arguments), "format": str(format)}
    language = str(get_locale())

    def begin() -> None:
        if _is_under_way(kept, actor):
            return
        record()
        more = {"language": language, "file": secrets.token_hex(16)}
        enqueue(JOB, kept | more, actor=actor)

    in_transaction(begin)
    flash(gettext("This is a long list. It is being written; you can go on working meanwhile."), "info")
    return redirect(url_for(PAGE))


def _is_under_way(kept: Arguments, actor: Actor) -> bool:
    runs = db.session.execute(
        select(JobRun.arguments, JobRun.actor).where(JobRun.name == JOB, JobRun.state.in_(UNDER_WAY))
    )
    mine = [run.arguments for run in runs if (run.actor["kind"], run.actor["id"]) == (actor.kind, actor.id)]
    return any(kept.items() <= arguments.items() for arguments in mine)
