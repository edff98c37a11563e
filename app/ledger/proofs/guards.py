"""The triggers that keep history from being changed are in place."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from app.ledger.proofs.found import Finding

KEPT = ("posting", "transfer", "operation_record", "reversal", "receipt", "operation_personal")
ASK = {
    "postgresql": """
        SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND tgenabled <> 'D' AND pg_table_is_visible(pg_class.oid)
    """,
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}


def missing_guards(connection: Connection) -> list[str]:
    """The names of triggers that should be there and are not."""
    there = set(connection.scalars(text(ASK[connection.dialect.name])))
    return sorted(_wanted(connection.dialect.name) - there)


def _wanted(dialect: str) -> set[str]:
    wanted = {f"{table}_keeps_rows" for table in KEPT}
    if dialect == "sqlite":
        return wanted | {f"{table}_keeps_values" for table in KEPT}
    return wanted | {f"{table}_keeps_all" for table in KEPT if table != "operation_personal"}


def prove_guards(connection: Connection) -> Iterator[Finding | int]:
    yield len(_wanted(connection.dialect.name))
    for name in missing_guards(connection):
        yield Finding(f"trigger {name}", "is missing: history could be changed")
