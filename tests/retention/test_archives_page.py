"""The owner looks into archives, and that is written down; a clerk never does. Settings say what is kept how long."""

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.db import in_transaction
from app.core.errors import Invalid
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.customers.past import PastCustomer, take_in
from app.extensions import db
from app.ledger.archives.models import ArchiveKind
from app.retention.due import cut_offs
from app.retention.run import rehearse, retain
from app.shop.operations import change_settings
from app.shop.queries import setting
from tests.retention.conftest import RUN_DAY, SOMEBODY, at
from tests.staff import people


@pytest.fixture
def kept(shop, monkeypatch):
    """The shop after its August has left; the customer 2 has a name."""
    one = [PastCustomer(f"+861390000000{n}", f"客户{n}", 1, at(RUN_DAY), 1) for n in range(1, 5)]
    assert in_transaction(lambda: take_in(one)) == [1, 2, 3, 4]
    retain(today=RUN_DAY, actor=SOMEBODY)
    monkeypatch.setitem(shop.config, "WTF_CSRF_ENABLED", False)
    return shop


def test_the_owner_sees_the_archives_and_one_customers_history(kept):
    browser = people.browser_of(kept, people.make(SUPER_ADMIN))
    shown = browser.get("/archives")
    assert shown.status_code == 200
    assert "2025-08" in shown.text
    assert "In its folder" in shown.text

    found = browser.post("/archives/look", data={"customer": "C000002", "month": "2025-08-01"})
    assert found.status_code == 200
    assert "客户2" in found.text
    assert "100.10" in found.text
    db.session.rollback()
    looks = select(OperationRecord).where(OperationRecord.operation == "retention.look")
    assert [line.object_id for line in db.session.scalars(looks)] == [2]


def test_unknown_customers_and_months_are_refused(kept):
    browser = people.browser_of(kept, people.make(SUPER_ADMIN))
    for data in ({"customer": "nobody", "month": "2025-08-01"}, {"customer": "C000002", "month": "2025-09-01"}, {}):
        assert browser.post("/archives/look", data=data).status_code == 400


def test_a_file_that_was_moved_is_asked_back(kept, tmp_path):
    kept.config["ARCHIVE_DIR"] = str(tmp_path / "elsewhere")
    browser = people.browser_of(kept, people.make(SUPER_ADMIN))
    assert "Moved or damaged" in browser.get("/archives").text
    answer = browser.post("/archives/look", data={"customer": "C000002", "month": "2025-08-01"})
    assert answer.status_code == 409


def test_a_clerk_never_does(kept):
    browser = people.browser_of(kept, people.make(ORDINARY_ADMIN))
    assert browser.get("/archives").status_code == 403
    assert browser.post("/archives/look", data={"customer": "C000002", "month": "2025-08-01"}).status_code == 403
    assert "archives" not in browser.get("/counter/").text


def test_each_kind_has_its_own_limit(shop):
    in_transaction(lambda: change_settings({"keep_postings": "never", "keep_records": "7"}, actor=SOMEBODY))
    assert (setting("keep_postings"), setting("keep_records")) == ("never", 7)
    assert cut_offs(RUN_DAY)[ArchiveKind.POSTINGS] is None
    assert rehearse(today=RUN_DAY).months == []
    in_transaction(lambda: change_settings({"keep_records": "6"}, actor=SOMEBODY))
    assert [month["kind"] for month in rehearse(today=RUN_DAY).months] == ["records"]
    report = retain(today=RUN_DAY, actor=SOMEBODY)
    assert report.holds
    in_transaction(lambda: change_settings({"keep_postings": "6"}, actor=SOMEBODY))
    assert retain(today=RUN_DAY, actor=SOMEBODY).holds


@pytest.mark.parametrize("typed", ["5", "0", "-6", "6.5", "always", "", "100000"])
def test_less_than_six_months_is_not_taken(app, typed):
    with pytest.raises(Invalid):
        in_transaction(lambda: change_settings({"keep_postings": typed}, actor=SOMEBODY))
