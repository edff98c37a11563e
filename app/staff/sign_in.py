"""Signing in, for the form and for programs alike: one way in, one answer for every kind of wrong."""

import secrets
from typing import NamedTuple

from app.core.actor import Actor, ActorKind
from app.core.db import in_transaction
from app.core.errors import TooManyTries
from app.extensions import db
from app.staff.models import SessionKind, Staff
from app.staff.operations import change_own_password, note_failed_sign_in, start_session
from app.staff.passwords import hash_password, matches
from app.staff.queries import find_by_username, seconds_locked, token_hash
from app.staff.refusals import WrongCredentials
from app.staff.rules import LONGEST_PASSWORD, check_password


class _Known(NamedTuple):
    """What is known of a name, without a row that would keep a transaction open while hashing."""

    id: int | None = None
    username: str = ""
    password_hash: str | None = None
    can_sign_in: bool = False


def sign_in(
    username: str,
    password: str,
    *,
    kind: SessionKind,
    address: str | None,
    user_agent: str | None = None,
    replaces: int | None = None,
) -> tuple[str, Staff]:
    """Sign an administrator in. Returns the secret of his session, which is nowhere else, and who he is.

    replaces: the session that the same browser had before. Raises TooManyTries, also for the right password
    and for names that nobody has, and WrongCredentials.
    """
    _refuse_if_locked(username, address)
    known = _look_up(username)
    _verify(known, username, password, address)
    token = secrets.token_urlsafe(32)
    actor = Actor(ActorKind.STAFF, known.id, known.username, address=address)
    in_transaction(
        lambda: start_session(
            known.id or 0,
            token_hash=token_hash(token),
            kind=kind,
            verified_hash=known.password_hash or "",
            actor=actor,
            user_agent=user_agent,
            replaces=replaces,
        )
    )
    return token, db.session.get_one(Staff, known.id)


def change_password(old: str, new: str, *, session_id: int | None, actor: Actor) -> None:
    """Change the password of the one who asks. Guesses of the old one count like guesses at the sign-in.

    Raises TooManyTries, WrongCredentials for a wrong old one, Invalid for a new one that is too easy.
    """
    check_password(new, actor.name)
    _refuse_if_locked(actor.name, actor.address)
    known = _look_up(actor.name)
    _verify(known, actor.name, old, actor.address)
    new_hash = hash_password(new)
    in_transaction(
        lambda: change_own_password(
            new_hash, verified_hash=known.password_hash or "", session_id=session_id, actor=actor
        )
    )


def _verify(known: _Known, username: str, password: str, address: str | None) -> None:
    # Hashed in any case: how long it takes must not tell whether the name exists.
    is_right = matches(known.password_hash, password[: LONGEST_PASSWORD + 1])
    if is_right and known.can_sign_in:
        return
    somebody = Actor(ActorKind.SYSTEM, None, "sign-in", address=address)
    in_transaction(lambda: note_failed_sign_in(username, staff_id=known.id, actor=somebody))
    raise WrongCredentials


def _look_up(username: str) -> _Known:
    staff = find_by_username(username)
    known = _Known(staff.id, staff.username, staff.password, staff.can_sign_in) if staff else _Known()
    db.session.rollback()
    return known


def _refuse_if_locked(username: str, address: str | None) -> None:
    seconds = seconds_locked(username, address)
    db.session.rollback()
    if seconds:
        raise TooManyTries(seconds)
