"""A clerk at the counter, as a browser without JavaScript sees it."""

import re
from decimal import Decimal
from typing import Any

from flask.testing import FlaskClient

from app.core.db import in_transaction
from app.customers.operations import create_customer
from app.ledger.operations import recharge
from app.shop.models import Method


def customer_with(balance: str, phone: str, actor: Any, name: str = "王小明") -> int:
    """A new customer who has paid in that much."""
    made = in_transaction(lambda: create_customer({"phone": phone, "name": name}, store_id=1, actor=actor).id)
    if Decimal(balance):
        in_transaction(lambda: recharge(made, Decimal(balance), method=Method.CASH, store_id=1, actor=actor))
    return made


def form_of(page: str, action: str) -> dict[str, str]:
    """The hidden inputs of the form with that address."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert found, f"no form for {action}"
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found.group(0)))


def opened(client: FlaskClient, customer_id: int, action: str) -> dict[str, str]:
    """Open the customer's screen and take the form up."""
    return form_of(client.get(f"/counter?customer={customer_id}").text, f"/counter/{customer_id}/{action}")
