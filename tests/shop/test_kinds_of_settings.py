"""What each kind of setting takes, and how the page shows and saves it."""

import pytest

from app.core.db import in_transaction
from app.core.errors import Invalid
from app.core.permissions import SUPER_ADMIN
from app.core.setting_kinds import Declared, SettingKind
from app.extensions import db
from app.shop import operations, queries
from app.shop.settings import all_declared, by_heading
from tests.conftest import actor_of
from tests.staff.people import browser_of, make, post

SWITCH = Declared("switch", SettingKind.YES_NO, False, "Switch")
COUNT = Declared("count", SettingKind.WHOLE, 3, "Count", least=1, most=12)
SOME = Declared("some", SettingKind.SEVERAL, [], "Some", choices=(("a", "A"), ("b", "B"), ("c", "C")))


@pytest.mark.parametrize(
    ("declared", "typed", "read"),
    [
        (SWITCH, True, True),
        (SWITCH, None, False),
        (COUNT, "12", 12),
        (COUNT, 1, 1),
        (SOME, ["c", "a"], ["a", "c"]),
        (SOME, None, []),
    ],
)
def test_what_a_setting_takes(declared, typed, read):
    assert declared.read(typed) == read


@pytest.mark.parametrize(
    ("declared", "typed"),
    [
        (SWITCH, "perhaps"),
        (COUNT, "0"),
        (COUNT, "13"),
        (COUNT, "1.5"),
        (COUNT, "-1"),
        (COUNT, "٣"),
        (COUNT, None),
        (SOME, ["d"]),
    ],
)
def test_what_a_setting_refuses(declared, typed):
    with pytest.raises(Invalid) as invalid:
        declared.read(typed)
    assert list(invalid.value.errors) == [declared.name]


def test_every_setting_stands_under_a_heading_once(app):
    shown = [declared for heading, inside in by_heading() for declared in inside]
    assert sorted(each.name for each in shown) == sorted(all_declared())
    assert all(heading for heading, _ in by_heading())


def test_the_page_saves_switches_and_several_choices(empty_house):
    owner = browser_of(empty_house, make(SUPER_ADMIN))
    page = owner.get("/settings").text
    assert "<legend>Signing in</legend>" in page
    given = {"phone_region": "CN", "own_store_customers": "y", "second_factor_roles": ["finance", "installer"]}
    assert post(owner, "/settings", **given).status_code == 302
    db.session.rollback()
    values = queries.settings()
    assert values["own_store_customers"] is True
    assert values["second_factor_roles"] == given["second_factor_roles"]
    assert post(owner, "/settings", phone_region="CN", second_factor_roles="nobody").status_code == 400
    assert post(owner, "/settings", phone_region="CN").status_code == 302
    db.session.rollback()
    assert queries.setting("second_factor_roles") == []


def test_the_first_steps_are_read_off_the_facts(empty_house, tmp_path, monkeypatch):
    monkeypatch.setitem(empty_house.config, "BACKUP_DIR", str(tmp_path / "backups"))
    owner = browser_of(empty_house, make(SUPER_ADMIN))
    assert done(owner) == 0
    actor = actor_of(empty_house, SUPER_ADMIN)
    changes = {"shop_name": "Tea House", "bonus_from": "100", "bonus_gift": "5"}
    in_transaction(lambda: operations.change_settings(changes, actor=actor))
    in_transaction(lambda: operations.change_store(1, name="East Gate", is_open=True, actor=actor))
    assert done(owner) == 3
    wanted = {"cash": "y", "bank_card": "y", "alipay": "y", "wechat": "y", "bank_transfer": "y", "voucher": "y"}
    assert post(owner, "/payment-methods", other="y", **wanted).status_code == 302  # nothing changed, but looked at
    make()
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "first.backup").write_bytes(b"")
    assert done(owner) == 6


def test_the_first_steps_are_put_away_for_good(empty_house):
    owner = browser_of(empty_house, make(SUPER_ADMIN))
    assert "First steps" in owner.get("/overview").text
    assert post(owner, "/first-steps/dismiss", page="/overview").status_code == 302
    assert "guide-title" not in owner.get("/overview").text
    assert 'name="first_steps"' in owner.get("/settings").text


def done(browser) -> int:
    return browser.get("/overview").text.count("guide-done")
