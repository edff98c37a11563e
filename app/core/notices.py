"""What the open rooms may tell customers: each declares it as data, app/notices brings it to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app

KEY = "house-notices"


@dataclass(frozen=True)
class NoticeKind:
    """One thing that a room tells customers. Its name, "room.what", is stored: never rename it.

    label: what staff call it. subject, body: messages with named places such as %(day)s, put into the customer's
    language when they are sent; the subject is one line.
    """

    name: str
    label: str
    subject: str
    body: str


def install(app: Flask, declared: Iterable[NoticeKind]) -> None:
    """Remember what the open rooms have declared as `Feature.notices`."""
    app.extensions[KEY] = {kind.name: kind for kind in declared}


def notice_kinds() -> Mapping[str, NoticeKind]:
    """What may be told now, by name, in the order of the rooms."""
    return current_app.extensions[KEY]
