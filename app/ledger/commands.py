"""`flask ledger`: the proofs, the closing of days and their seals, for a console or a nightly job."""

import sys
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.actor import Actor
from app.core.db import consistent_view, dump_json
from app.core.errors import Unavailable
from app.ledger.closing import close_days
from app.ledger.proofs import Proof, verify
from app.ledger.seals.export import NotSeals, export, read_file, write_file

ACTOR = Actor.system("flask ledger close-day")
_day = click.DateTime(["%Y-%m-%d"])
_file = click.Path(dir_okay=False, path_type=Path)

ledger_group = AppGroup("ledger", help="The ledger, its proofs, and its days.")
seals_group = AppGroup("seals", help="The seals of closed days.")
ledger_group.add_command(seals_group)


@ledger_group.command("verify")
@click.option("--against", type=_file, help="A file of exported seals that the closed days must agree with.")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
def verify_command(against: Path | None, as_json: bool) -> None:
    """Prove that every balance follows from its postings. Exit 0 when all holds, 1 when a proof fails."""
    try:
        exported = read_file(against) if against else None
    except (OSError, NotSeals) as wrong:
        raise click.BadParameter(f"{against}: {wrong}", param_hint="--against") from wrong
    proofs = verify(exported)
    click.echo(_as_json(proofs) if as_json else "\n".join(_line(proof) for proof in proofs))
    for proof in proofs:
        for finding in proof.found if not as_json else ():
            click.echo(f"{proof.name}: {finding.where} {finding.what}", err=True)
    sys.exit(0 if all(proof.holds for proof in proofs) else 1)


@ledger_group.command("close-day")
@click.option("--day", type=_day, help="The last day to close; every day that has ended when left out.")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
def close_day_command(day: datetime | None, as_json: bool) -> None:
    """Close days that have ended, in their order: freeze their totals and seal them. Again: nothing happens.

    Exit 0 when they are closed, 1 when one cannot be closed now, 2 for a day that has not ended.
    """
    until = day.date() if day else None
    if until and until >= clock.today():
        raise click.BadParameter(f"{until} has not ended.", param_hint="--day")
    try:
        closed = close_days(until, actor=ACTOR)
    except Unavailable:
        click.echo("The database is busy: the day could not be closed. Run it again.", err=True)
        sys.exit(1)
    click.echo(dump_json({"closed": closed}) if as_json else _told(closed))


def _told(closed: list[date]) -> str:
    return "\n".join(f"closed {day}" for day in closed) or "nothing to close"


@seals_group.command("export")
@click.argument("file", type=_file)
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
def export_command(file: Path, as_json: bool) -> None:
    """Write the seals of all closed days, and the public keys that check them, into FILE. Keep it elsewhere."""
    if not file.parent.is_dir():
        raise click.BadParameter(f"{file.parent} is no folder.", param_hint="FILE")
    with consistent_view() as connection:
        exported = export(connection)
    try:
        write_file(file, exported)
    except OSError as wrong:
        raise click.FileError(str(file), hint=wrong.strerror or str(wrong)) from wrong
    count = len(exported["seals"])
    click.echo(dump_json({"seals": count}) if as_json else f"{count} seals written to {file}")


def _line(proof: Proof) -> str:
    return f"{proof.name}: {'holds' if proof.holds else f'{proof.failures} FAILED'} ({proof.checked} checked)"


def _as_json(proofs: list[Proof]) -> str:
    details = [
        {
            "name": proof.name,
            "holds": proof.holds,
            "checked": proof.checked,
            "failures": proof.failures,
            "found": [finding._asdict() for finding in proof.found],
        }
        for proof in proofs
    ]
    return dump_json({"holds": all(proof.holds for proof in proofs), "proofs": details})
