"""The pages of broadband, as a clerk's browser without JavaScript sees them."""

import re

import pytest
from sqlalchemy import func, select

from app.broadband.models import Document, Service, ServiceStatus, WorkKind, WorkOrder
from app.broadband.reports.subscribers import services_report
from app.core.db import in_transaction
from app.extensions import db
from app.tables import Asked
from app.tables.rows import sums
from tests.broadband.ground import basics, opened, paid, running, service_of
from tests.broadband.work import work_type
from tests.counter.desk import customer_with


def hidden(page, action):
    form = re.search(rf'<form[^>]*method="post" action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form, f"no form for {action}"
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.group(0)))


def sent(browser, where, **typed):
    """Fill in a form and send it."""
    page = browser.get(where)
    assert page.status_code == 200
    return browser.post(where, data=hidden(page.text, where) | typed)


def test_a_service_is_opened_switched_on_and_paid_in_one_flow(app, owner, clerk, new_phone):
    phone, chosen = new_phone(), basics()
    customer = customer_with("1000.00", phone, owner)
    db.session.rollback()
    found = clerk.get(f"/broadband/open?q={phone[3:]}")
    assert found.headers["Location"].endswith(f"/broadband/open/{customer}")
    typed = {
        "community": chosen["community_id"],
        "business_type": chosen["business_type_id"],
        "package_type": chosen["package_id"],
        "address": "1 New Road",
        "broadband_account": f"line{phone[3:]}",
        "broadband_password": "secret-of-the-line",
        "is_active": "y",
        "pays_now": "y",
        "way": "balance",
    }
    answer = sent(clerk, f"/broadband/open/{customer}", **typed)
    assert answer.status_code == 302, answer.text
    page = clerk.get(answer.headers["Location"])
    assert "1 New Road" in page.text
    assert "secret-of-the-line" not in page.text
    assert "315.00" in page.text
    counter = clerk.get(f"/counter?customer={customer}").text
    assert 'id="broadband-panel"' in counter
    assert "Pay now" in counter


def opening_of(phone: str, **typed: str) -> dict[str, str]:
    """What is typed to open a service for somebody with that number."""
    chosen = {name.removesuffix("_id"): str(number) for name, number in basics().items()}
    return {**chosen, "package_type": chosen.pop("package"), "new_phone": phone[3:], "way": "cash", **typed}


def test_who_is_new_becomes_a_customer_by_opening_his_service_and_pays_at_once(app, clerk, new_phone):
    phone = new_phone()
    asked = clerk.get(f"/broadband/open?q={phone[3:]}").text
    (page,) = re.findall(r'href="(/broadband/open/new[^"]*)"', asked)
    assert f'value="{phone[3:]}"' in clerk.get(page).text
    person = {"new_landline": "010-1", "new_contact_phone": "010-2", "new_id_card_no": "11010519491231002X"}
    typed = opening_of(phone, new_customer_name="李四", is_active="y", pays_now="y", **person)
    nameless = sent(clerk, "/broadband/open/new", **{**typed, "new_customer_name": ""})
    assert nameless.status_code == 400
    assert "a name is needed" in nameless.text
    answer = sent(clerk, "/broadband/open/new", **typed)
    assert answer.status_code == 302, answer.text
    service = service_of(int(answer.headers["Location"].rsplit("/", 1)[1]))
    who = service.customer
    assert (who.phone, who.name, who.landline, who.contact_phone) == (phone, "李四", "010-1", "010-2")
    assert (who.id_number, service.status, service.stop_date is None) == (
        "11010519491231002X",
        ServiceStatus.ACTIVE,
        False,
    )


def test_who_has_the_number_already_gets_the_service(app, owner, clerk, new_phone):
    phone = new_phone()
    customer = customer_with("0", phone, owner)
    db.session.rollback()
    answer = sent(clerk, "/broadband/open/new", **opening_of(phone, new_customer_name="Another name"))
    assert answer.status_code == 302, answer.text
    service = service_of(int(answer.headers["Location"].rsplit("/", 1)[1]))
    assert (service.customer_id, service.customer.name) == (customer, "王小明")


