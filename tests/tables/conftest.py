"""A room of the tests' own with one report over real postings, in a house whose database is theirs alone."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, select

from app import features
from app.core.actor import Actor, ActorKind
from app.core.bulk import insert_rows
from app.core.db import in_transaction
from app.core.feature import Feature, Page
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN, Action, Grant
from app.extensions import db
from app.ledger.models import Kind as PostingKind
from app.ledger.models import Posting
from app.shop.models import Method
from app.tables import (
    Amounts,
    Asked,
    Choice,
    Claim,
    Column,
    Group,
    Kind,
    Order,
    Period,
    Report,
    Text,
    Whole,
    report_api,
    report_page,
)
from tests.conftest import of_kind, open_ready
from tests.customers.desk import Desk
from tests.staff import people

VIEW, EXPORT = Grant(Action.VIEW, "spare-rows"), Grant(Action.EXPORT, "spare-rows")
SUMS, ALL = Grant(Action.VIEW, "spare-sums"), Grant(Action.VIEW, "all-spare-rows")
FIRST_DAY = date(2026, 3, 1)
NASTY = ("=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", '"quoted", with comma', "two\nlines", "<b>bold</b>", "plain 汉字")


def rows_seen(asked: Asked) -> Select:
    """Who may not see all sees the even amounts alone: the clamp of these tests."""
    found = select(
        Posting.id,
        Posting.business_date,
        Posting.posted_at,
        Posting.kind,
        Posting.amount,
        Posting.hour,
        Posting.is_forced,
        Posting.note,
        Posting.method,
    )
    return found if asked.actor.may(*ALL) else found.where(Posting.hour % 2 == 0)


def _methods(_actor: Actor) -> list[tuple[str, str]]:
    return [("cash", "Cash"), ("other", "Other")]


spare = Report(
    name="spare-rows",
    title="Spare rows",
    route="/spare-rows",
    grant=VIEW,
    export=EXPORT,
    totals_grant=SUMS,
    source=rows_seen,
    page_size=10,
    orders=(
        Order("newest", "Newest first", (Posting.business_date, Posting.id)),
        Order("dearest", "Dearest first", (Posting.amount, Posting.id)),
        Order("oldest", "Oldest first", (Posting.posted_at, Posting.id), is_descending=False),
    ),
    filters=(
        Period("period", "Day", Posting.business_date),
        Period("posted", "Posted", Posting.posted_at),
        Choice("kind", "Kind", Posting.kind, choices=PostingKind),
        Choice("method", "Method", Posting.method, choices=_methods, grant=ALL),
        Whole("hour", "Hour", Posting.hour),
        Claim("forced", "Forced", Posting.is_forced),
        Amounts("amount", "Amount", Posting.amount),
        Text("note", "Note", lambda text: Posting.note.contains(text, autoescape=True)),
        Text("receipt", "Receipt", Posting.receipt_no, is_narrow=True, is_personal=True),
    ),
    columns=(
        Column("id", "Number", Kind.NUMBER, link=lambda row: f"/somewhere/{row.id}"),
        Column("business_date", "Day", Kind.DAY),
        Column("posted_at", "Time", Kind.MOMENT),
        Column("kind", "Kind", Kind.CHOICE),
        Column("amount", "Amount", Kind.MONEY, total=True),
        Column("hour", "Hour", Kind.NUMBER, total=True),
        Column("is_forced", "Forced", Kind.CLAIM),
        Column("note", "Note"),
        Column("method", "Method", grant=ALL),
    ),
    groups=(Group("day", "Day", "business_date", Kind.DAY, chart="line"), Group("kind", "Kind", "kind", Kind.CHOICE)),
)
quiet = replace(
    spare, name="quiet-rows", route="/quiet-rows", export=None, groups=(), filters=(), orders=spare.orders[:1]
)

ROOM = Feature(
    name="spare",
    package=__name__,
    pages=(
        Page(report_page(spare), "spare-rows", label="Spare rows", category="Desk", shows=VIEW),
        Page(report_page(quiet), "quiet-rows", label="Quiet rows", category="Desk", shows=VIEW),
    ),
    apis=(report_api(spare), report_api(quiet)),
    grants={
        ORDINARY_ADMIN: frozenset({VIEW, EXPORT}),
        "cashier": frozenset({VIEW}),
        SUPER_ADMIN: frozenset({SUMS, ALL}),
    },
)


def add(count: int, *, start: int = 0, on: date | None = None) -> None:
    """So many postings more, one a day from FIRST_DAY on unless they are all of one day."""
    given = {column.name: None for column in Posting.__table__.c if column.name != "id"}
    made = []
    for at in range(start, start + count):
        day = on or FIRST_DAY + timedelta(days=at)
        made.append(
            given
            | {
                "business_date": day,
                "posted_at": datetime(day.year, day.month, day.day, 4, tzinfo=UTC) + timedelta(seconds=at),
                "hour": at,
                "kind": PostingKind.RECHARGE if at % 3 else PostingKind.CONSUMPTION,
                "amount": Decimal(at + 1) / 100,
                "store_id": 1,
                "operator_kind": ActorKind.SYSTEM,
                "method": Method.CASH,
                "command_id": 1,
                "receipt_no": f"R{at:06}",
                "is_forced": at % 4 == 0,
                "note": NASTY[at % len(NASTY)],
            }
        )
    in_transaction(lambda: insert_rows(Posting.__table__, made))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def spare_house(request, tmp_path_factory) -> Iterator[Flask]:
    """A house with the room of these tests, and 60 rows."""
    url = of_kind(request, tmp_path_factory.mktemp("spare"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(features, "ROOMS", (*features.ROOMS, ROOM))
        app = open_ready(url)
        with app.app_context():  # commands run in the context that is there, also in another house's
            app.test_cli_runner().invoke(args=["roles", "sync"], catch_exceptions=False)
            add(60)
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="module")
def boss(spare_house) -> Desk:
    return Desk(spare_house, SUPER_ADMIN)


@pytest.fixture(scope="module")
def till(spare_house) -> Desk:
    return Desk(spare_house, ORDINARY_ADMIN, store_ids=[1])


@pytest.fixture(scope="module")
def owner(spare_house, boss) -> FlaskClient:
    return people.browser_of(spare_house, boss.id)


@pytest.fixture(scope="module")
def clerk(spare_house, till) -> FlaskClient:
    return people.browser_of(spare_house, till.id)


def taken(client: FlaskClient, query: str = "", format: str = "csv") -> bytes:
    answer = people.post(client, f"/spare-rows/export?{query}", page="/spare-rows/", format=format)
    assert answer.status_code == 200, answer.text
    return answer.data


def lines_of(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
