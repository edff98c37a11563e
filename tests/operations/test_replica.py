"""Reports read from the replica when there is one; everything else, and every write, stays at home.

The replica of these tests is a second database of the same server, which holds other things than the first one.
"""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.db import consistent_view, in_transaction, reading_reports
from app.core.errors import Refused
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.ledger import totals
from tests.backup.conftest import post
from tests.conftest import make_database, open_house
from tests.staff import people

REPORTS = ("/overview", "/today", "/totals/", "/totals/period", "/totals/customers", "/postings/")


@pytest.fixture(scope="module")
def house(server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("replica")
    copy = make_database("postgresql", server, folder)
    with (other := open_house(copy)).app_context():
        post(other, customers=1)
        db.engine.dispose()
    app = open_house(make_database("postgresql", server, folder), REPLICA_DATABASE_URL=copy)
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def database() -> str:
    return db.session.scalar(text("SELECT current_database()"))


def test_reports_read_there_and_the_rest_at_home(app):
    home = database()
    with reading_reports():
        there = database()
        with consistent_view() as connection:
            assert connection.scalar(text("SELECT current_database()")) == there
    assert there != home
    assert database() == home
    with consistent_view() as connection:
        assert connection.scalar(text("SELECT current_database()")) == home


def test_totals_are_those_of_the_replica(app):
    assert totals.all_time().figures.as_json()["recharge"]["count"] == 0
    with reading_reports():
        assert totals.all_time().figures.as_json()["recharge"]["count"] == 1
    token = people.make(SUPER_ADMIN)
    page = people.browser_of(app, token).get("/totals/")
    assert "50.00" in page.text


def test_every_report_page_can_be_read(app):
    browser = people.browser_of(app, people.make(SUPER_ADMIN))
    assert {path: browser.get(path).status_code for path in REPORTS} == dict.fromkeys(REPORTS, 200)


def test_what_is_written_in_the_middle_of_a_report_is_written_at_home(app):
    home = database()
    db.session.rollback()
    with reading_reports():
        assert in_transaction(database) == home
        assert database() != home


def test_nothing_can_be_written_to_the_replica(app):
    with reading_reports(), pytest.raises(DBAPIError, match="read-only"):
        db.session.execute(text("UPDATE setting SET value = value"))
    db.session.rollback()


def test_a_refusal_leaves_the_reader_where_he_was(app):
    def refuse() -> None:
        raise Refused

    with reading_reports():
        there = database()
        with pytest.raises(Refused):
            in_transaction(refuse)
        assert database() == there
