"""`flask jobs`: the worker as a process of its own, and a look at the jobs from a console."""

import signal
import sys
from threading import Event

import click
from flask import current_app
from flask.cli import AppGroup

from app.core.actor import Actor
from app.core.db import dump_json, in_transaction
from app.core.jobs.models import RunState
from app.core.logs import configure
from app.extensions import db
from app.jobs import claims, queries
from app.jobs.doing import do
from app.jobs.office import HANDS, Office
from app.jobs.operations import run_now
from app.jobs.workers import Worker

ACTOR = Actor.system("flask jobs run")
jobs_group = AppGroup("jobs", help="Work that is done in the background.")


@jobs_group.command("work")
@click.option(
    "--at-once", type=click.IntRange(1, 32), default=HANDS, show_default=True, help="How many runs at a time."
)
def work_command(at_once: int) -> None:
    """Do the jobs until told to stop (SIGTERM or Ctrl+C). Beside gunicorn, or on a machine of its own."""
    queries.overview(())  # a database that cannot be worked with is told of here, and not every second
    db.session.remove()
    configure(current_app._get_current_object())  # type: ignore[attr-defined]
    told = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    office = Office(current_app._get_current_object(), at_once)  # type: ignore[attr-defined]
    office.open()
    click.echo("Doing jobs. Press Ctrl+C to stop.")
    while not told.wait(1.0):
        pass
    click.echo("Stopped." if office.close() else "Stopped; what was under way is taken up at the next start.")


@jobs_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
def list_command(as_json: bool) -> None:
    """Each job: when it is due next, and how its last run ended."""
    lines = queries.overview(current_app.extensions["jobs"].values())
    if as_json:
        click.echo(dump_json({"jobs": [_plain(line) for line in lines]}))
        return
    for line in lines:
        last = f"{line.last.state.value} {line.last.enqueued_at:%Y-%m-%d %H:%M} UTC" if line.last else "never run"
        due = f"next {line.due_at:%Y-%m-%d %H:%M} UTC" if line.due_at else "when asked for"
        click.echo(f"{line.job.name}\t{last}\t{due}\t{_why(line)}".rstrip())


def _plain(line: queries.Line) -> dict[str, object]:
    last = line.last
    return {
        "name": line.job.name,
        "due_at": line.due_at,
        "last": last
        and {
            "id": last.id,
            "state": last.state,
            "started_at": last.started_at,
            "ended_at": last.ended_at,
            "result": last.result,
            "error": _why(line) or None,
        },
    }


def _why(line: queries.Line) -> str:
    error = line.last.error if line.last else None
    return error["sentence"] % error["figures"] if error else ""


@jobs_group.command("run")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
def run_command(name: str, as_json: bool) -> None:
    """Do the job NAME now, in this process. Exit 0: done; 1: it failed; 2: there is no such job."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if name not in app.extensions["jobs"]:
        raise click.BadParameter(f"There is no job {name}.", param_hint="NAME")
    worker = Worker(app.config["JOBS_DIR"])
    # Taken in the transaction that asks for it, so that no other worker is faster.
    claimed = in_transaction(lambda: claims.take(run_now(name, actor=ACTOR), worker.name))
    if claimed is None:
        raise click.ClickException("Another worker is about to do it.")
    do(app, claimed)
    worker.end(is_idle=True)
    run = queries.find(claimed.id)
    why = run.error["sentence"] % run.error["figures"] if run.error else ""
    told = {"id": run.id, "state": run.state, "result": run.result, "error": why or None}
    click.echo(dump_json(told) if as_json else why or f"{run.state.value} {dump_json(run.result or {})}")
    sys.exit(1 if run.state is RunState.FAILED else 0)
