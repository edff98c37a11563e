"""Give notices: what customers are told, each once, what became of it, and the language that a customer reads.

Revision: 20261122r, after: 20261122t
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122r"
down_revision = "20261122t"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customer", sa.Column("language", sa.String(length=32), nullable=True))
    op.create_table(
        "notice",
        sa.Column("id", _big(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("customer_id", _big(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("values", sa.Text(), nullable=True),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_notice_customer_id_customer"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_notice_store_id_store"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("key", name="uq_notice_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notice_customer_id", "notice", ["customer_id", "id"])
    is_kept = sa.text('"values" IS NOT NULL')
    op.create_index("ix_notice_given_at", "notice", ["given_at"], sqlite_where=is_kept, postgresql_where=is_kept)
    op.create_table(
        "notice_delivery",
        sa.Column("id", _big(), nullable=False),
        sa.Column("notice_id", _big(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("put_off", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("problem", sa.String(length=32), nullable=True),
        sa.Column("reply", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_notice_delivery_notice_id_notice"),
        sa.PrimaryKeyConstraint("id", name="pk_notice_delivery"),
        sa.UniqueConstraint("notice_id", "channel", name="uq_notice_delivery_notice_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notice_delivery_state", "notice_delivery", ["state", "due_at", "id"])
    op.create_index("ix_notice_delivery_business_date", "notice_delivery", ["business_date", "id"])


def downgrade() -> None:
    op.drop_table("notice_delivery")
    op.drop_table("notice")
    op.drop_column("customer", "language")


def _big() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
