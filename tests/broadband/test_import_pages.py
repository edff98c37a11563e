"""Taking over a subscriber list in the browser, and from the command line."""

import json
import os
import re

import pytest

from app.broadband.models import DocumentKind
from app.customers.models import ImportState
from app.extensions import db
from app.jobs.doing import work_off
from tests.broadband.listed import Provider, papers_of, services_of, written
from tests.customers.taking_over import WORKER, document, send
from tests.staff.people import browser_of, form_token, make

START = "/broadband/import"


@pytest.fixture
def provider(app):
    return Provider()


@pytest.fixture
def uploads(app, tmp_path):
    app.config["UPLOAD_DIR"] = str(tmp_path / "uploads")
    return tmp_path / "uploads"


@pytest.fixture
def boss(app, uploads):
    number = make(role="super-admin")
    db.session.rollback()
    return browser_of(app, number)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "list.csv"


def uploaded(browser, path) -> str:
    with path.open("rb") as file:
        data = {"csrf_token": form_token(browser, START), "store": "1", "file": (file, path.name)}
        answer = browser.post(START, data=data, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    return answer.location


def settled(browser, address):
    work_off(browser.application, WORKER)
    return browser.get(address)


def test_a_list_is_uploaded_checked_and_taken_over(boss, provider, path, new_phone, uploads):
    phones = [new_phone() for _ in range(2)]
    address = uploaded(boss, written(path, *[provider.row(phone, installed_by=provider.fitter) for phone in phones]))
    page = boss.get(address)
    assert re.search(r'<option value="community" selected>', page.text)
    assert send(boss, address, "check").status_code == 302
    page = settled(boss, address)
    assert "Take over 2 services" in page.text
    assert "Opening balances" not in page.text
    assert send(boss, address, "apply").status_code == 302
    page = settled(boss, address)
    number = document(address).document_no
    assert re.fullmatch(r"TB-\d{6}", number)
    assert number in page.text
    assert os.listdir(uploads) == []
    (paper,) = papers_of(services_of(phones[0])[0])
    shown = boss.get(f"/broadband/documents/{paper.id}")
    assert "Taken over</h2>" in shown.text or "Taken over" in shown.text
    assert provider.fitter in shown.text
    assert "Reverse this document" not in shown.text
    assert paper.kind is DocumentKind.TAKEN_OVER


def test_refused_rows_are_shown_and_handed_out_as_a_table(boss, provider, path, new_phone):
    address = uploaded(boss, written(path, provider.row(new_phone(), community="?"), provider.row("12")))
    send(boss, address, "check")
    page = settled(boss, address)
    assert "There is no such community." in page.text
    table = boss.get(f"{address}/refused.csv", buffered=True).text
    assert "2,Community,?,There is no such community." in table
    assert "3,Phone,12,This is not a phone number." in table
    assert send(boss, address, "apply").status_code == 409
    assert document(address).state is ImportState.STAGED
    assert send(boss, address, "discard").status_code == 302


def test_the_pages_of_one_kind_of_list_do_not_show_the_other(boss, provider, path, new_phone):
    address = uploaded(boss, written(path, provider.row(new_phone())))
    number = address.rsplit("/", 1)[1]
    for name in ("", "/progress", "/columns", "/refused.csv"):
        assert boss.get(f"/customers/import/{number}{name}").status_code == 404
    for verb in ("check", "apply", "discard"):
        token = {"csrf_token": form_token(boss, address)}
        assert boss.post(f"/customers/import/{number}/{verb}", data=token).status_code == 404
    assert f"/broadband/import/{number}" in boss.get(START).text
    assert f"/import/{number}" not in boss.get("/customers/import").text


def test_a_clerk_is_not_let_in(app, provider):
    number = make(role="ordinary-admin")
    db.session.rollback()
    assert browser_of(app, number).get(START).status_code == 403


@pytest.fixture
def run(app, uploads):
    def invoke(*args: object) -> tuple[int, str, str]:
        result = app.test_cli_runner().invoke(args=["broadband", "import", *map(str, args)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return invoke


def test_the_command_tries_and_applies(run, provider, path, new_phone):
    phone = new_phone()
    written(path, provider.row(phone))
    code, out, _err = run(path, "--dry-run")
    assert (code, out) == (0, "list.csv: 1 rows, 1 good, 0 refused.\n")
    assert services_of(phone) == []
    code, out, _err = run(path, "--apply", "--json")
    answer = json.loads(out)
    assert (code, answer["rows"], answer["refused"], answer["applied"]) == (0, 1, 0, 1)
    assert answer["document_no"].startswith("TB-")
    assert len(services_of(phone)) == 1


def test_the_command_refuses_the_same_file_the_second_time(run, provider, path, new_phone):
    phone = new_phone()
    written(path, provider.row(phone), provider.row(new_phone(), account=f"a{phone}"))
    assert run(path)[0] == 0
    code, out, _err = run(path)
    assert code == 1
    assert "row 2\tAddress\t" in out
    assert "Another service has this broadband account." in out
    assert len(services_of(phone)) == 1


def test_a_file_that_is_no_list_is_wrong_use(run, path):
    path.write_bytes(b"a,b\n1,2\n")
    code, out, err = run(path)
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
