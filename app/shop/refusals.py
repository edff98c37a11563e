"""What the shop's own rules say no with."""

from app.core.errors import N_, Refused


class LastOpenStore(Refused):
    """Money needs a place to be taken at."""

    code = "last-open-store"
    sentence = N_("This is the only open store. Open another one first.")


class StoreCodeTaken(Refused):
    """A code names one store, for ever."""

    code = "store-code-taken"
    sentence = N_("Another store has this code.")
