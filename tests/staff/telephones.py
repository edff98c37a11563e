"""Telephones for tests: real codes by PyOTP, for the real clock."""

import html
import re
import time

import pyotp

from app.core.actor import Actor, ActorKind
from app.core.db import in_transaction
from app.shop.operations import change_settings
from app.staff import second_factor as codes
from app.staff.operations import set_up_second_factor
from tests.staff.people import PASSWORD, SYSTEM, fetch, form_token

PAGE = "/profile/second-factor"


def now_code(secret: str, steps: int = 0) -> str:
    """What a telephone shows now, or that many half minutes later."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


def give(staff_id: int) -> str:
    """Set up a second factor for an administrator without a browser. Returns the secret; no code of it is used."""
    staff, secret = fetch(staff_id), pyotp.random_base32()
    actor, verified = Actor(ActorKind.STAFF, staff_id, staff.username), staff.password
    sealed, hashes = codes.seal({"secret": secret}, "secret"), [codes.recovery_hash(f"paper-{n}") for n in range(10)]
    in_transaction(
        lambda: set_up_second_factor(
            sealed, step=0, recovery_hashes=hashes, verified_hash=verified, session_id=None, actor=actor
        )
    )
    return secret


def set_up(client) -> tuple[str, list[str]]:
    """Set one up as a person does, on the page. Returns the secret and the codes on paper."""
    page = client.get(PAGE).text
    secret = "".join(re.search(r'id="manual-key">([^<]+)<', page).group(1).split())
    sealed = html.unescape(re.search(r'name="sealed"[^>]*value="([^"]+)"', page).group(1))
    answer = client.post(
        PAGE,
        data={
            "csrf_token": form_token(client, PAGE),
            "sealed": sealed,
            "code": now_code(secret),
            "password": PASSWORD,
        },
    )
    assert answer.status_code == 200, answer.text
    return secret, re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", answer.text)


def demand(*roles: str) -> None:
    """Let these roles sign in with a second factor only."""
    in_transaction(lambda: change_settings({"second_factor_roles": list(roles)}, actor=SYSTEM))
