"""What the open rooms do when a person is erased: each empties what it keeps of him."""

from collections.abc import Callable, Sequence

from flask import Flask, current_app

KEY = "house-erasers"


def install(app: Flask, erasers: Sequence[Callable[..., object]]) -> None:
    """Remember what the open rooms have declared as `Feature.erasers`."""
    app.extensions[KEY] = tuple(erasers)


def erasers() -> Sequence[Callable[..., object]]:
    """Each is called as eraser(customer_id, actor=...), in the transaction that erases."""
    return current_app.extensions[KEY]
