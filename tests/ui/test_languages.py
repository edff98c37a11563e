"""Every page in every language: no English is left over, figures and days are the reader's, forms answer in words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.approvals.models import Approval
from app.audit.models import OperationRecord
from app.broadband.models import (
    BusinessType,
    Community,
    Document,
    Employee,
    Installer,
    Material,
    Package,
    Service,
    WorkOrder,
)
from app.broadband.pages.actions import DEEDS
from app.core import clock
from app.core.db import in_transaction
from app.core.jobs.models import JobRun
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.customers import operations as customers
from app.customers.models import Customer, CustomerImport, CustomerMerge, CustomerType
from app.extensions import db
from app.fields.models import CustomField, FieldKind
from app.fields.operations import define_field
from app.ledger import operations as ledger
from app.ledger.models import Posting, WalletStatus
from app.notices.models import NoticeDelivery
from app.receipts.codes import token_of
from app.shifts.models import Shift, ShiftReport
from app.shop import operations as shop
from app.shop.models import Method, Store
from app.staff import operations as staff
from app.staff.models import Staff
from tests.conftest import actor_of
from tests.notices import told
from tests.staff.people import browser_of, form_token, make, post
from tests.ui import provider
from tests.ui.shown import latin_words
from tests.ui.taken_over import take_over

# What pages say is the same on every database.
pytestmark = pytest.mark.parametrize("own_house", ["sqlite"], indirect=True)
CHINESE = ("zh", "zh_Hant_TW")
TODAY = {
    "en": "{0:%b} {0.day}, {0.year}",
    "zh": "{0.year}年{0.month}月{0.day}日",
    "zh_Hant_TW": "{0.year}年{0.month}月{0.day}日",
}
# Which rows an address may name, by the name of its argument or by endpoint; every row of the table is opened.
NAMED = {
    "customer_id": Customer,
    "document_id": Document,
    "delivery_id": NoticeDelivery,
    "field_id": CustomField,
    "order_id": WorkOrder,
    "service_id": Service,
}
ROWS = {
    "AdministratorsView": Staff,
    "ApprovalsView": Approval,
    "BusinessTypesView": BusinessType,
    "CommunitiesView": Community,
    "CustomersView": Customer,
    "EmployeesView": Employee,
    "ExportsView": JobRun,
    "ImportView": CustomerImport,
    "InstallersView": Installer,
    "MaterialsView": Material,
    "MergeView": CustomerMerge,
    "MergingView": Customer,
    "OperationRecordsView": OperationRecord,
    "PackagesView": Package,
    "ReceiptCheckView": Posting,
    "ReceiptView": Posting,
    "ShiftReportView": ShiftReport,
    "ShiftView": Shift,
    "ShiftsView": Shift,
    "StatementView": Customer,
    "StoresView": Store,
    "SubscriberImportView": CustomerImport,
}
# In file names and formats, numbers of documents, codes of stores and languages, time zones, commands, what browsers
# call themselves, the name of whoever sets tests up, and the word that is typed instead of a number of months.
OF_THE_SHOP = {"QR", "csv", "TK", "TB", "main", "Main store", "zh", "test", "never", "XLSX", "Bearer", "zip"}
OF_THE_SHOP |= {"Asia", "Shanghai", "flask", "backup", "create", "Werkzeug"}
A_KEY = "/profile/second-factor"  # to be typed into a telephone: letters by chance
NUMBERS = re.compile(r"\b[0-9a-f]{16,}\b|\bB[A-Z]\d{7}\b")  # of requests, on error pages, and of documents
# For machines: no person reads them.
MACHINES = ("/api/", "/healthz", "/readyz", "/metrics")


@pytest.fixture(scope="module")
def shop_at_work(own_house, tmp_path_factory) -> Flask:
    """A shop in which everything has happened once. No name of its own making is in Latin letters."""
    owner = replace(actor_of(own_house, SUPER_ADMIN), name="o1", id=make(SUPER_ADMIN, name="o1", display_name="店主"))
    clerk = make(ORDINARY_ADMIN, name="c2", display_name="店员", store_ids=[1])
    in_transaction(lambda: _furnish(owner, clerk))
    in_transaction(lambda: provider.set_up(owner))
    people = _people(owner)
    _sell(people, owner)
    provider.connect(people[0], owner)
    told.tell_by_mail(own_house, people[0], ("明天停机", "后天停机", "大后天停机"), owner)
    take_over(own_house, tmp_path_factory.mktemp("lists"), owner)
    for _try in range(10):
        post(own_house.test_client(), "/login/", username="c2", password="wrong")
    return own_house


def _furnish(owner: Any, clerk: int) -> None:
    shop.change_store(1, name="总店", is_open=True, actor=owner)
    shop.create_store("2", "分店", actor=owner)
    shop.switch_method(Method.WECHAT, is_on=False, actor=owner)
    shop.change_settings({"bonus_from": "100", "bonus_gift": "20", "balance_limit": "50000"}, actor=owner)
    shop.write_help("zh", "收款前先核对姓名。", 0, actor=owner)
    labels = {"zh": "车牌", "zh_Hant_TW": "車牌"}
    define_field(
        "customer", FieldKind.TEXT, {"labels": labels, "name": "test", "position": 1, "is_listed": True}, actor=owner
    )
    staff.change_staff(clerk, role="cashier", display_name="收银员", is_active=True, actor=owner)


def _people(owner: Any) -> list[int]:
    def create(number: int, kind: CustomerType, **more: Any) -> int:
        given = {"phone": f"1390000000{number}", "name": f"王{number}", "type": kind, **more}
        return customers.create_customer(given, store_id=1, actor=owner).id

    full: dict[str, Any] = {"birthday": date(1990, 5, 1), "address": "中山路 1 号", "note": "老客户"}
    made = [in_transaction(lambda kind=kind, n=n: create(n, kind, **full)) for n, kind in enumerate(CustomerType)]
    in_transaction(lambda: customers.change_customer(made[0], {"name": "王大明", "type": "vip"}, actor=owner))
    frozen = {"status": WalletStatus.FROZEN}
    in_transaction(lambda: customers.change_customer(made[1], frozen, actor=owner))
    in_transaction(lambda: customers.delete_customer(made[2], reason="搬走", actor=owner))
    return made


def _sell(people: list[int], owner: Any) -> None:
    who, there = people[0], {"store_id": 1, "actor": owner}
    paid = in_transaction(lambda: ledger.recharge(who, Decimal("1234.50"), method=Method.CASH, **there))
    in_transaction(lambda: ledger.recharge(people[3], Decimal(100), method=Method.ALIPAY, note="第一次", **there))
    in_transaction(lambda: ledger.consume(who, Decimal("12.30"), category="general", **there))
    in_transaction(lambda: ledger.refund(who, Decimal(5), method=Method.CASH, reason="多付", **there))
    in_transaction(lambda: ledger.adjust(who, Decimal(-1), reason="盘点", **there))
    in_transaction(lambda: ledger.set_credit_limit(who, Decimal(100), actor=owner))
    last = in_transaction(lambda: ledger.recharge(who, Decimal(200), method=Method.BANK_CARD, **there))
    in_transaction(lambda: ledger.reverse(last.id, reason="金额错误", actor=owner))
    assert paid.id < last.id


@pytest.fixture(params=CHINESE)
def reader(shop_at_work, request) -> Iterator[FlaskClient]:
    """The owner's browser in one of the Chinese languages."""
    yield speaking(shop_at_work, request.param)
    db.session.rollback()


