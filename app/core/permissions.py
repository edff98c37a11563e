"""The closed list of actions. Resources are named by the room that owns them."""

from enum import StrEnum
from typing import NamedTuple


class Action(StrEnum):
    """What can be done to a kind of thing. Names are stored in role tables: never rename one."""

    VIEW = "view"
    EDIT = "edit"
    REMOVE = "remove"
    POST = "post"
    REVERSE = "reverse"
    APPROVE = "approve"
    EXPORT = "export"


class Grant(NamedTuple):
    """One right: an action on a resource, a noun of the business."""

    action: Action
    resource: str

    @property
    def permission(self) -> str:
        """The name under which Flask-AppBuilder stores the action."""
        return f"can_{self.action}"


SUPER_ADMIN = "super-admin"
ORDINARY_ADMIN = "ordinary-admin"
PRESETS = ("cashier", "service-desk", "finance", "installer")
ROLES = (SUPER_ADMIN, ORDINARY_ADMIN, *PRESETS)