def test_nobody_becomes_a_customer_by_a_service_that_is_refused(app, clerk, new_phone):
    phone = new_phone()
    typed = opening_of(phone, new_customer_name="李四", pays_now="y", way="balance")
    assert sent(clerk, "/broadband/open/new", **typed).status_code == 409
    assert "No customer was found" in clerk.get(f"/broadband/open?q={phone[3:]}").text


def test_a_service_is_opened_with_the_work_order_of_its_installation(app, owner, clerk, new_phone):
    phone, kind = new_phone(), str(work_type())
    typed = opening_of(phone, new_customer_name="李四", work_type=kind)
    refused = sent(clerk, "/broadband/open/new", **typed, is_active="y")
    assert refused.status_code == 400
    assert "yet to be installed" in refused.text
    answer = sent(clerk, "/broadband/open/new", **typed)
    service = service_of(int(answer.headers["Location"].rsplit("/", 1)[1]))
    order = db.session.scalars(select(WorkOrder).filter_by(service_id=service.id)).one()
    assert (order.work_kind, order.business_type_id) == (WorkKind.INSTALLATION, int(kind))
    assert service.status is ServiceStatus.PENDING


def test_the_closing_says_what_goes_back_and_what_the_customer_has(app, owner, boss, new_phone):
    _customer, number = running(owner, new_phone(), "1000.00")
    paid(number, owner)
    db.session.rollback()
    page = boss.get(f"/broadband/service/{number}/do/close").text
    assert "The balance of ¥685.00 stays" in page


