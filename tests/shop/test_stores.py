"""Stores, methods, settings and help: the verbs, what they refuse, and the records they leave."""

import json
import secrets
from decimal import Decimal

import pytest

from app.audit.models import OperationRecord
from app.core.db import in_transaction
from app.core.errors import Invalid, NotFound, Stale
from app.core.permissions import SUPER_ADMIN
from app.core.rooms import open_rooms
from app.extensions import db
from app.shop import operations, queries
from app.shop.help import LOCALES, blocks, starting_text
from app.shop.models import Method
from app.shop.refusals import LastOpenStore, StoreCodeTaken
from tests.conftest import actor_of


def new_code() -> str:
    return f"s-{secrets.token_hex(4)}"


def last_record() -> OperationRecord:
    return db.session.query(OperationRecord).order_by(OperationRecord.id.desc()).first()


def create(owner, code=None, name="North") -> int:
    code = new_code() if code is None else code
    return in_transaction(lambda: operations.create_store(code, name, actor=owner))


def test_a_new_store_is_open_and_written_down(app, owner):
    code = new_code()
    store_id = create(owner, code)
    assert queries.store_by_code(code) == (store_id, code, "North", True)
    record = last_record()
    assert (record.operation, record.object_id, record.store_id) == ("shop.create-store", store_id, store_id)
    assert record.changes == {"code": [None, code], "name": [None, "North"], "is_open": [None, True]}


def test_a_code_names_one_store(app, owner):
    code = new_code()
    create(owner, code)
    with pytest.raises(StoreCodeTaken):
        create(owner, code)
    assert len([store for store in queries.all_stores() if store.code == code]) == 1


@pytest.mark.parametrize("code", ["", "Main", "a b", "-a", "a-", "é", "x" * 33, "a\0", "店"])
def test_a_code_is_made_of_small_letters_digits_and_dashes(app, owner, code):
    with pytest.raises(Invalid) as refused:
        create(owner, code)
    assert set(refused.value.errors) == {"code"}


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_store_has_a_name(app, owner, name):
    with pytest.raises(Invalid) as refused:
        create(owner, name=name)
    assert set(refused.value.errors) == {"name"}


def test_a_store_is_renamed_and_closed_with_before_and_after(app, owner):
    store_id = create(owner)
    in_transaction(lambda: operations.change_store(store_id, name="South", is_open=False, actor=owner))
    assert last_record().changes == {"name": ["North", "South"], "is_open": [True, False]}
    assert store_id not in {store.id for store in queries.open_stores()}


def test_a_change_that_changes_nothing_leaves_no_record(app, owner):
    store_id = create(owner)
    before = last_record().id
    in_transaction(lambda: operations.change_store(store_id, name=" North ", is_open=True, actor=owner))
    assert last_record().id == before


def test_a_store_that_does_not_exist_is_not_found(app, owner):
    with pytest.raises(NotFound):
        in_transaction(lambda: operations.change_store(10**9, name="x", is_open=True, actor=owner))
    with pytest.raises(NotFound):
        queries.store_by_code("nowhere")


def test_the_last_open_store_stays_open(empty_house):
    owner = actor_of(empty_house, SUPER_ADMIN)
    with pytest.raises(LastOpenStore):
        in_transaction(lambda: operations.change_store(1, name="Main", is_open=False, actor=owner))
    assert [store.code for store in queries.open_stores()] == ["main"]


def test_who_has_one_store_need_not_name_it(app, clerk):
    assert queries.store_to_work_in(None, actor=clerk).code == "main"
    assert queries.store_to_work_in("main", actor=clerk).id == 1


def test_who_has_several_stores_or_none_must_name_one(app, owner, clerk):
    create(owner)
    nobody = type(clerk)(clerk.kind, clerk.id, clerk.name, stores=frozenset())
    for actor in (owner, nobody):
        with pytest.raises(Invalid) as refused:
            queries.store_to_work_in(None, actor=actor)
        assert set(refused.value.errors) == {"store"}


def test_a_store_out_of_reach_is_no_store(app, owner, clerk):
    code = new_code()
    create(owner, code)
    for name in (code, "nowhere"):
        with pytest.raises(Invalid, match="invalid"):
            queries.store_to_work_in(name, actor=clerk)
        with pytest.raises(Invalid):
            queries.store_to_look_at(name, actor=clerk)
    assert queries.store_to_look_at(code, actor=owner).code == code


def test_nobody_works_in_a_closed_store_but_it_can_be_looked_at(app, owner):
    code = new_code()
    store_id = create(owner, code)
    in_transaction(lambda: operations.change_store(store_id, name="North", is_open=False, actor=owner))
    with pytest.raises(Invalid):
        queries.store_to_work_in(code, actor=owner)
    assert queries.store_to_look_at(code, actor=owner).id == store_id


def test_a_method_is_switched_off_and_on(app, owner):
    for is_on in (False, True):
        in_transaction(lambda is_on=is_on: operations.switch_method(Method.VOUCHER, is_on=is_on, actor=owner))
        assert (Method.VOUCHER in queries.methods_on()) is is_on
        assert last_record().changes == {"voucher": [not is_on, is_on]}
    before = last_record().id
    in_transaction(lambda: operations.switch_method(Method.VOUCHER, is_on=True, actor=owner))
    assert last_record().id == before


def test_methods_stand_in_the_order_of_the_counter(app):
    assert [line.code for line in queries.methods()] == list(Method)


