"""All 294 fields of S2.1 to S2.25: in the model, on the page of their module, in three languages, and in the file."""

import csv
import html
import io
import itertools
import re
from typing import NamedTuple

import pytest
from flask_babel import force_locale, gettext
from sqlalchemy import inspect

from app.broadband import models, operations
from app.broadband.basics import nouns, views
from app.broadband.feature import REPORTS as REPORTS_OF_THE_ROOM
from app.broadband.models import basics
from app.broadband.orders.report import order_materials, work_orders
from app.broadband.reminders.report import reminders_report
from app.core import clock
from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.tables import asking
from tests.broadband import ground
from tests.broadband.fields import FIELDS
from tests.broadband.sheets import whole
from tests.broadband.things import make
from tests.broadband.work import ordered
from tests.conftest import actor_of
from tests.counter.desk import customer_with
from tests.staff.people import browser_of, form_token, post
from tests.staff.people import make as make_staff

LANGUAGES = ("en", "zh", "zh_Hant_TW")
HOW_MANY = {
    **{1: 6, 2: 3, 3: 10, 4: 4, 5: 4, 6: 20, 7: 29, 8: 9, 9: 19, 10: 10, 11: 16, 12: 10, 13: 10, 14: 10, 15: 10},
    **{16: 20, 17: 21, 18: 12, 19: 12, 20: 4, 21: 21, 22: 3, 23: 9, 24: 1, 25: 21},
}
REGISTERS = {
    "S2.1": views.MaterialsView,
    "S2.2": views.InstallersView,
    "S2.3": views.EmployeesView,
    "S2.4": views.CommunitiesView,
    "S2.5": views.PackagesView,
    "S2.24": views.PackagesView,
}
REPORTS = {
    "S2.6": "broadband-services",
    "S2.7": "work-orders",
    "S2.8": "work-order-materials",
    "S2.9": "broadband-payments",
    "S2.10": "broadband-relocations",
    "S2.11": "broadband-transfers",
    "S2.12": "broadband-suspensions",
    "S2.13": "broadband-forced-suspensions",
    "S2.14": "broadband-closings",
    "S2.15": "broadband-reactivations",
    "S2.16": "broadband-services",
    "S2.17": "broadband-payments",
    "S2.18": "broadband-suspensions",
    "S2.19": "broadband-closings",
    "S2.20": "broadband-users-by-community",
    "S2.21": "broadband-payments",
    "S2.22": "broadband-openings",
    "S2.23": "broadband-takings",
    "S2.25": "broadband-reminders",
}
FORMS = {
    "S2.6": "/broadband/open/{customer}",
    "S2.7": "/broadband/work-orders/new/{service}",
    "S2.8": "/broadband/work-orders/{order}",
    "S2.9": "/broadband/service/{service}/do/pay",
    "S2.10": "/broadband/service/{service}/do/relocate",
    "S2.11": "/broadband/service/{service}/do/transfer",
    "S2.12": "/broadband/service/{service}/do/suspend",
    "S2.13": "/broadband/service/{service}/do/force",
    "S2.14": "/broadband/service/{service}/do/close",
    "S2.15": "/broadband/service/{suspended}/do/reactivate",
    "S2.24": "/settings",  # for all packages; a package may have days of its own
}
KNOWN = {each.name: each for each in (*REPORTS_OF_THE_ROOM, work_orders, order_materials, reminders_report)}
MODULES = [*REGISTERS, *REPORTS]
each_field = pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.number} {field.name}")


class Shown(NamedTuple):
    """What the owner's browser has of a module. pages: its list and its form, by language."""

    lists: dict[str, str]
    forms: dict[str, str]
    file: list[list[str]]
    of_2099: list[list[str]]


def furnish(owner, new_phone) -> dict[str, int]:
    """One document of each kind, and what forms are asked for: their numbers."""
    customer, service = ground.running(owner, new_phone())
    ground.paid(service, owner)
    ground.done(operations.relocate, service, ground.basics()["community_id"], "1 New Road", owner=owner)
    ground.done(operations.suspend, service, owner=owner)
    ground.done(operations.reactivate, service, owner=owner)
    ground.done(operations.suspend_by_force, service, owner=owner, reason="late")
    new = customer_with("0", new_phone(), owner)
    ground.done(operations.transfer, service, new, owner=owner)
    ground.done(operations.close, service, owner=owner)
    whole(owner, new_phone)
    going, stopped = (ground.running(owner, new_phone())[1] for _ in range(2))
    ground.paid(going, owner)
    ground.done(operations.suspend, stopped, owner=owner)
    due = ground.running(owner, new_phone())[1]
    in_transaction(lambda: setattr(db.session.get(models.Service, due), "stop_date", clock.today()))
    for noun in nouns.NOUNS:
        make(noun, owner)
    return {"customer": customer, "service": going, "suspended": stopped, "order": ordered(going, owner)}


