"""Programs that sign in over HTTP as real administrators, and what they all need."""

import secrets
from typing import Any

from flask import Flask

from tests.staff.people import PASSWORD, make, new_name

PROBLEM = "application/problem+json"


def new_key() -> str:
    return secrets.token_hex(12)


class Desk:
    """A program with the token that POST /session gave it. Money moves under a new key unless one is given.

    store: where it recharges and consumes unless told otherwise.
    """

    def __init__(self, app: Flask, role: str, *, store: str = "main", **more: Any) -> None:
        self.app, self.username, self.store = app, new_name(), store
        with app.app_context():
            self.id = make(role, name=self.username, **more)
        self.client = app.test_client()
        answer = self.client.post("/api/v1/session", json={"username": self.username, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        self.token = answer.json["access_token"]

    def __call__(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **sent: Any):
        if body is not None:
            sent["json"] = body
        given = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        # A client keeps cookies and one request at a time: threads share the desk, not the client.
        return self.app.test_client().open(f"/api/v1{path}", method=method, headers=given, **sent)

    def get(self, path: str, **query: Any):
        return self("GET", path, query_string={name.rstrip("_"): value for name, value in query.items()})

    def post(self, path: str, body: Any = None, key: str | None = None, **headers: str):
        return self("POST", path, body, {"Idempotency-Key": key or new_key(), **headers})

    def patch(self, path: str, body: Any, match: str | None = "*"):
        return self("PATCH", path, body, {"If-Match": match} if match else {})

    def delete(self, path: str, match: str | None = "*", reason: str = "asked for"):
        return self("DELETE", path, None, {"If-Match": match} if match else {}, query_string={"reason": reason})

    def recharge(self, customer_id: int, amount: str, key: str | None = None, **more: Any):
        body = {"amount": amount, "method": "cash", "store": self.store, **more}
        return self.post(f"/customers/{customer_id}/recharges", body, key)

    def consume(self, customer_id: int, amount: str, key: str | None = None, **more: Any):
        return self.post(f"/customers/{customer_id}/consumptions", {"amount": amount, "store": self.store, **more}, key)

    def reverse(self, posting_id: int, key: str | None = None, **more: Any):
        return self.post(f"/postings/{posting_id}/reversal", {"reason": "typed wrong", **more}, key)

    def customer(self, customer_id: int) -> dict[str, Any]:
        answer = self.get(f"/customers/{customer_id}")
        assert answer.status_code == 200, answer.text
        return answer.json

    def pages(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Every page of a list, followed to its end."""
        found = [self.get(path, **query).json]
        while found[-1]["next"]:
            found.append(self.get(path, **query, cursor=found[-1]["next"]).json)
        return found


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem that an answer tells of, after a look at its form."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == PROBLEM
    body = answer.json
    assert {"type", "title", "status", "detail", "code"} <= body.keys()
    assert (body["status"], body["code"]) == (status, code)
    return body


def wrong_field(answer: Any, *fields: str) -> None:
    """The answer is a 400 that names these fields."""
    assert sorted(refused(answer, 400, "invalid")["errors"]) == sorted(fields)
