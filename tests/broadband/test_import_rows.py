"""What a row of a subscriber list must hold, and what is said of it when it does not; in every language's headings."""

import csv
from datetime import timedelta

import pytest

from app.broadband.subscribers.kind import SUBSCRIBERS
from app.broadband.subscribers.words import LABELS, WORDS, Field
from app.core.money import LARGEST
from app.customers.takeover import flow, queries, refusals, report
from app.customers.takeover.headings import recognised
from app.extensions import db
from tests.broadband.ground import running, service_of, today
from tests.broadband.listed import Provider, checked, errors_of, taken_over, written

NOBODY = "nobody at all"


@pytest.fixture
def provider(app):
    return Provider()


@pytest.fixture
def told(owner, provider, tmp_path, new_phone):
    """Call it with what a row says; answers what is wrong with it, by field."""

    def tell(*rows: dict[str, str], **said: str) -> dict[int, dict[str, str]] | dict[str, str]:
        given = rows or (provider.row(**{"phone": new_phone()} | said),)
        number = checked(written(tmp_path / "list.csv", *given), owner)
        found = errors_of(number)
        flow.forget(number, actor=owner)
        return found if rows else found.get(2, {})

    return tell


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"community": NOBODY}, {"community": "unknown-community"}),
        ({"package": NOBODY}, {"package_type": "unknown-package"}),
        ({"business": NOBODY}, {"business_type": "unknown-business-type"}),
        ({"sold_by": NOBODY}, {"salesperson": "unknown-employee"}),
        ({"installed_by": NOBODY}, {"installer": "unknown-installer"}),
        ({"state": "睡觉"}, {"user_status": "unknown-state"}),
        ({"community": ""}, {"community": "missing"}),
        ({"package": ""}, {"package_type": "missing"}),
        ({"state": ""}, {"user_status": "missing"}),
        ({"name": ""}, {"customer_name": "name-missing"}),
        ({"phone": "12345"}, {"phone": "bad-phone"}),
        ({"phone": " "}, {"phone": "phone-missing"}),
        ({"address": "x" * 251}, {"address": "too-long"}),
        ({"account": "x" * 121}, {"broadband_account": "too-long"}),
        ({"password": "x" * 129}, {"broadband_password": "too-long"}),
        ({"remark": "x" * 501}, {"remark": "too-long"}),
        ({"fee": "-1"}, {"fee": "negative-amount"}),
        ({"fee": "1.234"}, {"fee": "too-many-decimals"}),
        ({"fee": str(LARGEST * 10)}, {"fee": "amount-too-large"}),
        ({"activated": "2999-01-01"}, {"activation_date": "bad-date", "apply_date": "missing"}),
        ({"stops": "2999-01-01"}, {"stop_date": "bad-date"}),
        ({"stops": "31.12.2026"}, {"stop_date": "bad-date"}),
        ({"applied": "2026-02-01"}, {"activation_date": "too-early"}),
        ({"stops": "2026-01-30"}, {"stop_date": "too-early"}),
        ({"activated": "", "stops": ""}, {"apply_date": "missing"}),
        ({"anchor": "32"}, {"anchor_day": "bad-anchor-day"}),
        ({"anchor": "5"}, {"anchor_day": "wrong-anchor-day"}),
        ({"state": "报停"}, {"suspended_on": "needed-in-state"}),
        ({"state": "强停"}, {"suspended_on": "needed-in-state"}),
        ({"state": "销户"}, {"closed_on": "needed-in-state"}),
        ({"state": "开通", "closed": "2026-05-01"}, {"closed_on": "not-in-state"}),
        ({"state": "销户", "closed": "2026-01-01"}, {"closed_on": "too-early"}),
        ({"state": "报装"}, {"activation_date": "not-in-state", "stop_date": "not-in-state"}),
    ],
)
def test_what_does_not_fit_is_told_of_its_field(told, said, wrong):
    assert told(**said) == wrong


def test_a_paid_until_date_may_lie_ahead_but_not_a_day_that_has_been(told):
    ahead = (today() + timedelta(days=400)).isoformat()
    assert told(stops=ahead) == {}
    assert told(state="报停", suspended=ahead) == {"suspended_on": "bad-date"}


