"""What the rules of reminders say no with."""

from app.core.errors import N_, Refused


class NothingToRemindOf(Refused):
    code = "nothing-to-remind-of"
    is_frozen = False
    sentence = N_("Nothing was ever paid for this service: it has no stop date to remind of.")
