"""Every field of a work order and its lines, in model, page, list and file; and the sheet on paper."""

from decimal import Decimal

import pytest

from app.broadband.models import WorkOrderLine
from app.broadband.orders.report import order_materials, work_orders
from tests.broadband.ground import running
from tests.broadband.sheets import BASE, exported, read, whole
from tests.broadband.work import order_of, ordered
from tests.staff.people import browser_of, make

# S2.7.n: the source's field, where its model has it, its label.
ORDER_FIELDS = (
    ("work_order_no", "work_order_no", "Work order no."),
    ("customer_no", "customer.customer_no", "Customer no."),
    ("customer_name", "customer.name", "Customer name"),
    ("address", "service.address", "Address"),
    ("phone", "customer.phone", "Phone"),
    ("id_card_no", "customer.id_number", "ID card no."),
    ("installer_no", "installer.installer_no", "Installer"),
    ("business_type", "business_type.business_type", "Kind of work"),
    ("installation_fee", "installation_fee", "Installation fee"),
    ("handling_fee", "handling_fee", "Handling fee"),
    ("labour_material_fee", "labour_material_fee", "Labour and material fee"),
    ("other_fee", "other_fee", "Other fee"),
    ("payee", "payee", "Received by"),
    ("total", "total", "Total"),
    ("total_in_words", "total", "Total in capitals"),
    ("new_customer_name", "new_customer_name", "New customer name"),
    ("new_package_type", "new_package.package_type", "New package type"),
    ("new_community", "new_community.community", "New community"),
    ("new_address", "new_address", "New address"),
    ("new_phone", "new_phone", "New phone"),
    ("new_id_card_no", "new_id_card_no", "New ID card no."),
    ("customer_request", "customer_request", "Customer request"),
    ("material_work_fee", "material_work_fee", "Material and works fee"),
    ("remark", "remark", "Remark"),
    ("document_status", "document_status", "Done"),
    ("work_date", "work_date", "Work date"),
    ("accepted_at", "accepted_at", "Accepted at"),
    ("billing_start_at", "billing_start_at", "Billing starts at"),
    ("appointment_at", "appointment_at", "Appointment"),
)
# S2.8.n
LINE_FIELDS = (
    ("work_order_no", "order.work_order_no", "Work order no."),
    ("material_no", "material_no", "Material no."),
    ("material_name", "material_name", "Material name"),
    ("unit", "unit", "Unit"),
    ("spec", "spec", "Specification"),
    ("quantity", "quantity", "Quantity"),
    ("unit_price", "unit_price", "Unit price"),
    ("amount", "amount", "Amount"),
    ("remark", "remark", "Remark"),
)


@pytest.fixture
def browser(app):
    return browser_of(app, make("super-admin"))


def test_every_field_of_an_order_is_in_model_page_list_and_export(app, owner, browser, new_phone):
    order = whole(owner, new_phone)
    one = order_of(order)
    for _name, path, _label in ORDER_FIELDS:
        read(one, path)
    page = browser.get(f"{BASE}/{order}").text
    assert [label for _name, _path, label in ORDER_FIELDS[1:] if f">{label}" not in page] == []
    assert one.work_order_no in page
    assert "110***********002X" not in page
    assert "11010519491231002X" not in page
    assert "002X" in page
    columns = {column.name: str(column.label) for column in work_orders.columns}
    assert [name for name, _path, _label in ORDER_FIELDS if name not in columns] == []
    text = exported(browser, BASE)
    assert [label for label in columns.values() if label not in text.split("\n")[0]] == []
    assert one.work_order_no in text
    assert "11010519491231002X" not in text
    listed = browser.get(f"{BASE}/").text
    assert one.work_order_no in listed
    assert browser.get(f"{BASE}/print").status_code == 200


def test_every_field_of_a_line_is_in_model_page_list_and_export(app, owner, browser, new_phone):
    order = whole(owner, new_phone)
    line = order_of(order).lines[0]
    assert [read(line, path) for _name, path, _label in LINE_FIELDS].count(None) == 0
    page = browser.get(f"{BASE}/{order}/sheet").text
    assert [label for _name, _path, label in LINE_FIELDS[1:] if f">{label}<" not in page] == []
    columns = {column.name: str(column.label) for column in order_materials.columns}
    assert [label for name, _path, label in LINE_FIELDS if columns.get(name) != label] == []
    text = exported(browser, "/broadband/work-order-materials")
    assert "outdoor" in text
    assert "31.25" in text


def test_the_sheet_says_the_total_in_capitals_of_both_scripts(app, owner, browser, new_phone):
    _customer, service = running(owner, new_phone())
    order = ordered(service, owner, other_fee=Decimal("1680.32"))
    page = browser.get(f"{BASE}/{order}/sheet").text
    assert "壹仟陆佰捌拾元零叁角贰分" in page
    assert "壹仟陸佰捌拾圓零叁角貳分" in page


def test_amounts_of_lines_are_columns_of_the_model():
    assert {name for name, _path, _label in LINE_FIELDS[1:]} <= set(WorkOrderLine.__table__.columns.keys())
