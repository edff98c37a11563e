"""docs/security-tests.md is true: every attack names tests, and they are there."""

import re

from tests.house.source import ROOT
from tests.house.test_requirements import NAMED, functions

ROW = re.compile(r"\| (?P<attack>[^|]+) \| (?P<tests>`[^|]+`) \|")


def rows() -> list[re.Match[str]]:
    lines = (ROOT / "docs" / "security-tests.md").read_text("utf-8").splitlines()
    return [row for line in lines if (row := ROW.fullmatch(line))]


def test_every_attack_names_tests_that_exist():
    assert len(rows()) >= 25
    for row in rows():
        for named in NAMED.findall(row["tests"]):
            path, _, function = named.partition("::")
            assert (ROOT / path).exists(), f"{row['attack']}: {path}"
            assert function in functions(path), f"{row['attack']}: {named}"
