"""What the rules of shifts say no with. That a shift is open or closed, the ledger says."""

from app.core.errors import N_, Refused


class AlreadyTakenOver(Refused):
    code = "already-taken-over"
    sentence = N_("Somebody has taken over this cash already.")


class CountsDiffer(Refused):
    """Says neither sum: who counts again must not know what to find."""

    code = "counts-differ"
    is_frozen = False
    sentence = N_(
        "You counted another sum than was handed over. Count again, together with the one who closed the shift."
    )


class NeedsSecondPerson(Refused):
    code = "needs-second-person"
    is_frozen = False
    sentence = N_("Somebody else must take over what you counted. You can open a shift with a float of your own.")
