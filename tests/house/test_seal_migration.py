"""ID numbers that stood in clear are sealed when the house moves up, and come back when it moves down."""

import json

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app import create_app
from app.core.sealed import HIDDEN, marks, mask, unseal
from app.extensions import db
from app.ledger.proofs import guards
from config import TestConfig
from tests.conftest import make_database

BEFORE, AFTER = "20261122k", "20261122n"
NUMBER, LOST = "11010519491231002X", "110105194912310"
NOW = "2026-11-22 00:00:00"


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request, tmp_path):
    """A house of the version before, with a customer, the record of him, and a list that waits to be taken over."""
    server = request.getfixturevalue("server") if request.param == "postgresql" else None
    app = create_app(TestConfig(make_database(request.param, server, tmp_path)))
    with app.app_context():
        upgrade(revision=BEFORE)
        with db.engine.begin() as connection:
            fill(connection)
        yield app
        db.session.remove()
        db.engine.dispose()


def fill(connection) -> None:
    def put(statement: str, **values: object) -> None:
        connection.execute(text(statement), values)

    if not connection.scalar(text("SELECT count(*) FROM store WHERE id = 1")):
        put("INSERT INTO store (id, code, name, is_open) VALUES (1, 'main', 'Main', :yes)", yes=True)
    for number, value in ((1, NUMBER), (2, None)):
        put(
            "INSERT INTO customer (id, customer_no, name, type, id_number, store_id, version, created_at) "
            "VALUES (:id, :no, 'Li Lei', 'personal', :value, 1, 1, :now)",
            id=number, no=f"C{number}", value=value, now=NOW,
        )  # fmt: skip
    put(
        "INSERT INTO operation_personal (record_id, salt, changes, object_type, object_id) "
        "VALUES (1, 's', :changes, 'customer', 1)",
        changes=json.dumps({"id_number": [None, NUMBER], "name": [None, "Li Lei"]}),
    )
    layout = {"fields": {"1": "id_number"}, "samples": [["13800138000", NUMBER], [NUMBER, "7"]]}
    put(
        "INSERT INTO customer_import (id, file_name, store_id, layout, notes, state, rows_staged, rows_refused, "
        "rows_applied, opening_total, bonus_total, started_at, heartbeat_at) "
        "VALUES (1, 'a.csv', 1, :layout, '{}', 'staged', 2, 1, 0, 0, 0, :now, :now)",
        layout=json.dumps(layout), now=NOW,
    )  # fmt: skip
    wrong = {"phone": {"code": "bad-phone", "found": LOST}, "id_number": {"code": "too-long", "found": NUMBER * 2}}
    for line, values, errors in ((2, {"name": "Li", "id_number": NUMBER}, None), (3, {"name": "Han"}, wrong)):
        put(
            'INSERT INTO customer_import_row (import_id, line, "values", errors) VALUES (1, :line, :values, :errors)',
            line=line, values=json.dumps(values), errors=errors and json.dumps(errors),
        )  # fmt: skip


def rows(statement: str) -> list:
    with db.engine.connect() as connection:
        return connection.execute(text(statement)).all()


def everything() -> str:
    tables = ("customer", "customer_import", "customer_import_row", "operation_personal")
    return str([rows(f"SELECT * FROM {table}") for table in tables])  # noqa: S608 - our own names


def test_what_stood_in_clear_is_sealed(older):
    upgrade(revision=AFTER)
    (token, mark), nobody = rows("SELECT id_number_sealed, id_number_mark FROM customer ORDER BY id")
    assert (unseal(token), [mark]) == (NUMBER, marks(NUMBER))
    assert tuple(nobody) == (None, None)
    assert (NUMBER in everything(), LOST in everything()) == (False, False)
    ((changes,),) = rows("SELECT changes FROM operation_personal")
    assert json.loads(changes) == {"id_number": [None, HIDDEN], "name": [None, "Li Lei"]}
    ((layout,),) = rows("SELECT layout FROM customer_import")
    assert json.loads(layout)["samples"] == [["13800138000", mask(NUMBER)], [mask(NUMBER), HIDDEN]]
    (good, _wrong) = rows('SELECT "values", id_number_sealed FROM customer_import_row ORDER BY line')
    assert (json.loads(good[0]), unseal(good[1])) == ({"name": "Li"}, NUMBER)


def test_the_guards_are_back(older):
    upgrade()
    with db.engine.connect() as connection:
        assert guards.missing_guards(connection) == []


def test_the_way_down_opens_it_again(older):
    upgrade(revision=AFTER)
    downgrade(revision=BEFORE)
    assert [tuple(row) for row in rows("SELECT id_number FROM customer ORDER BY id")] == [(NUMBER,), (None,)]
    (good, _wrong) = rows('SELECT "values" FROM customer_import_row ORDER BY line')
    assert json.loads(good[0]) == {"name": "Li", "id_number": NUMBER}
    upgrade(revision=AFTER)
    assert NUMBER not in everything()
