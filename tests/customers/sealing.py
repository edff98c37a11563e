"""Everything that stands in a database, as one text, to look for what must not be there."""

import random
from contextlib import contextmanager

from app.core.db import Model
from app.extensions import db


def new_number() -> str:
    """An ID number that no other test has."""
    return f"110105{random.randint(10**10, 10**11 - 1)}X"  # noqa: S311 - no secret


def everything() -> str:
    db.session.rollback()
    with db.engine.connect() as connection:
        return "\n".join(
            repr(tuple(row))
            for table in Model.metadata.sorted_tables
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')  # noqa: S608 - our own names
        )


@contextmanager
def keys_of(app, *keys: str):
    """The house with other keys for a while."""
    former = app.config["FIELD_KEYS"]
    app.config["FIELD_KEYS"] = keys
    try:
        yield
    finally:
        app.config["FIELD_KEYS"] = former
