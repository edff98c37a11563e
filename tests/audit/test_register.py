"""The generated list of operation records: looked for by choices in words, told in words, taken away on record."""

import re
import secrets
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.audit.operations import record
from app.audit.queries import Wanted, codes, operation_records
from app.core.actor import Actor, ActorKind
from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.staff.operations import remove_staff
from tests.counter.desk import customer_with
from tests.staff.people import browser_of, fetch, make, post

LIST = "/operation-records/list/"


@pytest.fixture
def boss(app):
    return browser_of(app, make(SUPER_ADMIN))


@pytest.fixture
def kind():
    """A kind of object that no other test writes about."""
    return f"toy-{secrets.token_hex(4)}"


def write(kind, number=1, operation="toys.paint", **more):
    actor = more.pop("actor", Actor.system("test"))
    written = in_transaction(lambda: record(operation, kind, number, actor=actor, **more)).id
    db.session.rollback()
    return written


def test_operations_objects_stores_and_people_are_chosen_in_words(boss, kind):
    person = make()
    write(kind, actor=Actor(ActorKind.STAFF, person, "p"))
    page = boss.get(LIST).text
    assert '<option value="toys.paint" >Toys: Paint</option>' in page
    assert f'<option value="{kind}" >' in page
    assert f'<option value="{person}" >{fetch(person).username}</option>' in page
    assert "Main store</option>" in page


def test_choices_find_what_they_say(boss, kind):
    person, number = make(), secrets.randbelow(10**9)
    mine = write(kind, number, actor=Actor(ActorKind.STAFF, person, "p"))
    other = write(kind, number + 1, operation="toys.break")
    for query, found in (
        (f"_flt_0_object_type={kind}&_flt_0_actor_id={person}", (True, False)),
        (f"_flt_0_object_type={kind}&_flt_0_operation=toys.break", (False, True)),
        (f"_flt_0_object_type={kind}&_flt_0_object_id={number}", (True, False)),
        (f"_flt_0_object_type={kind}&_flt_0_business_date=2999-01-01", (False, False)),
    ):
        page = boss.get(f"{LIST}?{query}").text
        assert tuple(f'/operation-records/show/{each}"' in page for each in (mine, other)) == found, query


def test_codes_are_all_that_there_are(app, kind):
    write(kind)
    assert codes(OperationRecord.object_type) == sorted(set(db.session.scalars(select(OperationRecord.object_type))))


def test_customers_and_receipts_are_called_by_name_and_amounts_are_money(app, boss, owner, new_phone):
    phone = new_phone()
    customer = customer_with("12.00", phone, owner)
    db.session.rollback()
    page = boss.get(f"{LIST}?_flt_0_object_type=customer&_flt_0_object_id={customer}").text
    assert f'<a href="/customers/show/{customer}">{phone[3:6]} {phone[6:10]} {phone[10:]}</a>' in page
    posted = operation_records(Wanted(object_type="posting"), limit=1)[0]
    page = boss.get(f"{LIST}?_flt_0_object_type=posting&_flt_0_object_id={posted.object_id}").text
    assert f'<a href="/receipts/{posted.object_id}' in page
    written = write("toy", changes={"amount": (None, Decimal("1234.50")), "since": ("2026-01-02", None)})
    shown = boss.get(f"/operation-records/show/{written}").text
    assert "¥1,234.50" in shown
    assert "Jan 2, 2026" in shown


def test_administrators_are_called_by_name_also_when_they_are_gone(boss):
    person = make()
    name = fetch(person).username
    in_transaction(lambda: remove_staff(person, actor=Actor.system("test")))
    page = boss.get(f"{LIST}?_flt_0_object_type=staff&_flt_0_object_id={person}").text
    assert re.search(rf'data-label="Number"[^>]*>\s*{name}\s*<', page)
    (shown, *_others) = re.findall(r'href="(/operation-records/show/\d+)"', page)
    assert f"Staff {name}</dd>" in boss.get(shown).text


def test_records_are_taken_away_as_a_file_and_that_is_recorded(app, boss, kind):
    write(kind, changes={"colour": ("=1+1", "blue")}, personal={"owner_name": (None, "Ann")})
    answer = post(boss, f"/operation-records/export?_flt_0_object_type={kind}", page=LIST, format="csv")
    assert answer.status_code == 200
    lines = answer.text.splitlines()
    assert len(lines) == 2
    assert "Ann" in lines[1]
    assert (
        post(boss, f"/operation-records/export?_flt_0_object_type={kind}", page=LIST, format="xlsx").status_code == 200
    )
    db.session.rollback()
    taken = operation_records(Wanted(operation="audit.export"), limit=1)[0]
    assert taken.changes == {"format": [None, "xlsx"], "object_type": [None, kind]}
    assert post(boss, "/operation-records/export", page=LIST, format="doc").status_code == 400


def test_the_api_goes_on_after_a_day_that_is_over(app, kind):
    ids = [write(kind, number) for number in range(4)]
    wanted = Wanted(object_type=kind)
    assert [each.id for each in operation_records(wanted, below=ids[2], limit=9)] == ids[1::-1]
    assert [each.id for each in operation_records(wanted, below=ids[3] + 10**6, limit=9)] == ids[::-1]
    assert re.fullmatch(r"toy-\w+", kind)