def test_a_form_that_is_sent_twice_pays_once(app, owner, clerk, new_phone):
    _customer, number = running(owner, new_phone())
    db.session.rollback()
    address = f"/broadband/service/{number}/do/pay"
    data = hidden(clerk.get(address).text, address) | {"way": "balance"}
    answers = [clerk.post(address, data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert db.session.query(Document).filter_by(service_id=number).count() == 1


def test_a_form_that_was_seen_before_another_clerk_acted_is_shown_again(app, owner, clerk, new_phone):
    _customer, number = running(owner, new_phone())
    db.session.rollback()
    address = f"/broadband/service/{number}/do/pay"
    data = hidden(clerk.get(address).text, address) | {"way": "balance"}
    paid(number, owner)
    db.session.rollback()
    answer = clerk.post(address, data=data)
    assert answer.status_code == 412
    again = hidden(answer.text, address) | {"way": "balance"}
    assert clerk.post(address, data=again).status_code == 302


@pytest.mark.parametrize(
    ("name", "typed", "status"),
    [
        ("suspend", {"fee": "10", "way": "cash"}, ServiceStatus.SUSPENDED),
        ("relocate", {"address": "9 Other Street", "way": "balance"}, ServiceStatus.ACTIVE),
        ("close", {}, ServiceStatus.CLOSED),
        ("force", {"remark": "abuse"}, ServiceStatus.FORCED),
    ],
)
def test_each_deed_makes_its_document_and_is_taken_back_there(app, owner, boss, new_phone, name, typed, status):
    _customer, number = running(owner, new_phone())
    typed = dict(typed)
    if name == "relocate":
        typed["community"] = service_of(number).community_id
    db.session.rollback()
    answer = sent(boss, f"/broadband/service/{number}/do/{name}", **typed)
    assert answer.status_code == 302, answer.text
    assert service_of(number).status is status
    db.session.rollback()
    document = answer.headers["Location"]
    undo = f"{document}/reverse"
    data = hidden(boss.get(document).text, undo)
    assert boss.post(undo, data=data).status_code == 400, "a reason is needed"
    assert boss.post(undo, data=data | {"reason": "mistake"}).status_code == 302
    assert service_of(number).status is ServiceStatus.ACTIVE
    assert "mistake" in boss.get(document).text


def test_a_document_says_its_total_in_capitals_of_both_scripts(app, owner, boss, new_phone):
    _customer, number = running(owner, new_phone())
    document = paid(number, owner)
    db.session.rollback()
    page = boss.get(f"/broadband/documents/{document}").text
    assert "叁佰壹拾伍元整" in page
    assert "叁佰壹拾伍圓整" in page


def test_a_clerk_neither_closes_nor_suspends_by_force(app, owner, clerk, new_phone):
    _customer, number = running(owner, new_phone())
    db.session.rollback()
    for name in ("close", "force"):
        assert clerk.get(f"/broadband/service/{number}/do/{name}").status_code == 403
        assert clerk.post(f"/broadband/service/{number}/do/{name}").status_code in (400, 403)
    assert clerk.get(f"/broadband/service/{number}/do/nothing").status_code == 404


def test_a_service_goes_to_somebody_who_becomes_a_customer_by_that(app, owner, clerk, new_phone):
    _customer, number = running(owner, new_phone())
    phone, place = new_phone(), basics()["community_id"]
    db.session.rollback()
    address = f"/broadband/service/{number}/do/transfer"
    nameless = sent(clerk, address, new_phone=phone[3:], way="balance")
    assert nameless.status_code == 400
    assert "a name is needed" in nameless.text
    person = {"new_customer_name": "李四", "new_landline": "010-1", "new_contact_phone": "010-2"}
    person |= {"new_id_card_no": "11010519491231002X", "new_community": place, "new_address": "8 New Road"}
    answer = sent(clerk, address, new_phone=phone[3:], fee="20", way="balance", **person)
    assert answer.status_code == 302, answer.text
    service = service_of(number)
    who = service.customer
    assert (who.phone, who.name, who.landline, who.contact_phone) == (phone, "李四", "010-1", "010-2")
    assert (who.id_number, service.community_id, service.address) == ("11010519491231002X", place, "8 New Road")
    db.session.rollback()
    for page in (answer.headers["Location"], "/broadband/transfers/"):
        text = clerk.get(page).text
        assert "李四" in text
        assert "8 New Road" in text
        assert "11010519491231002X" not in text


def test_a_service_that_waits_is_switched_on_from_its_page(app, owner, clerk, new_phone):
    _customer, number = opened(owner, new_phone())
    db.session.rollback()
    page = clerk.get(f"/broadband/service/{number}").text
    form = re.search(
        r'action="(/broadband/service/\d+/do/activate)">.*?name="csrf_token" value="([^"]+)"'
        r'.*?name="key" value="([^"]+)".*?name="version" value="([^"]+)"',
        page,
        re.DOTALL,
    )
    sent = {"csrf_token": form.group(2), "key": form.group(3), "version": form.group(4)}
    for _again in range(2):
        assert clerk.post(form.group(1), data=sent).headers["Location"].endswith(f"/broadband/service/{number}")
    assert service_of(number).status is ServiceStatus.ACTIVE


LISTS = (
    "services",
    "payments",
    "takings",
    "users-by-community",
    "openings",
    "relocations",
    "transfers",
    "suspensions",
    "forced-suspensions",
    "reactivations",
    "closings",
)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_sums_and_is_exported(app, owner, boss, new_phone, name):
    _customer, number = running(owner, new_phone())
    paid(number, owner)
    db.session.rollback()
    page = boss.get(f"/broadband/{name}/")
    assert page.status_code == 200
    assert boss.get(f"/broadband/{name}/print").status_code == 200
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
    export = boss.post(f"/broadband/{name}/export", data={"csrf_token": token, "format": "csv"})
    assert export.status_code in (200, 302), export.text


def test_a_list_without_sums_counts_its_rows(app, owner, new_phone):
    for _number in range(2):
        opened(owner, new_phone())
    there = db.session.scalar(select(func.count(Service.id)))
    assert there > 1
    assert sums(services_report, Asked(owner)).count == there


def test_switched_off_there_is_nothing_of_it(app, tmp_path):
    from app import create_app  # noqa: PLC0415 - a house of its own
    from config import TestConfig  # noqa: PLC0415

    off = create_app(TestConfig(app.config["SQLALCHEMY_DATABASE_URI"], ENABLED_FEATURES=()))
    assert [rule.rule for rule in off.url_map.iter_rules() if "broadband" in rule.rule] == []
    browser = off.test_client()
    for name in (*LISTS, "open", "service/1", "documents/1"):
        assert browser.get(f"/broadband/{name}/").status_code == 404
    with off.app_context():
        assert in_transaction(lambda: True)
        db.session.remove()
        db.engine.dispose()
