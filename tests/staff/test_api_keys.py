"""Keys of programs: one role and its stores, shown once, dead when revoked; and a person's own sessions."""

import re
import secrets
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.actor import Actor, ActorKind
from app.core.db import in_transaction
from app.core.errors import Invalid
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from app.staff import keys
from app.staff.models import ApiKey, SessionKind, StaffSession
from app.staff.operations import change_staff, make_key, revoke_key
from app.staff.queries import own_sessions, token_hash
from app.staff.refusals import BeyondOwnRights, KeyNameTaken
from app.staff.sign_in import sign_in
from tests.conftest import actor_of
from tests.staff.people import PASSWORD, browser_of, fetch, form_token, is_good, make, new_name, post


def give_key(app, role: str = ORDINARY_ADMIN, *, stores=(1,), **more) -> tuple[int, str]:
    """A new key as an owner makes it: its id and its secret."""
    secret, owner = keys.new_key(), actor_of(app, SUPER_ADMIN)
    given = {"key_hash": token_hash(secret), "role": role, "store_ids": stores, **more}
    return in_transaction(lambda: make_key(new_name(), actor=owner, **given)), secret


def ask(app, secret: str, path: str = "/api/v1/stores", method: str = "GET", **more):
    headers = {"Authorization": f"Bearer {secret}", **more.pop("headers", {})}
    return app.test_client().open(path, method=method, headers=headers, **more)


def kept(key_id: int) -> ApiKey:
    db.session.rollback()
    return db.session.get(ApiKey, key_id, populate_existing=True)


def test_an_owner_makes_a_key_on_the_page_and_sees_it_once(app):
    owner, name = browser_of(app, make(SUPER_ADMIN)), new_name()
    made = post(owner, "/api-keys/new", name=name, role=ORDINARY_ADMIN, stores=["1"])
    secret = re.search(r'id="api-key">([^<]+)<', made.text).group(1)
    assert ask(app, secret).status_code == 200
    listed = owner.get("/api-keys").text
    assert name in listed
    assert secret not in listed
    db.session.rollback()
    row = db.session.scalars(select(ApiKey).filter_by(name=name)).one()
    assert row.key_hash == token_hash(secret)
    line = db.session.scalars(select(OperationRecord).filter_by(object_type="api-key", object_id=row.id)).one()
    assert secret not in str(line.changes)
    assert line.changes["role"] == [None, ORDINARY_ADMIN]


def test_only_owners_see_make_and_revoke_keys(app):
    key_id, secret = give_key(app)
    clerk = browser_of(app, make())
    for path in ("/api-keys", "/api-keys/new"):
        assert clerk.get(path).status_code == 403
    assert post(clerk, f"/api-keys/{key_id}/revoke", page="/profile").status_code == 403
    assert ask(app, secret).status_code == 200


def test_a_revoked_key_is_dead_on_the_next_request(app):
    key_id, secret = give_key(app)
    assert ask(app, secret).status_code == 200
    owner = browser_of(app, make(SUPER_ADMIN))
    assert post(owner, f"/api-keys/{key_id}/revoke", page="/api-keys").status_code == 302
    assert ask(app, secret).status_code == 401
    assert post(owner, "/api-keys/999999/revoke", page="/api-keys").status_code == 404


def test_a_key_ends_with_its_last_day(app):
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    _key_id, secret = give_key(app, expires_at=tomorrow)
    assert ask(app, secret).status_code == 200
    with time_machine.travel(tomorrow):
        assert ask(app, secret).status_code == 401
    with pytest.raises(Invalid):
        give_key(app, expires_at=datetime.now(UTC))


def test_a_key_may_what_its_role_may_where_it_may(app):
    _, clerk = give_key(app)
    _, finance = give_key(app, "finance")
    _, owner = give_key(app, SUPER_ADMIN)
    for path in ("/administrators", "/operation-records"):
        assert ask(app, clerk, f"/api/v1{path}").status_code == 403
        assert ask(app, owner, f"/api/v1{path}").status_code == 200
    money = {"amount": "1.00", "method": "cash"}
    of_nobody = {"json": money, "headers": {"Idempotency-Key": secrets.token_hex(8)}}
    assert ask(app, finance, "/api/v1/customers/1/recharges", "POST", **of_nobody).status_code == 403
    assert ask(app, clerk).json["items"][0]["code"] == "main"


def test_a_key_has_no_session_and_no_password_of_its_own(app):
    key_id, secret = give_key(app, SUPER_ADMIN)
    who = ask(app, secret, "/api/v1/session").json
    assert (who["id"], who["username"], who["role"]) == (key_id, None, SUPER_ADMIN)
    assert ask(app, secret, "/api/v1/session", "DELETE").status_code == 403
    assert all(grant.resource != "profile" for grant in keys.actor_for_key(keys.find_key(secret), None).grants)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["token"] = secret
    assert client.get("/profile").status_code == 302  # a key signs no browser in


