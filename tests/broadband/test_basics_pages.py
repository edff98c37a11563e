"""The registers of basic information in a browser: who may what, what is masked, what leaves as a file."""

import pytest

from app.broadband.basics import nouns, views
from app.broadband.models import Employee
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, PRESETS, SUPER_ADMIN
from app.core.sealed import HIDDEN
from app.extensions import db
from tests.broadband.things import ID_CARD, code, fetch, find, make, personal, records, service_with
from tests.conftest import open_ready
from tests.staff import people
from tests.staff.people import browser_of, form_token, post

REGISTERS = {view.class_permission_name: view for view in (
    views.CommunitiesView, views.PackagesView, views.MaterialsView,
    views.InstallersView, views.EmployeesView, views.BusinessTypesView,
)}  # fmt: skip
AT_THE_DESK = {"communities", "packages", "materials", "installers"}
SEES = {
    SUPER_ADMIN: set(REGISTERS),
    ORDINARY_ADMIN: AT_THE_DESK,
    "cashier": AT_THE_DESK,
    "service-desk": AT_THE_DESK,
    "finance": set(REGISTERS),
    "installer": {"materials"},
}


@pytest.fixture
def desk(app):
    """The owner's browser."""
    return browser_of(app, people.make(SUPER_ADMIN))


def send(browser, path, **fields):
    return browser.post(path, data={"csrf_token": form_token(browser, "/profile"), **fields}, buffered=True)


@pytest.mark.parametrize("role", [SUPER_ADMIN, ORDINARY_ADMIN, *PRESETS])
def test_each_role_sees_what_it_works_with_and_the_owner_alone_changes_it(app, owner, role):
    browser = browser_of(app, people.make(role))
    for resource, view in REGISTERS.items():
        item_id, base = make(view.noun, owner), view.route_base
        reads = 200 if resource in SEES[role] else 403
        for path in ("list/", f"show/{item_id}"):
            assert browser.get(f"{base}/{path}").status_code == reads, (resource, path)
        changes = 200 if role == SUPER_ADMIN else 403
        for path in ("add", f"edit/{item_id}"):
            assert browser.get(f"{base}/{path}").status_code == changes, (resource, path)
        for path in ("add", f"edit/{item_id}", f"delete/{item_id}", "export"):
            answer = send(browser, f"{base}/{path}", format="csv")
            assert (answer.status_code == 403) is (role != SUPER_ADMIN), (resource, path)
        assert (fetch(view.noun, item_id) is None) is (role == SUPER_ADMIN)


@pytest.mark.parametrize("role", [ORDINARY_ADMIN, *PRESETS])
def test_nobody_but_the_owner_has_an_id_number_revealed(app, owner, role):
    employee_id = make(nouns.EMPLOYEE, owner)
    browser = browser_of(app, people.make(role))
    assert send(browser, f"/broadband/employees/reveal/{employee_id}").status_code == 403
    if role == "finance":
        assert "/reveal/" not in browser.get(f"/broadband/employees/show/{employee_id}").text
    assert len(records(nouns.EMPLOYEE, employee_id)) == 1


