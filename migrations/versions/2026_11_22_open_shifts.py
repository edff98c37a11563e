"""Open shifts: drawers of clerks, shifts, and their numbered reports, which the database keeps as they are.

Revision: 20261122c, after: 20261122a
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122c"
down_revision = "20261122b"
branch_labels = None
depends_on = None

KEPT = ("shift", "shift_report")


def upgrade() -> None:
    _make_tables()
    in_shift = sa.text("shift_id IS NOT NULL")
    op.create_index("ix_posting_shift_id", "posting", ["shift_id"], postgresql_where=in_shift, sqlite_where=in_shift)
    if op.get_context().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    if op.get_context().dialect.name != "postgresql":
        for table in KEPT:
            op.execute(f"DROP TRIGGER {table}_keeps_rows")
            op.execute(f"DROP TRIGGER {table}_keeps_values")
    op.drop_index("ix_posting_shift_id", table_name="posting")
    for table in ("shift_report", "shift", "drawer"):
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        "drawer",
        sa.Column("store_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("clerk_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shift_id", _big(), nullable=False),
        sa.Column("account_id", _big(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "clerk_id", name="pk_drawer"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_drawer_store_id"),
        sa.ForeignKeyConstraint(["account_id"], ["ledger_account.id"], name="fk_drawer_account_id"),
        sa.UniqueConstraint("shift_id", name="uq_drawer_shift_id"),
        sa.UniqueConstraint("account_id", name="uq_drawer_account_id"),
    )
    op.create_table(
        "shift",
        sa.Column("id", _big(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("clerk_id", sa.Integer(), nullable=False),
        sa.Column("clerk_name", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("opening_cash", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("taken_from_id", _big(), nullable=True),
        sa.Column("is_alone", sa.Boolean(), nullable=False),
        sa.CheckConstraint("opening_cash >= 0", name="ck_shift_float_not_negative"),
        sa.PrimaryKeyConstraint("id", name="pk_shift"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_shift_store_id"),
        sa.ForeignKeyConstraint(["taken_from_id"], ["shift.id"], name="fk_shift_taken_from_id"),
        sa.UniqueConstraint("taken_from_id", name="uq_shift_taken_from_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "shift_report",
        sa.Column("shift_id", _big(), autoincrement=False, nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("clerk_id", sa.Integer(), nullable=False),
        sa.Column("clerk_name", sa.String(length=64), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_by_name", sa.String(length=64), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("expected", "counted", "difference")),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint("difference = counted - expected", name="ck_shift_report_difference_is_true"),
        sa.CheckConstraint("counted >= 0", name="ck_shift_report_counted_not_negative"),
        sa.PrimaryKeyConstraint("shift_id", name="pk_shift_report"),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name="fk_shift_report_shift_id"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_shift_report_store_id"),
        sa.UniqueConstraint("store_id", "number", name="uq_shift_report_store_id_number"),
    )
    with op.batch_alter_table("shift_report") as batch:
        batch.create_index("ix_shift_report_business_date", ["business_date"])


def _big() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _guard_postgresql() -> None:
    for table in KEPT:
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change()
        """)
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
        """)


def _guard_sqlite() -> None:
    for table in KEPT:
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_values BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """)
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_rows BEFORE DELETE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """)
