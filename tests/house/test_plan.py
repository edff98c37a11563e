"""The laws of the plan: names, sizes, floors, and an owner for every table."""

import importlib
import pkgutil
import re
import subprocess
import sys

from sqlalchemy import Table

import app as house_package
from app.core.db import Model
from tests.house.source import APP, ROOT, files, place

LONGEST_FILE = 300
SAYS_NOTHING = re.compile(r"(^|_)(utils?|helpers?|commons?|managers?|services?|misc)(_|$)")
FRAMEWORK = "ab_"  # the tables of Flask-AppBuilder, which app/staff looks after
OUR_OWN = ("app", "tests", "tools", "bench")


def test_no_file_has_a_name_that_says_nothing():
    named = [place(path) for path in files(*OUR_OWN) if SAYS_NOTHING.search(path.stem)]
    named += [place(path) for path in APP.rglob("*") if path.is_dir() and SAYS_NOTHING.search(path.name)]
    assert named == []


def test_no_file_is_longer_than_can_be_kept_in_mind():
    long = {place(path): len(path.read_text("utf-8").splitlines()) for path in files(*OUR_OWN)}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_imports_go_down_the_floors_only():
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-logo",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_table_has_one_owner():
    owners: dict[str, set[str]] = {}
    for found in pkgutil.walk_packages(house_package.__path__, "app."):
        is_of_tables = found.name.endswith((".models", "core.commands", "core.days", "core.numbering"))
        if not is_of_tables and ".models." not in found.name:
            continue
        module = importlib.import_module(found.name)
        for thing in vars(module).values():
            table = thing if isinstance(thing, Table) else getattr(thing, "__table__", None)
            if isinstance(table, Table) and getattr(thing, "__module__", found.name) in (found.name, Table.__module__):
                owners.setdefault(table.name, set()).add(found.name)
    ownerless = {name for name in Model.metadata.tables if not name.startswith(FRAMEWORK)} - owners.keys()
    assert ownerless == set()
    assert {name: by for name, by in owners.items() if len(by) > 1} == {}


def test_every_setting_is_explained_to_the_operator():
    names = set(
        re.findall(r"(?:env|_whole|_list|environ\.get)\(\"([A-Z_]+)\"", (ROOT / "config.py").read_text("utf-8"))
    )
    told = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert {name for name in names if f"`{name}`" not in told} == set()


def test_no_machine_address_stands_in_the_requirements():
    for path in ROOT.glob("requirements*"):
        assert not re.search(r"https?:|file://|--index|--find-links|--trusted|@ ", path.read_text("utf-8")), path.name
