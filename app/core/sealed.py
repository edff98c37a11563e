"""Values that nobody may read in the database: ID numbers, passwords of lines. Kept sealed, opened one at a time.

The keys stand outside the database (FIELD_KEYS): the first one seals, all of them open, so that a new one can be put
in front and everything be sealed again with it (`flask sealed rotate`).
"""

import hashlib
import hmac
import unicodedata
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app

from app.core.errors import N_, Refused

DOT = "\N{BULLET}"
HIDDEN = DOT * 8
_SHOWN_FIRST, _SHOWN_LAST = 3, 4
_SHORTEST_SHOWN = 12  # of a shorter number the signs that are shown would tell too much


class Unreadable(Refused):
    """None of the keys opens it: FIELD_KEYS is not what it was when it was sealed."""

    code = "unreadable"
    sentence = N_("This cannot be read: it was sealed with a key that FIELD_KEYS does not hold.")
    is_frozen = False


def seal(text: str | None) -> str | None:
    """The value as it is kept; None for nothing."""
    return _box(_keys()).encrypt(text.encode()).decode() if text else None


def unseal(token: str | None) -> str | None:
    """The value itself. Raises Unreadable. Who shows it to somebody records that."""
    if not token:
        return None
    try:
        return _box(_keys()).decrypt(token.encode()).decode()
    except InvalidToken as wrong:
        raise Unreadable from wrong


def mark(text: str | None) -> str | None:
    """What tells equal values without opening them: a keyed hash in hex, of the value without gaps, case and width."""
    found = marks(text)
    return found[0] if found else None


def marks(text: str | None) -> list[str]:
    """What a value may be marked with: by each key, the first one's first. For looking it up: `in_(marks(typed))`."""
    plain = "".join(unicodedata.normalize("NFKC", text or "").split()).upper()
    if not plain:
        return []
    return [hmac.new(key.encode(), b"mark " + plain.encode(), hashlib.sha256).hexdigest() for key in _keys()]


def mask(text: str | None) -> str | None:
    """A number as everybody may see it: its first three and last four signs, or none of a short one."""
    if not text:
        return None
    if len(text) < _SHORTEST_SHOWN:
        return HIDDEN
    return text[:_SHOWN_FIRST] + DOT * (len(text) - _SHOWN_FIRST - _SHOWN_LAST) + text[-_SHOWN_LAST:]


def shown(token: str | None) -> str | None:
    """The sealed value as everybody may see it: its mask, HIDDEN where none of the keys opens it."""
    try:
        return mask(unseal(token))
    except Unreadable:
        return HIDDEN


def is_readable(token: str | None) -> bool:
    """Whether the keys open it; an empty one is."""
    return not token or _opens(_box(_keys()), token)


def holds(token: str | None, text: str | None) -> bool:
    """Whether that very value is sealed in it, sign by sign. What cannot be read holds nothing."""
    try:
        return (unseal(token) or None) == (text or None)
    except Unreadable:
        return False


def is_of_first_key(token: str) -> bool:
    """Whether it needs no sealing again: the key that seals now has sealed it."""
    return _opens(_box(_keys()[:1]), token)


def new_key() -> str:
    """A key for FIELD_KEYS."""
    return Fernet.generate_key().decode()


def is_key(text: str) -> bool:
    """Whether it can stand in FIELD_KEYS: 32 bytes in the base64 of addresses."""
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


def _opens(box: MultiFernet, token: str | None) -> bool:
    try:
        box.decrypt((token or "").encode())
    except InvalidToken:
        return False
    return True


def _keys() -> tuple[str, ...]:
    return tuple(current_app.config["FIELD_KEYS"])


@lru_cache(4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
