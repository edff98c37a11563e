"""Hashing of passwords: slow on purpose, so never inside a transaction."""

from functools import cache

from flask import current_app
from werkzeug.security import check_password_hash, generate_password_hash

DEFAULT_METHOD = "scrypt"


def hash_password(password: str) -> str:
    """The hash to keep. Takes as long as a guess shall take."""
    return generate_password_hash(password, method=_method())


def matches(kept_hash: str | None, password: str) -> bool:
    """Whether the password is the one of the hash. Takes the same time when there is no hash at all."""
    is_same = check_password_hash(kept_hash or _nobodys_hash(_method()), password)
    return bool(kept_hash) and is_same


def _method() -> str:
    return current_app.config.get("FAB_PASSWORD_HASH_METHOD") or DEFAULT_METHOD


@cache
def _nobodys_hash(method: str) -> str:
    return generate_password_hash("the password of nobody", method=method)
