"""`flask retention`: a run by hand, and erasing a person."""

import sys
from datetime import datetime
from functools import partial

import click
from flask import current_app
from flask.cli import AppGroup

from app.core import days
from app.core.actor import Actor
from app.core.db import dump_json, in_transaction
from app.core.errors import NotFound, Refused, Unavailable
from app.core.money import from_minor
from app.ledger.archives.sums import Sums
from app.retention.operations import erase_person
from app.retention.run import Report, rehearse, retain

RUN = Actor.system("flask retention run")
ERASE = Actor.system("flask retention erase")

retention_group = AppGroup("retention", help="Old months and erased persons.")


@retention_group.command("run")
@click.option("--dry-run", is_flag=True, help="Say what would leave; change nothing.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Count the limits from this day.")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
def run_command(dry_run: bool, today: datetime | None, as_json: bool) -> None:
    """Move old months to archives and delete their rows. Exit 0 when every proof holds, 1 when not, 2 for a bad day."""
    day = today.date() if today else None
    if day and day > days.today() and not current_app.config["TESTING"]:
        raise click.BadParameter(f"{day} is later than today.", param_hint="--today")
    try:
        report = rehearse(today=day) if dry_run else retain(today=day, actor=RUN)
    except (Refused, OSError) as wrong:
        click.echo(dump_json({"error": str(wrong)}) if as_json else str(wrong), err=not as_json)
        sys.exit(1)
    except Unavailable:
        click.echo("The database is busy. Run it again: it goes on where it is.", err=True)
        sys.exit(1)
    click.echo(dump_json(report.as_json()) if as_json else _told(report))
    sys.exit(0 if report.holds else 1)


@retention_group.command("erase")
@click.argument("customer_id", type=click.IntRange(min=1))
@click.option("--reason", required=True, help="Why; it stands in the operation records.")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
def erase_command(customer_id: int, reason: str, as_json: bool) -> None:
    """Take out what tells who a deleted customer was. Exit 1 when there is no such customer, or he is not deleted."""
    try:
        is_done = in_transaction(partial(erase_person, customer_id, reason=reason, actor=ERASE))
    except NotFound:
        click.echo("There is no such customer.", err=True)
        sys.exit(1)
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)
    click.echo(dump_json({"erased": is_done}) if as_json else ("erased" if is_done else "nothing to erase"))


def _told(report: Report) -> str:
    lines = [f"{kind.value}: kept from {day or 'the first day'}" for kind, day in report.cut_offs.items()]
    verb = "would leave" if report.is_dry else "left"
    for month in report.months:
        rows = ", ".join(f"{count} {name}" for name, count in month.items() if name not in ("kind", "month"))
        lines.append(f"{month['month']} {verb}: {rows}")
    if not report.months:
        lines.append("no month is due")
    if report.erased:
        lines.append(f"{report.erased} deleted customers were made nameless")
    for word, found in (("before", report.before), ("after", report.after)):
        if found:
            lines.append(f"{word}: {_sums(found)}")
    lines += [f"FAILED: {name}" for name in report.proofs]
    return "\n".join([*lines, f"proof {'holds' if report.holds else 'FAILED'}"])


def _sums(found: Sums) -> str:
    return (
        f"{found.wallets} wallets, balances {from_minor(found.principal)}, bonus {from_minor(found.bonus)}, "
        f"{len(found.house)} accounts of the house, at the end of {found.through} ({found.balances[:12]})"
    )
