"""How many questions a page asks of the database: twelve is the goal, and none that is there asks more than now."""

import pytest
from sqlalchemy import event

from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from tests.counter.desk import customer_with
from tests.staff.people import browser_of, make

MOST = 12
MOST_AT_THE_COUNTER = 13  # the panel of each room about a customer asks one question of its own
LISTS = (
    "/administrators/list/",
    "/customers/list/",
    "/customers/list/?name=z&balance_min=1&active_from=2026-01-01&order=name",
    "/customers/list/?phone=1380",
    "/operation-records/list/",
    "/operation-records/list/?_flt_0_operation=staff.sign-in&_flt_0_business_date=2026-01-01",
    "/postings/",
    "/postings/?kind=recharge&method=cash&operator=x&store=main",
    "/postings/?phone=13800000000",
    "/postings/?group=day",
    "/shifts/list/",
    "/stores/list/",
)


@pytest.fixture
def statements(app):
    """Call it with a browser and an address: what the page asks of the database."""
    asked = []

    def note(_connection, _cursor, statement, *_more):
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            asked.append(statement)

    def statements_of(browser, path):
        asked.clear()
        assert browser.get(path).status_code == 200, path
        return list(asked)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements_of
    event.remove(db.engine, "before_cursor_execute", note)


def test_every_list_asks_few_questions(app, owner, new_phone, statements):
    customer_with("10.00", new_phone(), owner)
    db.session.rollback()
    boss = browser_of(app, make(SUPER_ADMIN))
    counts = {path: len(statements(boss, path)) for path in LISTS}
    assert {path: count for path, count in counts.items() if count > MOST} == {}


def test_the_counter_asks_few_questions(app, owner, new_phone, statements):
    phone = new_phone()
    customer = customer_with("10.00", phone, owner)
    db.session.rollback()
    clerk = browser_of(app, make(ORDINARY_ADMIN, store_ids=[1]))
    for path in ("/counter", f"/counter?customer={customer}", f"/counter?q={phone[-5:]}"):
        asked = statements(clerk, path)
        assert len(asked) <= MOST_AT_THE_COUNTER, (path, len(asked), asked)
