"""Guard history: the database itself refuses to change or delete what has been posted and recorded.

Revision: 20261121b, after: 20261121a
"""

from alembic import op

revision = "20261121b"
down_revision = "20261121a"
branch_labels = None
depends_on = None

APPEND_ONLY = ("posting", "transfer", "operation_record", "reversal", "receipt")


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_keeps_rows ON {table}")
            op.execute(f"DROP TRIGGER {table}_keeps_all ON {table}")
        op.execute("DROP TRIGGER operation_personal_keeps_rows ON operation_personal")
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP FUNCTION only_erase()")
    else:
        for table in (*APPEND_ONLY, "operation_personal"):
            op.execute(f"DROP TRIGGER {table}_keeps_values")
            op.execute(f"DROP TRIGGER {table}_keeps_rows")


def _guard_postgresql() -> None:
    op.execute("""
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
    """)
    op.execute("""
        CREATE FUNCTION only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND NEW.changes IS NULL AND NEW.record_id = OLD.record_id AND NEW.salt = OLD.salt THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '% may only be emptied', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
    """)
    for table in APPEND_ONLY:
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change()
        """)
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
        """)
    op.execute("""
        CREATE TRIGGER operation_personal_keeps_rows BEFORE UPDATE OR DELETE ON operation_personal
        FOR EACH ROW EXECUTE FUNCTION only_erase()
    """)


def _guard_sqlite() -> None:
    for table in APPEND_ONLY:
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_values BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """)
    op.execute("""
        CREATE TRIGGER operation_personal_keeps_values BEFORE UPDATE ON operation_personal
        WHEN NEW.changes IS NOT NULL OR NEW.record_id <> OLD.record_id OR NEW.salt <> OLD.salt
        BEGIN SELECT RAISE(ABORT, 'operation_personal may only be emptied'); END
    """)
    for table in (*APPEND_ONLY, "operation_personal"):
        op.execute(f"""
            CREATE TRIGGER {table}_keeps_rows BEFORE DELETE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
        """)