def test_a_key_is_never_taken_for_the_person_with_its_number(app):
    person = make(SUPER_ADMIN)
    grants = actor_of(app, ORDINARY_ADMIN).grants
    actor = Actor(ActorKind.API_KEY, person, "key", grants, frozenset({1}))
    with pytest.raises(BeyondOwnRights):
        in_transaction(lambda: change_staff(person, actor=actor, display_name="taken over"))


def test_nobody_gives_a_key_more_than_he_has(app):
    clerk = actor_of(app, ORDINARY_ADMIN)
    for role, stores in ((SUPER_ADMIN, [1]), (ORDINARY_ADMIN, [999_999]), ("no-such-role", [1])):
        with pytest.raises((BeyondOwnRights, Invalid)):
            in_transaction(
                lambda role=role, stores=stores: make_key(
                    new_name(), key_hash=secrets.token_hex(32), role=role, store_ids=stores, actor=clerk
                )
            )


def test_a_name_of_a_key_stays_its_own_after_it_is_revoked(app):
    key_id, _ = give_key(app)
    owner, name = actor_of(app, SUPER_ADMIN), kept(key_id).name
    in_transaction(lambda: revoke_key(key_id, actor=owner))
    with pytest.raises(KeyNameTaken):
        in_transaction(
            lambda: make_key(
                name.upper(), key_hash=secrets.token_hex(32), role=ORDINARY_ADMIN, store_ids=[1], actor=owner
            )
        )


def test_what_a_key_posts_names_no_person_and_records_name_the_key(app, new_phone):
    key_id, secret = give_key(app)
    phone = new_phone()
    customer = ask(app, secret, "/api/v1/customers", "POST", json={"phone": phone, "name": "By a program"}).json
    path, key = f"/api/v1/customers/{customer['id']}/recharges", {"Idempotency-Key": "the same key"}
    body = {"amount": "10.00", "method": "cash"}
    posted = ask(app, secret, path, "POST", json=body, headers=key)
    assert posted.status_code == 201, posted.text
    assert posted.json["posting"]["operator"] is None
    assert ask(app, secret, path, "POST", json=body, headers=key).status_code == 200
    _, other = give_key(app)
    assert ask(app, other, path, "POST", json=body, headers=key).status_code == 201  # each has keys of its own
    made = select(OperationRecord).filter_by(object_type="customer", object_id=customer["id"])
    line = db.session.scalars(made).first()
    assert (line.actor_kind, line.actor_id, line.actor_name) == (ActorKind.API_KEY, key_id, kept(key_id).name)


def test_the_last_use_is_told_to_five_minutes(app):
    key_id, secret = give_key(app)
    assert kept(key_id).last_used_at is None
    ask(app, secret)
    first = kept(key_id).last_used_at
    assert first is not None
    ask(app, secret)
    assert kept(key_id).last_used_at == first
    with time_machine.travel(first + timedelta(minutes=6)):
        ask(app, secret)
    assert kept(key_id).last_used_at > first + timedelta(minutes=5)


def test_a_person_sees_his_sessions_and_ends_them(app):
    staff_id = make()
    name = fetch(staff_id).username
    browser = browser_of(app, staff_id)
    token, _ = sign_in(name, PASSWORD, kind=SessionKind.API, address="192.0.2.7", user_agent="till/1.0")
    page = browser.get("/profile/sessions").text
    for told in ("192.0.2.7", "till/1.0", "this one"):
        assert told in page
    db.session.rollback()
    sent = db.session.scalars(select(StaffSession.id).filter_by(token_hash=token_hash(token))).one()
    assert post(browser, f"/profile/sessions/{sent}/end", page="/profile/sessions").status_code == 302
    assert not is_good(token, SessionKind.API)
    assert browser.get("/profile").status_code == 200


def test_all_other_sessions_end_and_this_one_stays(app):
    staff_id = make()
    mine, others = browser_of(app, staff_id), [browser_of(app, staff_id) for _ in range(2)]
    assert post(mine, "/profile/sessions/others", page="/profile/sessions").status_code == 302
    assert mine.get("/profile").status_code == 200
    assert [other.get("/profile").status_code for other in others] == [302, 302]
    db.session.rollback()
    assert len(own_sessions(staff_id)) == 1


def test_nobody_ends_a_session_of_another(app):
    victim, other = make(), make()
    browser_of(app, victim)
    db.session.rollback()
    theirs = own_sessions(victim)[0].id
    client = browser_of(app, other)
    answer = client.post(
        f"/profile/sessions/{theirs}/end", data={"csrf_token": form_token(client, "/profile/sessions")}
    )
    assert answer.status_code == 404
    db.session.rollback()
    assert len(own_sessions(victim)) == 1


def test_when_a_session_was_last_seen_is_written_at_most_every_five_minutes(app):
    staff_id = make()
    browser = browser_of(app, staff_id)
    db.session.rollback()
    started = own_sessions(staff_id)[0].last_seen_at
    browser.get("/profile")
    db.session.rollback()
    db.session.expire_all()
    assert own_sessions(staff_id)[0].last_seen_at == started
    with time_machine.travel(started + timedelta(minutes=6)):
        browser.get("/profile")
        db.session.rollback()
        db.session.expire_all()
        assert own_sessions(staff_id)[0].last_seen_at > started + timedelta(minutes=5)
