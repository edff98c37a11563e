"""Generated lists: filters of one's own, reach, typed and strict arguments, pages by key."""

import re
import threading

import pytest
from sqlalchemy import event

from app.customers.models import Customer
from app.ui import interface, keyset
from tests.staff.people import form_token
from tests.ui.demo import DemoCustomerView

LIST = "/democustomerview/list/"


def _names(page) -> set[str]:
    return {name for name in page.text.split(">") if name.startswith("N") and name.endswith("</a")}


def _shows(answer, customer: Customer) -> bool:
    assert answer.status_code == 200, answer.status_code
    return f">{customer.name}<" in answer.text


# Trap 1: the framework keeps active filters on the view, for everybody


def test_filters_belong_to_their_request(app, owner, clerk, new_customer):
    one, other = new_customer(), new_customer()
    view = next(view for view in app.appbuilder.baseviews if isinstance(view, DemoCustomerView))
    barrier, seen = threading.Barrier(2), {}

    def look(name: str) -> None:
        with app.test_request_context(f"{LIST}?_flt_0_name={name}"):
            from app.ui import arguments  # noqa: PLC0415

            arguments.fill(view._filters)
            barrier.wait(timeout=10)
            seen[name] = [values for _kind, values in view._filters.get_filters_values()]

    threads = [threading.Thread(target=look, args=(customer.name,)) for customer in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {customer.name: [[customer.name]] for customer in (one, other)}
    assert _shows(owner.get(f"{LIST}?_flt_0_name={one.name}"), one)
    assert _shows(owner.get(f"{LIST}?_flt_0_name={other.name}"), other)
    assert not _shows(owner.get(f"{LIST}?_flt_0_name={other.name}"), one)


# Trap 2: base filters hold for lists, records, forms, actions, related views and drop-downs


def test_a_row_out_of_reach_is_nowhere(clerk, owner, new_store, new_customer):
    far = new_customer(store_id=new_store().id)
    assert not _shows(clerk.get(f"{LIST}?_flt_0_name={far.name}"), far)
    assert _shows(owner.get(f"{LIST}?_flt_0_name={far.name}"), far)
    for path in (f"/democustomerview/show/{far.id}", f"/democustomerview/edit/{far.id}"):
        assert clerk.get(path).status_code == 404
        assert owner.get(path).status_code == 200


def test_a_drop_down_offers_only_what_is_within_reach(clerk, owner, new_store, new_customer):
    far, near = new_store(), new_customer()
    path = f"/demochoiceview/edit/{near.id}"
    option = f">{far.name}</option>"
    assert option in owner.get(path).text
    assert option not in clerk.get(path).text
    answer = clerk.post(path, data={"csrf_token": form_token(clerk, path), "name": "x", "version": 1, "store": far.id})
    assert answer.status_code == 400
    assert far.name not in clerk.get("/demochoiceview/list/").text


def test_actions_reach_no_row_out_of_reach_and_need_their_own_right(clerk, owner, new_customer):
    near, gone = new_customer(), new_customer(deleted_at=interface.datetime(2020, 1, 1, tzinfo=_utc()))
    path, token = "/democustomerview/action_post", form_token(owner, LIST)
    DemoCustomerView.acted.clear()
    wanted = {"csrf_token": token, "action": "praise", "rowid": [near.id, gone.id]}
    assert owner.post(path, data=wanted).status_code == 404
    assert DemoCustomerView.acted == []
    assert owner.post(path, data={**wanted, "rowid": [near.id]}).status_code == 302
    assert owner.post(f"/democustomerview/action/praise/{near.id}", data={"csrf_token": token}).status_code == 302
    assert DemoCustomerView.acted == [[near.id], [near.id]]
    assert owner.get(f"/democustomerview/action/praise/{near.id}").status_code == 405
    token = form_token(clerk, LIST)
    assert clerk.post(path, data={**wanted, "csrf_token": token, "rowid": [near.id]}).status_code == 403
    assert clerk.post(path, data={**wanted, "csrf_token": token, "action": "unknown"}).status_code == 404
    assert DemoCustomerView.acted == [[near.id], [near.id]]


def _utc():
    from datetime import UTC  # noqa: PLC0415

    return UTC


def test_related_views_keep_their_own_filters_and_rights(clerk, owner, new_customer):
    near = new_customer()
    page = clerk.get("/demostoreview/show/1?psize_DemoChoiceView=200").text
    assert near.name in page
    assert "<h2>Vault</h2>" not in page
    assert "<h2>Vault</h2>" in owner.get("/demostoreview/show/1").text


# Trap 5: counts and pages that end, relations together, rights without SQL


def _next_of(page) -> str:
    return re.search(r'rel="next" href="([^"]+)"', page.text)[1].replace("&amp;", "&")


@pytest.mark.parametrize(
    "order", ["", "&_oc_DemoCustomerView=name", "&_oc_DemoCustomerView=created_at&_od_DemoCustomerView=desc"]
)
def test_pages_go_by_key_and_miss_nobody_who_was_there(owner, new_store, new_customer, order):
    store = new_store()
    made = [new_customer(store_id=store.id, name=f"N{letter}{store.code}") for letter in "bacca"]
    page = owner.get(f"{LIST}?_flt_0_store={store.code}&psize_DemoCustomerView=2{order}")
    seen = []
    for _ in range(3):
        seen += [one.id for one in made if f'/democustomerview/show/{one.id}"' in page.text]
        if 'rel="next"' not in page.text:
            break
        new_customer(store_id=store.id, name=f"N0{store.code}")  # who comes in meanwhile moves nobody
        page = owner.get(_next_of(page))
        assert "To the beginning" in page.text
    assert sorted(seen) == sorted(one.id for one in made) if not order else set(seen) <= {one.id for one in made}
    assert len(seen) == len(set(seen))


def test_what_no_index_serves_is_looked_for_in_so_many_rows_and_goes_on(owner, new_store, new_customer, monkeypatch):
    store = new_store()
    first = new_customer(store_id=store.id, note="x")
    for _ in range(5):
        new_customer(store_id=store.id, name="Nother")
    monkeypatch.setattr(keyset, "MOST_LOOKED_AT", 3)
    page = owner.get(f"{LIST}?_flt_0_name={first.name}&_flt_0_store={store.code}")
    assert not _shows(page, first)
    assert "3 rows were looked at so far." in page.text
    for looked in ("6", "9"):
        if _shows(page, first):
            break
        page = owner.get(_next_of(page))
        assert f"{looked} rows were looked at so far." in page.text or 'rel="next"' not in page.text


def test_a_place_in_one_list_is_none_in_another(owner, new_customer):
    for _ in range(2):
        new_customer()
    place = re.search(r"after_DemoCustomerView=([^&]+)", _next_of(owner.get(f"{LIST}?psize_DemoCustomerView=1")))[1]
    assert owner.get(f"{LIST}?after_DemoCustomerView={place}").status_code == 200
    for query in (f"{place}x", "abc", f"{place}&_oc_DemoCustomerView=name"):
        assert owner.get(f"{LIST}?after_DemoCustomerView={query}").status_code == 400
    assert owner.get(f"/demochoiceview/list/?after_DemoChoiceView={place}").status_code == 400


def test_a_page_is_never_larger_than_the_cap(owner):
    for size in ("-1", "0", "201", "9999"):
        assert owner.get(f"{LIST}?psize_DemoCustomerView={size}").status_code == 400
    assert owner.get(f"{LIST}?psize_DemoCustomerView=200").status_code == 200


def test_the_number_of_statements_does_not_grow_with_rows_or_menu(app, owner, new_store, new_customer):
    def statements(path: str) -> list[str]:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_more):
            seen.append(statement)

        with app.app_context():
            engine = app.extensions["sqlalchemy"].engine
        event.listen(engine, "before_cursor_execute", note)
        assert owner.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return [statement for statement in seen if statement.lstrip().upper().startswith("SELECT")]

    few = len(statements(LIST))
    for _ in range(5):
        new_customer(store_id=new_store().id)
    many = statements(LIST)
    assert len(many) == few
    assert not [statement for statement in many if "ab_permission_view_role" in statement][1:]


