"""Whether the ledger is in doubt: it did not hold when it was proved last, by night or by hand."""

from app.core.errors import N_, Refused
from app.core.jobs.ended import failed_last
from app.ledger.nightly import VERIFY


class LedgerInDoubt(Refused):
    """What cannot be undone waits until the ledger was proved again."""

    code = "ledger-in-doubt"
    is_frozen = False
    sentence = N_("The ledger did not hold when it was proved last. Find out why, then: flask jobs run ledger.verify")


def is_in_doubt() -> bool:
    """Whether the last run of the nightly proofs failed. No run is no doubt."""
    return bool(failed_last((VERIFY,)))


def refuse_in_doubt() -> None:
    """Raises LedgerInDoubt."""
    if is_in_doubt():
        raise LedgerInDoubt
