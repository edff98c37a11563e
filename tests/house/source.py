"""The source of the house as the laws read it: files, their parts, and where they stand."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"


def files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the project."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Where it is, as an editor opens it."""
    shown = str(path.relative_to(ROOT))
    return f"{shown}:{node.lineno}" if node is not None else shown  # type: ignore[attr-defined]


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Each call in the file, with the last part of the name of what is called."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node, _last(node.func)


def arguments(call: ast.Call) -> set[str]:
    """The last parts of the plain names that a call is given, `Model` and `Model.__table__` alike."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return {name for value in given for name in (_last(value), _model(value)) if name}


def texts(path: Path) -> Iterator[ast.Constant]:
    """Each piece of text in the file that is not a docstring."""
    told = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _model(node: ast.expr) -> str:
    return _last(node.value) if isinstance(node, ast.Attribute) and node.attr == "__table__" else ""
