"""docs/requirements.md is true: the places that it names are there, and so are the tests."""

import ast
import re

from tests.house.source import ROOT, tree

PAPER = ROOT / "docs" / "requirements.md"
ROW = re.compile(r"\| (?P<number>[A-Z]\d*\.?\d+) \| (?P<what>[^|]+) \| (?P<places>[^|]+) \| (?P<tests>[^|]+) \|")
NAMED = re.compile(r"`([^`]+)`")


def rows() -> list[re.Match[str]]:
    return [row for line in PAPER.read_text("utf-8").splitlines() if (row := ROW.fullmatch(line))]


def functions(path: str) -> set[str]:
    return {node.name for node in ast.walk(tree(ROOT / path)) if isinstance(node, ast.FunctionDef)}


def test_every_line_of_the_table_can_be_read():
    lines = [line for line in PAPER.read_text("utf-8").splitlines() if re.match(r"\| [A-Z]\d", line)]
    assert len(lines) == len(rows()) > 0


def test_every_requirement_stands_once():
    numbers = [row["number"] for row in rows()]
    assert sorted({number for number in numbers if numbers.count(number) > 1}) == []


def test_every_place_in_the_code_exists():
    for row in rows():
        places = NAMED.findall(row["places"])
        assert places, row["number"]
        assert [place for place in places if not (ROOT / place).exists()] == [], row["number"]


def test_every_test_that_proves_a_requirement_exists():
    for row in rows():
        tests = NAMED.findall(row["tests"])
        assert tests, row["number"]
        for named in tests:
            path, _, function = named.partition("::")
            assert (ROOT / path).exists(), f"{row['number']}: {path}"
            assert function in functions(path), f"{row['number']}: {named}"
