"""What people call the codes of broadband, and amounts in capitals. The codes are made messages of."""

from decimal import Decimal

from flask_babel import get_locale

from app.core.errors import N_
from app.receipts.words import SCRIPTS, total_in_words

# In operation records, in states, and as kinds of documents.
OPERATIONS = (N_("Open service"), N_("Activate"), N_("Payment"), N_("Relocation"), N_("Transfer"), N_("Suspension"))
ON_LINES = (N_("Change details"), N_("Reveal password"))
MORE = (
    N_("Forced suspension"),
    N_("Reactivation"),
    N_("Closing"),
    N_("Reverse"),
    N_("Broadband"),
    N_("Broadband service"),
    N_("Broadband import"),
)
STATES = (N_("Pending install"), N_("Switched on"), N_("Suspended"), N_("Force suspended"), N_("Closed"))
FIELDS = (
    N_("Service no"),
    N_("Customer id"),
    N_("Community id"),
    N_("Community"),
    N_("Package type"),
    N_("Fee"),
    N_("Credit"),
    N_("Document"),
    N_("Stop date"),
    N_("Anchor day"),
    N_("Suspended on"),
    N_("Closed on"),
    N_("Apply date"),
    N_("Activation date"),
    N_("Broadband account"),
    N_("Bound number"),
)


def in_both_scripts(amount: Decimal) -> dict[str, str]:
    """A total as papers carry it, by script: who signs them may read either."""
    return {script: total_in_words(amount, script) for script in SCRIPTS.values()}


def in_capitals(amount: Decimal) -> str:
    """A total as bills carry it, in the script of the one who reads: Simplified, but for readers of Traditional."""
    return total_in_words(amount, SCRIPTS.get(str(get_locale()), "simplified"))
