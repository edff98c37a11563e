"""Rights, as the framework asks for them, answered from the actor of the request: no SQL, no second truth."""

from typing import Any

from flask import current_app
from flask_appbuilder.security.sqla.manager import SecurityManager

from app.core.permissions import Action
from app.ui.guard import signed_in


class HouseSecurity(SecurityManager):
    """The security manager that app/staff completes. Its own pages and HTTP API are off, but for the sign-in."""

    def register_views(self) -> None:
        self.auth_view = self.authdbview()
        self.appbuilder.add_view_no_menu(self.auth_view)

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether the one who asks has the grant, or sees the menu entry. False for anything else."""
        if permission_name == "menu_access":
            return current_app.appbuilder.opens_menu(view_name)  # type: ignore[attr-defined]
        actor = signed_in()
        action = permission_name.removeprefix("can_")
        known = action in set(Action) and permission_name != action
        return bool(actor and known and actor.may(Action(action), view_name))

    def get_user_menu_access(self, menu_names: Any = None) -> set[str]:
        return {name for name in menu_names or () if self.has_access("menu_access", name)}
