"""Writing a posting that has been drawn up: one statement on PostgreSQL, plain statements on SQLite.

Both write only if the wallets are still as they were seen. The record, the receipt, and the command's row go
with the money.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.exc import IntegrityError

from app.audit.lines import columns as record_columns
from app.audit.models import OperationRecord
from app.core import money
from app.core.commands import Command
from app.core.connections import PLANNED_ONCE
from app.core.db import dump_json, is_postgresql
from app.core.tally import note_posting
from app.extensions import db
from app.ledger.facts import Wallet
from app.ledger.models import Account, Kind, Posting, Receipt, Reversal, Transfer
from app.ledger.plan import Plan
from app.ledger.refusals import AlreadyReversed

# Nothing of it is written unless every wallet was found as it was seen and the drawer of the shift, if there is one,
# is open: `go` has one row then, else none. The drawer is locked first, and shared: who closes it waits for postings.
POSTGRESQL = """
WITH till AS (
    SELECT a.id FROM ledger_account AS a WHERE a.id = CAST(%(drawer)s AS bigint) AND a.status = 'open' FOR KEY SHARE
), found AS (
    SELECT a.id FROM ledger_account AS a
    JOIN jsonb_populate_recordset(NULL::ledger_account, CAST(%(seen)s AS jsonb)) AS s
      ON (a.id, a.seq, a.balance, a.held, a.floor, a.status) = (s.id, s.seq, s.balance, s.held, s.floor, s.status)
    WHERE (SELECT count(*) FROM till) = %(drawers)s
    ORDER BY a.id FOR UPDATE OF a
), go AS (
    SELECT 1 FROM (SELECT count(*) AS wallets FROM found) AS f
    WHERE f.wallets = %(wallets)s AND (SELECT count(*) FROM till) = %(drawers)s
), wallet AS (
    UPDATE ledger_account AS a SET balance = m.balance, held = m.held, seq = m.seq
    FROM go, jsonb_populate_recordset(NULL::ledger_account, CAST(%(moved)s AS jsonb)) AS m WHERE a.id = m.id
), posting_row AS (
    INSERT INTO posting SELECT p.* FROM go, jsonb_populate_record(NULL::posting, CAST(%(posting)s AS jsonb)) AS p
), transfer_rows AS (
    INSERT INTO transfer
    SELECT t.* FROM go, jsonb_populate_recordset(NULL::transfer, CAST(%(transfers)s AS jsonb)) AS t
), receipt_row AS (
    INSERT INTO receipt SELECT r.* FROM go, jsonb_populate_record(NULL::receipt, CAST(%(receipt)s AS jsonb)) AS r
), reversal_row AS (
    INSERT INTO reversal
    SELECT r.* FROM go, jsonb_populate_recordset(NULL::reversal, CAST(%(reversal)s AS jsonb)) AS r
), record_row AS (
    INSERT INTO operation_record (recorded_at, business_date, actor_kind, actor_id, actor_name, address, store_id,
                                  operation, object_type, object_id, command_id, changes)
    SELECT o.recorded_at, o.business_date, o.actor_kind, o.actor_id, o.actor_name, o.address, o.store_id,
           o.operation, o.object_type, o.object_id, o.command_id, o.changes
    FROM go, jsonb_populate_record(NULL::operation_record, CAST(%(record)s AS jsonb)) AS o
), command_row AS (
    INSERT INTO command SELECT c.* FROM go, jsonb_populate_recordset(NULL::command, CAST(%(command)s AS jsonb)) AS c
)
SELECT count(*) FROM go
"""

# The same on SQLite, built once: putting a statement together costs more than running it.
MOVE = update(Account.__table__).where(Account.__table__.c.id == bindparam("wallet"))
INTO = {
    "posting": insert(Posting.__table__),
    "transfers": insert(Transfer.__table__),
    "receipt": insert(Receipt.__table__),
    "reversal": insert(Reversal.__table__),
    "record": insert(OperationRecord.__table__),
    "command": insert(Command.__table__),
}


def write(plan: Plan) -> bool:
    """Write the plan; False, and nothing written, when a wallet has moved or a drawer was closed since it was seen.

    Raises AlreadyReversed when another reversal of the same posting was first.
    """
    answer = plan.posted.answer() if plan.command.written is None else None
    rows = _rows(plan, [plan.command.row(answer)] if answer else [])
    try:
        written = _write_postgresql(plan, rows) if is_postgresql() else _write_sqlite(plan, rows)
    except IntegrityError as conflict:
        if "reversal" in str(conflict.orig):
            raise AlreadyReversed from conflict
        raise
    if written and answer:
        plan.command.written = answer
    if written:
        note_posting(db.session, plan.posted.row["kind"])
    return written


def _rows(plan: Plan, command: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Everything but the wallets, by table."""
    posting = plan.posted.row
    reverses = posting["reverses_id"]
    return {
        "posting": posting,
        "transfers": plan.transfers,
        "receipt": {name: posting[name] for name in ("receipt_no", "business_date")} | {"posting_id": posting["id"]},
        "reversal": [{"posting_id": reverses, "reversal_id": posting["id"]}] if reverses else [],
        "record": _record(plan),
        "command": command,
    }


