"""`flask customers import`, and how much memory it takes."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.customers.models import Customer, CustomerImport, ImportRow
from app.extensions import db

DATA = Path(__file__).parents[1] / "data"
ROOT = DATA.parents[1]


@pytest.fixture(autouse=True)
def uploads(app, tmp_path):
    app.config["UPLOAD_DIR"] = str(tmp_path / "uploads")


@pytest.fixture
def run(app):
    """Call it with arguments; answers exit code, standard output, standard error."""

    def invoke(*args: object) -> tuple[int, str, str]:
        result = app.test_cli_runner().invoke(args=["customers", "import", *map(str, args)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return invoke


@pytest.fixture
def fresh(tmp_path, new_phone):
    """Call it for a CSV file of customers that nobody has yet."""

    def write(rows: int = 2, text: str = "手机,姓名,余额\n") -> Path:
        path = tmp_path / "list.csv"
        path.write_text(text + "".join(f"{new_phone()},某人,{n}.50\n" for n in range(rows)), encoding="utf-8")
        return path

    return write


def left_behind() -> int:
    """Documents that were not applied, and staged rows."""
    waiting = select(func.count()).select_from(CustomerImport).where(CustomerImport.document_no.is_(None))
    found = (db.session.scalar(waiting) or 0) + (db.session.scalar(select(func.count()).select_from(ImportRow)) or 0)
    db.session.rollback()
    return found


def customers() -> int:
    found = db.session.scalar(select(func.count()).select_from(Customer)) or 0
    db.session.rollback()
    return found


def test_a_clean_list_is_taken_over(run, fresh):
    before = customers(), left_behind()
    code, out, _err = run(fresh(2), "--json")
    answer = json.loads(out)
    assert code == 0
    assert (answer["rows"], answer["refused"], answer["applied"]) == (2, 0, 2)
    assert answer["opening_total"] == "2.00"
    assert answer["document_no"].startswith("TK-")
    assert (customers(), left_behind()) == (before[0] + 2, before[1])


def test_a_trial_changes_nothing(run, fresh):
    before = customers(), left_behind()
    code, out, _err = run(fresh(2), "--dry-run")
    assert code == 0
    assert "2 rows, 2 good, 0 refused" in out
    assert (customers(), left_behind()) == before


def test_the_same_list_again_is_refused_row_by_row(run, fresh):
    path = fresh(2)
    run(path)
    before = customers(), left_behind()
    code, out, _err = run(path)
    assert code == 1
    assert out.count("A customer has this already.") == 2
    assert (customers(), left_behind()) == before


def test_one_bad_row_keeps_the_list_out(run, fresh):
    path = fresh(1)
    with path.open("a", encoding="utf-8") as file:
        file.write("12345,某人,1\n")
    before = customers(), left_behind()
    code, out, _err = run(path, "--json")
    answer = json.loads(out)
    assert code == 1
    assert answer["refusals"] == [{"row": 3, "errors": {"phone": {"code": "bad-phone", "found": "12345"}}}]
    assert answer["applied"] == 0
    assert (customers(), left_behind()) == before


def test_the_messy_list_of_a_shop_is_reported_row_by_row(run):
    before = customers(), left_behind()
    code, out, _err = run(DATA / "small-shop-messy.xlsx")
    assert code == 1
    assert "row 5\tPhone\t+8613512340101\tRow 4 has the same." in out
    assert "row 10\tCustomer no.\tV101\tRow 4 has the same." in out
    assert "10 rows, 1 good, 9 refused" in out
    assert "Rows of totals were passed over: 14." in out
    assert (customers(), left_behind()) == before


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"a,b\n1,2\n"]
)
def test_a_wrong_file_is_wrong_use_and_leaves_nothing(run, tmp_path, content):
    before = customers(), left_behind()
    path = tmp_path / "list"
    path.write_bytes(content)
    code, out, err = run(path)
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert (customers(), left_behind()) == before


def test_a_list_that_breaks_off_leaves_nothing(run, fresh):
    path = fresh(3)
    with path.open("a", encoding="utf-8") as file:
        file.write('"13512340001,某人\n')
    before = customers(), left_behind()
    assert run(path)[0] == 2
    assert (customers(), left_behind()) == before


def test_columns_are_mapped_by_a_file(run, fresh, tmp_path):
    path = fresh(2, "号,谁,钱\n")
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"号": "phone", "谁": "name", "钱": "balance"}), encoding="utf-8")
    assert run(path)[0] == 2
    assert run(path, "--mapping", mapping)[0] == 0


@pytest.mark.parametrize("text", ["", "[]", "nonsense", '{"没有": "phone"}', '{"手机": "salary"}', '{"手机": 5}'])
def test_a_mapping_that_does_not_fit_is_wrong_use(run, fresh, tmp_path, text):
    mapping = tmp_path / "mapping.json"
    mapping.write_text(text, encoding="utf-8")
    assert run(fresh(1), "--mapping", mapping)[0] == 2


def test_an_unknown_store_or_file_is_wrong_use(run, fresh, tmp_path):
    assert run(fresh(1), "--store", "nowhere")[0] == 2
    assert run(tmp_path / "nothing.csv")[0] == 2
