"""The plug: a deployment opens the rooms that it names, and the rest of the house does not notice."""

from dataclasses import dataclass

import click
import pytest
from flask import Blueprint
from flask_appbuilder import expose

from app import create_app, features
from app.core.feature import Feature, Page
from app.core.permissions import SUPER_ADMIN, Action, Grant
from app.ui.guard import guarded
from app.ui.views import HouseView
from config import BadSetting, TestConfig


class SpareView(HouseView):
    route_base = "/spare"
    default_view = "show"

    @expose("/")
    @guarded(Action.VIEW, "spare-things")
    def show(self) -> str:
        return "spare"


@click.command("spare")
def spare_command() -> None:
    """A command of the room that the tests plug in."""


VIEW = Grant(Action.VIEW, "spare-things")
SPARE = Feature(
    name="spare",
    package=__name__,
    pages=(Page(SpareView, "Spare things", "Spare things", "Spare", shows=VIEW),),
    apis=(Blueprint("spare_calls", __name__, url_prefix="/spare-calls"),),
    grants={SUPER_ADMIN: frozenset({VIEW})},
    commands=(spare_command,),
)
NEEDY = Feature(name="needy", package=__name__, requires=frozenset({"spare"}))


@dataclass
class Opened:
    """What a house shows of its rooms."""

    routes: set[str]
    menu: set[str]
    commands: set[str]
    grants: frozenset[Grant]


@pytest.fixture
def open_with(monkeypatch, tmp_path):
    """Call it with names of rooms for what a house with these shows; two rooms may be switched on."""
    monkeypatch.setattr(features, "SWITCHABLE", (*features.SWITCHABLE, SPARE, NEEDY))

    def look(names: tuple[str, ...] | None) -> Opened:
        app = create_app(TestConfig(f"sqlite:///{tmp_path / 'rooms.db'}", ENABLED_FEATURES=names))
        rooms = features.enabled(names)
        return Opened(
            {rule.rule for rule in app.url_map.iter_rules()},
            {entry.name for entry in app.appbuilder.menu.get_list()},
            set(app.cli.commands),
            frozenset().union(*(room.grants_of(SUPER_ADMIN) for room in rooms)),
        )

    return look


def test_house_opens_with_no_switchable_room(open_with):
    opened = open_with(())
    assert "/spare/" not in opened.routes
    assert "Spare" not in opened.menu
    assert "spare" not in opened.commands
    assert VIEW not in opened.grants
    assert "/login/" in opened.routes


def test_house_opens_with_a_room_alone(open_with):
    opened = open_with(("spare",))
    assert "/spare/" in opened.routes
    assert "Spare" in opened.menu
    assert "spare" in opened.commands
    assert VIEW in opened.grants


def test_house_opens_with_each_room_that_it_has_and_with_all(open_with):
    everything = open_with(None)
    for room in features.SWITCHABLE:
        assert open_with((room.name, *room.requires)).routes <= everything.routes
    assert "/spare/" in everything.routes


def test_a_room_that_nobody_knows_stops_the_start_with_a_sentence(open_with):
    with pytest.raises(BadSetting, match="ENABLED_FEATURES names no such room: cellar"):
        open_with(("cellar",))


def test_a_room_without_the_one_it_needs_stops_the_start_with_a_sentence(open_with):
    with pytest.raises(BadSetting, match="the room needy needs spare"):
        open_with(("needy",))


def test_every_room_is_named_once_and_after_its_folder():
    rooms = (*features.ROOMS, *features.SWITCHABLE)
    assert len({room.name for room in rooms}) == len(rooms)
    assert [room.name for room in rooms if room.package.rpartition(".")[2] != room.name] == []


def test_rooms_are_asked_for_in_one_place_alone():
    from tests.house.source import files, place  # noqa: PLC0415 - read for this law only

    asking = {place(path) for path in files("app") if "ENABLED_FEATURES" in path.read_text("utf-8")}
    assert asking <= {"app/__init__.py", "app/cli.py", "app/features.py", "app/serve/preparing.py"}
