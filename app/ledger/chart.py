"""Codes of house accounts that depend on what is done. The whole chart stands in docs/accounts.md."""

from app.shop.models import Method

GENERAL = "general"  # the category of what has none


def till(method: Method, store_id: int) -> str:
    """The house account where money of this method arrives: the store's cash drawer, or a clearing account."""
    return f"cash:{store_id}" if method is Method.CASH else f"clearing:{method.value}"
