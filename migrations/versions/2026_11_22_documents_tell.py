"""Let documents tell whom and where a service went; find what was taken back on a day, and services by their numbers.

Revision: 20261122t, after: 20261122x
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "20261122t"
down_revision = "20261122x"
branch_labels = None
depends_on = None

TABLE = "broadband_document"
# column: the table it names, and what the document's own account of its changes calls it
NEW = {"new_customer_id": ("customer", "customer_id"), "new_community_id": ("broadband_community", "community_id")}
INDEX = f"ix_{TABLE}_reversed_on"
SERVICE = "broadband_service"
NUMBERS = ("broadband_account", "access_order_no", "bound_number")
AT_ONCE = 5000


def upgrade() -> None:
    kind = "INTEGER" if op.get_context().dialect.name == "sqlite" else "BIGINT"
    for name, (table, _of) in NEW.items():
        op.execute(f"ALTER TABLE {TABLE} ADD COLUMN {name} {kind} CONSTRAINT fk_{TABLE}_{name} REFERENCES {table} (id)")
    _fill()
    taken_back = sa.text("reversed_on IS NOT NULL")
    op.create_index(INDEX, TABLE, ["reversed_on", "id"], sqlite_where=taken_back, postgresql_where=taken_back)
    for name in NUMBERS:
        op.create_index(f"ix_{SERVICE}_{name}", SERVICE, [name])


def downgrade() -> None:
    for name in NUMBERS:
        op.drop_index(f"ix_{SERVICE}_{name}", table_name=SERVICE)
    op.drop_index(INDEX, table_name=TABLE)
    for name in NEW:
        op.drop_column(TABLE, name)


def _fill() -> None:
    """From what each document says that it changed."""
    rows = sa.table(TABLE, *(sa.column(name) for name in ("id", "kind", "after", *NEW)))
    changing = rows.c.kind.in_(["relocation", "transfer", "work-order"])
    last = 0
    while found := _some(sa.select(rows.c.id, rows.c.after).where(changing, rows.c.id > last), rows.c.id):
        last = found[-1].id
        for row in found:
            said = json.loads(row.after)
            new = {name: said[of] for name, (_table, of) in NEW.items() if of in said}
            if new:
                op.get_bind().execute(sa.update(rows).where(rows.c.id == row.id).values(new))


def _some(ask, key):
    return op.get_bind().execute(ask.order_by(key).limit(AT_ONCE)).all()
