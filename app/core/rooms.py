"""The rooms that are open, and with them all that they have declared."""

from collections.abc import Sequence

from flask import Flask, current_app

from app.core.feature import Feature

KEY = "rooms"


def install(app: Flask, rooms: Sequence[Feature]) -> None:
    """Remember which rooms are open, in the order of the menu."""
    app.extensions[KEY] = tuple(rooms)


def open_rooms() -> Sequence[Feature]:
    """What a room wants to know of all the others it takes from here: their panels, their jobs, their settings."""
    found: Sequence[Feature] = current_app.extensions[KEY]
    return found
