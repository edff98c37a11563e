"""Passwords, as programs send them."""

from typing import Any

from app.staff.rules import LONGEST_PASSWORD
from app.ui.api.fields import Text


class Secret(Text):
    """A password: taken as it is, with the space around it."""

    openapi = {"type": "string", "format": "password"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("type")
        if not value:
            raise self.make_error("blank")
        if len(value) > LONGEST_PASSWORD:
            raise self.make_error("long", longest=LONGEST_PASSWORD)
        return value
