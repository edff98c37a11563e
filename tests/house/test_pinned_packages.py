"""The packages of a developer's machine are those of a deployment, and some more."""

import re
from importlib.metadata import requires
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
# Debian 12 has 3.11.2. A package may be wanted by some of them only, and pip takes nothing that is not pinned.
PYTHONS = ("3.11.0", "3.11.2", "3.11.7", "3.12.0", "3.13.0", "3.14.0")
SYSTEMS = (("linux", "Linux"), ("darwin", "Darwin"))
MACHINES = ("x86_64", "aarch64")


def pinned(name: str) -> set[str]:
    return set(re.findall(r"^[\w.-]+==\S+", (ROOT / name).read_text(), re.MULTILINE))


def test_what_is_tested_with_covers_what_is_deployed():
    """An environment of requirements-dev.txt alone must start the product, in the versions that shops run."""
    deployed = pinned("requirements.txt")
    assert len(deployed) > 50
    assert deployed <= pinned("requirements-dev.txt")


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_what_is_wanted_by_name_is_pinned(name):
    wanted = re.findall(r"^[A-Za-z][\w.-]*", (ROOT / f"{name}.in").read_text(), re.MULTILINE)
    names = {each.split("==")[0].lower() for each in pinned(f"{name}.txt")}
    assert wanted
    assert {each.lower() for each in wanted} <= names


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_what_packages_want_on_our_pythons_and_machines_is_pinned(name):
    names = {canonicalize_name(each.split("==")[0]) for each in pinned(name)}
    missing = {
        f"{package} needs {wanted}"
        for package in names
        for wanted in map(Requirement, requires(package) or ())
        if canonicalize_name(wanted.name) not in names and is_needed_somewhere(wanted)
    }
    assert missing == set()


def is_needed_somewhere(wanted: Requirement) -> bool:
    """Whether any of our Pythons and machines asks for it, where no extra does."""
    if wanted.marker is None:
        return True
    return any(
        wanted.marker.evaluate(
            {
                "python_version": python.rpartition(".")[0],
                "python_full_version": python,
                "sys_platform": system,
                "platform_system": called,
                "platform_machine": machine,
                "extra": "",
            }
        )
        for python, (system, called), machine in product(PYTHONS, SYSTEMS, MACHINES)
    )
