"""How Alembic reaches the database of the application, and how column types are written down."""

from alembic import context
from flask import current_app

config = context.config
migrate = current_app.extensions["migrate"]


def render_item(kind, obj, autogen_context):
    """Write the house's column types as the plain SQL types that they are made of."""
    if kind == "type" and type(obj).__module__.startswith("app."):
        return f"sa.{type(obj.impl).__name__}()"
    return False


def include_object(obj, name, kind, reflected, compare_to):
    """Leave SQLite's own tables alone."""
    return not (kind == "table" and reflected and name.startswith("sqlite_"))


def run() -> None:
    """Bring the database to the wanted revision, in one transaction."""
    if (given := config.attributes.get("connection")) is not None:
        migrate_on(given)  # in the transaction that it is in
        return
    engine = migrate.db.engine
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # A table that is rebuilt would drag along the rows that point at it. SQLite ignores this inside
            # a transaction, and SQLAlchemy would begin one: so the driver is told.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        migrate_on(connection)
        connection.invalidate()


def migrate_on(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=migrate.db.metadata,
        render_item=render_item,
        include_object=include_object,
        transaction_per_migration=True,
        transactional_ddl=True,
        **migrate.configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations are run against a database, not written to a script.")
run()