def speaking(app: Flask, locale: str) -> FlaskClient:
    owner = db.session.scalars(select(Staff.id).where(Staff.username == "o1")).one()
    client = browser_of(app, owner)
    post(client, "/language", page="/profile", locale=locale)
    return client


def keys(app: Flask, view: str, name: str) -> Iterable[Any]:
    """Every row that the pages of a view can be asked for. name: of the argument in the address."""
    if view == "JobsView":
        return app.extensions["jobs"]
    table = NAMED.get(name) or ROWS[view]
    return db.session.scalars(select(*table.__table__.primary_key))


def addresses(app: Flask) -> Iterator[str]:
    """Every address that shows something to people, with every row that there is."""
    routes = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or str(rule).startswith(MACHINES) or rule.endpoint.endswith("static"):
            continue
        if not rule.arguments:
            yield str(rule)
            continue
        view = rule.endpoint.partition(".")[0]
        if view == "ServiceView" and "name" in rule.arguments:
            for deed, key in product(DEEDS, keys(app, view, "service_id")):
                yield routes.build(rule.endpoint, {"service_id": key, "name": deed.name})
            continue
        (name,) = rule.arguments
        for key in keys(app, view, name):
            yield routes.build(rule.endpoint, {name: token_of(key) if name == "token" else key})
    yield from ("/counter?q=1390000", "/counter?q=0000", "/nowhere", "/customers/list/?type=vip&filters=open")
    yield from ("/operation-records/list/?filters=open&_flt_0_object_id=1", "/help/edit?locale=zh_Hant_TW")
    yield from (f"/counter?done={key}" for key in db.session.scalars(select(Posting.id)))
    yield from (f"/counter?customer={key}" for key in db.session.scalars(select(Customer.id)))


