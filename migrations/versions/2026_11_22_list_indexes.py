"""Index the lists: what is looked for most goes on with the key by which pages go (docs/adr/0010).

Names of customers are compared by their signs on PostgreSQL too, so that an index finds how a name begins.

Revision: 20261122h, after: 20261122d
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122h"
down_revision = "20261122d"
branch_labels = None
depends_on = None

# name: table, columns since now, columns before (None: there was no such index)
INDEXES = {
    "ix_customer_name": ("customer", ("name", "id"), ("name",)),
    "ix_operation_record_actor": (
        "operation_record",
        ("actor_id", "business_date", "id"),
        ("actor_kind", "actor_id", "id"),
    ),
    "ix_operation_record_object": (
        "operation_record",
        ("object_type", "object_id", "business_date", "id"),
        ("object_type", "object_id", "id"),
    ),
    "ix_operation_record_operation": ("operation_record", ("operation", "business_date", "id"), None),
    "ix_posting_business_date": ("posting", ("business_date", "id"), ("business_date", "store_id", "id")),
    "ix_posting_kind": ("posting", ("kind", "business_date", "id"), None),
    "ix_posting_method": ("posting", ("method", "business_date", "id"), None),
    "ix_posting_operator_id": ("posting", ("operator_id", "business_date", "id"), None),
    "ix_posting_store_id": ("posting", ("store_id", "business_date", "id"), None),
}
PARTIAL = {"ix_posting_method": sa.text("method IS NOT NULL")}


def upgrade() -> None:
    _change("C", now=1, before=2)


def downgrade() -> None:
    _change("default", now=2, before=1)


def _change(collation: str, *, now: int, before: int) -> None:
    for name, index in INDEXES.items():
        if index[before]:
            op.drop_index(name, table_name=index[0])
    if op.get_context().dialect.name == "postgresql":
        op.execute(f'ALTER TABLE customer ALTER COLUMN name TYPE varchar(120) COLLATE "{collation}"')
    for name, index in INDEXES.items():
        if index[now]:
            part = PARTIAL.get(name)
            op.create_index(name, index[0], index[now], postgresql_where=part, sqlite_where=part)