def test_an_id_number_is_masked_everywhere_and_revealed_once_with_a_record(desk, owner):
    number = code()
    employee_id = make(nouns.EMPLOYEE, owner, employee_no=number)
    page = f"/broadband/employees/show/{employee_id}"
    listed = desk.get(f"/broadband/employees/list/?_flt_0_employee_no={number}").text
    taken = send(desk, f"/broadband/employees/export?_flt_0_employee_no={number}", format="csv").text
    for text in (listed, desk.get(page).text, taken):
        assert "110•••••••••••002X" in text
        assert ID_CARD not in text
    assert ID_CARD not in desk.get(f"/broadband/employees/edit/{employee_id}").text
    assert len(records(nouns.EMPLOYEE, employee_id)) == 1
    answer = send(desk, f"/broadband/employees/reveal/{employee_id}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert ID_CARD in answer.text
    assert records(nouns.EMPLOYEE, employee_id)[-1].operation == "broadband.reveal"
    assert ID_CARD not in desk.get(page).text
    assert desk.get(f"/broadband/employees/reveal/{employee_id}").status_code == 405


def test_an_employee_without_a_number_has_nothing_to_reveal(desk, owner):
    employee_id = make(nouns.EMPLOYEE, owner, id_card_no=None)
    assert "/reveal/" not in desk.get(f"/broadband/employees/show/{employee_id}").text
    assert send(desk, f"/broadband/employees/reveal/{employee_id}").status_code == 404


def test_an_employee_is_found_by_the_whole_id_number_which_stands_in_no_address(desk, owner):
    card, number = f"3301{code()}", code()
    make(nouns.EMPLOYEE, owner, employee_no=number, id_card_no=card)
    for typed, is_found in ((card, True), (card.upper(), True), (f"{card[:4]} {card[4:]}", True), (card[:-1], False)):
        answer = send(desk, "/broadband/employees/find", id_card_no=typed)
        assert typed not in answer.location
        page = desk.get(answer.location).text
        assert (number in page, typed in page, HIDDEN in page) == (is_found, False, True), typed
    answer = send(desk, "/broadband/employees/find", id_card_no="  ")
    assert answer.location.endswith("/broadband/employees/list/")


def test_an_address_that_looks_for_an_id_number_opens_to_those_who_may_see_one(app, desk, owner):
    card = f"3301{code()}"
    make(nouns.EMPLOYEE, owner, id_card_no=card)
    address = send(desk, "/broadband/employees/find", id_card_no=card).location
    finance = browser_of(app, people.make("finance"))
    assert finance.get(address).status_code == 403
    assert send(finance, "/broadband/employees/find", id_card_no=card).status_code == 403
    assert "/broadband/employees/find" not in finance.get("/broadband/employees/list/").text
    assert desk.get("/broadband/employees/list/?_flt_0_id_card_mark=unsealed").status_code == 400


def employee_form(**changes):
    given = {"employee_no": code(), "name": "Wu", "department": "Field", "id_card_no": ID_CARD, "phone": "13800138000"}
    return {**given, **changes}


def test_an_id_number_stays_as_long_as_its_mask_is_left_in_the_form(desk):
    form = employee_form()
    assert post(desk, "/broadband/employees/add", **form).status_code == 302
    employee = find(nouns.EMPLOYEE, employee_no=form["employee_no"])
    edit, mask = f"/broadband/employees/edit/{employee.id}", employee.id_card_no_shown
    assert f'value="{mask}"' in desk.get(edit).text
    assert post(desk, edit, **{**form, "id_card_no": mask, "name": "Wu Two"}).status_code == 302
    employee = fetch(nouns.EMPLOYEE, employee.id)
    assert (employee.name, employee.id_card_no, employee.phone) == ("Wu Two", ID_CARD, "+8613800138000")
    answer = post(desk, edit, **{**form, "id_card_no": f"{mask}1"})
    assert (answer.status_code, "Type the whole number" in answer.text) == (400, True)
    assert post(desk, edit, **{**form, "id_card_no": "330106198001011234"}).status_code == 302
    assert fetch(nouns.EMPLOYEE, employee.id).id_card_no == "330106198001011234"
    assert post(desk, edit, **{**form, "id_card_no": ""}).status_code == 302
    assert fetch(nouns.EMPLOYEE, employee.id).id_card_no is None


def test_a_number_that_no_key_opens_hides_and_can_be_typed_anew(desk, owner):
    employee_id = make(nouns.EMPLOYEE, owner)
    in_transaction(lambda: setattr(db.session.get(Employee, employee_id), "id_card_sealed", "of another key"))
    page, edit = f"/broadband/employees/show/{employee_id}", f"/broadband/employees/edit/{employee_id}"
    assert HIDDEN in desk.get(page).text
    assert send(desk, f"/broadband/employees/reveal/{employee_id}").status_code == 409
    assert desk.get(edit).status_code == 200
    assert post(desk, edit, **employee_form()).status_code == 302
    assert fetch(nouns.EMPLOYEE, employee_id).id_card_no == ID_CARD


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(desk, owner):
    taken = code()
    make(nouns.MATERIAL, owner, material_no=taken)
    typed = {"material_no": taken, "material_name": "Kept as typed", "unit_price": "2.50"}
    answer = post(desk, "/broadband/materials/add", **typed)
    assert answer.status_code == 400
    assert "Another material has this number." in answer.text
    assert "Kept as typed" in answer.text
    answer = post(desk, "/broadband/materials/add", **{**typed, "material_no": code(), "unit_price": "2.345"})
    assert (answer.status_code, "at most two decimals" in answer.text) == (400, True)


def test_what_is_used_is_not_removed_and_the_page_says_why(desk, owner, new_phone):
    package = make(nouns.PACKAGE, owner)
    service_with(owner, new_phone(), package_id=package)
    answer = send(desk, f"/broadband/packages/delete/{package}")
    assert answer.status_code == 409
    assert "Services, documents or other records use this" in answer.text
    unused = make(nouns.PACKAGE, owner)
    assert send(desk, f"/broadband/packages/delete/{unused}").status_code == 302
    assert desk.get(f"/broadband/packages/show/{unused}").status_code == 404


def test_a_package_is_switched_off_and_its_price_changed_in_the_form(desk):
    name = code()
    form = {"package_type": name, "package_fee": "1,200", "package_months": "12", "maintenance_fee": "5"}
    assert post(desk, "/broadband/packages/add", **form, is_offered="y").status_code == 302
    package = find(nouns.PACKAGE, package_type=name)
    assert (package.package_fee, package.is_offered) == (1200, True)
    assert post(desk, f"/broadband/packages/edit/{package.id}", **{**form, "package_fee": "1300.50"}).status_code == 302
    package = fetch(nouns.PACKAGE, package.id)
    assert (str(package.package_fee), package.is_offered) == ("1300.50", False)


def test_an_installer_is_linked_to_an_employee_and_an_employee_to_an_account(desk, owner):
    employee = make(nouns.EMPLOYEE, owner, name=f"Zheng {code()}")
    number, account = code(), people.make()
    form = {"installer_no": number, "installer_name": "Zheng", "employee": str(employee)}
    assert post(desk, "/broadband/installers/add", **form).status_code == 302
    assert (
        fetch(nouns.EMPLOYEE, employee).name
        in desk.get(f"/broadband/installers/list/?_flt_0_installer_no={number}").text
    )
    edit = employee_form(employee_no=fetch(nouns.EMPLOYEE, employee).employee_no, staff=str(account))
    assert post(desk, f"/broadband/employees/edit/{employee}", **edit).status_code == 302
    assert fetch(nouns.EMPLOYEE, employee).staff_id == account


def test_a_register_leaves_as_a_file_with_its_filters_and_a_record(desk, owner):
    mine, other = f"=A{code()}", code()
    for number in (mine, other):
        make(nouns.MATERIAL, owner, material_no=number)
    answer = send(desk, f"/broadband/materials/export?_flt_3_material_no={mine.replace('=', '%3D')}", format="csv")
    assert answer.mimetype == "text/csv"
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[0] == "Material no.,Material name,Specification,Unit,Unit price,Remark"
    assert lines[1:] == [f"'{mine},Cable,Cat 6,m,2.35,new"]
    last = records(nouns.MATERIAL, None)[-1]
    assert (last.operation, last.changes) == (
        "broadband.export",
        {"format": [None, "csv"], "material_no": [None, mine]},
    )
    assert send(desk, "/broadband/materials/export", format="xlsx").data[:2] == b"PK"
    assert send(desk, "/broadband/materials/export", format="pdf").status_code == 400


def test_who_looked_for_which_id_number_is_not_written_down_in_clear(desk):
    found = send(desk, "/broadband/employees/find", id_card_no="330106198001019999").location
    asked = f"{found.replace('/list/', '/export')}&_flt_0_name=Wu"
    assert send(desk, asked, format="csv").status_code == 200
    last = records(nouns.EMPLOYEE, None)[-1]
    assert last.changes == {"format": [None, "csv"]}
    assert personal(last) == {"id_card_mark": [None, HIDDEN], "name": [None, "Wu"]}


@pytest.mark.parametrize(
    "query", ["_flt_0_id_card_sealed=x", "_flt_1_id_card_mark=x", "_oc_EmployeesView=id_card_sealed"]
)
def test_what_is_sealed_is_neither_filtered_nor_ordered_by(desk, query):
    assert desk.get(f"/broadband/employees/list/?{query}").status_code == 400


def test_pages_go_by_key(desk, owner):
    prefix = f"k{code()}"
    for at in range(3):
        make(nouns.MATERIAL, owner, material_no=f"{prefix}{at}")
    path = f"/broadband/materials/list/?psize_MaterialsView=2&_flt_0_material_no={prefix}"
    first = desk.get(path).text
    assert (f"{prefix}1" in first, f"{prefix}2" in first, 'rel="next"' in first) == (True, False, True)


def test_switched_off_nothing_of_it_is_there(app):
    addresses = sorted({rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/broadband/")})
    off = open_ready(app.config["SQLALCHEMY_DATABASE_URI"], ENABLED_FEATURES=())
    with off.app_context():
        browser = browser_of(off, people.make(SUPER_ADMIN))
        answers = {path: browser.get(path.replace("<pk>", "1")).status_code for path in addresses}
        page = browser.get("/profile").text
        db.session.remove()
        db.engine.dispose()
    assert len(addresses) > 30
    assert set(answers.values()) == {404}
    assert "/broadband/" not in page
    assert off.appbuilder.menu.find("Broadband") is None
