"""A seal is the same on every database, and tells when anything in a closed day was touched afterwards."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, select

from app.audit.models import OperationRecord
from app.core import clock
from app.core.actor import Actor
from app.core.db import consistent_view, in_transaction
from app.extensions import db
from app.ledger.closing import close_days
from app.ledger.frozen import freeze
from app.ledger.models import Account, Posting, Transfer
from app.ledger.operations import consume, open_wallet, recharge, reverse
from app.ledger.proofs import prove_all
from app.ledger.seals.digest import seal_of
from app.ledger.seals.keys import SealKey, is_signed
from app.shop.models import Method
from tests.conftest import make_database, open_house
from tests.ledger.test_proofs import tampered

SOMEBODY = Actor.system("测试")
FIRST_DAY = clock.today()
ONE_DAY = timedelta(days=1)
KEY = "0f" * 32

TAMPERING = {
    "a note": "UPDATE posting SET note = 'x' WHERE id = 2",
    "a moment": "UPDATE posting SET hour = 1 WHERE id = 2",
    "a deleted record": "DELETE FROM operation_record WHERE object_type = 'posting' AND object_id = 3",
    "swapped rows": "UPDATE posting SET receipt_no = CASE id WHEN 2 THEN '3' ELSE '2' END WHERE id IN (2, 3)",
    "a frozen amount": "UPDATE day_postings SET amount = amount + 1 WHERE line = 1",
    "a frozen line": "DELETE FROM day_transfers WHERE line = 1",
    "a record's values": "UPDATE operation_record SET changes = '{}' WHERE object_type = 'posting' AND object_id = 1",
    "a count": "UPDATE day_close SET postings = postings + 1",
    "a seal": "UPDATE day_close SET seal = previous_seal WHERE previous_seal IS NOT NULL",
    "a signature": "UPDATE day_close SET signature = '00'",
    "a key": "UPDATE day_close SET key_id = '0123456789abcdef'",
    "a day": "DELETE FROM day_close WHERE previous_seal IS NULL",
}


def trade() -> None:
    in_transaction(lambda: open_wallet(81, actor=SOMEBODY).id)
    in_transaction(
        lambda: recharge(81, Decimal("50.00"), method=Method.CASH, store_id=1, actor=SOMEBODY, note="现金").id
    )
    spent = in_transaction(lambda: consume(81, Decimal("5.10"), store_id=1, actor=SOMEBODY).id)
    in_transaction(lambda: reverse(spent, reason="不对", actor=SOMEBODY).id)
    in_transaction(lambda: recharge(81, Decimal("8.00"), method=Method.ALIPAY, store_id=1, actor=SOMEBODY).id)


@pytest.fixture
def closed(empty_house, shop_time):
    """A house with two closed days."""
    shop_time(FIRST_DAY)
    trade()
    shop_time(FIRST_DAY + 2 * ONE_DAY)
    close_days(actor=SOMEBODY)
    return empty_house


def test_every_change_in_a_closed_day_is_found(closed):
    missed = []
    for what, statement in TAMPERING.items():
        with tampered(statement) as connection:
            proofs = {proof.name: proof for proof in prove_all(connection)}
        if proofs["days"].holds:
            missed.append(what)
    assert missed == []


def test_an_exported_file_tells_when_days_were_cut_off(closed, tmp_path, shop_time):
    runner, file = closed.test_cli_runner(), str(tmp_path / "seals.json")
    assert runner.invoke(args=["ledger", "seals", "export", file]).exit_code == 0
    shop_time(FIRST_DAY + 3 * ONE_DAY)
    close_days(actor=SOMEBODY)
    assert runner.invoke(args=["ledger", "verify", "--against", file]).exit_code == 0

    longer = str(tmp_path / "longer.json")
    runner.invoke(args=["ledger", "seals", "export", longer])
    exported = json.loads((tmp_path / "longer.json").read_text())
    assert len(exported["seals"]) == 3
    last = "DELETE FROM day_close WHERE day IN (SELECT max(day) FROM day_close)"
    with tampered(last) as connection:
        connection.commit()
    answer = runner.invoke(args=["ledger", "verify", "--against", longer])

    assert answer.exit_code == 1
    assert "days were cut off" in answer.stderr


def test_seals_into_a_folder_that_is_not_there_are_wrong_usage(closed, tmp_path):
    file = tmp_path / "nowhere" / "seals.json"
    assert closed.test_cli_runner().invoke(args=["ledger", "seals", "export", str(file)]).exit_code == 2


def test_a_file_that_was_changed_and_one_that_is_none_are_seen(closed, tmp_path):
    runner, file = closed.test_cli_runner(), tmp_path / "seals.json"
    runner.invoke(args=["ledger", "seals", "export", str(file)])
    exported = json.loads(file.read_text())
    exported["seals"][0]["seal"] = "ab" * 32
    file.write_text(json.dumps(exported))
    changed = runner.invoke(args=["ledger", "verify", "--against", str(file)])
    file.write_text("[]")
    none = runner.invoke(args=["ledger", "verify", "--against", str(file)])
    missing = runner.invoke(args=["ledger", "verify", "--against", str(tmp_path / "missing")])

    assert (changed.exit_code, none.exit_code, missing.exit_code) == (1, 2, 2)
    assert "is not signed by a key of the file" in changed.stderr


def test_the_same_rows_have_the_same_seal_on_both_databases(server, tmp_path, shop_time):
    shop_time(FIRST_DAY)
    copied: dict = {}
    seals = []
    for kind in ("sqlite", "postgresql"):
        app = open_house(make_database(kind, server, tmp_path))
        with app.app_context():
            if not copied:
                trade()
                copied = {model: _rows(model) for model in (Account, Posting, Transfer, OperationRecord)}
            else:
                _put(copied)
            with consistent_view() as connection:
                seals.append(seal_of(connection, FIRST_DAY, "ab" * 32, freeze(connection, FIRST_DAY)))
            db.session.remove()
            db.engine.dispose()
    assert seals[0] == seals[1]
    assert seals[0].postings == 4


def _rows(model) -> list[dict]:
    return [dict(row) for row in db.session.execute(select(model.__table__)).mappings()]


def _put(copied: dict) -> None:
    """The rows of another house, in place of what this one was furnished with."""
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for model in (Account, OperationRecord):
            connection.execute(model.__table__.delete())
        for model, rows in copied.items():
            connection.execute(insert(model.__table__), rows)


def test_a_signature_is_of_one_day_and_one_seal():
    key, other = SealKey(KEY), SealKey("1e" * 32)
    signature = key.sign(FIRST_DAY, "ab" * 32)

    assert is_signed(FIRST_DAY, "ab" * 32, signature, key.public)
    assert not is_signed(FIRST_DAY + ONE_DAY, "ab" * 32, signature, key.public)
    assert not is_signed(FIRST_DAY, "cd" * 32, signature, key.public)
    assert not is_signed(FIRST_DAY, "ab" * 32, signature, other.public)
    assert not is_signed(FIRST_DAY, "ab" * 32, "no signature", key.public)
