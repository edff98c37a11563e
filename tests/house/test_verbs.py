"""The laws of verbs: who acts is always named, and nobody but the edge and the ledger touches commits and money."""

import ast
import re
from pathlib import Path

from app.core.commands import Command
from app.ledger import models as ledger
from app.ledger.models import Account
from tests.house.source import APP, arguments, calls, files, place, texts, tree

# Public functions of operations modules that change nothing by themselves, and why they stand there.
NOT_VERBS = {
    "app/staff/operations/roles.py": {"lock_roles"},  # the lock that the verbs take first
    "app/staff/operations/sessions.py": {"end_every_session", "forget_failures"},  # parts of verbs that write records
}
WRITES = {"insert", "update", "delete", "bulk_insert_mappings", "bulk_save_objects"}
MONEY_MODELS = {
    name for name, thing in vars(ledger).items() if isinstance(thing, type) and hasattr(thing, "__tablename__")
}
MONEY_TABLES = {getattr(ledger, name).__tablename__ for name in MONEY_MODELS}
MONEY_COLUMNS = {"balance", "held", "floor", "seq"}


def operations_files() -> list[Path]:
    return [*APP.glob("*/operations.py"), *APP.glob("*/operations/*.py")]


def public_functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in tree(path).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def test_every_public_operation_takes_its_actor_by_name():
    for path in operations_files():
        spared = NOT_VERBS.get(place(path), set())
        without = {
            function.name
            for function in public_functions(path)
            if "actor" not in {argument.arg for argument in function.args.kwonlyargs}
        }
        assert without - spared == set(), f"{place(path)}: these verbs do not say who acts"
        known = {function.name for function in public_functions(path)}
        assert spared <= known, f"{place(path)}: spared, but not there"


def test_every_operation_says_in_a_docstring_what_it_does():
    silent = [
        place(path, function)
        for path in operations_files()
        for function in public_functions(path)
        if not ast.get_docstring(function) and function.name not in NOT_VERBS.get(place(path), set())
    ]
    assert silent == []


def test_commit_is_called_at_the_edge_alone():
    found = {place(path) for path in files("app") for call, name in calls(path) if name == "commit"}
    assert found <= {"app/core/db.py"}


def test_sessions_are_rolled_back_where_transactions_are_made_alone():
    found = [
        place(path, call)
        for path in operations_files()
        for call, name in calls(path)
        if name in {"rollback", "begin", "begin_nested"}
    ]
    assert found == []


def test_only_the_ledger_writes_the_tables_of_money():
    found = [
        place(path, call)
        for path in files("app")
        if APP / "ledger" not in path.parents
        for call, name in calls(path)
        if (name in WRITES and arguments(call) & MONEY_MODELS) or name in MONEY_MODELS - {Account.__name__}
    ]
    assert found == []


def test_only_the_ledger_names_the_tables_of_money_in_sql():
    writing = re.compile(rf"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE)\s+({'|'.join(MONEY_TABLES)})\b", re.I)
    found = [
        place(path, text)
        for path in files("app")
        if APP / "ledger" not in path.parents
        for text in texts(path)
        if writing.search(text.value)
    ]
    assert found == []


def test_only_the_ledger_sets_what_a_wallet_holds():
    found = [
        place(path, target)
        for path in files("app")
        if APP / "ledger" not in path.parents
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute) and target.attr in MONEY_COLUMNS and not _is_self(target)
    ]
    assert found == []


def test_only_the_edge_and_the_ledger_write_commands():
    allowed = {APP / "core" / "commands.py"}
    found = [
        place(path, call)
        for path in files("app")
        if path not in allowed and APP / "ledger" not in path.parents
        for call, name in calls(path)
        if name in WRITES and Command.__name__ in arguments(call)
    ]
    assert found == []


def _is_self(target: ast.Attribute) -> bool:
    return isinstance(target.value, ast.Name) and target.value.id == "self"
