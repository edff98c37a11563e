"""Close days: a day that is barred takes no more postings and records, and its frozen totals are history.

Revision: 20261122a, after: 20261121c
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122a"
down_revision = "20261121c"
branch_labels = None
depends_on = None

DATED = ("posting", "operation_record")
FROZEN = ("day_postings", "day_transfers")
KIND = sa.String(length=32)


def upgrade() -> None:
    _make_tables()
    if op.get_context().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        for table in DATED:
            op.execute(f"DROP TRIGGER {table}_keeps_days ON {table}")
        for table in (*FROZEN, "day_close"):
            op.drop_table(table)
        op.execute("DROP FUNCTION refuse_barred_day()")
        op.execute("DROP FUNCTION only_close()")
        return
    for table in DATED:
        op.execute(f"DROP TRIGGER {table}_keeps_days")
    for table in (*FROZEN, "day_close"):
        op.execute(f"DROP TRIGGER {table}_keeps_rows")
        op.execute(f"DROP TRIGGER {table}_keeps_values")
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        "day_close",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.Column("barred_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("postings", _big(), nullable=True),
        sa.Column("transfers", _big(), nullable=True),
        sa.Column("records", _big(), nullable=True),
        sa.Column("previous_seal", sa.String(length=64), nullable=True),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.Column("signature", sa.String(length=128), nullable=True),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.Column("public_key", sa.String(length=64), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (seal IS NOT NULL)", name="ck_day_close_closed_is_sealed"),
        sa.CheckConstraint("(state = 'closed') = (signature IS NOT NULL)", name="ck_day_close_closed_is_signed"),
        sa.PrimaryKeyConstraint("day", name="pk_day_close"),
    )
    op.create_table(
        "day_postings",
        *_line("day_postings"),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("operator_kind", KIND, nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        *_what(),
        sa.Column("postings", _big(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("amount", "principal", "bonus")),
    )
    op.create_table(
        "day_transfers",
        *_line("day_transfers"),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("debit", sa.String(length=64), nullable=False),
        sa.Column("credit", sa.String(length=64), nullable=False),
        *_what(),
        sa.Column("transfers", _big(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
    )


def _big() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _line(table: str) -> list:
    return [
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("day", "line", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["day"], ["day_close.day"], name=f"fk_{table}_day"),
    ]


def _what() -> list:
    return [
        sa.Column("kind", KIND, nullable=False),
        sa.Column("reverses_kind", KIND, nullable=True),
        sa.Column("method", KIND, nullable=True),
        sa.Column("category", sa.String(length=32), nullable=True),
    ]


def _guard_postgresql() -> None:
    # 40001: who is refused tries again, and finds the next day.
    op.execute("""
        CREATE FUNCTION refuse_barred_day() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM day_close WHERE day >= NEW.business_date) THEN
                RAISE EXCEPTION 'the day % is closed', NEW.business_date USING ERRCODE = '40001';
            END IF;
            RETURN NEW;
        END $$
    """)
    op.execute("""
        CREATE FUNCTION only_close() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND OLD.state = 'closing' AND NEW.state = 'closed'
               AND NEW.day = OLD.day AND NEW.barred_at = OLD.barred_at THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '% may only be closed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
    """)
    for table in DATED:
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_days BEFORE INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_barred_day()
        """)
    for table, refusal in [(table, "refuse_change") for table in FROZEN] + [("day_close", "only_close")]:
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {refusal}()
        """)
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
        """)


def _guard_sqlite() -> None:
    for table in DATED:
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_days BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM day_close WHERE day >= NEW.business_date)
            BEGIN SELECT RAISE(ABORT, 'the day is closed'); END
        """)
    for table in FROZEN:
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_values BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """)
    op.execute("""
        CREATE TRIGGER day_close_keeps_values BEFORE UPDATE ON day_close
        WHEN OLD.state <> 'closing' OR NEW.state <> 'closed' OR NEW.day <> OLD.day OR NEW.barred_at <> OLD.barred_at
        BEGIN SELECT RAISE(ABORT, 'day_close may only be closed'); END
    """)
    for table in (*FROZEN, "day_close"):
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_rows BEFORE DELETE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """)
