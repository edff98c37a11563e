"""Programs sign in with a bearer token, and the owner's programs keep the administrators."""

import pytest

from app.core import clock
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, PRESETS, SUPER_ADMIN
from app.staff.models import SessionKind
from app.staff.operations import change_staff
from app.staff.sign_in import sign_in
from tests.staff.people import PASSWORD, SYSTEM, browser_of, fetch, make, new_name, records

SESSION = "/api/v1/session"
PEOPLE = "/api/v1/administrators"


class Program:
    """A caller with a token."""

    def __init__(self, app, staff_id: int) -> None:
        token, _ = sign_in(fetch(staff_id).username, PASSWORD, kind=SessionKind.API, address=None)
        self.client, self.headers = app.test_client(), {"Authorization": f"Bearer {token}"}

    def __call__(self, method: str, path: str, body: object = None, **headers: str):
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.open(path, method=method, json=body, headers=sent)


@pytest.fixture
def owner(app) -> Program:
    return Program(app, make(SUPER_ADMIN))


@pytest.fixture
def staff_id(app) -> int:
    return make(display_name="Ann", store_ids=[1])


def credentials(name: str, password: str = PASSWORD) -> dict[str, str]:
    return {"username": name, "password": password}


def test_a_program_signs_in_asks_who_it_is_and_signs_out(app, staff_id):
    client, name = app.test_client(), fetch(staff_id).username
    answer = client.post(SESSION, json=credentials(name))
    assert answer.status_code == 201
    assert answer.json["expires_in"] == 8 * 3600
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}

    who = client.get(SESSION, headers=headers).json
    assert (who["username"], who["role"], who["stores"]) == (name, ORDINARY_ADMIN, ["main"])
    assert who["business_date"] == clock.today().isoformat()

    assert client.delete(SESSION, headers=headers).status_code == 204
    assert client.get(SESSION, headers=headers).status_code == 401
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("password", ["wrong", PASSWORD + " ", " " + PASSWORD])
def test_wrong_credentials_are_told_alike(app, staff_id, password):
    client = app.test_client()
    answers = [
        client.post(SESSION, json=credentials(name, password)) for name in (fetch(staff_id).username, new_name())
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json == answers[1].json
    assert answers[0].json["code"] == "wrong-credentials"


@pytest.mark.parametrize(
    "body", [{}, {"username": "x"}, {"username": 1, "password": "x"}, [], {"username": "x", "password": "y", "z": 1}]
)
def test_malformed_credentials_are_malformed(app, body):
    assert app.test_client().post(SESSION, json=body).status_code == 400


@pytest.mark.parametrize("is_known", [True, False])
def test_the_eleventh_try_is_told_to_wait(app, is_known):
    client, name = app.test_client(), new_name()
    if is_known:
        make(name=name)
    for _ in range(10):
        assert client.post(SESSION, json=credentials(name, "wrong")).status_code == 401
    answer = client.post(SESSION, json=credentials(name))
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 1800


def test_failures_on_the_page_and_in_the_api_count_together(app, staff_id):
    client, name = app.test_client(), fetch(staff_id).username
    for _ in range(10):
        client.post(SESSION, json=credentials(name, "wrong"))
    with pytest.raises(Exception, match="too many"):
        sign_in(name, PASSWORD, kind=SessionKind.BROWSER, address=None)


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}])
def test_without_a_good_token_nobody_is_signed_in(app, header):
    for path in (SESSION, PEOPLE):
        assert app.test_client().get(path, headers=header).status_code == 401


