"""A list becomes customers with balances: all of it, or nothing."""

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.audit.models import OperationRecord
from app.core.db import in_transaction, is_postgresql
from app.customers.models import Customer, CustomerImport, ImportRow, ImportState
from app.customers.newcomers.kind import CUSTOMERS
from app.customers.takeover import flow, kept, operations, queries, refusals, report
from app.extensions import db
from app.ledger.models import Account, Kind, Posting, Purse
from tests.counter.desk import customer_with

TABLES = (Customer, Account, Posting, CustomerImport, ImportRow, OperationRecord)


@pytest.fixture(autouse=True)
def uploads(app, tmp_path):
    app.config["UPLOAD_DIR"] = str(tmp_path / "uploads")


@pytest.fixture
def listed(tmp_path, new_phone):
    """Call it with rows of (name, balance, bonus) for a CSV file with a new phone number in each."""

    def write(*rows: tuple[str, str, str], phones: list[str] | None = None) -> tuple[Path, list[str]]:
        numbers = phones or [new_phone() for _row in rows]
        path = tmp_path / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["手机", "姓名", "余额", "赠送"])
            writer.writerows([phone, *row] for phone, row in zip(numbers, rows, strict=True))
        return path, numbers

    return write


def counts() -> dict[str, int]:
    found = {table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) for table in TABLES}
    db.session.rollback()
    return found


def checked(path: Path, owner) -> int:
    layout, height = flow.look(path, CUSTOMERS)
    import_id = in_transaction(
        lambda: operations.begin(
            CUSTOMERS, path.name, store_id=1, upload=None, layout=layout.as_json(), rows_total=height, actor=owner
        )
    )
    flow.check(import_id, path, layout, actor=owner)
    return import_id


def customer(phone: str) -> Customer:
    return db.session.scalars(select(Customer).where(Customer.phone == phone)).one()


def errors_of(import_id: int) -> dict[int, dict[str, str]]:
    return {
        row.line: {name: error["code"] for name, error in row.errors.items()} for row in queries.refused_rows(import_id)
    }


def test_a_list_becomes_customers_with_opening_balances_under_one_number(app, owner, listed):
    path, phones = listed(("甲", "100.00", "20"), ("乙", "0", ""), ("", "￥1,000.5", ""))
    import_id = checked(path, owner)
    answer = flow.take_over(CUSTOMERS, import_id, 3, actor=owner)

    document = queries.find(import_id, actor=owner)
    assert document.state is ImportState.APPLIED
    assert document.document_no == answer["document_no"]
    assert (document.rows_applied, document.opening_total, document.bonus_total) == (
        3,
        Decimal("1100.50"),
        Decimal("20.00"),
    )
    first, second, third = (customer(phone) for phone in phones)
    assert (first.name, first.principal.balance, first.bonus_wallet.balance) == ("甲", Decimal(100), Decimal(20))
    assert (second.principal.balance, second.bonus_wallet) == (Decimal(0), None)
    assert third.name == phones[2].removeprefix("+86")
    assert first.customer_no == f"C{first.id:06d}"
    assert first.phone_reversed == phones[0][:0:-1]
    postings = db.session.scalars(
        select(Posting)
        .where(Posting.source_type == "customer-import", Posting.source_id == import_id)
        .order_by(Posting.id)
    ).all()
    assert [(each.kind, each.customer_id, each.amount) for each in postings] == [
        (Kind.OPENING, first.id, Decimal(120)),
        (Kind.OPENING, third.id, Decimal("1000.50")),
    ]
    assert {each.source_type for each in postings} == {"customer-import"}


