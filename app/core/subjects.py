"""The things that may have fields of the owner's own, as the open rooms have declared them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask import Flask, current_app

from app.core.errors import NotFound

KEY = "house-subjects"


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


def install(app: Flask, declared: Iterable[Subject]) -> None:
    """Remember what the open rooms have declared as `Feature.field_subjects`."""
    app.extensions[KEY] = {subject.name: subject for subject in declared}


def subjects() -> list[Subject]:
    """Every subject of the open rooms, in their order."""
    return list(current_app.extensions[KEY].values())


def subject(name: str) -> Subject:
    """Raises NotFound for one that no open room has."""
    found = current_app.extensions[KEY].get(name)
    if found is None:
        raise NotFound
    return found
