"""`flask broadband suspend-overdue`: what the room does every day, now."""

import json

import click
from flask.cli import with_appcontext

from app.broadband.reminders.queries import overdue
from app.broadband.reminders.suspending import suspend_overdue
from app.core import days
from app.core.actor import Actor
from app.extensions import db

ACTOR = Actor.system("flask broadband suspend-overdue")


@click.command("suspend-overdue")
@click.option("--dry-run", is_flag=True, help="Print what would be suspended, change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer JSON.")
@with_appcontext
def suspend_overdue_command(dry_run: bool, as_json: bool) -> None:
    """Suspend by force what is overdue for longer than the setting says."""
    if dry_run:
        _print_overdue(as_json)
        return
    done = suspend_overdue(actor=ACTOR)
    if as_json:
        click.echo(json.dumps({"suspended": done.suspended, "left": done.left}))
    else:
        click.echo(f"Suspended: {done.suspended}. Left as they are: {done.left}.")


def _print_overdue(as_json: bool) -> None:
    today = days.today()
    rows = [(row.service_no, row.stop_date, (today - row.stop_date).days) for row in db.session.execute(overdue())]
    if as_json:
        said = [{"service_no": number, "stop_date": day.isoformat(), "days": late} for number, day, late in rows]
        click.echo(json.dumps(said))
        return
    for number, day, late in rows:
        click.echo(f"{number}\t{day.isoformat()}\t{late}")
    click.echo(f"Would be suspended: {len(rows)}.")
