"""What may have fields of the owner's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Subject:
    """One kind of thing. Its name is stored, and is the object type in operation records: never rename it.

    label: a message. stock: the fields of its own that can be done without, by name, with their messages: the owner
    may hide them. is_personal: what its fields say is about a person.
    """

    name: str
    label: str
    stock: Mapping[str, str] = field(default_factory=dict)
    is_personal: bool = False
