"""Codes of house accounts that depend on what is done. The whole chart stands in docs/accounts.md."""

from app.shop.models import Method

GENERAL = "general"  # the category of what has none
OVER_SHORT = "over-short"
PETTY_CASH = "petty-cash"


def till(method: Method, store_id: int) -> str:
    """The house account where money of this method arrives: the store's cash drawer, or a clearing account."""
    return f"cash:{store_id}" if method is Method.CASH else f"clearing:{method.value}"


def drawer(store_id: int, shift_id: int) -> str:
    """The account of the cash in the drawer of one shift."""
    return f"drawer:{store_id}:{shift_id}"


def is_cash(code: str | None) -> bool:
    """Whether an account is cash at hand: of a store, or of a shift."""
    return code is not None and code.startswith(("cash:", "drawer:"))
