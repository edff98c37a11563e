"""Seal the ID numbers of customers with the key of the deployment, and take them out of wherever else they stand.

Operation records of before told the number; now they tell that there was one. PostgreSQL keeps the former rows on
disk until VACUUM, and backups of before hold what they held (docs/upgrading.md).

Revision: 20261122n, after: 20261122k
"""

import json
import re

import sqlalchemy as sa
from alembic import op

from app.core.sealed import HIDDEN, mark, mask, seal, unseal

revision = "20261122n"
down_revision = "20261122k"
branch_labels = None
depends_on = None

AT_ONCE = 5000
FIELD = "id_number"
CARD = re.compile(r"(?<!\d)(\d{17}[\dXx]|\d{15})(?!\d)", re.ASCII)
PERSONAL = "operation_personal"
INDEX = "ix_customer_id_number_mark"


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete=ON")  # what a row held before is written over
    for table in ("customer", "customer_import_row"):
        op.add_column(table, sa.Column("id_number_sealed", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("id_number_mark", sa.String(length=64), nullable=True))
    for rows in _batches("customer", ("id",), (FIELD,), f"{FIELD} IS NOT NULL"):
        _put("customer", ("id",), [_sealed(row.id_number) | {"id": row.id} for row in rows])
    op.drop_column("customer", FIELD)
    op.create_index(INDEX, "customer", ["id_number_mark"])
    _change("customer_import_row", ("import_id", "line"), "values", _seal_row)
    _change("customer_import_row", ("import_id", "line"), "errors", _mask_errors)
    _change("customer_import", ("id",), "layout", _mask_samples)
    _past_the_guards(lambda: _change(PERSONAL, ("record_id",), "changes", _hide))


def downgrade() -> None:
    op.add_column("customer", sa.Column(FIELD, sa.String(length=32), nullable=True))
    for rows in _batches("customer", ("id",), ("id_number_sealed",), "id_number_sealed IS NOT NULL"):
        _put("customer", ("id",), [{"id": row.id, FIELD: unseal(row.id_number_sealed)} for row in rows])
    key, sealed = ("import_id", "line"), "id_number_sealed"
    for rows in _batches("customer_import_row", key, ("values", sealed), f"{sealed} IS NOT NULL"):
        _put("customer_import_row", key, [_open_row(row) for row in rows])
    op.drop_index(INDEX, table_name="customer")
    for table in ("customer", "customer_import_row"):
        op.drop_column(table, "id_number_mark")
        op.drop_column(table, "id_number_sealed")


def _batches(table, key, names, condition):
    """The rows that it is true of, so many at once, by their key."""
    last = None
    kept = sa.table(table, *(sa.column(name) for name in (*key, *names)))
    columns = [kept.c[name] for name in key]
    while True:
        ask = sa.select(*kept.c).where(sa.text(condition)).order_by(*columns).limit(AT_ONCE)
        rows = op.get_bind().execute(ask if last is None else ask.where(sa.tuple_(*columns) > last)).all()
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return
        last = tuple(rows[-1][: len(key)])


def _put(table, key, rows):
    names = [name for name in rows[0] if name not in key]
    kept = sa.table(table, *(sa.column(name) for name in (*key, *names)))
    change = sa.update(kept).values({name: sa.bindparam(f"new_{name}") for name in names})
    for name in key:
        change = change.where(kept.c[name] == sa.bindparam(f"key_{name}"))
    bound = [{f"{'key' if name in key else 'new'}_{name}": value for name, value in row.items()} for row in rows]
    op.get_bind().execute(change, bound)


def _change(table, key, name, anew):
    """Change the JSON texts that speak of an ID number. anew: what to put into a row for the value that it has."""
    for rows in _batches(table, key, (name,), f'"{name}" IS NOT NULL'):
        told = [row for row in rows if FIELD in row[-1] or CARD.search(row[-1])]
        if changed := [dict(zip(key, row[:-1], strict=True)) | anew(json.loads(row[-1])) for row in told]:
            _put(table, key, changed)


def _sealed(number):
    return {"id_number_sealed": seal(number), "id_number_mark": mark(number)}


def _seal_row(values):
    number = values.pop(FIELD, None)
    return {"values": _text(values)} | _sealed(number)


def _open_row(row):
    values = json.loads(row.values) | {FIELD: unseal(row.id_number_sealed)}
    return {"import_id": row.import_id, "line": row.line, "values": _text(values)}


def _mask_errors(errors):
    for name, error in (errors or {}).items():
        error["found"] = _masked(error.get("found", ""), is_number=name == FIELD)
    return {"errors": errors and _text(errors)}


def _mask_samples(layout):
    place = next((int(column) for column, name in layout["fields"].items() if name == FIELD), None)
    layout["samples"] = [
        [_masked(text, is_number=column == place) for column, text in enumerate(sample)] for sample in layout["samples"]
    ]
    return {"layout": _text(layout)}


def _masked(text, *, is_number):
    return (mask(text) or "") if is_number else CARD.sub(lambda card: mask(card[0]), text)


def _hide(changes):
    told = {name: [value and HIDDEN for value in pair] if name == FIELD else pair for name, pair in changes.items()}
    return {"changes": _text(told)}


def _past_the_guards(work):
    """Work on a table that history's triggers keep. They are back before anybody else sees it."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {PERSONAL} DISABLE TRIGGER USER")
        work()
        op.execute(f"ALTER TABLE {PERSONAL} ENABLE TRIGGER USER")
        return
    guards = bind.execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"), {"table": PERSONAL}
    ).all()
    for guard in guards:
        op.execute(f"DROP TRIGGER {guard.name}")
    work()
    for guard in guards:
        bind.exec_driver_sql(guard.sql)


def _text(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
