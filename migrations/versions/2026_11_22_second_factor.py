"""Second factor: codes of the telephone at the sign-in, keys for programs, and when a session was last seen.

Revision: 20261122e, after: 20261122a
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122e"
down_revision = "20261122g"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_second_factor",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.String(length=255), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("set_up_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_table(
        "staff_recovery_code",
        sa.Column("id", _big(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("user_id", "code_hash"),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.DateTime(), nullable=name != "made_at") for name in MOMENTS),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_hash"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "api_key_store",
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"]),
        sa.PrimaryKeyConstraint("key_id", "store_id"),
    )
    op.add_column("staff_session", sa.Column("last_seen_at", sa.DateTime(), nullable=True))


MOMENTS = ("made_at", "expires_at", "revoked_at", "last_used_at")


def downgrade() -> None:
    op.drop_column("staff_session", "last_seen_at")
    for table in ("api_key_store", "api_key", "staff_recovery_code", "staff_second_factor"):
        op.drop_table(table)


def _big() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
