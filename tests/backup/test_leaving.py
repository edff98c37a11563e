"""All data out as CSV: whole, readable, without formulas and without secrets."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.backup.leaving import cell
from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.core.sealed import mask
from app.customers.operations import create_customer
from app.ledger.operations import recharge
from app.shop.models import Method
from tests.backup.conftest import counts, trade
from tests.conftest import actor_of
from tests.staff.people import make

NUMBER = "11010519491231002X"


@pytest.fixture(scope="module")
def left(own_house, tmp_path_factory):
    """The folder of an export of a house with a customer whose name is a formula. It is only read."""
    folder = tmp_path_factory.mktemp("left")
    owner = actor_of(trade(own_house, folder), SUPER_ADMIN)
    values = {
        "phone": "13812345678",
        "name": '=HYPERLINK("http://x")',
        "note": '店, "quoted"\nline',
        "id_number": NUMBER,
    }
    made = in_transaction(lambda: create_customer(values, store_id=1, actor=owner).id)
    in_transaction(lambda: recharge(made, Decimal("30.00"), method=Method.CASH, store_id=1, actor=owner))
    make(SUPER_ADMIN, name="boss")
    answer = own_house.test_cli_runner().invoke(args=["export-all", str(folder / "out")])
    assert answer.exit_code == 0, answer.output
    return folder / "out"


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_is_there(left):
    found = counts()
    for name, table in (("customers", "customer"), ("postings", "posting"), ("transfers", "transfer"),
                        ("operation-records", "operation_record"), ("stores", "store"), ("settings", "setting"),
                        ("administrators", "ab_user")):  # fmt: skip
        assert len(rows(left, name)) == found[table], name


def test_id_numbers_are_masked(left):
    (customer,) = [row for row in rows(left, "customers") if row["phone"] == "+8613812345678"]
    assert customer["id_number"] == mask(NUMBER)
    assert not {"id_number_sealed", "id_number_mark"} & customer.keys()
    assert not any(NUMBER in path.read_text("utf-8-sig") for path in left.iterdir())


def test_people_understand_it(left):
    (customer,) = [row for row in rows(left, "customers") if row["phone"] == "+8613812345678"]
    assert (customer["store"], customer["principal"], customer["note"]) == ("main", "30.00", '店, "quoted"\nline')
    posting = rows(left, "postings")[-1]
    assert (posting["kind"], posting["amount"], posting["phone"]) == ("recharge", "30.00", "+8613812345678")
    transfer = rows(left, "transfers")[-1]
    assert (transfer["debit"], transfer["credit_customer"], transfer["credit_purse"]) == (
        "cash:1", customer["id"], "principal",
    )  # fmt: skip


def test_no_cell_is_a_formula(left):
    (customer,) = [row for row in rows(left, "customers") if row["phone"] == "+8613812345678"]
    assert customer["name"].startswith("'=")


def test_nothing_secret_leaves(left):
    everything = "".join(path.read_text("utf-8-sig") for path in left.iterdir())
    assert "pbkdf2" not in everything
    assert "token_hash" not in everything
    assert "none.invalid" not in everything


def test_a_folder_that_holds_something_is_refused(own_house, left):
    answer = own_house.test_cli_runner().invoke(args=["export-all", str(left)])
    assert answer.exit_code == 1


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"), ("+1-800", "'+1-800"), ("-x", "'-x"), ("@a", "'@a"), ("\tx", "'\tx"), ("\rx", "'\rx"),
        ("+8613800138000", "+8613800138000"), (Decimal("-5.00"), "-5.00"), (date(2026, 3, 1), "2026-03-01"),
        (None, None), ("plain", "plain"), ({"a": [1, "店"]}, '{"a": [1, "店"]}'),
    ],
)  # fmt: skip
def test_cells(value, written):
    assert cell(value) == written