# Trap 6: arguments are strict


@pytest.mark.parametrize(
    "query",
    [
        "page_DemoCustomerView=abc",
        "page_X=abc",
        "page_DemoCustomerView=-1",
        "page_DemoCustomerView=99999999999999999999",
        "psize_X=",
        "_flt_9_name=x",
        "_flt_x_name=x",
        "_flt_0_=x",
        "_flt_0_id_number=x",  # a column that is not searched
        "_flt_0_store.name=x",
        "_flt_0_type=no-such",
        "_flt_0_birthday=yesterday",
        "_flt_0_birthday=2026-02-30",
        "_flt_0_created_at=0001-01-01",
        "_flt_0_created_at=now()",
        "_oc_DemoCustomerView=phone",  # a column that is not ordered
        "_oc_DemoCustomerView=id_number&_od_DemoCustomerView=asc",
        "_oc_DemoCustomerView=name&_od_DemoCustomerView=sideways",
        "_oc_DemoCustomerView=store",
        "_flt_0_name=a%00b",
    ],
)
def test_arguments_that_mean_nothing_are_400(owner, query):
    assert owner.get(f"{LIST}?{query}").status_code == 400


@pytest.mark.parametrize("query", ["_flt_0_floor=cheap", "_flt_0_seq=word", "_flt_0_seq=1e400", "_flt_0_floor=1.234"])
def test_a_word_in_a_number_filter_is_400(owner, query):
    assert owner.get(f"/demoaccountview/list/?{query}").status_code == 400


