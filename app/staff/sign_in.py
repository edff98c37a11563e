"""Signing in, for the form and for programs alike: one way in, one answer for every kind of wrong."""

import hmac
import secrets
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from app.core.actor import Actor, ActorKind
from app.core.db import in_transaction
from app.core.errors import TooManyTries
from app.extensions import db
from app.staff.models import SessionKind, Staff
from app.staff.operations import change_own_password, note_failed_sign_in, note_first_step, start_session
from app.staff.operations.sessions import Proof
from app.staff.passwords import hash_password, matches
from app.staff.queries import demands_second_factor, find_by_username, second_factor_of, seconds_locked, token_hash
from app.staff.refusals import SecondFactorNeeded, WrongCredentials
from app.staff.rules import LONGEST_PASSWORD, check_password
from app.staff.second_factor import read_code

WRONG = "0" * 64


class _Known(NamedTuple):
    """What is known of a name, without a row that would keep a transaction open while hashing.

    sealed_secret: of his second factor, if he has one. must_set_up: his role demands one that he does not have.
    """

    id: int | None = None
    username: str = ""
    password_hash: str | None = None
    can_sign_in: bool = False
    sealed_secret: str | None = None
    must_set_up: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a sign-in comes from. replaces: the session that the same browser had before."""

    kind: SessionKind
    address: str | None
    user_agent: str | None = None
    replaces: int | None = None


def sign_in(
    username: str,
    password: str,
    *,
    kind: SessionKind,
    address: str | None,
    user_agent: str | None = None,
    replaces: int | None = None,
    code: str | None = None,
) -> tuple[str, Staff]:
    """Sign an administrator in. Returns the secret of his session, which is nowhere else, and who he is.

    replaces: the session that the same browser had before. code: of his telephone or paper. Raises TooManyTries,
    also for the right password and for names that nobody has, WrongCredentials, and SecondFactorNeeded when a code
    is missing, whether the password was right or not.
    """
    caller = Caller(kind, address, user_agent, replaces)
    _refuse_if_locked(username, address)
    known = _look_up(username)
    # Hashed in any case: how long it takes must not tell whether the name exists.
    is_right = matches(known.password_hash, password[: LONGEST_PASSWORD + 1]) and known.can_sign_in
    if known.sealed_secret is not None and code is None:
        # Counted for the address alone, whatever the password was: a lock of the name would tell.
        in_transaction(lambda: note_first_step(actor=_somebody(address)))
        raise SecondFactorNeeded(_mark(known) if is_right else WRONG)
    if not is_right:
        _fail(known, username, address)
    if known.must_set_up and kind is SessionKind.API:
        raise SecondFactorNeeded(must_set_up=True)
    return _enter(known, username, code, caller)


def finish_sign_in(username: str, code: str, *, mark: str, caller: Caller) -> tuple[str, Staff]:
    """The second step in a browser, once a password was given. Answers and raises what `sign_in` does.

    mark: what the first step gave.
    """
    _refuse_if_locked(username, caller.address)
    known = _look_up(username)
    if not known.can_sign_in or not hmac.compare_digest(mark, _mark(known)):
        _fail(known, username, caller.address)
    return _enter(known, username, code, caller)


def _mark(known: _Known) -> str:
    """What the first step of a sign-in leaves of a password that was right: as long as that of a wrong one."""
    return token_hash(known.password_hash or secrets.token_hex())


def _enter(known: _Known, username: str, code: str | None, caller: Caller) -> tuple[str, Staff]:
    token = secrets.token_urlsafe(32)
    typed = read_code(code or "", known.sealed_secret)
    actor = Actor(ActorKind.STAFF, known.id, known.username, address=caller.address)
    try:
        in_transaction(
            lambda: start_session(
                known.id or 0,
                token_hash=token_hash(token),
                kind=caller.kind,
                verified_hash=known.password_hash or "",
                actor=actor,
                proof=Proof(known.sealed_secret, typed.steps, typed.recovery_hash),
                user_agent=caller.user_agent,
                replaces=caller.replaces,
            )
        )
    except WrongCredentials:
        _fail(known, username, caller.address)
    return token, db.session.get_one(Staff, known.id)


def confirm_password(password: str, *, actor: Actor) -> str:
    """Ask the one who is signed in who he is, before something grave. Returns the hash that was found right.

    Guesses count like guesses at the sign-in. Raises TooManyTries, WrongCredentials.
    """
    _refuse_if_locked(actor.name, actor.address)
    known = _look_up(actor.name)
    if not (matches(known.password_hash, password[: LONGEST_PASSWORD + 1]) and known.can_sign_in):
        _fail(known, actor.name, actor.address)
    return known.password_hash or ""


def change_password(old: str, new: str, *, session_id: int | None, actor: Actor) -> None:
    """Change the password of the one who asks. Guesses of the old one count like guesses at the sign-in.

    Raises TooManyTries, WrongCredentials for a wrong old one, Invalid for a new one that is too easy.
    """
    check_password(new, actor.name)
    verified_hash = confirm_password(old, actor=actor)
    new_hash = hash_password(new)
    in_transaction(
        lambda: change_own_password(new_hash, verified_hash=verified_hash, session_id=session_id, actor=actor)
    )


def _fail(known: _Known, username: str, address: str | None) -> NoReturn:
    in_transaction(lambda: note_failed_sign_in(username, staff_id=known.id, actor=_somebody(address)))
    raise WrongCredentials


def _somebody(address: str | None) -> Actor:
    return Actor(ActorKind.SYSTEM, None, "sign-in", address=address)


def _look_up(username: str) -> _Known:
    staff = find_by_username(username)
    known = _Known()
    if staff:
        kept = second_factor_of(staff.id)
        must_set_up = kept is None and demands_second_factor(staff.id)
        secret = kept.secret if kept else None
        known = _Known(staff.id, staff.username, staff.password, staff.can_sign_in, secret, must_set_up)
    db.session.rollback()
    return known


def _refuse_if_locked(username: str, address: str | None) -> None:
    seconds = seconds_locked(username, address)
    db.session.rollback()
    if seconds:
        raise TooManyTries(seconds)
