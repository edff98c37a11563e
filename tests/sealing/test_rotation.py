"""A new key: everything is sealed again with it, in steps, and the old one is not needed any more."""

import json

import pytest
from sqlalchemy import insert

from app.audit.models import OperationRecord
from app.broadband.models.basics import Employee
from app.core import clock
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.core.sealed import Unreadable, is_of_first_key, marks, new_key, seal
from app.customers.models import Customer, CustomerImport, ImportRow, ImportState
from app.customers.operations import create_customer
from app.extensions import db
from app.sealing import rotation
from app.sealing.queries import sealed_columns
from tests.conftest import actor_of
from tests.customers.sealing import new_number

ACTOR = Actor.system("test")


@pytest.fixture
def peopled(empty_house):
    """A house with five customers, an employee and a staged row, who all have numbers; and these."""
    owner, numbers = actor_of(empty_house, SUPER_ADMIN), [new_number() for _nth in range(7)]

    def people() -> None:
        for nth, number in enumerate(numbers[:5]):
            values = {"phone": f"1380013800{nth}", "name": "Li Lei", "id_number": number}
            create_customer(values, store_id=1, actor=owner)
        db.session.add(Employee(employee_no="E1", name="Han Mei", id_card_no=numbers[5]))
        now = {"started_at": clock.now(), "heartbeat_at": clock.now()}
        document = CustomerImport(file_name="a.csv", store_id=1, state=ImportState.STAGED, rows_staged=1, **now)
        db.session.add(document)
        db.session.flush()
        row = {"import_id": document.id, "line": 2, "values": {}, "id_number_sealed": seal(numbers[6])}
        db.session.execute(insert(ImportRow.__table__).values(**row))

    in_transaction(people)
    return empty_house, numbers


def readable(numbers: list[str]) -> bool:
    """Whether the customers and the employee have these numbers, are found by them, and the first key sealed them."""
    db.session.rollback()
    customers = db.session.query(Customer).order_by(Customer.id).all()
    employee = db.session.query(Employee).one()
    marked = [customer.id_number_mark for customer in customers] + [employee.id_card_mark]
    opened = [customer.id_number for customer in customers] + [employee.id_card_no]
    tokens = [customer.id_number_sealed for customer in customers]
    return (
        opened == numbers[:6]
        and marked == [marks(number)[0] for number in numbers[:6]]
        and all(map(is_of_first_key, tokens))
    )


def command(house, *words: str):
    return house.test_cli_runner().invoke(args=["sealed", *words])


def test_every_sealed_column_is_known_with_its_mark():
    found = {column.name: column.mark is not None for column in sealed_columns()}
    assert found == {
        "customer.id_number": True,
        "customer_import_row.id_number": True,
        "customer_import_row.secret": False,
        "broadband_employee.id_card": True,
        "broadband_service.password": False,
        "broadband_work_order.new_id_card": False,
    }


def test_everything_is_sealed_again_and_the_old_key_can_go(peopled):
    house, numbers = peopled
    (old,), new = house.config["FIELD_KEYS"], new_key()
    house.config["FIELD_KEYS"] = (new, old)
    answer = command(house, "rotate", "--json")
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.output)
    assert (told["rows"], told["unreadable"]) == (7, 0)
    assert told["columns"]["broadband_employee.id_card"] == {"rows": 1, "unreadable": 0}
    house.config["FIELD_KEYS"] = (new,)
    assert readable(numbers)
    record = db.session.query(OperationRecord).filter_by(operation="sealing.rotate").one()
    assert record.changes == {"id_number": [None, 6], "id_card": [None, 1]}
    assert json.loads(command(house, "rotate", "--json").output)["rows"] == 0


def test_a_rotation_that_was_stopped_goes_on(peopled, monkeypatch):
    house, numbers = peopled
    house.config["FIELD_KEYS"] = (new_key(), *house.config["FIELD_KEYS"])
    monkeypatch.setattr(rotation, "AT_ONCE", 2)

    def stop(rows: int) -> None:
        if rows >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(actor=ACTOR, tell=stop)
    assert not readable(numbers)
    record = db.session.query(OperationRecord).filter_by(operation="sealing.rotate").one()
    done = sum(pair[1] for pair in record.changes.values())
    assert 4 <= done < 7
    assert rotation.rotate(actor=ACTOR).total == 7 - done
    house.config["FIELD_KEYS"] = house.config["FIELD_KEYS"][:1]
    assert readable(numbers)


def test_what_somebody_changes_meanwhile_is_not_put_back(peopled, monkeypatch):
    house, _numbers = peopled
    house.config["FIELD_KEYS"] = (new_key(), *house.config["FIELD_KEYS"])
    anew, typed = rotation.seal_anew, new_number()
    customer_id = db.session.query(Customer.id).order_by(Customer.id).limit(1).scalar()

    def slow(token):
        if token.key == (customer_id,):
            in_transaction(lambda: setattr(db.session.get(Customer, customer_id), "id_number", typed))
        return anew(token)

    monkeypatch.setattr(rotation, "seal_anew", slow)
    rotation.rotate(actor=ACTOR)
    db.session.rollback()
    assert db.session.get(Customer, customer_id).id_number == typed


def test_what_no_key_opens_is_told_and_left(peopled):
    house, _numbers = peopled
    before = db.session.query(Customer.id_number_sealed).order_by(Customer.id).all()
    house.config["FIELD_KEYS"] = (new_key(),)
    answer = command(house, "rotate")
    assert answer.exit_code == 1
    assert "customer.id_number: 5 cannot be read with any of FIELD_KEYS" in answer.output
    db.session.rollback()
    assert db.session.query(Customer.id_number_sealed).order_by(Customer.id).all() == before
    with pytest.raises(Unreadable):
        _ = db.session.query(Employee).one().id_card_no


def test_a_key_is_made_by_command(empty_house):
    key = command(empty_house, "key").output.strip()
    empty_house.config["FIELD_KEYS"] = (key,)
    assert is_of_first_key(seal("x"))
