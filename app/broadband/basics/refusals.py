"""What the verbs of basic information say no with."""

from app.core.errors import N_, Refused


class InUse(Refused):
    """What other rows name is never removed."""

    code = "basics-in-use"
    is_frozen = False
    sentence = N_("Services, documents or other records use this, so it cannot be removed.")