@pytest.fixture(scope="module")
def shown(own_house) -> dict[str, Shown]:
    numbers = itertools.count(13_700_000_000)
    there = furnish(actor_of(own_house, SUPER_ADMIN), lambda: f"+86{next(numbers)}")
    browser = browser_of(own_house, make_staff(SUPER_ADMIN))
    found = {module: Shown({}, {}, *files_of(browser, module)) for module in MODULES}
    for language in LANGUAGES:
        post(browser, "/language", page="/profile", locale=language)
        for module, pages in found.items():
            pages.lists[language] = page_of(browser, list_of(module))
            form = form_of(module).format(**there)
            pages.forms[language] = page_of(browser, form) if form else pages.lists[language]
    return found


def list_of(module: str) -> str:
    return f"{REGISTERS[module].route_base}/list/" if module in REGISTERS else f"{KNOWN[REPORTS[module]].route}/"


def form_of(module: str) -> str:
    return FORMS.get(module) or (f"{REGISTERS[module].route_base}/add" if module in REGISTERS else "")


def page_of(browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.text)


def files_of(browser, module: str) -> list[list[list[str]]]:
    """The file of its list as lines of cells; and that of a year in which nothing happens."""
    base = REGISTERS[module].route_base if module in REGISTERS else KNOWN[REPORTS[module]].route
    sent = {"csrf_token": form_token(browser, "/profile"), "format": "csv"}
    days = ("", "?from=2099-01-01&to=2099-12-31")
    texts = [browser.post(f"{base}/export{asked}", data=sent, buffered=True).text for asked in days]
    return [list(csv.reader(io.StringIO(text.lstrip("\ufeff")))) for text in texts]


def headings(page: str) -> list[str]:
    """What stands above the columns of a list."""
    return [re.sub(r"<[^>]*>", "", each).strip() for each in re.findall(r"<th\b[^>]*>(.*?)</th>", page, re.DOTALL)]


def test_the_table_holds_every_field_of_the_source():
    assert len(FIELDS) == sum(HOW_MANY.values()) == 294
    numbers = [f"S2.{module}.{n}" for module, count in HOW_MANY.items() for n in range(1, count + 1)]
    assert [field.number for field in FIELDS] == numbers
    assert {field.module for field in FIELDS} == set(REGISTERS) | set(REPORTS)
    assert all(field.original and field.name and field.label and field.model for field in FIELDS)
    assert [field.number for field in FIELDS if not (field.form or field.column)] == []


@each_field
def test_each_field_is_in_the_model(app, field):
    if field.model.startswith("="):
        report = KNOWN[REPORTS[field.module]]
        source = report.source(asking.asked_of(report, {}, actor_of(app, SUPER_ADMIN))[0])
        assert field.model[1:] in source.selected_columns
        return
    name, *path = field.model.split(".")
    model = getattr(models, name, None) or getattr(basics, name)
    for step in path[:-1]:
        model = inspect(model).relationships[step].mapper.class_
    assert hasattr(model, path[-1])


@each_field
def test_each_field_is_on_the_page_of_its_module(shown, field):
    pages = shown[field.module]
    if field.form:
        assert f'name="{field.form}"' in pages.forms["en"]
    if field.column and field.module in REPORTS:
        assert field.label in headings(pages.lists["en"])
    assert field.label in pages.lists["en"] + pages.forms["en"]


def test_an_opening_is_asked_for_in_the_order_of_the_source(shown):
    asked = [field.form for field in FIELDS if field.module == "S2.6" and field.form]
    page = shown["S2.6"].forms["en"]
    assert sorted(asked, key=lambda name: page.index(f'name="{name}"')) == asked


@each_field
def test_each_field_is_called_something_in_three_languages(own_house, shown, field):
    pages = shown[field.module]
    for language in LANGUAGES[1:]:
        with own_house.test_request_context(), force_locale(language):
            said = gettext(field.label)
        assert said != field.label
        assert said in pages.lists[language] + pages.forms[language]


@each_field
def test_each_field_is_in_the_file(shown, field):
    pages = shown[field.module]
    if field.column:
        assert field.label in pages.file[0]
    else:
        assert field.form in ("from", "to")
        assert len(pages.file) > 1
        assert pages.file != pages.of_2099, "the file is of the days that are asked for"
