"""The kinds of things that may have fields of the owner's own, as the open rooms have declared them."""

from app.core.errors import NotFound
from app.core.rooms import open_rooms
from app.core.subjects import Subject


def subjects() -> list[Subject]:
    """Every subject of the open rooms, in their order."""
    return [subject for room in open_rooms() for subject in room.field_subjects]


def subject(name: str) -> Subject:
    """Raises NotFound for one that no open room has."""
    for each in subjects():
        if each.name == name:
            return each
    raise NotFound
