"""A list of subscribers becomes services, each with the document that its history begins with; no money moves."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.audit.models import OperationRecord
from app.broadband import operations as broadband
from app.broadband.models import Document, DocumentKind, Service, ServiceStatus
from app.broadband.refusals import NotTakenBack
from app.broadband.reports.history import as_of
from app.broadband.subscribers.kind import SUBSCRIBERS
from app.core.db import in_transaction
from app.core.sealed import unseal
from app.customers.models import Customer, CustomerImport, ImportRow, ImportState
from app.customers.takeover import flow, operations, queries, refusals
from app.extensions import db
from app.ledger.models import Account, Posting
from app.ledger.proofs import verify
from tests.broadband.ground import paid, running, service_of, today
from tests.broadband.listed import Provider, checked, errors_of, papers_of, services_of, taken_over, written

TABLES = (Customer, Account, Posting, CustomerImport, ImportRow, OperationRecord, Service, Document)


@pytest.fixture
def provider(app):
    return Provider()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "list.csv"


def counts() -> dict[str, int]:
    found = {table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) for table in TABLES}
    db.session.rollback()
    return found


def test_a_row_becomes_a_service_with_all_that_is_known_of_it(app, owner, provider, path, new_phone):
    phone = new_phone()
    details = {"address": "3-501", "account": phone[1:], "password": "007", "id_number": "11010519491231002X"}
    people = {"sold_by": provider.seller, "installed_by": provider.fitter, "contact": "02088886666"}
    row = provider.row(phone, fee="288.80", remark="老用户", anchor="30", **details, **people)
    answer = taken_over(written(path, row | {"activated": "2026-01-30", "applied": "2026-01-20"}), owner)
    (service,) = services_of(phone)
    assert (service.community_id, service.package_id) == (provider.ids["community_id"], provider.ids["package_id"])
    assert (service.fee, service.package_months, service.maintenance_fee) == (Decimal("288.80"), 3, Decimal(5))
    assert (service.address, service.broadband_account, service.remark) == ("3-501", phone[1:], "老用户")
    assert service.salesperson_id == provider.seller_id
    assert unseal(service.password_sealed) == "007"
    assert service.customer.id_number == "11010519491231002X"
    assert service.customer.contact_phone == "02088886666"
    assert (service.status, service.anchor_day) == (ServiceStatus.ACTIVE, 30)
    assert [service.apply_date, service.activation_date, service.stop_date] == [
        date(2026, 1, 20),
        date(2026, 1, 30),
        date(2026, 4, 29),
    ]
    assert answer["rows_applied"] == answer["customers"] == 1


def test_its_history_begins_with_a_document_that_moved_no_money(app, owner, provider, path, new_phone):
    phone = new_phone()
    before = counts()
    answer = taken_over(written(path, provider.row(phone, installed_by=provider.fitter)), owner)
    (service,) = services_of(phone)
    (paper,) = papers_of(service)
    assert (paper.kind, paper.fee, paper.credit, paper.posting_id) == (DocumentKind.TAKEN_OVER, 0, 0, None)
    assert paper.document_no == f"BO{paper.id:07d}"
    assert paper.remark == answer["document_no"]
    assert (paper.dated_on, paper.before) == (today(), {})
    assert paper.after["stop_date"] == "2026-04-29"
    assert paper.after["installer_id"] == provider.fitter_id
    after = counts()
    assert after["posting"] == before["posting"]
    assert after["operation_record"] == before["operation_record"] + 1
    assert after["customer_import_row"] == before["customer_import_row"]
    with pytest.raises(NotTakenBack):
        in_transaction(lambda: broadband.reverse(paper.id, reason="mistake", actor=owner))


def test_a_service_that_was_taken_over_goes_on_as_any_other(app, owner, provider, path, new_phone, shop_time):
    phone, stops = new_phone(), today() + timedelta(days=20)
    begins = stops + timedelta(days=1)
    row = provider.row(phone, stops=stops.isoformat(), activated="", applied="2026-01-01")
    taken_over(written(path, row), owner)
    (service,) = services_of(phone)
    in_transaction(lambda: broadband.suspend(service.id, store_id=1, actor=owner) and None)
    in_transaction(lambda: broadband.reactivate(service.id, store_id=1, actor=owner) and None)
    from app.ledger.operations import recharge  # noqa: PLC0415
    from app.shop.models import Method  # noqa: PLC0415

    given = {"method": Method.CASH, "store_id": 1, "actor": owner}
    in_transaction(lambda: recharge(service.customer_id, Decimal(1000), **given) and None)
    paper = db.session.get(Document, paid(service.id, owner))
    assert paper.before["stop_date"] == stops.isoformat()
    assert service_of(service.id).anchor_day == begins.day
    assert all(proof.holds for proof in verify())


def test_the_anchor_is_the_day_of_the_activation_where_the_month_has_it(app, owner, provider, path, new_phone):
    phones = [new_phone() for _ in range(3)]
    rows = [
        provider.row(phones[0], activated="2026-01-31", stops="2026-04-29"),
        provider.row(phones[1], activated="2026-01-31", stops="2026-05-10"),
        provider.row(phones[2], activated="2026-01-31", stops="2026-05-30"),
    ]
    taken_over(written(path, *rows), owner)
    # 30 April is where a month of the 31st begins; the 11th is not; 31 May is.
    assert [services_of(phone)[0].anchor_day for phone in phones] == [31, 11, 31]


def test_every_state_is_taken_over_with_its_day(app, owner, provider, path, new_phone):
    phones = [new_phone() for _ in range(5)]
    bare = {"activated": "", "stops": "", "applied": "2026-05-01"}
    rows = [
        provider.row(phones[0]),
        provider.row(phones[1], state="报停", suspended="2026-03-01"),
        provider.row(phones[2], state="Force suspended", suspended="2026-05-02"),
        provider.row(phones[3], state="銷戶", closed="2026-04-30"),
        provider.row(phones[4], state="報裝", **bare),
    ]
    taken_over(written(path, *rows), owner)
    found = [services_of(phone)[0] for phone in phones]
    assert [each.status for each in found] == [
        ServiceStatus.ACTIVE,
        ServiceStatus.SUSPENDED,
        ServiceStatus.FORCED,
        ServiceStatus.CLOSED,
        ServiceStatus.PENDING,
    ]
    assert [each.suspended_on for each in found] == [None, date(2026, 3, 1), date(2026, 5, 2), None, None]
    assert found[3].closed_on == date(2026, 4, 30)
    in_transaction(lambda: broadband.activate(found[4].id, actor=owner) and None)


def test_a_known_customer_gets_the_service_and_keeps_his_particulars(app, owner, provider, path, new_phone):
    phone = new_phone()
    customer_id, _service = running(owner, phone)
    name = db.session.get(Customer, customer_id).name
    row = provider.row(phone, name="别的名字", id_number="11010519491231002X", account=f"a{phone}")
    answer = taken_over(written(path, row), owner)
    assert answer["customers"] == 0
    customer = db.session.get(Customer, customer_id, populate_existing=True)
    assert (customer.name, customer.id_number_sealed) == (name, None)
    assert len(services_of(phone)) == 2


def test_two_services_of_one_new_customer_make_one_customer(app, owner, provider, path, new_phone):
    phone = new_phone()
    first, second = provider.row(phone, account=f"a{phone}"), provider.row(phone, account=f"b{phone}", name="")
    answer = taken_over(written(path, first, second), owner)
    assert (answer["rows_applied"], answer["customers"]) == (2, 1)
    assert len(services_of(phone)) == 2


def test_the_same_list_again_is_refused_row_by_row(app, owner, provider, path, new_phone):
    rows = [
        provider.row(new_phone(), account=f"a{new_phone()}"),
        provider.row(new_phone(), address="3-501"),
        provider.row(new_phone(), state="closed", closed="2026-05-01"),
    ]
    taken_over(written(path, *rows), owner)
    again = checked(path, owner)
    assert errors_of(again) == {
        2: {"broadband_account": "account-taken"},
        3: {"address": "service-there"},
        4: {"address": "service-there"},
    }
    before = counts()
    with pytest.raises(refusals.RowsRefused):
        flow.take_over(SUBSCRIBERS, again, 3, actor=owner)
    assert counts() == before
    flow.forget(again, actor=owner)


def test_what_became_a_service_since_the_check_keeps_the_list_out(app, owner, provider, path, new_phone):
    written(path, provider.row(new_phone(), account=f"a{new_phone()}"), provider.row(new_phone()))
    first, second = checked(path, owner), checked(path, owner)
    flow.take_over(SUBSCRIBERS, first, 2, actor=owner)
    before = counts()
    with pytest.raises(refusals.ListChanged):
        flow.take_over(SUBSCRIBERS, second, 2, actor=owner)
    assert counts() == before
    assert queries.find(second, actor=owner).state is ImportState.FAILED


def test_what_stops_half_way_has_done_nothing(app, owner, provider, path, new_phone, monkeypatch):
    monkeypatch.setattr(queries, "CHUNK", 2)
    number = checked(written(path, *[provider.row(new_phone()) for _ in range(5)]), owner)
    before = counts()

    def stop(done: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        flow.take_over(SUBSCRIBERS, number, 5, actor=owner, tell=stop)
    assert counts() == before
    assert queries.find(number, actor=owner).state is ImportState.FAILED


def test_staged_rows_hold_neither_passwords_nor_id_numbers_to_read(app, owner, provider, path, new_phone):
    secrets = {"password": "hunter2hunter2", "id_number": "11010519491231002X"}
    number = checked(written(path, provider.row(new_phone(), **secrets)), owner)
    (row,) = db.session.scalars(select(ImportRow).where(ImportRow.import_id == number))
    kept = db.session.get(CustomerImport, number)
    for secret in secrets.values():
        assert secret not in repr((row.values, row.errors, row.other_key, row.secret_sealed, kept.layout))
    assert unseal(row.secret_sealed) == "hunter2hunter2"
    db.session.rollback()
    flow.forget(number, actor=owner)


def test_a_customer_list_is_not_found_among_subscriber_lists(app, owner, provider, path, new_phone):
    number = checked(written(path, provider.row(new_phone())), owner)
    assert queries.find(number, actor=owner, kind="broadband").id == number
    with pytest.raises(queries.NotFound):
        queries.find(number, actor=owner, kind="customers")
    in_transaction(lambda: operations.fail(number, error={"code": "interrupted"}, actor=owner))
    flow.forget(number, actor=owner)


def test_what_was_taken_over_counts_as_active_only_when_it_was(app, owner, provider, path, new_phone):
    phones = [new_phone() for _ in range(4)]
    rows = [
        provider.row(phones[0]),
        provider.row(phones[1], state="报停", suspended="2026-03-01"),
        provider.row(phones[2], state="销户", closed="2026-04-30"),
        provider.row(phones[3], state="报装", activated="", stops="", applied="2026-05-01"),
    ]
    taken_over(written(path, *rows), owner)
    numbers = [services_of(phone)[0].id for phone in phones]

    def active(day: date) -> list[int]:
        found = as_of(day).subquery()
        ask = select(found.c.service_id, found.c.is_active).where(found.c.service_id.in_(numbers))
        flags = dict(db.session.execute(ask).all())
        return [flags[number] for number in numbers]

    assert active(today()) == [1, 0, 0, 0]
    assert active(date(2026, 3, 15)) == [1, 0, 1, 0]
    assert active(date(2026, 2, 15)) == [1, 1, 1, 0]
    assert active(date(2026, 1, 15)) == [0, 0, 0, 0]
    in_transaction(lambda: broadband.reactivate(numbers[1], store_id=1, actor=owner) and None)
    assert active(today()) == [1, 1, 0, 0]
