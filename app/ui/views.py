"""The views that rooms build on: HouseView for pages of their own, RegisterView and RecordsView for generated ones."""

from flask_appbuilder import BaseView

from app.ui.records import RecordsView
from app.ui.registers import RegisterView

__all__ = ["HouseView", "RecordsView", "RegisterView"]


class HouseView(BaseView):
    """A page of our own. Its methods are closed by `@guarded`, below `@expose`."""