def test_settings_have_defaults_until_they_are_set(empty_house):
    owner = actor_of(empty_house, SUPER_ADMIN)
    untouched = {
        **dict.fromkeys(("bonus_from", "bonus_gift", "balance_limit")),
        "phone_region": "CN",
        "mobile_phones_only": False,
        "shop_name": "",
        "receipt_paper": "80",
        "first_steps": True,
        "own_store_customers": False,
        "second_factor_roles": [],
        "spending_order": "principal-first",
        "clerks_see_own_only": False,
        "cash_taken": "always",
        **dict.fromkeys(("approval_reversals_above", "approval_adjustments_above")),
        "approval_lasts": "7",
        "opens_at": "",
        "closes_at": "",
        "keep_postings": 6,
        "keep_records": 6,
    }
    untouched |= {each.name: each.default for room in open_rooms() for each in room.settings}
    assert queries.settings() == untouched
    given = {"bonus_from": "100", "bonus_gift": Decimal("5.50"), "phone_region": "tw"}
    in_transaction(lambda: operations.change_settings(given, actor=owner))
    read = {"bonus_from": Decimal("100.00"), "bonus_gift": Decimal("5.50"), "phone_region": "TW"}
    assert queries.settings() == untouched | read
    assert queries.setting("phone_region") == "TW"
    assert last_record().changes == {
        "bonus_from": [None, "100.00"], "bonus_gift": [None, "5.50"], "phone_region": ["CN", "TW"]
    }  # fmt: skip
    nothing = {"bonus_from": "", "bonus_gift": None, "phone_region": "CN"}
    in_transaction(lambda: operations.change_settings(nothing, actor=owner))
    assert queries.settings() == untouched
    before = last_record().id
    in_transaction(lambda: operations.change_settings(nothing, actor=owner))
    assert last_record().id == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"bonus_from": "100"}, "bonus_gift"),
        ({"bonus_gift": "100"}, "bonus_from"),
        ({"balance_limit": "1.234"}, "balance_limit"),
        ({"balance_limit": "0"}, "balance_limit"),
        ({"balance_limit": "-1"}, "balance_limit"),
        ({"balance_limit": True}, "balance_limit"),
        ({"phone_region": "XX"}, "phone_region"),
        ({"phone_region": ""}, "phone_region"),
    ],
)
def test_a_setting_that_cannot_be_changes_nothing(app, owner, values, field):
    before = queries.settings()
    with pytest.raises(Invalid) as refused:
        in_transaction(lambda: operations.change_settings({"balance_limit": "9", **values}, actor=owner))
    assert set(refused.value.errors) == {field}
    assert queries.settings() == before


def test_an_undeclared_setting_does_not_exist(app, owner):
    with pytest.raises(KeyError):
        queries.setting("colour")
    with pytest.raises(KeyError):
        in_transaction(lambda: operations.change_settings({"colour": "red"}, actor=owner))


def test_the_help_starts_with_a_text_in_every_language(empty_house):
    for locale in LOCALES:
        page = queries.help_page(locale)
        assert page.version == 0
        assert len(blocks(page.body)) > 8


def test_the_three_starting_texts_have_the_same_shape():
    shapes = {tuple((block.kind, len(block.lines)) for block in blocks(starting_text(locale))) for locale in LOCALES}
    assert len(shapes) == 1


def test_the_help_is_rewritten_version_by_version(empty_house):
    owner = actor_of(empty_house, SUPER_ADMIN)
    assert in_transaction(lambda: operations.write_help("zh", "第一版\r\n\r\n- 一", 0, actor=owner)) == 1
    assert queries.help_page("zh") == ("zh", "第一版\n\n- 一", 1)
    assert last_record().operation == "shop.write-help"
    with pytest.raises(Stale):
        in_transaction(lambda: operations.write_help("zh", "also first", 0, actor=owner))
    assert in_transaction(lambda: operations.write_help("zh", "second", 1, actor=owner)) == 2
    assert queries.help_page("en").version == 0


def test_a_help_text_must_be_one(app, owner):
    for body in ("", " \n ", "x" * 20_001):
        with pytest.raises(Invalid):
            in_transaction(lambda body=body: operations.write_help("en", body, 0, actor=owner))
    with pytest.raises(NotFound):
        in_transaction(lambda: operations.write_help("fr", "bonjour", 0, actor=owner))


def test_a_plain_text_falls_into_paragraphs_headings_and_lists():
    text = "One\ntwo\n\nSteps\n1. a\n2. b\n- c\n\n<b>"
    assert blocks(text) == [
        ("paragraph", ("One", "two")),
        ("heading", ("Steps",)),
        ("numbers", ("a", "b")),
        ("bullets", ("c",)),
        ("paragraph", ("<b>",)),
    ]


def test_stores_are_made_and_listed_from_the_command_line(app):
    run, code = app.test_cli_runner().invoke, new_code()
    assert run(args=["stores", "create", code, "West"]).exit_code == 0
    assert run(args=["stores", "create", code, "West"]).exit_code == 1
    assert run(args=["stores", "create", "Not a code", "West"]).exit_code == 2
    told = json.loads(run(args=["stores", "create", new_code(), "West", "--json"]).output)
    assert told == {"id": queries.store_by_code(told["code"]).id, "code": told["code"]}
    listed = json.loads(run(args=["stores", "list", "--json"]).output)
    assert {"code": code, "name": "West", "is_open": True}.items() <= next(
        s for s in listed if s["code"] == code
    ).items()
    assert f"{code}\tWest\topen" in run(args=["stores", "list"]).output
