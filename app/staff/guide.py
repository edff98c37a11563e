"""The first steps of an owner: what is done of them is read off the facts, never off clicks."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.core.db import in_transaction
from app.core.permissions import Action
from app.shop.operations import change_settings
from app.shop.queries import all_stores, settings
from app.staff.queries import Done, done_by
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

FURNISHED_NAME = "Main store"  # what the first store is called until somebody names it


class Step(NamedTuple):
    """One step. href, action: the way to where it is done and what the button says; empty when it is no page."""

    is_done: bool
    label: str
    href: str = ""
    action: str = ""


def first_steps(more: Callable[[], Sequence[Step]]) -> list[Step]:
    """The steps for `staff/guide.html`, to be included anywhere; none when all are done, or nobody wants to see them.

    more: asked for what only the rooms above know, when the list is shown at all.
    """
    actor = current_actor()
    values = settings(("first_steps", "shop_name", "bonus_from"))
    if not values["first_steps"] or not actor.may(Action.EDIT, "settings"):
        return []
    done = done_by(actor.staff_id or 0)
    steps = [*_of_the_shop(values, done), *more(), *_of_safety(done)]
    return [] if all(step.is_done for step in steps) else steps


def _of_the_shop(values: dict[str, Any], done: Done) -> list[Step]:
    stores, of_settings = all_stores(), url_for("SettingsView.show")
    is_named = len(stores) > 1 or stores[0].name != FURNISHED_NAME
    store_page = url_for("StoresView.edit", pk=stores[0].id)
    return [
        Step(bool(values["shop_name"]), gettext("Give the shop its name."), of_settings, gettext("Settings")),
        Step(is_named, gettext("Give the first store its name."), store_page, gettext("Change store")),
        Step(
            done.saw_methods,
            gettext("Look at the payment methods, and save the page."),
            url_for("MethodsView.show"),
            gettext("Payment methods"),
        ),
        Step(
            values["bonus_from"] is not None,
            gettext("Set the bonus of a recharge, if you give one."),
            of_settings,
            gettext("Settings"),
        ),
        Step(
            done.has_clerks,
            gettext("Make an account for each clerk."),
            url_for("AdministratorsView.add"),
            gettext("New administrator"),
        ),
    ]


def _of_safety(done: Done) -> list[Step]:
    return [
        Step(
            done.is_protected,
            gettext("Protect your own sign-in with a second factor."),
            url_for("SecondFactorView.show"),
            gettext("Second factor"),
        ),
        Step(
            _has_backup(),
            gettext("Make a backup, and keep a copy elsewhere."),
            url_for("BackupsView.list"),
            gettext("Backups"),
        ),
    ]


def _has_backup() -> bool:
    place = Path(current_app.config["BACKUP_DIR"])
    return place.is_dir() and any(path.is_file() for path in place.iterdir())


class FirstStepsView(HouseView):
    """/first-steps: puts the list away. The settings bring it back."""

    route_base = "/first-steps"
    default_view = "dismiss"

    @expose("/dismiss", methods=["POST"])
    @guarded(Action.EDIT, "settings")
    def dismiss(self) -> Response:
        actor = current_actor()
        in_transaction(lambda: change_settings({"first_steps": False}, actor=actor))
        return redirect(url_for("HomeView.index"))
