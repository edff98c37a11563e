"""Remind: which services came due, what came of calls, and indexes of the services whose stop date is announced.

Revision: 20261122s, after: 20261122r
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122s"
down_revision = "20261122r"
branch_labels = None
depends_on = None

SERVICE, REMINDER, CALL = "broadband_service", "broadband_reminder", "broadband_call"
ANNOUNCED = sa.text("status NOT IN ('pending-install', 'suspended', 'closed')")
LED_BY = ((), ("community_id",), ("package_id",), ("salesperson_id",))
# An erased customer's remark may be emptied; nothing else of a call ever changes.
KEPT = (
    "id",
    "service_id",
    "customer_id",
    "stop_date",
    "outcome",
    "promised_on",
    "called_on",
    "made_at",
    "operator_kind",
    "operator_id",
    "operator_name",
)


def upgrade() -> None:
    op.create_table(
        REMINDER,
        sa.Column("id", _big(), nullable=False),
        sa.Column("service_id", _big(), nullable=False),
        sa.Column("stop_date", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("salesperson_id", _big(), nullable=True),
        *_links(REMINDER, service_id=SERVICE, salesperson_id="broadband_employee"),
        sa.PrimaryKeyConstraint("id", name="pk_broadband_reminder"),
        sa.UniqueConstraint("service_id", "stop_date", name="uq_broadband_reminder_service_id_stop_date"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_broadband_reminder_due_on", REMINDER, ["due_on", "id"])
    op.create_table(
        CALL,
        sa.Column("id", _big(), nullable=False),
        sa.Column("service_id", _big(), nullable=False),
        sa.Column("customer_id", _big(), nullable=False),
        sa.Column("stop_date", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("called_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("operator_kind", sa.String(length=32), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("operator_name", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'promised-to-pay') = (promised_on IS NOT NULL)", name="ck_broadband_call_promised_on_a_day"
        ),
        *_links(CALL, service_id=SERVICE, customer_id="customer"),
        sa.PrimaryKeyConstraint("id", name="pk_broadband_call"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_broadband_call_service_id", CALL, ["service_id", "stop_date", "id"])
    op.create_index("ix_broadband_call_customer_id", CALL, ["customer_id", "id"])
    for names in LED_BY:
        where = {"sqlite_where": ANNOUNCED, "postgresql_where": ANNOUNCED}
        counted = [each for each in ("package_id", "muted_until") if each not in names]
        op.create_index(_index(names), SERVICE, [*names, "stop_date", "id", *counted], **where)
    if op.get_context().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    for names in LED_BY:
        op.drop_index(_index(names), SERVICE)
    op.drop_table(CALL)  # its triggers go with it
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION only_forget_remark()")
    op.drop_table(REMINDER)


def _index(names: tuple[str, ...]) -> str:
    return "_".join(("ix_broadband_service_announced", *names))


def _guard_postgresql() -> None:
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in KEPT)
    op.execute(f"""
        CREATE FUNCTION only_forget_remark() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND NEW.remark IS NULL AND {same} THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
    """)
    op.execute(f"""
        CREATE TRIGGER {CALL}_keeps_rows BEFORE UPDATE OR DELETE ON {CALL}
        FOR EACH ROW EXECUTE FUNCTION only_forget_remark()
    """)
    op.execute(f"""
        CREATE TRIGGER {CALL}_keeps_all BEFORE TRUNCATE ON {CALL}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """)


def _guard_sqlite() -> None:
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in KEPT)
    op.execute(f"""
        CREATE TRIGGER {CALL}_keeps_values BEFORE UPDATE ON {CALL}
        WHEN NEW.remark IS NOT NULL OR {changed}
        BEGIN SELECT RAISE(ABORT, '{CALL} is append-only'); END
    """)
    op.execute(f"""
        CREATE TRIGGER {CALL}_keeps_rows BEFORE DELETE ON {CALL}
        BEGIN SELECT RAISE(ABORT, '{CALL} is append-only'); END
    """)


def _links(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")
        for column, other in columns.items()
    ]


def _big() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
