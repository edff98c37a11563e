"""What the ledger does by itself: it closes days, proves itself, and frees what was held too long."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.core.db import in_transaction
from app.core.errors import N_
from app.core.jobs import EachDay, Every, Job, Run, WorkFailed
from app.ledger.closing import close_days
from app.ledger.operations import expire_holds
from app.ledger.proofs import Proof, verify

VERIFY = "ledger.verify"
AT_ONCE = 50  # holds in one transaction: nobody waits long for it


class ProofFailed(WorkFailed):
    """A proof of the ledger does not hold. proofs: the figures of all of them."""

    code = "ledger-proof-failed"
    sentence = N_("The ledger does not hold: the proof %(proof)s found %(failures)s faults, the first in %(where)s.")


def _close(run: Run) -> Mapping[str, Any]:
    return {"closed": [day.isoformat() for day in close_days(actor=run.actor)]}


def _verify(run: Run) -> Mapping[str, Any]:
    proofs = verify()
    failed = [proof for proof in proofs if not proof.holds]
    if failed:
        first = failed[0]
        raise ProofFailed(
            proof=first.name, failures=first.failures, where=first.found[0].where, proofs=_figures(proofs)
        )
    return {proof.name: proof.checked for proof in proofs}


def _figures(proofs: list[Proof]) -> dict[str, list[int]]:
    """How many things each proof looked at, and how many faults it found."""
    return {proof.name: [proof.checked, proof.failures] for proof in proofs}


def _expire(run: Run) -> Mapping[str, Any]:
    count = 0
    while found := in_transaction(lambda: expire_holds(most=AT_ONCE, actor=run.actor)):
        count += found
        run.progress(count)
    return {"freed": count}


JOBS = (
    Job(
        "ledger.close-days",
        N_("Close the days that are over"),
        _close,
        due=EachDay(timedelta(minutes=10)),
        figures={"closed": N_("Closed days")},
        alarms=True,
    ),
    Job(
        VERIFY,
        N_("Prove the ledger"),
        _verify,
        due=EachDay(timedelta(hours=3)),
        figures={
            "guards": N_("Guards"),
            "chains": N_("Wallets"),
            "postings": N_("Postings"),
            "holds": N_("Holds"),
            "links": N_("Links"),
            "days": N_("Closed days"),
        },
        alarms=True,
    ),
    Job(
        "ledger.expire-holds",
        N_("Free what was held too long"),
        _expire,
        due=Every(timedelta(minutes=5)),
        figures={"freed": N_("Freed")},
    ),
)
