"""What the open rooms show on the page of a customer: each makes a part of it."""

from collections.abc import Callable, Sequence

from flask import Flask, current_app

KEY = "house-customer-panels"


def install(app: Flask, panels: Sequence[Callable[..., str]]) -> None:
    """Remember what the open rooms have declared as `Feature.customer_panels`."""
    app.extensions[KEY] = tuple(panels)


def customer_panels(customer_id: int) -> list[str]:
    """The parts for this customer, as HTML; empty ones are left out."""
    made = (panel(customer_id) for panel in current_app.extensions[KEY])
    return [part for part in made if part]