def test_taking_over_leaves_one_record_and_no_staged_personal_data(app, owner, listed):
    path, _phones = listed(("甲", "1", "0"), ("乙", "2", "0"))
    import_id = checked(path, owner)
    flow.take_over(CUSTOMERS, import_id, 2, actor=owner)
    line = db.session.scalars(
        select(OperationRecord).where(
            OperationRecord.object_type == "customer-import", OperationRecord.object_id == import_id
        )
    ).one()
    assert line.operation == "customers.take-over"
    assert line.changes["customers"] == [None, 2]
    assert line.changes["opening_total"] == [None, "3.00"]
    assert "甲" not in json.dumps(line.changes, ensure_ascii=False)
    assert not db.session.scalar(select(func.count()).where(ImportRow.import_id == import_id))


def test_documents_are_numbered_without_gaps(app, owner, listed):
    numbers = []
    for _ in range(2):
        import_id = checked(listed(("甲", "1", "0"))[0], owner)
        numbers.append(int(flow.take_over(CUSTOMERS, import_id, 1, actor=owner)["document_no"].removeprefix("TK-")))
    assert numbers[1] == numbers[0] + 1


def test_a_refused_row_keeps_the_whole_list_out(app, owner, listed):
    path, phones = listed(("甲", "1", "0"), ("乙", "-2", "0"))
    import_id = checked(path, owner)
    before = counts()
    with pytest.raises(refusals.RowsRefused):
        flow.take_over(CUSTOMERS, import_id, 1, actor=owner)
    assert counts() == before
    assert queries.find(import_id, actor=owner).state is ImportState.STAGED
    assert errors_of(import_id) == {3: {"balance": "negative-amount"}}
    assert not db.session.scalars(select(Customer).where(Customer.phone.in_(phones))).all()


def test_the_same_list_again_finds_every_row_taken_and_changes_nothing(app, owner, listed):
    path, _phones = listed(("甲", "1", "0"), ("乙", "2", "0"))
    flow.take_over(CUSTOMERS, checked(path, owner), 2, actor=owner)
    again = checked(path, owner)
    assert errors_of(again) == {2: {"phone": "exists"}, 3: {"phone": "exists"}}
    flow.forget(again, actor=owner)


def test_doubles_in_a_list_name_the_row_that_was_first(app, owner, listed, new_phone):
    phone = new_phone()
    path, _phones = listed(("甲", "1", "0"), ("乙", "2", "0"), phones=[phone, phone.removeprefix("+86")])
    import_id = checked(path, owner)
    (row,) = queries.refused_rows(import_id)
    assert row.errors == {"phone": {"code": "duplicate", "found": phone, "line": 2}}
    assert [complaint.why for complaint in report.complaints([row], CUSTOMERS)] == ["Row 2 has the same."]


def test_doubles_are_found_across_batches(app, owner, listed, new_phone, monkeypatch):
    monkeypatch.setattr(flow, "BATCH", 2)
    phone = new_phone()
    phones = [phone, new_phone(), new_phone(), new_phone(), phone]
    path, _phones = listed(*[("甲", "1", "0")] * 5, phones=phones)
    assert errors_of(checked(path, owner)) == {6: {"phone": "duplicate"}}


def test_a_customer_made_since_the_check_keeps_the_list_out(app, owner, listed):
    path, _phones = listed(("甲", "1", "0"), ("乙", "2", "0"))
    first, second = checked(path, owner), checked(path, owner)
    flow.take_over(CUSTOMERS, first, 2, actor=owner)
    before = counts()
    with pytest.raises(refusals.ListChanged):
        flow.take_over(CUSTOMERS, second, 2, actor=owner)
    assert counts() == before
    document = queries.find(second, actor=owner)
    assert (document.state, document.error) == (ImportState.FAILED, {"code": "list-changed"})


