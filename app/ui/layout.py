"""What every page needs around its content: the menu, the store, the assets, and where its links lead."""

import hashlib
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app, g, request, url_for
from flask_babel import gettext

from app.ui.guard import signed_in

# Where the frame of every page leads; app/staff answers there.
REQUEST_ID = "desk.request_id"  # in the environment of a request: its name
LINKS = {
    "sign_in": "/login/",
    "sign_out": "/logout/",
    "profile": "/profile",
    "password": "/profile/password",
    "store": "/store",
}


class Entry(NamedTuple):
    """One line of the menu."""

    label: str
    icon: str
    address: str
    is_here: bool


class Group(NamedTuple):
    """One category of the menu, with what is open to the one who asks."""

    label: str
    entries: list[Entry]


def menu() -> list[Group]:
    """The menu of the one who asks: empty when nobody is signed in."""
    builder: Any = current_app.appbuilder  # type: ignore[attr-defined]
    opens, leads = builder.opens_menu, builder.leads()
    here = _longest_match(leads.values())
    groups = []
    for item in builder.menu.get_list():
        entries = [_entry(child, leads[child.name], here) for child in item.childs if opens(child.name)]
        if entries:
            groups.append(Group(gettext(str(item.label)), entries))
    return groups


def _entry(child: Any, address: str, here: str) -> Entry:
    return Entry(gettext(str(child.label)), child.icon or "fa-circle", address, address == here)


def _longest_match(addresses: Iterable[str]) -> str:
    """The address of the menu whose page is shown now, or one below it (its list, a record of it)."""
    stems = {address: address.removesuffix("list/").rstrip("/") for address in addresses if address}
    inside = [a for a, stem in stems.items() if f"{request.path}/".startswith(f"{stem}/") and stem]
    return max(inside, key=lambda address: len(stems[address]), default="")


def here() -> str:
    """The address of this page, to come back to it by GET; `/` when it has none."""
    methods = request.url_rule.methods if request.url_rule else None
    return request.full_path.rstrip("?") if methods and "GET" in methods else "/"


@lru_cache
def _fingerprint(path: str, _changed_at: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:8]


def asset(filename: str, endpoint: str = "ui.static") -> str:
    """The address of a file, which changes with its content, so that browsers may keep it for ever.

    endpoint: `<blueprint>.static`, for the files of a room or of a library.
    """
    folder = current_app.blueprints[endpoint.partition(".")[0]].static_folder
    path = os.path.join(folder or "", filename)
    return url_for(endpoint, filename=filename, v=_fingerprint(path, os.stat(path).st_mtime_ns))


def store() -> Any:
    """The store that the signed-in person works for now, if any."""
    return g.get("store")


def stores() -> list[Any]:
    """The stores that he may change to."""
    return g.get("stores") or []


def person_name() -> str:
    """What the signed-in person is called."""
    person, actor = g.get("user"), signed_in()
    return getattr(person, "display_name", None) or (actor.name if actor else "")


GLOBALS = {
    "request_id": lambda: request.environ.get(REQUEST_ID),
    "actor": signed_in,
    "asset": asset,
    "here": here,
    "links": LINKS,
    "menu_groups": menu,
    "person_name": person_name,
    "present_store": store,
    "reachable_stores": stores,
}
