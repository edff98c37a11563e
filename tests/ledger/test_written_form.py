"""The database writes the line of a row that a seal is over as docs/seals.md says and Python would write it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Column, Date, Enum, Integer, MetaData, Table, Text, insert, literal, select

from app.audit.models import OperationRecord
from app.core import money
from app.core.db import JsonText, Money, UtcDateTime
from app.extensions import db
from app.ledger.models import Posting, Transfer
from app.ledger.seals.canon import line_of, text_of
from app.ledger.seals.digest import POSTING, RECORD, TRANSFER

LARGE = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30) | st.sampled_from(
    [bytes(range(1, 32)).decode(), "\x7f\x80\u2028\u2029\ufeff\ufffe😀", "\"\\/'`,]", "null", "1", "", " ", "\n", "'--"]
)
VALUES: dict[type, st.SearchStrategy[Any]] = {
    Money: LARGE.map(money.from_minor),
    UtcDateTime: st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    JsonText: st.dictionaries(TEXTS, st.lists(st.none() | st.booleans() | LARGE | TEXTS, max_size=3), max_size=4),
    Boolean: st.booleans(),
    Date: st.dates(date(1970, 1, 1), date(9999, 12, 31)),
    BigInteger: LARGE,
    Integer: st.integers(-(2**31), 2**31 - 1),
}


def value_of(column: Column[Any]) -> st.SearchStrategy[Any]:
    if isinstance(column.type, Enum):
        return st.sampled_from(column.type.python_type)
    kind = next((kind for kind in VALUES if isinstance(column.type, kind)), None)
    length = getattr(column.type, "length", None) or 1000
    return VALUES[kind] if kind else TEXTS.map(lambda text: text[:length])


def like(model: Any, names: list[str]) -> Table:
    """A table with those columns of the model's that is gone with the transaction. Each may be missing."""
    columns = [Column(name, model.__table__.c[name].type) for name in names]
    return Table("like_" + model.__tablename__, MetaData(), *columns, prefixes=["TEMPORARY"])


@pytest.mark.parametrize(("model", "names"), [(Posting, POSTING), (Transfer, TRANSFER), (OperationRecord, RECORD)])
def test_the_database_writes_what_python_would(app, model, names):
    table, dialect = like(model, names), db.engine.dialect.name
    rows = st.lists(st.fixed_dictionaries({c.name: st.none() | value_of(c) for c in table.c}), min_size=1, max_size=5)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(rows)
    def written_alike(rows):
        with db.engine.connect() as connection:
            table.create(connection)
            connection.execute(insert(table), rows)
            lines = connection.scalars(select(line_of("row", list(table.c), dialect))).all()
            connection.rollback()
        assert sorted(lines) == sorted(text_of(["row", *(row[name] for name in names)]) for row in rows)

    written_alike()


@pytest.mark.parametrize("kept", ["{", "", '{"a":1}\n["record",2]', "nothing", "[1, 2]\n"])
def test_what_is_no_json_is_one_line_all_the_same(app, kept):
    table = like(OperationRecord, RECORD)
    with db.engine.connect() as connection:
        table.create(connection)
        connection.execute(insert(table).values(changes=literal(kept, Text)))
        line = connection.scalar(select(line_of("record", list(table.c), db.engine.dialect.name)))
        connection.rollback()
    assert "\n" not in line
    assert line.startswith('["record",null,')
