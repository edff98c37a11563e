"""Merge customers: the document of a merge is history, and a merged customer leads to the one who was kept.

Revision: 20261122g, after: 20261122a
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122g"
down_revision = "20261122c"
branch_labels = None
depends_on = None

TABLE = "customer_merge"


def upgrade() -> None:
    op.add_column("customer", sa.Column("merged_into_id", _big(), nullable=True))
    op.create_table(
        TABLE,
        sa.Column("id", _big(), nullable=False),
        sa.Column("document_no", sa.String(length=32), nullable=False),
        sa.Column("from_id", _big(), nullable=False),
        sa.Column("into_id", _big(), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("bonus", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("merged_at", sa.DateTime(), nullable=False),
        sa.Column("merged_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("from_id <> into_id", name="ck_customer_merge_two_customers"),
        sa.PrimaryKeyConstraint("id", name="pk_customer_merge"),
        sa.UniqueConstraint("document_no", name="uq_customer_merge_document_no"),
        sa.UniqueConstraint("from_id", name="uq_customer_merge_from_id"),
        sa.ForeignKeyConstraint(["from_id"], ["customer.id"], name="fk_customer_merge_from_id"),
        sa.ForeignKeyConstraint(["into_id"], ["customer.id"], name="fk_customer_merge_into_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_customer_merge_into_id", TABLE, ["into_id"])
    _guard()


def downgrade() -> None:
    op.drop_table(TABLE)
    op.drop_column("customer", "merged_into_id")


def _guard() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(f"""
            CREATE TRIGGER {TABLE}_keeps_rows BEFORE UPDATE OR DELETE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION refuse_change()
        """)
        op.execute(f"""
            CREATE TRIGGER {TABLE}_keeps_all BEFORE TRUNCATE ON {TABLE}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
        """)
        return
    for what, event in (("rows", "DELETE"), ("values", "UPDATE")):
        op.execute(f"""
            CREATE TRIGGER {TABLE}_keeps_{what} BEFORE {event} ON {TABLE}
            BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END
        """)


def _big() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