@pytest.mark.parametrize("query", ["_flt_0_seq=" + "9" * 30, "_flt_0_seq=-" + "9" * 30, "_flt_0_floor=99999999999999"])
def test_a_number_beyond_all_columns_is_400(owner, query):
    assert owner.get(f"/demoaccountview/list/?{query}").status_code == 400


@pytest.mark.parametrize("pk", ["abc", "-1", "9" * 30, "1e3", "%00", "1;drop", "１"])
def test_a_key_that_is_none_is_not_found(owner, pk):
    assert owner.get(f"/democustomerview/show/{pk}").status_code in (400, 404)


def test_signs_of_like_mean_themselves(owner, new_customer):
    odd, plain = new_customer(name="N100%_off"), new_customer(name="N100 off")
    answer = owner.get(f"{LIST}?_flt_0_name=100%25_")
    assert _shows(answer, odd)
    assert not _shows(answer, plain)


def test_filters_find_by_choice_day_ending_and_looked_up_row(owner, new_store, new_customer):
    store = new_store()
    mine = new_customer(store_id=store.id, type="vip", birthday=interface.date(1990, 5, 1))
    other = new_customer(store_id=store.id)
    found = f"_flt_0_store={store.code}&_flt_0_type=vip&_flt_0_birthday=1990-05-01&_flt_1_birthday=1990-05-01"
    answer = owner.get(f"{LIST}?{found}&_flt_2_phone={mine.phone[-4:]}&_flt_1_created_at=2999-01-01&_flt_0_name=")
    assert _shows(answer, mine)
    assert not _shows(answer, other)
    assert "Type: VIP" in answer.text
    assert not _shows(owner.get(f"{LIST}?_flt_0_store={store.code}&_flt_1_created_at=2000-01-01"), mine)


def test_ordering_follows_the_column_that_was_asked_for(owner, new_store, new_customer):
    store = new_store()
    for name in ("Nb", "Na", "Nc"):
        new_customer(store_id=store.id, name=name)
    wanted = f"{LIST}?_flt_0_store={store.code}&_oc_DemoCustomerView=name&_od_DemoCustomerView="
    for direction, names in (("asc", "abc"), ("desc", "cba")):
        text = owner.get(wanted + direction).text
        places = [text.index(f">N{letter}</a>") for letter in names]
        assert places == sorted(places)