def _record(plan: Plan) -> dict[str, Any]:
    posting = plan.posted.row
    changes: dict[str, tuple[Any, Any]] = {"amount": (None, posting["amount"])}
    for before, after in zip(plan.seen, plan.moved, strict=True):
        if before.balance != after.balance:
            changes[before.purse] = (before.balance, after.balance)
        if before.held != after.held:
            changes[f"{before.purse}_held"] = (before.held, after.held)
    if posting["kind"] is Kind.REVERSAL:
        changes["reverses"] = (None, posting["reverses_id"])
        if posting["is_forced"]:
            changes["forced"] = (None, True)
    operation = f"ledger.{posting['kind'].value}"
    row = record_columns(
        operation,
        "posting",
        posting["id"],
        actor=plan.actor,
        changes=changes,
        at=posting["posted_at"],
        business_date=posting["business_date"],
    )
    return row | {"store_id": posting["store_id"], "command_id": posting["command_id"]}


def _write_postgresql(plan: Plan, rows: Mapping[str, Any]) -> bool:
    record = rows["record"] | {"changes": dump_json(rows["record"]["changes"])}
    command = [row | {"answer": dump_json(row["answer"])} for row in rows["command"]]
    values = {**rows, "record": record, "command": command}
    values |= {"seen": _wallets(plan.seen), "moved": _wallets(plan.changed)}
    parameters: dict[str, Any] = {name: TO_JSON(value) for name, value in values.items()}
    parameters |= {"wallets": len(plan.seen), "drawer": plan.drawer_id, "drawers": int(plan.drawer_id is not None)}
    done = db.session.connection().exec_driver_sql(POSTGRESQL, parameters, execution_options=PLANNED_ONCE)
    return bool(done.scalar_one())


def _wallets(wallets: Sequence[Wallet]) -> list[dict[str, Any]]:
    names = ("id", "seq", "balance", "held", "floor", "status")
    return [{name: getattr(wallet, name) for name in names} for wallet in wallets]


def _plain(value: Any) -> Any:
    """A value as PostgreSQL reads it from JSON into a column."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return money.to_minor(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no column's value")


TO_JSON = json.JSONEncoder(default=_plain).encode  # made once: json.dumps would make one for every value


def _write_sqlite(plan: Plan, rows: Mapping[str, Any]) -> bool:
    """The transaction began IMMEDIATE: since they were seen no wallet has moved, and no drawer was closed."""
    connection = db.session.connection()
    for wallet in plan.changed:
        values = {"balance": wallet.balance, "held": wallet.held, "seq": wallet.seq}
        connection.execute(MOVE, {"wallet": wallet.id} | values)
    for table, into in INTO.items():
        if rows[table]:
            connection.execute(into, rows[table])
    return True
