"""How many questions a page asks of the database: at most twelve."""

from secrets import token_hex

import pytest
from sqlalchemy import event

from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from tests.counter.desk import customer_with
from tests.customers.desk import Desk
from tests.staff.people import browser_of, make
from tests.staff.test_api_keys import give_key

MOST = 12

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
def asked(app):
    """All that is asked of the database, as it comes."""
    asked = []

    def note(_connection, _cursor, statement, *_more):
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def statements(asked):
    """Call it with a browser and an address: what the page asks of the database."""

    def statements_of(browser, path):
        asked.clear()
        assert browser.get(path).status_code == 200, path
        return list(asked)

    return statements_of


def test_every_list_asks_few_questions(app, owner, new_phone, statements):
    customer_with("10.00", new_phone(), owner)
    db.session.rollback()
    boss = browser_of(app, make(SUPER_ADMIN))
    counts = {path: len(statements(boss, path)) for path in LISTS}
    assert {path: count for path, count in counts.items() if count > MOST} == {}


@pytest.mark.parametrize("role", [SUPER_ADMIN, ORDINARY_ADMIN])
def test_the_counter_and_what_it_leads_to_ask_few_questions(app, owner, new_phone, statements, role):
    phone = new_phone()
    customer = customer_with("10.00", phone, owner)
    db.session.rollback()
    browser = browser_of(app, make(role, store_ids=[1]))
    desk = ("/counter", f"/counter?customer={customer}", f"/counter?q={phone[-5:]}")
    for path in (*desk, f"/customers/{customer}/statement", "/today"):
        asked = statements(browser, path)
        assert len(asked) <= MOST, (path, len(asked), asked)


@pytest.mark.parametrize("path", ["/overview", "/overview?days=180", "/totals/"])
def test_an_owners_overview_asks_few_questions_though_his_first_steps_are_not_done(app, statements, path):
    asked = statements(browser_of(app, make(SUPER_ADMIN)), path)
    assert len(asked) <= MOST, (len(asked), asked)


@pytest.mark.parametrize("house", ["postgresql"], indirect=True)
@pytest.mark.parametrize("shows", ["token", "key"])
def test_a_program_that_posts_asks_who_it_is_who_the_customer_is_what_he_has_and_writes(
    app, owner, new_phone, asked, shows
):
    customer = customer_with("10.00", new_phone(), owner)
    db.session.rollback()
    bearer = give_key(app)[1] if shows == "key" else Desk(app, ORDINARY_ADMIN, store_ids=[1]).token
    call = {"json": {"amount": "10.00", "method": "cash"}, "headers": {"Authorization": f"Bearer {bearer}"}}
    for _ in range(2):  # the first one notes that the key is used
        asked.clear()
        call["headers"]["Idempotency-Key"] = token_hex(8)
        assert app.test_client().post(f"/api/v1/customers/{customer}/recharges", **call).status_code == 201
    assert len(asked) == 4, asked
