"""What test_fields.py does not ask of the registers (S2.1 to S2.5): rules, filters, pages of one, our own fields."""

from typing import NamedTuple

import pytest

from app.broadband.basics import nouns, views
from app.core.permissions import SUPER_ADMIN
from tests.broadband.fields import of
from tests.broadband.things import make
from tests.conftest import actor_of
from tests.staff.people import browser_of, form_token
from tests.staff.people import make as make_staff

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


REGISTERS = ("Materials", "Installers", "Employees", "Communities", "Packages")
THEIRS = {f"S2.{at}": name for at, name in enumerate(REGISTERS, 1)}
ROWS = [Row(each.number, THEIRS[each.module], each.column, each.label) for each in of(*THEIRS)]
ROWS += [Row(*line.split(maxsplit=3)) for line in OUR_OWN.splitlines() if line.strip()]
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


def test_every_rule_of_a_register_is_about_one_of_its_fields():
    beside = {"employee_id", "staff_id", "is_offered"}
    assert {row.field for row in ROWS} >= {name for noun in nouns.NOUNS for name in noun.rules} - beside


@each_row
def test_each_field_has_a_rule(row):
    assert {row.field, f"{row.field}_id"} & view_of(row).noun.rules.keys()


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
