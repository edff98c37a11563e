"""Approve: what waits for a second person. What was asked never changes, and it is decided once.

Revision: 20261122f, after: 20261122a
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122f"
down_revision = "20261122e"
branch_labels = None
depends_on = None

KIND = sa.String(length=32)
HASH = sa.String(length=64)
ASKED = (
    "id", "kind", "amount", "store_id", "customer_id", "posting_id", "arguments", "scope", "key_hash", "request_hash",
    "command_id", "seal", "asked_by_id", "asked_at", "expires_at",
)  # fmt: skip


def upgrade() -> None:
    _make_table()
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in ASKED)
    if op.get_context().dialect.name == "postgresql":
        _guard_postgresql(same)
    else:
        _guard_sqlite(same.replace("IS NOT DISTINCT FROM", "IS"))


def downgrade() -> None:
    is_postgresql = op.get_context().dialect.name == "postgresql"
    if not is_postgresql:
        op.execute("DROP TRIGGER approval_keeps_rows")
        op.execute("DROP TRIGGER approval_keeps_values")
    op.drop_table("approval")
    if is_postgresql:
        op.execute("DROP FUNCTION only_decide()")


def _big() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _make_table() -> None:
    op.create_table(
        "approval",
        sa.Column("id", _big(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("state", KIND, server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", _big(), nullable=True),
        sa.Column("posting_id", _big(), nullable=True),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("key_hash", HASH, nullable=False),
        sa.Column("request_hash", HASH, nullable=False),
        sa.Column("command_id", _big(), nullable=False),
        sa.Column("seal", HASH, nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decision", sa.String(length=500), nullable=True),
        sa.Column("is_own", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("made_id", _big(), nullable=True),
        sa.CheckConstraint("kind IN ('reversal', 'adjustment')", name="ck_approval_is_of_a_kind"),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="ck_approval_decided_or_waiting"),
        sa.CheckConstraint("(state = 'approved') = (made_id IS NOT NULL)", name="ck_approval_approved_made_a_posting"),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_approval_store_id_store"),
        sa.UniqueConstraint("made_id", name="uq_approval_made_id"),
    )
    op.create_index("ix_approval_state", "approval", ["state", "id"])
    op.create_index("ix_approval_posting_id", "approval", ["posting_id"])


def _guard_postgresql(same: str) -> None:
    op.execute(f"""
        CREATE FUNCTION only_decide() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND OLD.state = 'waiting' AND NEW.state <> 'waiting' AND {same} THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '% may only be decided', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
    """)
    op.execute("""
        CREATE TRIGGER approval_keeps_rows BEFORE UPDATE OR DELETE ON approval
        FOR EACH ROW EXECUTE FUNCTION only_decide()
    """)
    op.execute("""
        CREATE TRIGGER approval_keeps_all BEFORE TRUNCATE ON approval
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """)


def _guard_sqlite(same: str) -> None:
    op.execute(f"""
        CREATE TRIGGER approval_keeps_values BEFORE UPDATE ON approval
        WHEN NOT (OLD.state = 'waiting' AND NEW.state <> 'waiting' AND {same})
        BEGIN SELECT RAISE(ABORT, 'approval may only be decided'); END
    """)
    op.execute("""
        CREATE TRIGGER approval_keeps_rows BEFORE DELETE ON approval
        BEGIN SELECT RAISE(ABORT, 'approval may only be decided'); END
    """)
