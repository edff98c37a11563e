"""Customer numbers: those that we give, beside those that customers bring along on their cards."""

import re

_OURS = re.compile(r"C\d{6,}", re.ASCII | re.IGNORECASE)


def number_of(customer_id: int) -> str:
    """The number of a customer who has none of his own, such as C000042."""
    return f"C{customer_id:06d}"


def is_ours(number: str) -> bool:
    """Whether a number has the form of ours: nobody may bring one along, it would be given a second time."""
    return bool(_OURS.fullmatch(number))
