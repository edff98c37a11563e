"""Old months leave: in order, wholly, provably, and killed anywhere the next run goes on."""

import contextlib
import gzip
import json
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.audit.models import OperationRecord
from app.core.db import in_transaction, is_postgresql
from app.core.errors import NotFound
from app.extensions import db
from app.ledger.archives.models import Archive, ArchiveState
from app.ledger.archives.queries import archived_through
from app.ledger.models import Posting, Receipt, Transfer
from app.ledger.operations import reverse
from app.ledger.refusals import Archived
from app.ledger.seals.digest import POSTING, RECORD, TRANSFER
from app.ledger.statements import balances_before, statement
from app.receipts.queries import checked
from app.retention import leaving
from app.retention.looking import history_of
from app.retention.queries import archive_of_postings
from app.retention.run import rehearse, retain
from tests.conftest import actor_of
from tests.retention.conftest import (
    RUN_DAY,
    SMALL_FIRST,
    SMALL_LAST,
    SOMEBODY,
    Killed,
    failed,
    killed_after,
    killed_at_new,
    pay_in,
    spend,
    totals,
)

AUGUST, SEPTEMBER = date(2025, 8, 1), date(2025, 9, 1)


def run(**named):
    return retain(today=RUN_DAY, actor=SOMEBODY, **named)


def states() -> set[ArchiveState]:
    db.session.rollback()
    return set(db.session.scalars(select(Archive.state)))


def count(model, *conditions) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_nothing_changes_but_what_is_here(shop):
    before, old = totals(), count(Posting, Posting.business_date < date(2025, 9, 1))
    balances = {number: balances_before(number, SMALL_LAST) for number in (1, 2, 3, 4)}

    report = run()

    assert report.holds
    assert report.gone["postings"] == old > 10
    assert states() == {ArchiveState.PURGED}
    assert count(Posting, Posting.business_date < date(2025, 9, 1)) == 0
    assert count(Transfer) > 0
    assert totals() == before
    assert {number: balances_before(number, SMALL_LAST) for number in (1, 2, 3, 4)} == balances
    assert failed() == {}
    assert run().months == []


def test_killed_after_any_step_everything_holds_and_the_next_run_goes_on(shop, monkeypatch):
    monkeypatch.setattr(leaving, "AT_ONCE", 12)
    before, seen = totals(), set()
    for number in range(100):
        with contextlib.suppress(Killed):
            report = run(told=killed_at_new(seen, 4 + number % 3))
            break
        assert failed() == {}, seen
        assert totals() == before, seen
    steps = {"planned", "file written", "written", "verified", "checkpoints", "house", "checkpointed", "purging"}
    assert seen == steps | {"batch", "purged"}
    assert report.holds
    assert states() == {ArchiveState.PURGED}
    assert totals() == before


def test_postings_go_on_meanwhile(shop, monkeypatch):
    monkeypatch.setattr(leaving, "AT_ONCE", 12)
    before, made, errors, is_over = totals(), [], [], threading.Event()

    def serve() -> None:
        with shop.app_context():
            try:
                while not is_over.wait(0.02):
                    made.append(pay_in(2))
                    made.append(spend(2))
            except BaseException as error:
                errors.append(error)
            finally:
                db.session.remove()

    clerk = threading.Thread(target=serve)
    clerk.start()
    try:
        report = run(told=lambda step: failed() and errors.append(step) if step in ("batch", "purging") else None)
    finally:
        is_over.set()
        clerk.join()

    assert errors == []
    assert report.holds
    assert made
    after = totals()
    assert after["wallets"] == before["wallets"]
    assert after["all time"][1] == before["all time"][1]
    assert failed() == {}


MADE_BY_TRANSFERS = {"principal_change", "bonus_change"}  # and these are in the same archive


def test_an_archive_holds_every_column_and_is_the_same_each_time(shop):
    columns = {"posting": POSTING, "transfer": TRANSFER, "record": RECORD}
    for model, names in ((Posting, POSTING), (Transfer, TRANSFER), (OperationRecord, RECORD)):
        told = set(model.__table__.c.keys()) - MADE_BY_TRANSFERS
        assert told == set(names), "an archive must hold every column"
    rows = {
        row.id: row for row in db.session.execute(select(Posting.__table__)) if row.business_date < date(2025, 9, 1)
    }
    with pytest.raises(Killed):
        run(told=killed_after(2))
    folder = Path(shop.config["ARCHIVE_DIR"])
    (first,) = (path.read_bytes() for path in folder.glob("postings-*.gz"))
    run()
    (file,) = folder.glob("postings-*.gz")
    assert file.read_bytes() == first

    lines = [json.loads(line) for line in gzip.decompress(first).splitlines()]
    head, archived = lines[0], [line for line in lines[1:] if line[0] == "posting"]
    assert head["columns"] == {word: columns[word] for word in ("posting", "transfer")}
    assert [line[1] for line in archived] == sorted(rows)
    assert json.loads((folder / f"{file.name}.manifest.json").read_text())["signature"]


