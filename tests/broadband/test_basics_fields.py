"""Every field of S2.1 to S2.5, by its number: in the model, the form, the list or the page, and the file."""

from typing import NamedTuple

import pytest

from app.broadband.basics import nouns, views
from app.core.permissions import SUPER_ADMIN
from tests.broadband.things import make
from tests.conftest import actor_of
from tests.staff.people import browser_of, form_token
from tests.staff.people import make as make_staff

# number, register, field, its label
TABLE = """
    S2.1.1   Materials    material_no         Material no.
    S2.1.2   Materials    material_name       Material name
    S2.1.3   Materials    spec                Specification
    S2.1.4   Materials    unit                Unit
    S2.1.5   Materials    unit_price          Unit price
    S2.1.6   Materials    remark              Remark
    S2.2.1   Installers   installer_no        Installer no.
    S2.2.2   Installers   installer_name      Installer name
    S2.2.3   Installers   remark              Remark
    S2.3.1   Employees    employee_no         Employee no.
    S2.3.2   Employees    name                Employee name
    S2.3.3   Employees    department          Department
    S2.3.4   Employees    id_card_no          ID card no.
    S2.3.5   Employees    landline            Telephone no.
    S2.3.6   Employees    phone               Mobile no.
    S2.3.7   Employees    home_address        Home address
    S2.3.8   Employees    remark              Remark
    S2.3.9   Employees    gender              Gender
    S2.3.10  Employees    birth_date          Date of birth
    S2.4.1   Communities  community_code      Community code
    S2.4.2   Communities  community           Community name
    S2.4.3   Communities  responsible_person  Person in charge
    S2.4.4   Communities  remark              Remark
    S2.5.1   Packages     package_type        Package type
    S2.5.2   Packages     package_fee         Package fee
    S2.5.3   Packages     package_months      Months covered
    S2.5.4   Packages     remark              Remark
"""
OUR_OWN = """
    A24      BusinessTypes  business_type     Business type
    A24      BusinessTypes  usage             Chosen for
    S2.2     Installers   employee            Employee
    S2.3     Employees    staff               Account here
    S2.9.6   Packages     maintenance_fee     Maintenance fee
    S2.24.1  Packages     remind_days_before  Days of reminder
"""


class Row(NamedTuple):
    number: str
    register: str
    field: str
    label: str


ROWS = [Row(*line.split(maxsplit=3)) for line in (TABLE + OUR_OWN).splitlines() if line.strip()]
NOUNS = {noun.model.__name__: noun for noun in nouns.NOUNS}
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number} {row.field}")


def view_of(row: Row):
    return getattr(views, f"{row.register}View")


class Shown(NamedTuple):
    """What the owner's browser shows of a register with one row."""

    list: str
    show: str
    add: str
    edit: str
    file: str


@pytest.fixture(scope="module")
def shown(own_house) -> dict[str, Shown]:
    browser, owner = browser_of(own_house, make_staff(SUPER_ADMIN)), actor_of(own_house, SUPER_ADMIN)
    found = {}
    for register in {row.register for row in ROWS}:
        view = getattr(views, f"{register}View")
        item, base = make(view.noun, owner), view.route_base
        sent = {"csrf_token": form_token(browser, "/profile"), "format": "csv"}
        pages = [browser.get(f"{base}/{path}").text for path in ("list/", f"show/{item}", "add", f"edit/{item}")]
        found[register] = Shown(*pages, browser.post(f"{base}/export", data=sent, buffered=True).text)
    return found


def test_the_table_holds_every_field_of_basic_information():
    assert len(TABLE.split("\n")) - 2 == 6 + 3 + 10 + 4 + 4
    assert {row.field for row in ROWS} >= {name for noun in nouns.NOUNS for name in noun.rules} - {
        "employee_id", "staff_id", "is_offered"
    }  # fmt: skip


@each_row
def test_each_field_is_in_the_model_and_has_a_rule(row):
    noun = view_of(row).noun
    assert hasattr(noun.model, row.field)
    assert {row.field, f"{row.field}_id"} & noun.rules.keys()


@each_row
def test_each_field_is_in_the_form_the_list_or_page_and_the_file(shown, row):
    pages = shown[row.register]
    for form in (pages.add, pages.edit):
        assert f'name="{row.field}"' in form
        assert f">{row.label}" in form
    assert f"<dt>{row.label}</dt>" in pages.show
    heading = pages.file.lstrip("\ufeff").splitlines()[0].split(",")
    assert row.label in heading
    view = view_of(row)
    assert (row.label in pages.list) is (row.field in (*view.list_columns, *view.search_columns))


@each_row
def test_each_field_is_looked_for_by_a_filter(own_house, row):
    if row.field in ("employee", "staff"):
        return
    name = "id_card_mark" if row.field == "id_card_no" else row.field
    assert name in view_of(row).search_columns
