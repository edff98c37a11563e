"""A subscriber list is being taken over when the process is killed: all of it is there or none."""

from sqlalchemy import func, select

from app.broadband.models import Document, Service
from app.customers.models import Customer
from app.extensions import db
from app.ledger.models import Account
from app.ledger.proofs import verify
from tests.broadband.listed import Provider, written
from tests.faults.test_import_killed import ROWS, killed, run


def test_killed_anywhere_a_subscriber_list_is_taken_over_whole_or_not_at_all(empty_house, tmp_path):
    provider = Provider()
    path = written(tmp_path / "list.csv", *[provider.row(f"135{number:08}") for number in range(ROWS)])
    url = empty_house.config["SQLALCHEMY_DATABASE_URI"]
    for _ in killed(url, "broadband", path):
        assert _taken() in ({0}, {ROWS})
        assert all(proof.holds for proof in verify())
    if _taken() == {0}:
        assert run(url, "broadband", path, "--apply") == 0
    else:
        assert run(url, "broadband", path, "--apply") == 1  # every row is a service already
    assert _taken() == {ROWS}


def _taken() -> set[int | None]:
    """How many services, papers, customers and wallets there are."""
    db.session.rollback()
    wallets = select(func.count()).where(Account.customer_id.is_not(None))
    counts = [select(func.count()).select_from(table) for table in (Service, Document, Customer)]
    found = {db.session.scalar(ask) for ask in (*counts, wallets)}
    db.session.rollback()
    return found
