"""When two rows, or a row and a service, are the same: by account, or by customer and place. Pure."""

import hashlib
from collections.abc import Mapping
from typing import Any

from app.broadband.models import ServiceStatus
from app.broadband.subscribers.words import Field


def key_of(phone: str, values: Mapping[str, Any]) -> str:
    """What no two rows of a list may share."""
    account = values.get(Field.BROADBAND_ACCOUNT)
    if values[Field.USER_STATUS] == ServiceStatus.CLOSED:
        return closed_key(phone, account, values[Field.COMMUNITY], values.get(Field.ADDRESS))
    return _key("account", account) if account else place_key(phone, values[Field.COMMUNITY], values.get(Field.ADDRESS))


def place_key(phone: str, community_id: int, address: str | None) -> str:
    """Of a service that a customer has somewhere."""
    return _key("place", phone, community_id, address)


def closed_key(phone: str, account: str | None, community_id: int, address: str | None) -> str:
    """Of a service that a customer has had."""
    return _key("closed", phone, account, community_id, address)


def _key(*parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
