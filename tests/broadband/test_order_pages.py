"""Work orders on screen: every step once, and what each role may see and do."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.broadband import operations
from app.broadband.models import Document, Employee, OrderStatus, WorkOrder
from app.broadband.operations.erasing import erase_customer
from app.core import clock
from app.core.db import in_transaction
from app.extensions import db
from app.ledger import operations as ledger
from app.shop.models import Method
from app.shop.operations import create_store
from tests.broadband.ground import after, opened, running, service_of
from tests.broadband.sheets import BASE, sent, typed, whole
from tests.broadband.work import brought_to, do, installer, material, order_of, ordered, work_type
from tests.counter.desk import form_of
from tests.staff.people import browser_of, make


@pytest.fixture
def browser(app):
    return browser_of(app, make("super-admin"))


def test_an_installer_begins_with_his_orders_and_a_clerk_at_the_counter(app, clerk):
    assert browser_of(app, make("installer", store_ids=[1])).get("/").location == f"{BASE}/"
    assert clerk.get("/").location == "/counter"


def test_the_page_of_a_service_leads_to_its_orders_until_they_are_ended(app, owner, clerk, new_phone):
    service = running(owner, new_phone())[1]
    order = ordered(service, owner)
    number = order_of(order).work_order_no
    page = clerk.get(f"/broadband/service/{service}").text
    assert f'<a href="{BASE}/{order}">{number}</a>' in page
    assert "Draft" in page
    in_transaction(lambda: operations.cancel(order, reason="not wanted", actor=owner) and None)
    assert number not in clerk.get(f"/broadband/service/{service}").text


def test_an_order_is_written_changed_and_brought_to_its_bill_on_its_pages(app, owner, browser, new_phone):
    phone = new_phone()
    _customer, service = opened(owner, phone)
    found = browser.get(f"{BASE}/new?q={phone}").text
    assert f"{BASE}/new/{service}" in found
    assert f'href="{BASE}/new/{service}"' in browser.get(f"/broadband/service/{service}").text
    action = f"{BASE}/new/{service}"
    form = form_of(browser.get(action).text, action)
    kind, man = work_type(), installer()
    said = {"work_kind": "installation", "business_type": kind, "installer": man, "installation_fee": "120"}
    answer = browser.post(action, data={**form, **said})
    assert answer.status_code == 302, answer.text
    order = int(answer.location.rpartition("/")[2])
    assert browser.post(action, data={**form, **said}).location == answer.location, "once for its key"
    edit = f"{BASE}/{order}/edit"
    page = browser.get(edit).text
    assert 'value="120.00"' in page
    changed = browser.post(edit, data={**form_of(page, edit), **said, "other_fee": "5", "remark": "Ring twice"})
    assert changed.status_code == 302, changed.text
    lines = f"{BASE}/{order}/lines"
    add = form_of(browser.get(f"{BASE}/{order}").text, lines)
    assert browser.post(lines, data={**add, "material": material("2"), "quantity": "3"}).status_code == 302
    assert order_of(order).total == Decimal("131")
    line = order_of(order).lines[0].id
    fix = form_of(browser.get(f"{BASE}/{order}").text, f"{lines}/{line}")
    assert browser.post(f"{lines}/{line}", data={**fix, "quantity": "4.25"}).status_code == 302
    assert order_of(order).total == Decimal("133.50")
    off = form_of(browser.get(f"{BASE}/{order}").text, f"{lines}/{line}/removal")
    assert browser.post(f"{lines}/{line}/removal", data=off).status_code == 302
    assert sent(browser, order, "accept").status_code == 302
    when = typed(clock.now() + timedelta(days=1))
    assert sent(browser, order, "schedule", appointment_at=when, installer=man).status_code == 302
    assert sent(browser, order, "start").status_code == 302
    assert sent(browser, order, "finish").status_code == 302
    page = browser.get(f"{BASE}/{order}").text
    assert sent(browser, order, "bill", page, way="balance").status_code == 302
    assert sent(browser, order, "bill", page, way="balance").status_code == 302, "answered as before"
    assert order_of(order).payee
    assert service_of(service).activation_date is not None
    assert db.session.scalar(select(func.count()).where(Document.service_id == service)) == 1


def test_what_is_wrong_is_told_where_it_was_typed(app, owner, browser, new_phone):
    _customer, service = running(owner, new_phone())
    action = f"{BASE}/new/{service}"
    form = form_of(browser.get(action).text, action)
    said = {"work_kind": "relocation", "business_type": work_type(), "handling_fee": "7"}
    answer = browser.post(action, data={**form, **said})
    assert answer.status_code == 400
    assert "This kind of work needs that." in answer.text
    assert 'value="7"' in answer.text or 'value="7.00"' in answer.text
    assert db.session.scalar(select(func.count()).where(WorkOrder.service_id == service)) == 0


def test_a_page_that_is_old_changes_nothing(app, owner, browser, new_phone):
    _customer, service = running(owner, new_phone())
    order = ordered(service, owner)
    page = browser.get(f"{BASE}/{order}").text
    do("accept", order, owner)
    answer = sent(browser, order, "accept", page)
    assert answer.status_code == 412
    assert order_of(order).document_status is OrderStatus.ACCEPTED
    gone = sent(browser, order, "cancel", page, reason="mistake")
    assert gone.status_code == 412
    assert order_of(order).document_status is OrderStatus.ACCEPTED


def test_a_bill_that_the_balance_does_not_cover_is_told(app, owner, browser, new_phone):
    _customer, service = running(owner, new_phone(), "1.00")
    order = brought_to(OrderStatus.DONE, ordered(service, owner, other_fee=Decimal("5")), owner)
    answer = sent(browser, order, "bill", way="balance")
    assert answer.status_code == 409
    assert order_of(order).document_status is OrderStatus.DONE
    assert sent(browser, order, "bill", way="cash").status_code == 302


def test_a_step_that_cannot_be_done_has_no_form(app, owner, browser, new_phone):
    _customer, service = running(owner, new_phone())
    steps = ("accept", "schedule", "start", "finish", "bill", "cancel")
    wanted = {
        OrderStatus.DRAFT: {"accept", "cancel"},
        OrderStatus.ACCEPTED: {"schedule", "cancel"},
        OrderStatus.SCHEDULED: {"start", "cancel"},
        OrderStatus.IN_PROGRESS: {"finish", "cancel"},
        OrderStatus.DONE: {"bill", "cancel"},
        OrderStatus.BILLED: set(),
        OrderStatus.CANCELLED: set(),
    }
    for status, offered in wanted.items():
        order = brought_to(status, ordered(service, owner), owner)
        page = browser.get(f"{BASE}/{order}").text
        assert {step for step in steps if f'action="{BASE}/{order}/{step}"' in page} == offered, status
        is_changeable = status in (OrderStatus.DRAFT, OrderStatus.ACCEPTED, OrderStatus.SCHEDULED)
        assert (f'href="{BASE}/{order}/edit"' in page) == is_changeable
        assert browser.get(f"{BASE}/{order}/edit").status_code == (200 if is_changeable else 409)


# Who may what

VERBS = ("accept", "schedule", "start", "finish", "bill", "cancel")
FORMS = ("new", "1/edit")
MAY = {
    "super-admin": {*VERBS, "export", "new", "materials"},
    "ordinary-admin": {*VERBS, "new", "materials"},
    "cashier": {*VERBS, "new", "materials"},
    "service-desk": {*VERBS, "new", "materials"},
    "finance": {"export", "materials"},
    "installer": {"start", "finish"},
}


@pytest.mark.parametrize("role", sorted(MAY))
def test_each_role_may_do_what_it_is_for(app, owner, new_phone, role, monkeypatch):
    client = browser_of(app, make(role, store_ids=[1]))
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    assert client.get(f"{BASE}/").status_code == 200
    answers = {verb: client.post(f"{BASE}/999999/{verb}", data={}).status_code for verb in VERBS}
    answers |= {"export": client.post(f"{BASE}/export", data={"format": "csv"}).status_code}
    answers |= {"new": client.get(f"{BASE}/new").status_code}
    answers |= {"materials": client.get("/broadband/work-order-materials/").status_code}
    assert {name for name, status in answers.items() if status != 403} == MAY[role]


def employed(staff_id):
    """An installer who is that administrator."""

    def make_employee():
        one = Employee(employee_no=f"E{staff_id}-{clock.real_now().timestamp()}", name="Old Wang", staff_id=staff_id)
        db.session.add(one)
        db.session.flush()
        return one.id

    return installer(in_transaction(make_employee))


def test_an_installer_sees_and_moves_what_is_his_and_no_money(app, owner, browser, new_phone):
    staff_id = make("installer", store_ids=[1])
    man, client = employed(staff_id), browser_of(app, staff_id)
    _customer, service = running(owner, new_phone())
    said = {"other_fee": Decimal("4711.17"), "installation_fee": Decimal("0.06")}
    his, other = (ordered(service, owner, installer_id=each, **said) for each in (man, installer()))
    cable = material("815.15")
    for order in (his, other):
        in_transaction(lambda number=order: operations.add_line(number, cable, Decimal(1), actor=owner).id)
        brought_to(OrderStatus.SCHEDULED, order, owner)
    listed = client.get(f"{BASE}/").text
    assert order_of(his).work_order_no in listed
    assert order_of(other).work_order_no not in listed
    assert client.get(f"{BASE}/{other}").status_code == 404
    assert client.get(f"{BASE}/{other}/sheet").status_code == 404
    pages = [listed, client.get(f"{BASE}/{his}").text, client.get(f"{BASE}/{his}/sheet").text]
    pages.append(client.get(f"{BASE}/print").text)
    for page in pages:
        assert not re.search(r"4,?711\.17|815\.15|5,?526\.38", page)
    assert client.get(f"{BASE}/?group=status").status_code == 400
    assert sent(client, his, "start").status_code == 302
    assert sent(client, his, "finish").status_code == 302
    assert order_of(his).document_status is OrderStatus.DONE
    form = form_of(browser.get(f"{BASE}/{other}").text, f"{BASE}/{other}/start")
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/help").text)
    own = {"csrf_token": token.group(1)} if token else {}
    assert client.post(f"{BASE}/{other}/start", data={**form, **own}).status_code in (400, 404)
    assert order_of(other).document_status is OrderStatus.SCHEDULED


def test_an_installer_who_is_no_employee_sees_nothing(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    order = ordered(service, owner, installer_id=installer())
    client = browser_of(app, make("installer", store_ids=[1]))
    assert client.get(f"{BASE}/{order}").status_code == 404
    assert order_of(order).work_order_no not in client.get(f"{BASE}/").text


def test_a_clerk_lists_of_what_is_billed_what_was_billed_today_in_his_stores(app, owner, browser, new_phone, shop_time):
    _customer, service = running(owner, new_phone())
    clerk = browser_of(app, make("ordinary-admin", store_ids=[1]))
    code = f"east{clock.real_now().timestamp()}".replace(".", "")
    east = in_transaction(lambda: create_store(code, "East", actor=owner))
    old, waits, elsewhere = (ordered(service, owner, other_fee=Decimal(each)) for each in (1, 2, 3))
    brought_to(OrderStatus.BILLED, old, owner)
    brought_to(OrderStatus.DONE, elsewhere, owner)
    shop_time(after(1))
    in_transaction(lambda: operations.bill(elsewhere, method=None, store_id=east, actor=owner).id)
    now = brought_to(OrderStatus.BILLED, ordered(service, owner, other_fee=Decimal(4)), owner)
    numbers = {
        name: order_of(each).work_order_no
        for name, each in {"old": old, "waits": waits, "elsewhere": elsewhere, "now": now}.items()
    }
    listed = clerk.get(f"{BASE}/").text
    assert {name for name, number in numbers.items() if number in listed} == {"waits", "now"}
    everything = browser.get(f"{BASE}/").text
    assert {name for name, number in numbers.items() if number in everything} == set(numbers)


@pytest.mark.parametrize("page", ["", "/sheet"])
def test_a_clerk_reads_of_an_order_that_was_billed_another_day_what_was_done_and_no_money(
    app, owner, browser, new_phone, shop_time, page
):
    customer, service = running(owner, new_phone())
    clerk = browser_of(app, make("ordinary-admin", store_ids=[1]))
    old = ordered(service, owner, other_fee=Decimal("4242.42"))
    assert "4,242.42" in clerk.get(f"{BASE}/{old}{page}").text
    in_transaction(lambda: ledger.recharge(customer, Decimal(5000), method=Method.CASH, store_id=1, actor=owner).id)
    brought_to(OrderStatus.BILLED, old, owner)
    assert "4,242.42" in clerk.get(f"{BASE}/{old}{page}").text
    shop_time(after(1))
    told = clerk.get(f"{BASE}/{old}{page}").text
    assert order_of(old).work_order_no in told
    assert "4,242.42" not in told
    assert "4,242.42" in browser.get(f"{BASE}/{old}{page}").text


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("status=accepted", True),
        ("status=draft", False),
        ("worked_from=2020-01-01&worked_to=2020-01-02", False),
        ("kind=repair", True),
        ("number=W00000000", False),
    ],
)
def test_orders_are_found_by_what_is_asked(app, owner, browser, new_phone, query, is_found):
    _customer, service = running(owner, new_phone())
    order = brought_to(OrderStatus.ACCEPTED, ordered(service, owner), owner)
    assert (order_of(order).work_order_no in browser.get(f"{BASE}/?{query}").text) is is_found


def test_orders_are_found_by_phone_installer_and_community(app, owner, browser, new_phone):
    phone, man = new_phone(), installer()
    _customer, service = running(owner, phone)
    order = ordered(service, owner, installer_id=man, appointment_at=clock.now())
    today = clock.today().isoformat()
    number, community = order_of(order).work_order_no, service_of(service).community_id
    for query in (
        {"phone": phone},
        {"installer": man},
        {"community": community},
        {"appointed_from": today, "appointed_to": today},
    ):
        assert number in browser.get(f"{BASE}/", query_string=query).text, query
    assert number not in browser.get(f"{BASE}/", query_string={"phone": new_phone()}).text
    assert browser.get(f"{BASE}/?group=installer").status_code == 200


def test_what_orders_say_of_a_person_can_be_erased(app, owner, new_phone):
    order = whole(owner, new_phone)
    customer = order_of(order).customer_id
    assert in_transaction(lambda: erase_customer(customer, actor=owner)) is True
    one = order_of(order)
    assert (one.new_customer_name, one.new_phone, one.new_id_card_no, one.new_address) == (None,) * 4
    assert (one.customer_request, one.remark) == (None, None)
    assert in_transaction(lambda: erase_customer(customer, actor=owner)) is False
