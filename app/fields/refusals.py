"""What the rules of this room say no with."""

from app.core.errors import N_, Refused


class FieldNameTaken(Refused):
    """A name means one field, for ever: what programs and old files say of it must stay true."""

    code = "field-name-taken"
    sentence = N_("Another field has this name, or had it before it was retired.")


class TooManyFields(Refused):
    code = "too-many-fields"
    sentence = N_("There can be %(most)s fields in use. Retire one first.")