def test_rows_can_be_deleted_only_while_their_month_is_leaving(shop):
    statements = ("DELETE FROM transfer", "DELETE FROM posting", "DELETE FROM operation_record")

    def refused(statement: str) -> bool:
        db.session.rollback()
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()
        return True

    assert all(refused(statement) for statement in statements)
    run()
    assert all(refused(f"{statement} WHERE 1 = 1") for statement in statements)  # September is here, and stays
    kept = ("retention_archive", "wallet_checkpoint", "house_checkpoint")
    assert all(refused(f"DELETE FROM {table}") for table in kept)  # noqa: S608
    assert refused("UPDATE wallet_checkpoint SET balance = balance + 1")
    assert refused("UPDATE retention_archive SET state = 'purging'")
    assert refused("UPDATE retention_archive SET manifest = '{}'")
    if is_postgresql():
        assert all(refused(f"TRUNCATE {table} CASCADE") for table in ("posting", *kept))


def test_what_has_left_is_not_shown_and_not_reversed_and_its_receipt_still_holds(shop):
    old, young = (
        db.session.scalar(select(func.min(Posting.id)).where(Posting.kind == "recharge", Posting.business_date >= day))
        for day in (SMALL_FIRST, date(2025, 9, 1))
    )
    customer = db.session.scalar(select(Posting.customer_id).where(Posting.id == young))
    run()

    with pytest.raises(Archived) as refused:
        in_transaction(lambda: reverse(old, reason="late", actor=SOMEBODY).id)
    assert refused.value.code == "archived"
    with pytest.raises(NotFound):
        in_transaction(lambda: reverse(old, reason="late", actor=actor_of(shop, "ordinary-admin")).id)
    assert checked(old).kind is None
    assert not checked(old).is_reversed
    assert checked(old + 2).is_reversed
    assert checked(young).amount is not None
    shown = statement(customer, SMALL_FIRST, SMALL_LAST, limit=100)
    assert all(line.posting.business_date >= date(2025, 9, 1) for line in shown.movements)
    assert shown.opening.principal + sum(line.change for line in shown.movements) == shown.closing.principal
    assert shown.opening.bonus + sum(line.bonus_change for line in shown.movements) == shown.closing.bonus


def test_a_posting_of_august_that_is_reversed_in_september_stays_linked(shop):
    old = db.session.scalar(
        select(func.max(Posting.id)).where(Posting.business_date == date(2025, 8, 31), Posting.kind == "recharge")
    )
    in_transaction(lambda: reverse(old, reason="late", actor=SOMEBODY, is_forced=True, source_type="test").id)
    before = totals()
    run()
    assert checked(old).is_reversed
    assert failed() == {}
    assert totals() == before


def test_the_history_of_one_customer_is_read_from_the_file(shop):
    ask = (
        select(Posting.id)
        .where(Posting.customer_id == 2, Posting.business_date < date(2025, 9, 1))
        .order_by(Posting.id)
    )
    numbers = list(db.session.scalars(ask))
    run()
    found = history_of(archive_of_postings(AUGUST), 2, Path(shop.config["ARCHIVE_DIR"]))
    assert [line.id for line in found] == numbers
    assert [line.day for line in found] == sorted(line.day for line in found)


def test_the_command_rehearses_and_then_does_it(shop, monkeypatch):
    runner, rows = shop.test_cli_runner(), count(Posting)
    dry = runner.invoke(args=["retention", "run", "--dry-run", "--today", str(RUN_DAY), "--json"])
    told = json.loads(dry.stdout)
    assert (dry.exit_code, count(Posting), told["dry_run"]) == (0, rows, True)
    assert told["cut_off"] == {"postings": "2025-09-30", "records": "2025-09-30"}
    assert [month["month"] for month in told["months"]] == ["2025-08", "2025-08"]
    assert states() == set()

    monkeypatch.setitem(shop.config, "TESTING", False)
    assert runner.invoke(args=["retention", "run", "--today", str(RUN_DAY)]).exit_code == 2
    monkeypatch.setitem(shop.config, "TESTING", True)
    done = runner.invoke(args=["retention", "run", "--today", str(RUN_DAY)])
    assert done.exit_code == 0, done.output
    assert "2025-08 left" in done.stdout
    assert done.stdout.splitlines()[-1] == "proof holds"
    assert count(OperationRecord, OperationRecord.operation == "retention.run") == 1


def test_months_leave_only_when_their_last_day_lies_before_the_cut_off(shop):
    assert [month["month"] for month in rehearse(today=date(2026, 2, 28)).months] == []
    assert [month["month"] for month in rehearse(today=date(2026, 3, 1)).months] == ["2025-08"] * 2
    assert count(Receipt) == count(Posting)
    assert archived_through(db.session, "postings") is None
    assert SMALL_LAST - timedelta(days=1) > AUGUST
