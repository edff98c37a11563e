"""The packages of a developer's machine are those of a deployment, and some more."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


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
