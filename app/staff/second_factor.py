"""Codes of a telephone (TOTP, RFC 6238), codes on paper for the day it is lost, and how both are kept.

Everything here hangs on SECRET_KEY: with another one no kept secret opens any more, and a super administrator (or
`flask staff reset-second-factor`) lets each person set up a new one (docs/operations.md).
"""

import base64
import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from app.core import clock

STEP_SECONDS = 30
DIGITS = 6
RECOVERY_CODES = 10
# Without signs that look like one another on paper.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_HALF = 5


class Typed(NamedTuple):
    """A code that somebody typed, as it may be right: of the telephone, or of the paper."""

    steps: tuple[int, ...] = ()
    recovery_hash: str | None = None


def new_secret() -> str:
    """What a telephone and the desk will share: 160 random bits in base 32."""
    return pyotp.random_base32()


def matching_steps(secret: str, code: str, at: datetime | None = None) -> tuple[int, ...]:
    """The time steps whose code this is: the present one, the one before and the one after are looked at."""
    step = int((at or clock.real_now()).timestamp()) // STEP_SECONDS
    made = pyotp.HOTP(secret, digits=DIGITS)
    return tuple(each for each in (step - 1, step, step + 1) if hmac.compare_digest(made.at(each), code))


def read_code(typed: str, sealed_secret: str | None) -> Typed:
    """What a typed code may be. sealed_secret: as it is kept; None, or one that does not open, matches nothing."""
    code = plain(typed)
    if len(code) != DIGITS or not code.isdigit():
        return Typed(recovery_hash=recovery_hash(code))
    secret = unseal(sealed_secret, "secret")
    return Typed(matching_steps(secret["secret"], code) if secret else ())


def plain(typed: str) -> str:
    """The code as it was made, whatever width, case and gaps it was typed with."""
    text = unicodedata.normalize("NFKC", typed)[:64].lower()
    return "".join(sign for sign in text if sign.isascii() and sign.isalnum())


def new_recovery_codes() -> list[str]:
    """Ten codes for paper, each good once. To be shown now; only their hashes are kept."""
    return ["-".join(_half() for _ in range(2)) for _ in range(RECOVERY_CODES)]


def _half() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_HALF))


def recovery_hash(code: str) -> str:
    """What to keep of a code on paper. Keyed: its 50 bits could be guessed from a plain hash."""
    return hmac.new(_key("recovery codes"), plain(code).encode(), hashlib.sha256).hexdigest()


def seal(value: Mapping[str, Any], purpose: str) -> str:
    """The value as text that only this desk can read and make."""
    return _fernet(purpose).encrypt(json.dumps(value).encode()).decode()


def unseal(sealed: str | None, purpose: str, lasts: int | None = None) -> dict[str, Any] | None:
    """The value of a sealed text; None when it is not ours, or older than it may be. lasts: seconds."""
    try:
        return json.loads(_fernet(purpose).decrypt((sealed or "").encode(), ttl=lasts))
    except (InvalidToken, UnicodeEncodeError):
        return None


def address_of(secret: str, username: str, issuer: str) -> str:
    """What the code to scan says: `otpauth://totp/...`."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def picture_of(address: str) -> str:
    """The address as a QR code, in a `data:` address of a picture. White ground: telephones read no inverted ones."""
    return segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="#fff")


def spaced(secret: str) -> Sequence[str]:
    """The key to type by hand, in groups of four."""
    return [secret[place : place + 4] for place in range(0, len(secret), 4)]


def _fernet(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(purpose)))


def _key(purpose: str) -> bytes:
    """A key of its own for each purpose, so that a text sealed for one is nothing to another."""
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"prepaid-desk {purpose}".encode())
    return derive.derive(current_app.config["SECRET_KEY"].encode())
