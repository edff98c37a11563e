"""What is older than the cut-off is not shown, also while its month has not left yet."""

from datetime import date

from sqlalchemy import func, select

from app.audit.queries import Wanted, operation_records
from app.audit.queries import shown_from as records_from
from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.ledger import queries as ledger
from app.ledger.models import Posting
from app.shop.operations import change_settings
from tests.conftest import actor_of
from tests.retention.conftest import SOMEBODY, set_clock


def at(day):
    """Look from that day on: what a page has asked once, it knows until its transaction ends."""
    set_clock(day)
    db.session.rollback()


def test_nothing_older_than_the_cut_off_is_shown(shop):
    owner = actor_of(shop, SUPER_ADMIN)
    here = db.session.scalar(select(func.count()).select_from(Posting))
    assert len(ledger.page({}, actor=owner, below=None, limit=1000)) == here

    at(date(2026, 2, 28))  # the cut-off is 28 August: none of August has left
    assert ledger.shown_from() == records_from() == date(2025, 8, 28)
    shown = ledger.page({}, actor=owner, below=None, limit=1000)
    assert min(row.business_date for row in shown) == date(2025, 8, 28)
    assert len(shown) < here

    at(date(2026, 3, 31))
    first = date(2025, 9, 30)
    assert ledger.shown_from() == records_from() == first
    assert ledger.page({}, actor=owner, below=None, limit=1000) == []
    assert all(line.business_date >= first for line in operation_records(Wanted(), limit=100))
    in_transaction(lambda: change_settings({"keep_postings": "never", "keep_records": "never"}, actor=SOMEBODY))
    assert ledger.shown_from() is None
    assert records_from() is None
    assert len(ledger.page({}, actor=owner, below=None, limit=1000)) == here
