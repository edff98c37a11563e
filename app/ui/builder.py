"""The framework's start, without the parts that a shop must not have."""

from typing import Any

from flask import Flask, redirect, request
from flask_appbuilder import AppBuilder, expose
from werkzeug.wrappers import Response

from app.core.feature import Page
from app.core.permissions import Grant
from app.ui import languages
from app.ui.guard import signed_in, to_sign_in
from app.ui.views import HouseView


class HomeView(HouseView):
    """`/`: whoever is signed in goes to the first page that is open to him."""

    route_base = ""
    default_view = "index"

    @expose("/")
    def index(self) -> Response | str:
        if signed_in() is None:
            return to_sign_in()
        first = self.appbuilder.first_page()
        return redirect(first) if first else self.render_template("ui/empty.html")


class HouseBuilder(AppBuilder):
    """Flask-AppBuilder with our home page and languages, and without its own.

    Left out: `/back` and `/lang/<locale>` (they redirect wherever the last page or the sender says, and change
    state on GET), the menu API and the OpenAPI pages. menu_grants: what opens each menu entry. asides: the entries
    that lead to nobody's first page.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.menu_grants: dict[str, Grant] = {}
        self.asides: set[str] = set()
        self._leads: dict[str, dict[str, str]] = {}
        super().__init__(*args, indexview=HomeView, **kwargs)

    def init_app(self, app: Flask, session: Any) -> None:
        super().init_app(app, session)
        app.extensions["babel"].locale_selector = languages.choose

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(self.indexview)
        self.add_view_no_menu(languages.LanguageView)
        self.sm.register_views()

    def open_page(self, page: Page) -> None:
        """Register the view of a room's page, and its menu entry when it has a category."""
        if not page.category:
            self.add_view_no_menu(page.view)
            return
        self.add_view(
            page.view,
            page.name,
            href=page.href,
            icon=page.icon,
            label=page.label or page.name,
            category=page.category,
        )
        if page.shows:
            self.menu_grants[page.name] = page.shows
        if page.is_aside:
            self.asides.add(page.name)

    def leads(self) -> dict[str, str]:
        """Where each menu entry leads, by its name. Looked up once for each prefix that the house is served under."""
        if (root := request.script_root) not in self._leads:
            children = [child for item in self.menu.get_list() for child in item.childs]
            self._leads[root] = {child.name: child.get_url() for child in children}
        return self._leads[root]

    def opens_menu(self, name: str) -> bool:
        """Whether the entry or category of that name has anything for the one who asks."""
        actor = signed_in()
        if actor is None:
            return False
        if name in self.menu_grants:
            return actor.may(*self.menu_grants[name])
        category = self.menu.find(name)
        return category is not None and any(self.opens_menu(child.name) for child in category.childs)

    def first_page(self) -> str | None:
        """The address of the first menu entry that is open to the one who asks and that he has work to do with."""
        entries = [child for item in self.menu.get_list() for child in item.childs or [item]]
        found = sorted((each for each in entries if self.opens_menu(each.name)), key=lambda e: e.name in self.asides)
        return found[0].get_url() if found else None