def test_people_and_places_are_known_by_number_or_by_a_name_that_is_theirs_alone(told, provider):
    assert told(sold_by=provider.seller.lower(), installed_by=provider.fitter.upper()) == {}
    twins = [Provider() for _ in range(2)]
    db.session.rollback()
    from app.broadband.models import Community  # noqa: PLC0415
    from app.core.db import in_transaction  # noqa: PLC0415

    def rename() -> None:
        for twin in twins:
            db.session.get(Community, twin.ids["community_id"]).community = f"Twins {twins[0].community}"

    in_transaction(rename)
    assert told(community=f"Twins {twins[0].community}") == {"community": "ambiguous"}
    assert told(community=twins[1].community) == {}


def test_an_account_stands_once_in_the_file(told, provider, new_phone, monkeypatch):
    monkeypatch.setattr(flow, "BATCH", 1)
    account = f"a{new_phone()}"
    rows = [provider.row(new_phone(), account=account) for _ in range(2)]
    assert told(*rows) == {3: {"broadband_account": "duplicate"}}


def test_an_account_of_a_closed_service_may_be_anothers(told, provider, new_phone):
    account = f"a{new_phone()}"
    closed = provider.row(new_phone(), account=account, state="closed", closed="2026-05-01")
    assert told(closed, provider.row(new_phone(), account=account)) == {}


def test_an_account_of_an_open_service_is_taken(told, owner, new_phone):
    account = f"a{new_phone()}"
    running(owner, new_phone(), details={"broadband_account": account})
    assert told(account=account) == {"broadband_account": "account-taken"}


def test_a_service_of_the_customer_at_that_place_is_there_already(told, provider, owner, new_phone):
    phone = new_phone()
    _customer, service = running(owner, phone, **provider.ids, details={"address": "3-501"})
    assert service_of(service).broadband_account is None
    for said in ({}, {"account": f"a{phone}"}):
        assert told(provider.row(phone, address="3-501", **said)) == {2: {"address": "service-there"}}
    assert told(provider.row(phone, address="3-502")) == {}


def test_the_name_is_needed_once(told, provider, new_phone):
    phone = new_phone()
    first, second = provider.row(phone, account=f"a{phone}"), provider.row(phone, account=f"b{phone}", name="")
    assert told(first, second) == {}
    assert told(second, first) == {2: {"customer_name": "name-missing"}}


def test_every_complaint_is_a_sentence(owner, provider, tmp_path, new_phone):
    row = provider.row(new_phone(), anchor="5", community="?", stops="2026-01-01")
    number = checked(written(tmp_path / "list.csv", row), owner)
    found = {each.field: each.why for each in report.complaints(queries.refused_rows(number), SUBSCRIBERS)}
    assert found["Community"] == "There is no such community."
    assert found["Stop date"] == "This day lies before 2026-01-31."
    db.session.rollback()
    flow.forget(number, actor=owner)


@pytest.mark.parametrize("name", Field)
def test_every_field_is_known_by_its_name_and_by_what_the_source_calls_it(name):
    simplified, english = WORDS[name][0][0].split()[0], WORDS[name][0][1].split(", ")[0]
    for heading in (simplified, english, english.title(), f"*{simplified}："):
        assert recognised(heading, SUBSCRIBERS)[0] is name
    assert name in LABELS


def test_a_list_of_traditional_headings_and_of_a_western_program_is_read(owner, provider, tmp_path, new_phone):
    place = {"community": provider.community, "package": provider.package}
    for headings, state in (
        ("行動電話,客戶姓名,小區名稱,業務類型,套餐類型,用戶狀態,報裝日期,開通日期,停止日期", "開通"),
        (
            "Phone,Name,Community,Business type,Package,Status,Application date,Activated on,Paid until",
            "active",
        ),
    ):
        path = tmp_path / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings.split(","))
            days = ("2026/1/1", "2026年1月5日", "2026.4.4")
            writer.writerow([new_phone(), "王", place["community"], "ftth", place["package"], state, *days])
        assert taken_over(path, owner)["rows_applied"] == 1


def test_a_list_without_phone_numbers_is_refused_whole(owner, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("小区名称,套餐类型\nA,B\n", encoding="utf-8")
    with pytest.raises(refusals.NoPhoneColumn):
        flow.look(path, SUBSCRIBERS)[0].require_sure()
