"""What the demo says no to."""

from app.core.errors import N_, Refused


class NotEmpty(Refused):
    """The demo would stand beside what is real."""

    code = "not-empty"
    is_frozen = False
    sentence = N_("The demo needs a database without customers and postings. Nothing was changed.")
