"""Erasing a person leaves his money's history and every seal; nothing that tells who he was stays."""

import gzip
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from app.audit.models import OperationRecord, PersonalValues
from app.audit.queries import is_erased
from app.core.db import in_transaction
from app.core.errors import NotFound
from app.customers.models import Customer
from app.customers.operations import change_customer, create_customer, delete_customer
from app.customers.refusals import NotDeleted
from app.extensions import db
from app.ledger.closing import close_days
from app.retention.operations import erase_person
from app.retention.run import retain
from tests.retention.conftest import SOMEBODY, failed, set_clock

DAY = date(2025, 8, 20)
NAME, PHONE = "王小明", "+8613912345678"


@pytest.fixture
def person(empty_house, tmp_path) -> int:
    """A customer who was taken in, changed and deleted, on days that are closed."""
    empty_house.config["ARCHIVE_DIR"] = str(tmp_path)
    set_clock(DAY)
    values = {"phone": PHONE, "name": NAME, "address": "长安街1号", "note": "red-haired"}
    number = in_transaction(lambda: create_customer(values, store_id=1, actor=SOMEBODY).id)
    set_clock(DAY + timedelta(days=1))
    in_transaction(lambda: change_customer(number, {"email": "w@example.org"}, actor=SOMEBODY).id)
    in_transaction(lambda: delete_customer(number, reason="moved", actor=SOMEBODY))
    set_clock(date(2025, 9, 2))
    close_days(actor=SOMEBODY)
    return number


def everything() -> str:
    """All that the tables of people and records hold, as one text."""
    db.session.rollback()
    tables = ("customer", "operation_record", "operation_personal", "command", "posting", "retention_archive")
    rows = [list(row) for table in tables for row in db.session.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608
    return json.dumps(rows, default=str, ensure_ascii=False)


def test_nothing_personal_is_left_and_every_seal_holds(person):
    assert NAME in everything()
    assert in_transaction(lambda: erase_person(person, reason="asked", actor=SOMEBODY))

    told = everything()
    assert [word for word in (NAME, PHONE, "长安街", "red-haired", "w@example.org") if word in told] == []
    assert failed() == {}
    of_him = select(OperationRecord).where(OperationRecord.operation == "customers.create")
    assert is_erased(db.session.scalars(of_him).one())
    newest = db.session.scalars(select(OperationRecord).order_by(OperationRecord.id.desc())).first()
    assert (newest.operation, newest.object_id) == ("retention.erase-person", person)


def test_twice_changes_nothing(person):
    in_transaction(lambda: erase_person(person, reason="asked", actor=SOMEBODY))
    before = everything()
    assert not in_transaction(lambda: erase_person(person, reason="asked", actor=SOMEBODY))
    assert everything() == before


def test_only_a_deleted_customer_is_erased(person):
    living = in_transaction(
        lambda: create_customer({"phone": "+8613911111111", "name": "Li"}, store_id=1, actor=SOMEBODY).id
    )
    with pytest.raises(NotDeleted):
        in_transaction(lambda: erase_person(living, reason="asked", actor=SOMEBODY))
    with pytest.raises(NotFound):
        in_transaction(lambda: erase_person(999_999, reason="asked", actor=SOMEBODY))


def test_the_run_erases_who_was_deleted_before_the_limit_archived_records_too(person):
    report = retain(today=date(2026, 3, 31), actor=SOMEBODY)

    assert report.erased == 1
    assert report.holds
    db.session.rollback()
    assert db.session.get(Customer, person).name == ""
    assert (
        db.session.scalars(select(OperationRecord).where(OperationRecord.business_date < date(2025, 9, 1))).all() == []
    )
    told = db.session.scalars(select(PersonalValues.changes).where(PersonalValues.object_id == person)).all()
    assert told
    assert set(told) == {None}
    assert NAME not in everything()
    assert failed() == {}


def test_an_archive_of_records_holds_nothing_personal(person, tmp_path):
    retain(today=date(2026, 3, 31), actor=SOMEBODY)
    (file,) = tmp_path.glob("records-2025-08*.gz")
    told = gzip.decompress(file.read_bytes()).decode()
    assert "customers.create" in told
    assert NAME not in told
    assert PHONE not in told


def test_the_command_erases_and_says_why_not(person, empty_house):
    runner = empty_house.test_cli_runner()
    unknown = runner.invoke(args=["retention", "erase", "999999", "--reason", "asked"])
    done = runner.invoke(args=["retention", "erase", str(person), "--reason", "asked", "--json"])
    assert (unknown.exit_code, done.exit_code, done.stdout) == (1, 0, '{"erased":true}\n')
