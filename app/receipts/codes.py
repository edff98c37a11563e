"""The code on a receipt: an address that whoever holds the paper may open, and nobody can make up."""

import hashlib
import hmac

import segno
from flask import current_app
from itsdangerous import BadSignature, Signer
from markupsafe import Markup

from app.core.errors import NotFound

SALT = "receipts.check"  # in every code that is printed: never change it
LONGEST = 80


def token_of(posting_id: int) -> str:
    """The posting's number, signed. The same one for ever, as long as the deployment keeps its SECRET_KEY."""
    return _signer().sign(str(posting_id)).decode()


def posting_of(token: str) -> int:
    """The posting whose token it is. Asks no database; raises NotFound for any other text."""
    if len(token) > LONGEST or not token.isascii():
        raise NotFound
    try:
        number = _signer().unsign(token).decode()
    except BadSignature:
        raise NotFound from None
    # Base64 has several spellings of the same signature; one of them is ours.
    if not hmac.compare_digest(_signer().sign(number), token.encode()):
        raise NotFound
    return int(number)


def address_of(posting_id: int) -> str:
    """Where the holder of the receipt looks, as the world reaches this deployment."""
    return f"{current_app.config['BASE_URL'].rstrip('/')}/r/{token_of(posting_id)}"


def drawn(address: str) -> Markup:
    """The address as a QR code: SVG without a size, a style or a text."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None))  # noqa: S704 - drawn by us


def _signer() -> Signer:
    secret = current_app.config["SECRET_KEY"]
    return Signer(secret, salt=SALT, key_derivation="hmac", digest_method=hashlib.sha256)
