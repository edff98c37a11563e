"""Retain: months may leave for archives, checkpoints stand for their rows, and rows of such months may be deleted.

Revision: 20261122d, after: 20261122a
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122d"
down_revision = "20261122f"
branch_labels = None
depends_on = None

KIND = sa.String(length=32)
LEAVING = {"posting": "postings", "operation_record": "records"}
KEPT = ("wallet_checkpoint", "house_checkpoint")
# From where an archive may go where; nothing comes back from purging.
STEPS = (
    ("planned", "written"),
    ("written", "verified"),
    ("verified", "checkpointed"),
    ("checkpointed", "purging"),
    ("purging", "purged"),
    ("written", "planned"),
    ("verified", "planned"),
    ("checkpointed", "planned"),
)
SAME = ("kind", "first_day", "last_day", "planned_at")
SIGNED = ("file", "manifest", "signature", "key_id", "public_key")


def upgrade() -> None:
    _make_tables()
    if op.get_context().dialect.name == "postgresql":
        _personal_stays_postgresql()
        _guard_postgresql()
    else:
        _personal_stays_sqlite()
        _guard_sqlite()


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        _unguard_postgresql()
    else:
        _unguard_sqlite()
    for table in (*KEPT, "retention_archive"):
        op.drop_table(table)


def _big() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _make_tables() -> None:
    op.create_table(
        "retention_archive",
        sa.Column("kind", KIND, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("state", KIND, nullable=False),
        sa.Column("file", sa.String(length=120), nullable=True),
        sa.Column("manifest", sa.Text(), nullable=True),
        sa.Column("signature", sa.String(length=128), nullable=True),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.Column("public_key", sa.String(length=64), nullable=True),
        sa.Column("planned_at", sa.DateTime(), nullable=False),
        sa.Column("purged_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "state = 'planned' OR manifest IS NOT NULL", name="ck_retention_archive_written_has_manifest"
        ),
        sa.PrimaryKeyConstraint("kind", "first_day", name="pk_retention_archive"),
    )
    op.create_table(
        "wallet_checkpoint",
        sa.Column("wallet_id", _big(), nullable=False),
        sa.Column("first_seq", _big(), autoincrement=False, nullable=False),
        sa.Column("last_seq", _big(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("chain_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("first_seq <= last_seq", name="ck_wallet_checkpoint_run_goes_on"),
        sa.ForeignKeyConstraint(["wallet_id"], ["ledger_account.id"], name="fk_wallet_checkpoint_wallet_id"),
        sa.PrimaryKeyConstraint("wallet_id", "first_seq", name="pk_wallet_checkpoint"),
    )
    op.create_index(
        "ix_wallet_checkpoint_first_day", "wallet_checkpoint", ["first_day", "wallet_id", "first_seq"], unique=False
    )
    op.create_table(
        "house_checkpoint",
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("account_id", _big(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["ledger_account.id"], name="fk_house_checkpoint_account_id"),
        sa.PrimaryKeyConstraint("first_day", "account_id", name="pk_house_checkpoint"),
    )


WHOM = """
    UPDATE operation_personal SET
        object_type = (SELECT object_type FROM operation_record WHERE id = record_id),
        object_id = (SELECT object_id FROM operation_record WHERE id = record_id)
"""


def _personal_stays_postgresql() -> None:
    op.execute("DROP TRIGGER operation_personal_keeps_rows ON operation_personal")
    op.drop_constraint("fk_operation_personal_record_id", "operation_personal", type_="foreignkey")
    op.add_column("operation_personal", sa.Column("object_type", sa.String(length=32), nullable=True))
    op.add_column("operation_personal", sa.Column("object_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_operation_personal_object", "operation_personal", ["object_type", "object_id"], unique=False)
    op.execute(WHOM)
    _only_erase(", object_type, object_id")


def _only_erase(whom: str) -> None:
    def row(name: str) -> str:
        return f"({', '.join(f'{name}.{column.strip()}' for column in f'record_id, salt{whom}'.split(','))})"

    op.execute(f"""
        CREATE OR REPLACE FUNCTION only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND NEW.changes IS NULL AND {row("NEW")} IS NOT DISTINCT FROM {row("OLD")} THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '% may only be emptied', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
    """)
    op.execute("""
        CREATE TRIGGER operation_personal_keeps_rows BEFORE UPDATE OR DELETE ON operation_personal
        FOR EACH ROW EXECUTE FUNCTION only_erase()
    """)


def _guard_postgresql() -> None:
    op.execute("""
        CREATE FUNCTION refuse_unless_left() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            day date;
        BEGIN
            IF TG_OP = 'DELETE' THEN
                IF TG_TABLE_NAME = 'transfer' THEN
                    SELECT business_date INTO day FROM posting WHERE id = OLD.posting_id;
                ELSE
                    day := OLD.business_date;
                END IF;
                IF EXISTS (SELECT 1 FROM retention_archive WHERE kind = TG_ARGV[0] AND state = 'purging'
                           AND day BETWEEN first_day AND last_day) THEN
                    RETURN OLD;
                END IF;
            END IF;
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
    """)
    for table, kind in (*LEAVING.items(), ("transfer", "postings")):
        op.execute(f"DROP TRIGGER {table}_keeps_rows ON {table}")
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_unless_left('{kind}')
        """)
    steps = ", ".join(f"('{old}', '{new}')" for old, new in STEPS)
    same = " AND ".join(f"NEW.{name} = OLD.{name}" for name in SAME)
    signed = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in SIGNED)
    op.execute(f"""
        CREATE FUNCTION only_step() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND (OLD.state, NEW.state) IN ({steps}) AND {same}
               AND (NEW.state = 'written' OR ({signed})) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
    """)
    for table, refusal in [*((table, "refuse_change") for table in KEPT), ("retention_archive", "only_step")]:
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {refusal}()
        """)
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
        """)


