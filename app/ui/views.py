"""The views that rooms build on."""

from typing import Any

from flask_appbuilder import BaseView


class HouseView(BaseView):
    """A page of our own. Its methods are closed by `@guarded`."""

    def render_template(self, template: str, **context: Any) -> str:
        """The page as text. context: what the template needs; `title` becomes heading and window title."""
        return super().render_template(template, **context)