def rights_in_records() -> str:
    """The record of what each role may do: rights are told by the names that programs have for them."""
    record = db.session.scalars(select(OperationRecord.id).where(OperationRecord.operation == "staff.sync-roles")).one()
    return f"/operation-records/show/{record}"


def test_no_page_has_english_left_over(shop_at_work, reader):
    left = {}
    for address in set(addresses(shop_at_work)) - {rights_in_records(), A_KEY}:
        answer = reader.get(address, buffered=True)
        assert answer.status_code in (200, 302, 404, 409), address
        is_page = answer.status_code != 302 and "text/html" in answer.content_type
        if is_page and (words := latin_words(NUMBERS.sub("", answer.text), OF_THE_SHOP)):
            left[address] = words
    assert left == {}, left


def test_signed_out_people_are_spoken_to_in_their_language(shop_at_work):
    for language in ("zh-CN", "zh-TW"):
        page = shop_at_work.test_client().get("/login/", headers={"Accept-Language": language})
        assert latin_words(page.text) == set()


WRONG_FORMS = {
    "/counter/new": {"phone": "12", "name": "", "birthday": "x", "email": "x", "type": "none"},
    "/administrators/add": {"username": "", "password": "1", "again": "2", "role": "none"},
    "/stores/add": {"code": "!", "name": ""},
    "/broadband/communities/add": {"community_code": "1", "community": "同号"},
    "/broadband/packages/add": {"package_type": "", "package_fee": "-1", "package_months": "121"},
    "/broadband/employees/add": {"employee_no": "1", "name": "钱", "phone": "12", "birth_date": "2999-01-01"},
    "/settings": {"bonus_from": "x", "bonus_gift": "-1", "balance_limit": "1.234", "phone_region": "?"},
    "/profile": {"display_name": "名" * 81, "phone": "1" * 21, "email": "x"},
    "/profile/password": {"old": "wrong", "password": "1", "again": "2"},
    "/customers/import": {},
    "/help/edit": {"body": "", "version": "x"},
    "/counter/1/recharge": {"key": "", "version": "x", "amount": "abc", "method": "none", "note": "长" * 501},
    "/counter/1/consume": {"amount": "-1"},
    "/counter/1/refund": {"amount": "1.234"},
    "/counter/1/adjust": {"amount": "0"},
}


def test_every_form_says_in_words_what_is_wrong(shop_at_work, reader):
    customer = db.session.scalar(select(Customer.id).order_by(Customer.id))
    left = {}
    for path, fields in WRONG_FORMS.items():
        address = path.replace("/1/", f"/{customer}/")
        answer = reader.post(address, data={"csrf_token": form_token(reader, "/profile"), **fields})
        assert answer.status_code == 400, (address, answer.status_code, answer.location)
        if words := latin_words(answer.text, OF_THE_SHOP):
            left[address] = words
    assert left == {}, left


@pytest.mark.parametrize(("locale", "lang"), [("en", "en"), ("zh", "zh-Hans"), ("zh_Hant_TW", "zh-Hant")])
def test_money_days_and_moments_are_the_readers(shop_at_work, locale, lang):
    client = speaking(shop_at_work, locale)
    posting = db.session.scalars(select(Posting).where(Posting.amount == Decimal("1234.50"))).one()
    moment = clock.shop_clock().local(posting.posted_at)
    page = client.get(f"/receipts/{posting.id}").text
    day = TODAY[locale].format(moment)
    assert f'<html lang="{lang}"' in page
    assert "¥1,234.50" in page
    assert f"{day} {moment:%H:%M}" in page
    assert day in client.get("/overview").text
    assert day in client.get("/customers/list/").text


def test_forms_of_the_framework_speak_taiwanese_chinese_too(shop_at_work):
    page = post(speaking(shop_at_work, "zh_Hant_TW"), "/stores/add", code="", name="").text
    assert "此項必填。" in page
    assert not re.search(r"此字段|此项", page)
