"""A program that calls the house over HTTP, and is told everything: an answer, or that there is none."""

import http.client
import itertools
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

from tests.staff.people import PASSWORD

IDLE = 1  # seconds after which a server may have hung up, and a new connection is made

_phones = itertools.count(13_100_000_000 + secrets.randbelow(80_000_000))


@dataclass(frozen=True)
class Answer:
    """status 0: there was none, and nobody knows what was done."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    is_replayed: bool = False

    @property
    def code(self) -> str:
        return self.body.get("code", "")


class Program:
    """One connection that is kept, for one thread at a time."""

    def __init__(self, address: tuple[str, int], token: str = "", seconds: float = 30) -> None:
        self.address, self.token = address, token
        self._connection = http.client.HTTPConnection(*address, timeout=seconds)
        self._used_at = time.monotonic()

    def __del__(self) -> None:
        self._connection.close()  # programs are many and short-lived

    @classmethod
    def signed_in(cls, address: tuple[str, int]) -> Self:
        program = cls(address)
        answer = program("POST", "/session", {"username": "owner", "password": PASSWORD})
        assert answer.status == 201, answer
        program.token = answer.body["access_token"]
        return program

    def another(self) -> Self:
        """The same caller on a connection of his own."""
        return type(self)(self.address, self.token)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """headers: more header fields, with _ for -."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given |= {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        text = None if body is None else json.dumps(body)
        if time.monotonic() - self._used_at > IDLE:
            self._connection.close()
        try:
            self._connection.request(method, f"/api/v1{path}", text, given)
            answer = self._connection.getresponse()
            said = answer.read()
            self._used_at = time.monotonic()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return Answer(0)
        is_replayed = answer.headers.get("Idempotent-Replayed") == "true"
        return Answer(answer.status, _body(said), is_replayed)

    def get(self, path: str, **query: Any) -> Answer:
        return self("GET", f"{path}?{urlencode(query)}" if query else path)

    def pages(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Every page of a list, followed to its end."""
        found, more = [], {}
        while not found or more:
            answer = self.get(path, **query, **more)
            assert answer.status == 200, answer
            found.append(answer.body)
            more = {"cursor": answer.body["next"]} if answer.body["next"] else {}
        return found

    def new_customer(self, balance: str | None = None) -> int:
        body = {"phone": f"+86{next(_phones)}", "name": "Hot", "store": "main"}
        answer = self("POST", "/customers", body)
        assert answer.status == 201, answer
        if balance:
            assert self.recharge(answer.body["id"], balance).status == 201
        return answer.body["id"]

    def recharge(self, customer: int, amount: str, key: str | None = None) -> Answer:
        body = {"amount": amount, "method": "cash", "store": "main"}
        return self("POST", f"/customers/{customer}/recharges", body, Idempotency_Key=key or secrets.token_hex(12))

    def consume(self, customer: int, amount: str, key: str | None = None) -> Answer:
        body = {"amount": amount, "store": "main"}
        return self("POST", f"/customers/{customer}/consumptions", body, Idempotency_Key=key or secrets.token_hex(12))


def _body(said: bytes) -> dict[str, Any]:
    try:
        return json.loads(said) if said else {}
    except ValueError:
        return {"text": said.decode(errors="replace")}
