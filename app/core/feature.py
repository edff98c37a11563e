"""The plug: everything a room may add to the house, as data."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from flask import Blueprint
from flask_appbuilder import BaseView

from app.core.jobs import Job
from app.core.notices import NoticeKind
from app.core.permissions import ROLES, SUPER_ADMIN, Grant
from app.core.setting_kinds import Declared
from app.core.subjects import Subject


@dataclass(frozen=True)
class Page:
    """A view of the room. With a category it stands in the menu; `name` is stored in role tables: never rename it.

    shows: the grant that opens the page, and its menu entry with it. is_aside: nobody begins his day with it.
    """

    view: type[BaseView]
    name: str = ""
    label: Any = ""
    category: str = ""
    icon: str = ""
    shows: Grant | None = None
    href: str = ""
    is_aside: bool = False


@dataclass(frozen=True)
class Feature:
    """One room. grants: what each role may do here; the super administrator may do all of it.

    open_endpoints: endpoints that anybody may call, signed in or not. erasers: called as eraser(customer_id, actor=...)
    when a person is erased; each answers whether it found something. customer_panels: called as panel(customer_id) for
    the page of a customer; each answers a part of it as safe HTML, or nothing. field_subjects: what of the room's may
    have fields of the owner's own. customer_ties: called with a customer's number before he is deleted; each raises a
    refusal as long as he has something in the room. settings: what the owner may set about it; they stand on the page
    of all settings as long as the room is open. notices: what the room may tell customers. help_texts: a folder
    with what it adds to the instructions that a shop starts with, in each language.
    """

    name: str
    package: str
    pages: tuple[Page, ...] = ()
    apis: tuple[Blueprint, ...] = ()
    grants: Mapping[str, frozenset[Grant]] = field(default_factory=dict)
    requires: frozenset[str] = frozenset()
    customer_panels: tuple[Callable[..., str], ...] = ()
    customer_ties: tuple[Callable[[int], None], ...] = ()
    erasers: tuple[Callable[..., object], ...] = ()
    commands: tuple[click.Command, ...] = ()
    jobs: tuple[Job, ...] = ()
    field_subjects: tuple[Subject, ...] = ()
    notices: tuple[NoticeKind, ...] = ()
    settings: tuple[Declared, ...] = ()
    help_texts: Path | None = None
    open_endpoints: frozenset[str] = frozenset()

    def grants_of(self, role: str) -> frozenset[Grant]:
        """What the role may do in this room."""
        if role == SUPER_ADMIN:
            return frozenset().union(*self.grants.values())
        return self.grants.get(role, frozenset())

    def permissions_of(self, role: str) -> Iterator[tuple[str, str]]:
        """What to store for a role: its grants, and the menu entries that they open."""
        granted = self.grants_of(role)
        for grant in granted:
            yield grant.permission, grant.resource
        for page in self.pages:
            if page.category and page.shows in granted:
                yield "menu_access", page.name
                yield "menu_access", page.category


def permissions_by_role(rooms: Iterable[Feature]) -> dict[str, set[tuple[str, str]]]:
    """What to store for each role when these rooms are open: (permission, resource) pairs."""
    opened = tuple(rooms)
    return {role: {pair for room in opened for pair in room.permissions_of(role)} for role in ROLES}
