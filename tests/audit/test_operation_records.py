"""Reading what was written down: filters, pages, who may, and what an eraser leaves."""

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.audit.models import PersonalValues
from app.audit.operations import record
from app.audit.queries import Wanted, is_erased, operation_records, told
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from tests.staff.people import browser_of, fetch, make
from tests.ui.api.program import Program, program_of


@pytest.fixture
def kind():
    """A kind of object that no other test writes about."""
    return f"toy-{secrets.token_hex(4)}"


def write(kind, number=1, **more):
    actor = more.pop("actor", Actor.system("test"))
    written = in_transaction(lambda: record("toys.paint", kind, number, actor=actor, **more)).id
    db.session.rollback()
    return written


def found(**wanted):
    return [each.id for each in operation_records(Wanted(**wanted), limit=100)]


def test_records_are_found_by_every_filter(app, kind):
    person = Actor(ActorKind.STAFF, 424_242, f"p{kind}", address="10.0.0.7")
    first = write(kind, 1, store_id=1, changes={"colour": ("red", "blue")})
    second = write(kind, 2, actor=person)
    today = clock.today()
    assert found(object_type=kind) == [second, first]
    assert found(object_type=kind, object_id=1) == [first]
    assert found(object_type=kind, operator=person.name) == [second]
    assert found(object_type=kind, operator="test") == [first]
    assert found(object_type=kind, store="main") == [first]
    assert found(object_type=kind, store="nowhere") == []
    assert found(object_type=kind, operation="toys.") == [second, first]
    assert found(object_type=kind, operation="toys_") == []
    assert found(object_type=kind, since=today, until=today) == [second, first]
    assert found(object_type=kind, until=today - timedelta(days=1)) == []


def test_an_operator_is_found_by_his_present_name(app, kind):
    staff_id = make()
    name = fetch(staff_id).username
    written = write(kind, actor=Actor(ActorKind.STAFF, staff_id, "his name of then"))
    assert found(object_type=kind, operator=name) == [written]


def test_pages_go_on_below_the_last_id(app, kind):
    ids = [write(kind, number) for number in range(1, 6)]
    wanted = Wanted(object_type=kind)
    assert [each.id for each in operation_records(wanted, below=ids[3], limit=2)] == [ids[2], ids[1]]


def test_personal_values_are_shown_until_they_are_erased(app, kind):
    changes = {"colour": ("red", "blue")}
    written = write(kind, changes=changes, personal={"owner_name": ("Ann", "Bo")})
    (line,) = operation_records(Wanted(object_type=kind), limit=1)
    assert told(line) == [("colour", "red", "blue", False), ("owner_name", "Ann", "Bo", True)]
    assert not is_erased(line)
    in_transaction(lambda: db.session.execute(update(PersonalValues).filter_by(record_id=written).values(changes=None)))
    db.session.expunge_all()
    (line,) = operation_records(Wanted(object_type=kind), limit=1)
    assert told(line) == [("colour", "red", "blue", False)]
    assert is_erased(line)


def test_the_api_answers_records_newest_first_by_page(app, owner, kind, monkeypatch):
    ids = [write(kind, number, store_id=1, changes={"is_new": (None, True)}) for number in (1, 2, 3)]
    ask = program_of(app, owner, monkeypatch)
    page = ask("GET", f"/operation-records?object_type={kind}&limit=2").json
    assert [item["id"] for item in page["items"]] == [ids[2], ids[1]]
    rest = ask("GET", f"/operation-records?object_type={kind}&limit=2&cursor={page['next']}").json
    assert [item["id"] for item in rest["items"]] == [ids[0]]
    assert rest["next"] is None
    item = rest["items"][0]
    assert (item["store"], item["operator"], item["actor_name"], item["is_erased"]) == ("main", None, "test", False)
    assert item["changes"] == [{"field": "is_new", "before": None, "after": True}]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-02-01&to=2026-01-31", "from"),
        ("to=yesterday", "to"),
        ("object_id=0", "object_id"),
        ("object_id=99999999999999999999", "object_id"),
        ("object_type=" + "x" * 33, "object_type"),
        ("operator=a%00b", "operator"),
        ("colour=red", "colour"),
        ("cursor=1", "cursor"),
    ],
)
def test_the_api_names_a_bad_parameter(app, owner, monkeypatch, query, field):
    answer = program_of(app, owner, monkeypatch)("GET", f"/operation-records?{query}")
    assert (answer.status_code, list(answer.json["errors"])) == (400, [field])


def test_only_super_administrators_read_records(app, clerk, monkeypatch, kind):
    written = write(kind)
    assert program_of(app, clerk, monkeypatch)("GET", "/operation-records").status_code == 403
    assert Program(app, None)("GET", "/operation-records").status_code == 401
    browser = browser_of(app, make())
    for path in ("/operation-records/list/", f"/operation-records/show/{written}"):
        assert browser.get(path).status_code == 403
        assert app.test_client().get(path).status_code == 302


def test_the_register_shows_a_record_and_offers_no_way_to_change_it(app, kind):
    browser = browser_of(app, make(SUPER_ADMIN))
    written = write(kind, 7, changes={"colour": ("<b>red", "blue")}, personal={"owner_name": (None, "Ann")}, store_id=1)
    listed = browser.get(f"/operation-records/list/?_flt_0_object_type={kind}")
    assert listed.status_code == 200
    assert "&lt;b&gt;red" in listed.text
    assert "<b>red" not in listed.text
    shown = browser.get(f"/operation-records/show/{written}")
    for text in ("toys.paint", "&lt;b&gt;red", "blue", "Ann", "Main store", "test"):
        assert text in shown.text
    for path in ("add", f"edit/{written}", f"delete/{written}"):
        assert browser.get(f"/operation-records/{path}").status_code == 404


def test_a_record_whose_person_was_erased_says_so(app, kind):
    written = write(kind, personal={"owner_name": (None, "Ann")})
    in_transaction(lambda: db.session.execute(update(PersonalValues).filter_by(record_id=written).values(changes=None)))
    shown = browser_of(app, make(SUPER_ADMIN)).get(f"/operation-records/show/{written}")
    assert "erased" in shown.text
    assert "Ann" not in shown.text
