"""Stores, methods, settings and help, as they are now."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, Text, case, cast, func, select

from app.core.actor import Actor
from app.core.alongside import UNKNOWN, ask_along, told
from app.core.connections import PLANNED_ONCE
from app.core.errors import N_, Invalid, NotFound
from app.core.recall import recalled
from app.core.rooms import open_rooms
from app.extensions import db
from app.shop.help import starting_text
from app.shop.models import HelpText, Method, PaymentMethod, Setting, Store
from app.shop.settings import all_declared

STORES = "stores"
_GAP, _END = "\x1f", "\x1e"  # between the values of a store, and between stores
KNOWN_TEXTS = 16  # of all stores: of schemas that a process serves, or of moments


class StoreLine(NamedTuple):
    """A store, as a value that outlives the transaction."""

    id: int
    code: str
    name: str
    is_open: bool


class MethodLine(NamedTuple):
    """A payment method, and whether it is taken now."""

    code: Method
    is_on: bool


class HelpPage(NamedTuple):
    """A help text. version: 0 as long as the owner has not written one."""

    locale: str
    body: str
    version: int


def all_stores() -> list[StoreLine]:
    """Every store, closed ones too, oldest first."""
    return list(_stores())


def _in_one_text() -> ScalarSelect[Any]:
    """All stores as one value of a question: a name may hold anything but what ends it."""
    name = func.replace(Store.name, _END, " ", type_=Text)
    is_open = case((Store.is_open, "1"), else_="0")
    line = cast(Store.id, Text) + _GAP + Store.code + _GAP + is_open + _GAP + name
    return select(func.aggregate_strings(line, _END)).scalar_subquery()


# Every page and every posting wants it.
ask_along(STORES, _in_one_text, is_for_programs=True)
_STORES = select(_in_one_text()).execution_options(**PLANNED_ONCE)


@recalled
def _stores() -> tuple[StoreLine, ...]:
    came = told(STORES)
    return _read(db.session.scalar(_STORES) if came is UNKNOWN else came)


@lru_cache(KNOWN_TEXTS)
def _read(text: str | None) -> tuple[StoreLine, ...]:
    rows = (line.split(_GAP, 3) for line in (text or "").split(_END) if line)
    return tuple(sorted(StoreLine(int(number), code, name, is_open == "1") for number, code, is_open, name in rows))


def open_stores() -> list[StoreLine]:
    """The stores that take money now, oldest first."""
    return [store for store in all_stores() if store.is_open]


def stores_within(actor: Actor) -> list[StoreLine]:
    """The stores within the actor's reach, closed ones too."""
    return [store for store in all_stores() if actor.reaches(store.id)]


def store_by_code(code: str) -> StoreLine:
    """Raises NotFound for a code that no store has."""
    found = next((store for store in all_stores() if store.code == code), None)
    if found is None:
        raise NotFound
    return found


def store_to_work_in(code: str | None, *, actor: Actor) -> StoreLine:
    """The open store in which the actor does something: the one he names, or the only one he has.

    Raises Invalid(store=...) when it is left out and he has several or none, when no such store is within his
    reach (one beyond it does not exist for him), and when it is closed.
    """
    within = stores_within(actor)
    if code is None:
        working = [store for store in within if store.is_open]
        if len(working) != 1:
            raise Invalid(store=N_("Say which store."))
        return working[0]
    found = _named(within, code)
    if not found.is_open:
        raise Invalid(store=N_("This store is closed."))
    return found


def store_to_look_at(code: str, *, actor: Actor) -> StoreLine:
    """The store that the actor asks about, closed or open. Raises Invalid(store=...) when he has no such store."""
    return _named(stores_within(actor), code)


def _named(stores: Collection[StoreLine], code: str) -> StoreLine:
    found = next((store for store in stores if store.code == code), None)
    if found is None:
        raise Invalid(store=N_("There is no such store."))
    return found


def methods() -> list[MethodLine]:
    """Every payment method in the order of the counter."""
    return list(_methods())


@recalled
def _methods() -> tuple[MethodLine, ...]:
    rows = db.session.execute(select(PaymentMethod.code, PaymentMethod.is_on).order_by(PaymentMethod.position))
    return tuple(MethodLine(*row) for row in rows)


def methods_on() -> list[Method]:
    """The methods that are taken now."""
    return [method.code for method in methods() if method.is_on]


def setting(name: str) -> Any:
    """The value of a setting: what staff have set, else its default. Raises KeyError for an undeclared name."""
    return settings((name,))[name]


def settings(names: Collection[str] | None = None) -> dict[str, Any]:
    """The values of several settings at once, by name; of all that there are when none is named."""
    stored, declared = _stored(), all_declared()
    asked = [declared[name] for name in (declared if names is None else names)]
    return {each.name: each.read(stored[each.name]) if each.name in stored else each.default for each in asked}


@recalled
def _stored() -> Mapping[str, Any]:
    rows = db.session.execute(select(Setting.name, Setting.value).where(Setting.name.in_(all_declared())))
    return MappingProxyType({row.name: row.value for row in rows})


def help_page(locale: str) -> HelpPage:
    """The instructions and precautions in that language."""
    row = db.session.execute(select(HelpText.body, HelpText.version).where(HelpText.locale == locale)).one_or_none()
    if row is None:
        rooms = [room.help_texts for room in open_rooms() if room.help_texts]
        return HelpPage(locale, starting_text(locale, rooms), 0)
    return HelpPage(locale, row.body, row.version)
