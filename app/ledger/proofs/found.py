"""What a proof finds."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing that is wrong. where: "table number"; what: a sentence for the one who must look."""

    where: str
    what: str