def test_a_customer_made_while_the_list_is_written_keeps_it_out(app, owner, listed, monkeypatch):
    monkeypatch.setattr(queries, "CHUNK", 1)
    path, phones = listed(("甲", "1", "0"), ("乙", "2", "0"))
    import_id = checked(path, owner)
    if not is_postgresql():
        return  # nobody else can write meanwhile

    def served(phone: str) -> None:
        with app.app_context():
            customer_with("0", phone, owner)

    def make_the_second(done: int) -> None:
        if done != 1:
            return
        with ThreadPoolExecutor(1) as another:
            another.submit(served, phones[1]).result(timeout=30)

    with pytest.raises(refusals.ListChanged):
        flow.take_over(CUSTOMERS, import_id, 2, actor=owner, tell=make_the_second)
    assert not db.session.scalars(select(Customer).where(Customer.phone == phones[0])).all()


def test_a_list_is_applied_once(app, owner, listed):
    import_id = checked(listed(("甲", "1", "0"))[0], owner)
    flow.take_over(CUSTOMERS, import_id, 1, actor=owner)
    before = counts()
    with pytest.raises(refusals.NotReady):
        flow.take_over(CUSTOMERS, import_id, 1, actor=owner)
    with pytest.raises(refusals.NotReady):
        flow.forget(import_id, actor=owner)
    assert counts() == before
    assert queries.find(import_id, actor=owner).state is ImportState.APPLIED


def test_what_stops_half_way_has_done_nothing(app, owner, listed, monkeypatch):
    monkeypatch.setattr(queries, "CHUNK", 2)
    import_id = checked(listed(*[("甲", "1", "1")] * 5)[0], owner)
    before = counts()

    def stop(done: int) -> None:
        if done >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        flow.take_over(CUSTOMERS, import_id, 5, actor=owner, tell=stop)
    assert counts() == before
    document = queries.find(import_id, actor=owner)
    assert (document.state, document.error) == (ImportState.FAILED, {"code": "interrupted"})
    assert kept.mark() is None


def test_a_failed_list_is_checked_again_and_applied(app, owner, listed):
    path, phones = listed(("甲", "1", "0"))
    import_id = checked(path, owner)
    in_transaction(lambda: operations.fail(import_id, error={"code": "interrupted"}, actor=owner))
    layout, _height = flow.look(path, CUSTOMERS)
    flow.check(import_id, path, layout, actor=owner)
    flow.take_over(CUSTOMERS, import_id, 1, actor=owner)
    assert customer(phones[0]).principal.balance == Decimal(1)


def test_a_clerk_of_another_store_does_not_see_the_list(app, owner, clerk, listed):
    import_id = checked(listed(("甲", "1", "0"))[0], owner)
    stranger = type(clerk)(clerk.kind, clerk.id, clerk.name, clerk.grants, frozenset({999}))
    with pytest.raises(queries.NotFound):
        queries.find(import_id, actor=stranger)


def test_the_report_is_a_table_that_a_spreadsheet_does_not_execute(app, owner, listed):
    path, _phones = listed(("甲", "=cmd|' /C calc'!A0", "0"), ("乙", "-5", "0"))
    text = "".join(report.as_csv(queries.refused_rows(checked(path, owner)), CUSTOMERS))
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}Row,Column,")
    lines = list(csv.reader(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()))
    assert [line[:3] for line in lines[1:]] == [
        ["2", "Balance", "'=cmd|' /C calc'!A0"],
        ["3", "Balance", "-5"],
    ]


def test_taking_over_satisfies_every_proof_of_the_ledger(app, owner, listed):
    import_id = checked(listed(("甲", "100", "20"), ("乙", "0", "5"), ("丙", "0", "0"))[0], owner)
    flow.take_over(CUSTOMERS, import_id, 3, actor=owner)
    result = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert result.exit_code == 0, result.output


def test_wallets_of_taken_over_customers_serve_at_once(app, owner, listed):
    path, phones = listed(("甲", "100", "0"))
    flow.take_over(CUSTOMERS, checked(path, owner), 1, actor=owner)
    wallet = customer(phones[0]).principal
    assert (wallet.purse, wallet.seq, wallet.held, wallet.floor) == (Purse.PRINCIPAL, 1, Decimal(0), Decimal(0))
