"""What keeps a customer from being deleted: each open room says no as long as he has something of its own."""

from collections.abc import Callable, Sequence

from flask import Flask, current_app

KEY = "house-customer-ties"


def install(app: Flask, ties: Sequence[Callable[[int], None]]) -> None:
    """Remember what the open rooms have declared as `Feature.customer_ties`."""
    app.extensions[KEY] = tuple(ties)


def require_untied(customer_id: int) -> None:
    """Raises the refusal of the first room that he is tied to. His wallets are locked already."""
    for tie in current_app.extensions[KEY]:
        tie(customer_id)
