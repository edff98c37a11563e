"""Generated forms: what was typed goes to a verb as plain values, and what the verb says comes back to the form."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.customers.models import Customer
from app.extensions import db
from app.ledger.models import Account
from app.shop.models import Store
from tests.staff.people import form_token, post
from tests.ui.demo import DemoChoiceView

ADD = "/demostoreview/add"


@pytest.fixture
def account(app):
    with app.app_context():
        return db.session.scalar(select(Account).where(Account.code == "suspense"))


# Trap 3: an amount is no integer


def test_a_form_keeps_the_cents_of_an_amount(owner, account, fetch):
    path = f"/demoaccountview/edit/{account.id}"
    assert post(owner, path, floor="1,234.56", status="open").status_code == 302
    assert fetch(Account, account.id).floor == Decimal("1234.56")
    page = owner.get(path).text
    assert 'value="1234.56"' in page
    assert post(owner, path, floor="1234.56", status="open").status_code == 302
    assert fetch(Account, account.id).floor == Decimal("1234.56")
    assert "¥1,234.56" in owner.get("/demoaccountview/list/?_flt_2_floor=1234.56").text


@pytest.mark.parametrize("typed", ["1.234", "1e3", "NaN", "10000000000", "", "-", "true"])
def test_a_form_refuses_what_is_no_amount_and_shows_it(owner, account, typed):
    answer = post(owner, f"/demoaccountview/edit/{account.id}", floor=typed, status="open")
    assert answer.status_code == 400
    assert f'value="{typed}"' in answer.text
    assert 'aria-invalid="true"' in answer.text


# Trap 4: a look-up instead of a drop-down with every row


def test_a_relation_to_a_large_table_is_looked_up(owner, new_store, new_customer, fetch):
    customer, store = new_customer(), new_store()
    path = f"/democustomerview/edit/{customer.id}"
    page = owner.get(path).text
    assert 'value="main"' in page
    assert f">{store.name}</option>" not in page
    typed = {"name": "Renamed", "type": "vip", "gender": "", "version": 1}
    answer = post(owner, path, store="nowhere", **typed)
    assert answer.status_code == 400
    assert "Nothing goes by that name." in answer.text
    assert 'value="nowhere"' in answer.text
    assert post(owner, path, store=store.code.upper(), **typed).status_code == 302
    assert fetch(Customer, customer.id).store_id == store.id


def test_a_looked_up_row_out_of_reach_is_not_found(clerk, new_store, new_customer):
    path = f"/democustomerview/edit/{new_customer().id}"
    answer = post(clerk, path, store=new_store().code, name="x", type="vip", version=1)
    assert answer.status_code == 400


def test_the_address_presets_no_relation(app, owner, new_store, new_customer):
    """The framework took the foreign key from the filter in the address, whatever the form said."""
    customer, store = new_customer(), new_store()
    view = next(view for view in app.appbuilder.baseviews if isinstance(view, DemoChoiceView))
    path = f"/demochoiceview/edit/{customer.id}"
    token = form_token(owner, path)
    data = {"csrf_token": token, "name": "x", "version": 1, "store": 1}
    assert owner.post(f"{path}?_flt_0_store={store.id}", data=data).status_code == 302
    assert view.got == {"name": "x", "store_id": 1, "version": 1}


# Traps 7 and 8: what a verb says is shown, nothing is swallowed, nothing is half done


def test_a_saved_form_leads_to_the_list(owner):
    answer = post(owner, ADD, code="new-one", name="New one", is_open="y")
    assert (answer.status_code, answer.location) == (302, "/demostoreview/list/")
    assert "Saved." in owner.get(answer.location).text


def test_a_refusal_is_409_with_the_form_as_it_was_typed(owner):
    answer = post(owner, ADD, code="full", name="***", is_open="y")
    assert answer.status_code == 409
    assert "Only 2 of ¥1,234.50 are allowed." in answer.text
    assert 'value="full"' in answer.text
    assert 'value="***"' in answer.text


def test_invalid_input_is_400_with_each_message_beside_its_field(owner):
    answer = post(owner, ADD, code="c", name="bad")
    assert answer.status_code == 400
    assert "No such word, please." in answer.text
    assert "And something else." in answer.text
    assert 'value="c"' in answer.text


def test_a_form_of_the_wrong_shape_is_400(owner):
    answer = post(owner, ADD, code="x" * 33, name="")
    assert answer.status_code == 400
    assert answer.text.count('aria-invalid="true"') == 2


def test_a_clash_in_the_database_is_409_without_sql(owner, new_store):
    answer = post(owner, ADD, code=new_store().code, name="Again")
    assert answer.status_code == 409
    assert "This contradicts something that is there already." in answer.text
    assert "INSERT" not in answer.text
    assert "UNIQUE" not in answer.text


def test_a_stale_form_is_412_with_what_is_there_now(owner, new_customer, fetch):
    customer = new_customer()
    path = f"/democustomerview/edit/{customer.id}"
    typed = {"type": "personal", "gender": "", "store": "main"}
    assert 'name="version" type="hidden" value="1"' in owner.get(path).text
    assert post(owner, path, name="First", version=1, **typed).status_code == 302
    answer = post(owner, path, name="Second", version=1, **typed)
    assert answer.status_code == 412
    assert 'value="Second"' in answer.text
    assert "Now: First" in answer.text
    assert fetch(Customer, customer.id).name == "First"
    assert 'name="version" type="hidden" value="2"' in answer.text
    assert post(owner, path, name="Second", version=2, **typed).status_code == 302
    assert fetch(Customer, customer.id).name == "Second"


@pytest.mark.parametrize("version", ["", "x", "-1"])
def test_a_version_that_is_none_is_400(owner, new_customer, version):
    path = f"/democustomerview/edit/{new_customer().id}"
    answer = post(owner, path, name="x", type="vip", gender="", store="main", version=version)
    assert answer.status_code == 400


def test_a_busy_database_is_503_and_says_that_nothing_was_changed(owner):
    answer = post(owner, ADD, code="b", name="busy")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "Nothing was changed" in answer.text


def test_removing_is_a_post_and_its_refusal_is_shown_on_the_record(owner, clerk, new_store, fetch):
    store = new_store()
    path = f"/demostoreview/delete/{store.id}"
    assert owner.get(path).status_code == 405
    answer = post(owner, path, page="/demostoreview/list/")
    assert answer.status_code == 409
    assert "Only 0 of ¥0.00 are allowed." in answer.text
    assert fetch(Store, store.id) is not None
    assert post(clerk, "/demostoreview/delete/1", page="/demostoreview/list/").status_code == 403
    assert "/delete/" not in clerk.get("/demostoreview/list/").text


def test_the_framework_can_write_nothing_by_itself(app):
    for view in app.appbuilder.baseviews:
        data = getattr(view, "datamodel", None)
        for method in ("add", "edit", "delete", "delete_all"):
            if data is not None:
                with pytest.raises(NotImplementedError):
                    getattr(data, method)(None)
