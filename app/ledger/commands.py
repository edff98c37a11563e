"""`flask ledger`: the proofs, for a console or a nightly job."""

import sys

import click
from flask.cli import AppGroup

from app.core.db import dump_json
from app.ledger.proofs import Proof, verify

ledger_group = AppGroup("ledger", help="The ledger and its proofs.")


@ledger_group.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
def verify_command(as_json: bool) -> None:
    """Prove that every balance follows from its postings. Exit 0 when all holds, 1 when a proof fails."""
    proofs = verify()
    click.echo(_as_json(proofs) if as_json else "\n".join(_line(proof) for proof in proofs))
    for proof in proofs:
        for finding in proof.found if not as_json else ():
            click.echo(f"{proof.name}: {finding.where} {finding.what}", err=True)
    sys.exit(0 if all(proof.holds for proof in proofs) else 1)


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