def _unguard_postgresql() -> None:
    for table in (*LEAVING, "transfer"):
        op.execute(f"DROP TRIGGER {table}_keeps_rows ON {table}")
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change()
        """)
    op.execute("DROP FUNCTION refuse_unless_left()")
    for table in (*KEPT, "retention_archive"):
        op.execute(f"DROP TRIGGER {table}_keeps_rows ON {table}")
        op.execute(f"DROP TRIGGER {table}_keeps_all ON {table}")
    op.execute("DROP FUNCTION only_step()")
    op.execute("DROP TRIGGER operation_personal_keeps_rows ON operation_personal")
    op.execute("DELETE FROM operation_personal WHERE record_id NOT IN (SELECT id FROM operation_record)")
    op.drop_index("ix_operation_personal_object", "operation_personal")
    op.drop_column("operation_personal", "object_id")
    op.drop_column("operation_personal", "object_type")
    op.create_foreign_key(
        "fk_operation_personal_record_id", "operation_personal", "operation_record", ["record_id"], ["id"]
    )
    _only_erase("")


def _personal_table(*more: sa.schema.SchemaItem) -> None:
    op.create_table(
        "operation_personal",
        sa.Column("record_id", _big(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("changes", sa.Text(), nullable=True),
        *more,
        sa.PrimaryKeyConstraint("record_id", name="pk_operation_personal"),
    )


def _personal_stays_sqlite() -> None:
    # SQLite cannot drop a foreign key: the table is made anew. Its triggers go with the old one.
    op.rename_table("operation_personal", "operation_personal_before")
    _personal_table(
        sa.Column("object_type", sa.String(length=32), nullable=True), sa.Column("object_id", _big(), nullable=True)
    )
    op.execute("""
        INSERT INTO operation_personal SELECT p.record_id, p.salt, p.changes, r.object_type, r.object_id
        FROM operation_personal_before AS p JOIN operation_record AS r ON r.id = p.record_id
    """)
    op.drop_table("operation_personal_before")
    op.create_index("ix_operation_personal_object", "operation_personal", ["object_type", "object_id"], unique=False)
    _only_erase_sqlite(" OR NEW.object_type IS NOT OLD.object_type OR NEW.object_id IS NOT OLD.object_id")


def _only_erase_sqlite(whom: str) -> None:
    op.execute(f"""
        CREATE TRIGGER operation_personal_keeps_values BEFORE UPDATE ON operation_personal
        WHEN NEW.changes IS NOT NULL OR NEW.record_id <> OLD.record_id OR NEW.salt <> OLD.salt{whom}
        BEGIN SELECT RAISE(ABORT, 'operation_personal may only be emptied'); END
    """)
    op.execute("""
        CREATE TRIGGER operation_personal_keeps_rows BEFORE DELETE ON operation_personal
        BEGIN SELECT RAISE(ABORT, 'operation_personal is append-only'); END
    """)


def _guard_sqlite() -> None:
    days = dict.fromkeys(LEAVING, "OLD.business_date")
    days["transfer"] = "(SELECT business_date FROM posting WHERE id = OLD.posting_id)"
    for table, kind in (*LEAVING.items(), ("transfer", "postings")):
        op.execute(f"DROP TRIGGER {table}_keeps_rows")
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_rows BEFORE DELETE ON {table}
            WHEN NOT EXISTS (SELECT 1 FROM retention_archive WHERE kind = '{kind}' AND state = 'purging'
                             AND {days[table]} BETWEEN first_day AND last_day)
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """)
    steps = " OR ".join(f"(OLD.state = '{old}' AND NEW.state = '{new}')" for old, new in STEPS)
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in SAME)
    signed = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in SIGNED)
    op.execute(f"""
        CREATE TRIGGER retention_archive_keeps_values BEFORE UPDATE ON retention_archive
        WHEN NOT (({steps}) AND {same} AND (NEW.state = 'written' OR ({signed})))
        BEGIN SELECT RAISE(ABORT, 'retention_archive is append-only'); END
    """)
    for table in KEPT:
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_values BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """)
    for table in (*KEPT, "retention_archive"):
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_rows BEFORE DELETE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """)


def _unguard_sqlite() -> None:
    for table in (*LEAVING, "transfer"):
        op.execute(f"DROP TRIGGER {table}_keeps_rows")
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_rows BEFORE DELETE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """)
    for table in (*KEPT, "retention_archive"):
        op.execute(f"DROP TRIGGER {table}_keeps_values")
        op.execute(f"DROP TRIGGER {table}_keeps_rows")
    op.drop_index("ix_operation_personal_object", "operation_personal")
    op.rename_table("operation_personal", "operation_personal_after")
    _personal_table(
        sa.ForeignKeyConstraint(["record_id"], ["operation_record.id"], name="fk_operation_personal_record_id")
    )
    op.execute("""
        INSERT INTO operation_personal SELECT p.record_id, p.salt, p.changes
        FROM operation_personal_after AS p JOIN operation_record AS r ON r.id = p.record_id
    """)
    op.drop_table("operation_personal_after")
    _only_erase_sqlite("")
