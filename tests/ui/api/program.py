"""A program that calls the API as somebody, without the sign-in that stands on a floor above."""

from typing import Any

from flask import Flask

from app.core.actor import Actor
from app.ui.api import bearer


class Program:
    """A caller with a token: speaks JSON, answers what the edge answered."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, headers: dict[str, str] | None = None, **sent: Any) -> Any:
        return self.client.open(f"/api/v1{path}", method=method, headers={**self.headers, **(headers or {})}, **sent)


def program_of(app: Flask, actor: Actor, monkeypatch: Any) -> Program:
    """A program whose token stands for this actor, in this test."""
    before, token = bearer._authenticator, f"test-{actor.name}"
    monkeypatch.setattr(
        bearer, "_authenticator", lambda given, address: (actor, None) if given == token else before(given, address)
    )
    return Program(app, token)
