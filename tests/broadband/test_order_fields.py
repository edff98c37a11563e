"""What test_fields.py does not ask of work orders and their lines: the page of one of them, and its sheet on paper."""

from decimal import Decimal

import pytest

from tests.broadband.fields import of
from tests.broadband.ground import running
from tests.broadband.sheets import BASE, exported, read, whole
from tests.broadband.work import order_of, ordered
from tests.staff.people import browser_of, make

ORDER, LINE = of("S2.7"), of("S2.8")
# The page of one order says some of it in its own way: the person's name, the state as it is now.
ON_PAGE = {"work_order_no": "Work order", "installer_no": "Installer", "business_type": "Kind of work"}
ON_PAGE |= {"document_status": "Work done"}


@pytest.fixture
def browser(app):
    return browser_of(app, make("super-admin"))


def test_every_field_of_an_order_is_in_model_page_list_and_export(app, owner, browser, new_phone):
    order = whole(owner, new_phone)
    one = order_of(order)
    for field in ORDER:
        if not field.model.startswith("="):
            read(one, field.model.removeprefix("WorkOrder."))
    page = browser.get(f"{BASE}/{order}").text
    assert [field.number for field in ORDER if f">{ON_PAGE.get(field.name, field.label)}" not in page] == []
    assert one.work_order_no in page
    assert "11010519491231002X" not in page
    assert "002X" in page
    text = exported(browser, BASE)
    assert one.work_order_no in text
    assert "11010519491231002X" not in text
    listed = browser.get(f"{BASE}/").text
    assert one.work_order_no in listed
    assert browser.get(f"{BASE}/print").status_code == 200


def test_every_field_of_a_line_is_in_model_page_list_and_export(app, owner, browser, new_phone):
    order = whole(owner, new_phone)
    line = order_of(order).lines[0]
    assert [read(line, field.model.removeprefix("WorkOrderLine.")) for field in LINE].count(None) == 0
    page = browser.get(f"{BASE}/{order}/sheet").text
    assert [field.number for field in LINE[1:] if f">{field.label}<" not in page] == []
    text = exported(browser, "/broadband/work-order-materials")
    assert "outdoor" in text
    assert "31.25" in text


def test_the_sheet_says_the_total_in_capitals_of_both_scripts(app, owner, browser, new_phone):
    _customer, service = running(owner, new_phone())
    order = ordered(service, owner, other_fee=Decimal("1680.32"))
    page = browser.get(f"{BASE}/{order}/sheet").text
    assert "壹仟陆佰捌拾元零叁角贰分" in page
    assert "壹仟陸佰捌拾圓零叁角貳分" in page