def test_a_browsers_cookie_authorises_nothing_here_and_its_secret_neither(app, staff_id):
    browser = browser_of(app, staff_id)
    assert browser.get(SESSION).status_code == 401
    with browser.session_transaction() as kept:
        token = kept["token"]
    assert app.test_client().get(SESSION, headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_token_of_one_who_is_switched_off_is_worth_nothing(app, staff_id):
    program = Program(app, staff_id)
    assert program("GET", SESSION).status_code == 200
    in_transaction(lambda: change_staff(staff_id, is_active=False, actor=SYSTEM))
    assert program("GET", SESSION).status_code == 401


def test_the_owner_makes_reads_changes_and_removes_an_administrator(owner):
    name = new_name()
    made = owner("POST", PEOPLE, {**credentials(name), "role": "cashier", "stores": ["main"], "display_name": "Bob"})
    assert made.status_code == 201
    path = f"{PEOPLE}/{made.json['id']}"
    assert made.json["role"] == "cashier"
    assert made.json["email"] is None
    assert "password" not in made.text

    read = owner("GET", path)
    assert read.json == made.json
    changed = owner("PATCH", path, {"role": "finance", "phone": "139"}, If_Match=read.headers["ETag"])
    assert (changed.status_code, changed.json["role"], changed.json["display_name"]) == (200, "finance", "Bob")
    assert owner("PATCH", path, {"phone": "138"}, If_Match=read.headers["ETag"]).status_code == 412

    assert owner("DELETE", path).status_code == 204
    assert owner("GET", path).status_code == 404
    assert owner("DELETE", path).status_code == 404
    assert [line.operation for line in records(made.json["id"])] == ["staff.create", "staff.change", "staff.remove"]


def test_the_list_is_newest_first_and_goes_on_by_cursor(owner):
    newest = [make() for _ in range(3)][::-1]
    first = owner("GET", f"{PEOPLE}?limit=2").json
    assert [item["id"] for item in first["items"]] == newest[:2]
    second = owner("GET", f"{PEOPLE}?limit=2&cursor={first['next']}").json
    assert second["items"][0]["id"] == newest[2]
    assert owner("GET", f"{PEOPLE}?cursor=x").status_code == 400


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "two words"}, "username"),
        ({"password": "short"}, "password"),
        ({"role": "none"}, "role"),
        ({"stores": ["none"]}, "stores"),
        ({"stores": []}, "stores"),
        ({"email": "none"}, "email"),
        ({"is_admin": True}, "is_admin"),
    ],
)
def test_what_cannot_be_is_refused_by_field(owner, changes, field):
    answer = owner("POST", PEOPLE, {**credentials(new_name()), "role": "cashier", "stores": ["main"], **changes})
    assert answer.status_code == 400
    assert field in answer.json["errors"]


def test_rules_are_refusals_with_a_code(owner, staff_id):
    taken = owner("POST", PEOPLE, {**credentials(fetch(staff_id).username), "role": "cashier", "stores": ["main"]})
    assert (taken.status_code, taken.json["code"]) == (409, "username-taken")


def test_the_last_owner_stays(empty_house):
    last = make(SUPER_ADMIN)
    owner = Program(empty_house, last)
    for method, body in (("DELETE", None), ("PATCH", {"is_active": False}), ("PATCH", {"role": "cashier"})):
        answer = owner(method, f"{PEOPLE}/{last}", body)
        assert (answer.status_code, answer.json["code"]) == (409, "last-super-admin")


def test_the_owner_sets_a_password_and_unlocks(app, owner, staff_id):
    client, name = app.test_client(), fetch(staff_id).username
    for _ in range(10):
        client.post(SESSION, json=credentials(name, "wrong"))
    assert owner("POST", f"{PEOPLE}/{staff_id}/unlock").status_code == 204
    assert owner("POST", f"{PEOPLE}/{staff_id}/password", {"password": "another one 7"}).status_code == 204
    assert client.post(SESSION, json=credentials(name, "another one 7")).status_code == 201


@pytest.mark.parametrize("role", [ORDINARY_ADMIN, *PRESETS])
def test_nobody_else_reaches_the_administrators(app, staff_id, role):
    clerk, one = Program(app, make(role)), f"{PEOPLE}/{staff_id}"
    calls = [("GET", PEOPLE), ("GET", one), ("POST", PEOPLE), ("PATCH", one), ("DELETE", one)]
    calls += [("POST", f"{one}/password"), ("POST", f"{one}/unlock")]
    assert {clerk(method, path, {}).status_code for method, path in calls} == {403}
    assert {app.test_client().open(path, method=method, json={}).status_code for method, path in calls} == {401}
