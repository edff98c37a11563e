"""Opening and closing stores, switching methods, changing settings, writing the help."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError

from app.audit.lines import differences
from app.audit.operations import record
from app.core.actor import Actor
from app.core.db import is_postgresql
from app.core.errors import N_, Invalid, NotFound, Stale
from app.extensions import db
from app.shop import queries
from app.shop.help import LOCALES, LONGEST_TEXT
from app.shop.models import HelpText, Method, PaymentMethod, Setting, Store
from app.shop.refusals import LastOpenStore, StoreCodeTaken
from app.shop.settings import all_declared, check_together

LONGEST_NAME = 120
_CODE = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?", re.ASCII)


def create_store(code: str, name: str, *, actor: Actor) -> int:
    """Open a new store; returns its id. Its cash drawer comes with its first posting.

    code: small letters, digits and dashes, for ever. Raises Invalid, StoreCodeTaken.
    """
    if not _CODE.fullmatch(code):
        raise Invalid(code=N_("Use small letters, digits and dashes, at most 32."))
    store = Store(code=code, name=_name(name), is_open=True)
    db.session.add(store)
    try:
        db.session.flush()
    except IntegrityError:
        raise StoreCodeTaken from None
    after = {"code": code, "name": store.name, "is_open": True}
    record("shop.create-store", "store", store.id, actor=actor, changes=differences({}, after), store_id=store.id)
    return store.id


def change_store(store_id: int, *, name: str, is_open: bool, actor: Actor) -> None:
    """Rename a store, close it or open it again. Raises NotFound, Invalid, LastOpenStore."""
    stores = {store.id: store for store in db.session.scalars(select(Store).order_by(Store.id).with_for_update())}
    if store_id not in stores:
        raise NotFound
    store = stores[store_id]
    before = {"name": store.name, "is_open": store.is_open}
    after = {"name": _name(name), "is_open": is_open}
    if not is_open and not any(other.is_open for other in stores.values() if other is not store):
        raise LastOpenStore
    if changes := differences(before, after):
        store.name, store.is_open = after["name"], is_open
        record("shop.change-store", "store", store_id, actor=actor, changes=changes, store_id=store_id)


def switch_method(code: Method, *, is_on: bool, actor: Actor) -> None:
    """Take a payment method at the counter from now on, or no longer."""
    method = db.session.get_one(PaymentMethod, code, with_for_update=True)
    if method.is_on != is_on:
        changes = {code.value: (method.is_on, is_on)}
        method.is_on = is_on
        record("shop.switch-method", "payment-method", None, actor=actor, changes=changes)


def review_methods(wanted: Mapping[Method, bool], *, actor: Actor) -> None:
    """Switch the methods that are named as they are wanted. That somebody looked at them is written down anyway."""
    before = {line.code: line.is_on for line in queries.methods()}
    for method, is_on in wanted.items():
        switch_method(method, is_on=is_on, actor=actor)
    if all(before.get(method) == is_on for method, is_on in wanted.items()):
        record("shop.review-methods", "payment-method", None, actor=actor)


def change_settings(values: Mapping[str, Any], *, actor: Actor) -> None:
    """Set the settings that are named, all of them or none. values: typed texts or what they mean.

    Raises Invalid with a sentence per setting that cannot be; KeyError for an undeclared name.
    """
    read = _read(values)
    _lock("setting")
    before = queries.settings()
    check_together(before | read)
    changes = differences(before, before | read)
    for name in changes:
        _store_setting(name, read[name])
    if changes:
        record("shop.change-settings", "setting", None, actor=actor, changes=changes)


def write_help(locale: str, body: str, version: int, *, actor: Actor) -> int:
    """Replace the instructions in one language; returns the new version.

    version: of the text that the writer saw. Raises Stale when it has been rewritten since, NotFound for a
    language that we do not speak, Invalid for a text that is empty or too long.
    """
    if locale not in LOCALES:
        raise NotFound
    body = body.replace("\r\n", "\n").strip()
    if not 0 < len(body) <= LONGEST_TEXT:
        raise Invalid(body=N_("Write something, and not more than 20000 characters."))
    _lock("help_text")
    seen = queries.help_page(locale)
    if seen.version != version:
        raise Stale
    if body == seen.body:
        return version
    db.session.merge(HelpText(locale=locale, body=body, version=version + 1))
    changes = {"locale": (locale, locale), "body": (seen.body, body)}
    record("shop.write-help", "help-text", None, actor=actor, changes=changes)
    return version + 1


def _name(name: str) -> str:
    name = " ".join(name.split())  # it stands on one line, also of a receipt and of a file
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise Invalid(name=N_("Give it a name of at most 120 characters."))
    return name


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    declared = all_declared()
    for name, value in values.items():
        try:
            read[name] = declared[name].read(value)
        except Invalid as invalid:
            errors |= invalid.errors
    if errors:
        raise Invalid(**errors)
    return read


def _store_setting(name: str, value: Any) -> None:
    """Keep the value; one that is the default is not kept, so that a new default would hold."""
    if value == all_declared()[name].default:
        db.session.execute(delete(Setting).where(Setting.name == name))
    else:
        db.session.merge(Setting(name=name, value=value))


def _lock(table: str) -> None:
    """Let one writer in at a time: rows that do not exist yet cannot be locked. SQLite does so by itself."""
    if is_postgresql():
        db.session.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
