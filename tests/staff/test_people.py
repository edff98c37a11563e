"""Administrators are made, changed and removed by rules, and every change is written down."""

import contextlib
import threading

import pytest

from app.core.actor import Actor, ActorKind
from app.core.db import in_transaction
from app.core.errors import Invalid, NotFound, Stale
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN, Action, Grant
from app.extensions import db
from app.staff.models import SessionKind
from app.staff.operations import change_own_profile, change_staff, create_staff, remove_staff, set_password
from app.staff.queries import find_session, open_stores, super_admins
from app.staff.refusals import BeyondOwnRights, EmailTaken, LastSuperAdmin, StaffRemoved, UsernameTaken
from app.staff.sign_in import sign_in
from tests.staff.people import PASSWORD, SYSTEM, fetch, make, new_name, records


def change(staff_id: int, actor: Actor = SYSTEM, **particulars: object) -> None:
    in_transaction(lambda: change_staff(staff_id, actor=actor, **particulars))


def remove(staff_id: int, actor: Actor = SYSTEM) -> None:
    in_transaction(lambda: remove_staff(staff_id, actor=actor))


def test_a_new_administrator_has_his_role_and_every_open_store(app):
    staff = fetch(make(display_name=" Ann ", phone="１３８"))
    assert staff.role == ORDINARY_ADMIN
    assert [store.code for store in staff.stores] == [place.code for place in open_stores()]
    assert (staff.display_name, staff.phone, staff.own_email) == ("Ann", "138", None)


def test_making_an_administrator_leaves_a_record_without_secrets(app):
    staff_id = make(display_name="Ann", phone="13800138000")
    (line,) = records(staff_id)
    assert line.operation == "staff.create"
    assert line.changes["role"] == [None, ORDINARY_ADMIN]
    assert line.personal.changes["phone"] == [None, "13800138000"]
    assert "pbkdf2" not in str(line.changes) + str(line.personal.changes)


@pytest.mark.parametrize("name", ["", " ", "two words", "a" * 65, "semi;colon", "nul\0"])
def test_a_name_that_cannot_be_typed_safely_is_refused(app, name):
    with pytest.raises(Invalid):
        in_transaction(lambda: create_staff(name, password_hash="x", role=ORDINARY_ADMIN, actor=SYSTEM))


def test_a_name_is_taken_whatever_its_case_or_width(app):
    name = new_name()
    make(name=name)
    for same in (name, name.upper(), f" {name} ", name.replace("u", "ｕ")):
        with pytest.raises(UsernameTaken):
            make(name=same)


def test_a_removed_administrator_keeps_his_name_for_history(app):
    name = new_name()
    staff_id = make(name=name, email=f"{name}@example.com")
    remove(staff_id)
    staff = fetch(staff_id)
    assert (staff.username, staff.active, staff.role, staff.own_email) == (name, False, None, None)
    assert staff.deleted_at
    with pytest.raises(UsernameTaken):
        make(name=name)
    make(email=f"{name}@example.com")
    assert [line.operation for line in records(staff_id)] == ["staff.create", "staff.remove"]


def test_nothing_can_be_done_to_one_who_was_removed(app):
    staff_id = make()
    remove(staff_id)
    for attempt in (
        lambda: remove(staff_id),
        lambda: change(staff_id, is_active=True),
        lambda: in_transaction(lambda: set_password(staff_id, "hash", actor=SYSTEM)),
    ):
        with pytest.raises(StaffRemoved):
            attempt()


def test_a_change_is_written_down_before_and_after(app):
    staff_id = make(display_name="Ann")
    change(staff_id, display_name="Anna", role="finance")
    line = records(staff_id)[-1]
    assert line.changes == {"role": [ORDINARY_ADMIN, "finance"]}
    assert line.personal.changes == {"display_name": ["Ann", "Anna"]}
    assert fetch(staff_id).version == 2


def test_a_change_of_nothing_leaves_no_trace(app):
    staff_id = make(display_name="Ann")
    change(staff_id, display_name="Ann", role=ORDINARY_ADMIN, is_active=True)
    assert len(records(staff_id)) == 1
    assert fetch(staff_id).version == 1


def test_a_form_that_is_older_than_the_record_is_stale(app):
    staff_id = make()
    change(staff_id, version=1, display_name="Ann")
    with pytest.raises(Stale):
        change(staff_id, version=1, display_name="Bob")


def test_an_address_belongs_to_one_administrator(app):
    email = f"{new_name()}@example.com"
    make(email=email)
    with pytest.raises(EmailTaken):
        make(email=email.upper())


@pytest.mark.parametrize("particulars", [{"role": "none"}, {"store_ids": []}, {"store_ids": [999_999]}])
def test_a_role_and_stores_must_exist(app, particulars):
    with pytest.raises(Invalid):
        change(make(), **particulars)


def test_nobody_unknown_can_be_changed(app):
    with pytest.raises(NotFound):
        change(999_999_999, display_name="Ann")


def test_nobody_gives_rights_that_he_does_not_have(app):
    grants = frozenset({Grant(Action.VIEW, "staff"), Grant(Action.EDIT, "staff")})
    limited = Actor(ActorKind.STAFF, make(), "limited", grants, None)
    with pytest.raises(BeyondOwnRights):
        make(SUPER_ADMIN, actor=limited)
    with pytest.raises(BeyondOwnRights):
        change(limited.id, limited, role=SUPER_ADMIN)


def test_nobody_sets_the_password_of_someone_who_may_do_more(app):
    grants = frozenset({Grant(Action.EDIT, "staff")})
    limited = Actor(ActorKind.STAFF, make(), "limited", grants, None)
    owner_id = make(SUPER_ADMIN)
    for attempt in (
        lambda: in_transaction(lambda: set_password(owner_id, "hash", actor=limited)),
        lambda: remove(owner_id, limited),
        lambda: change(owner_id, limited, is_active=False),
    ):
        with pytest.raises(BeyondOwnRights):
            attempt()


def test_a_person_may_change_his_own_profile_but_not_his_role(app):
    staff_id = make()
    actor = Actor(ActorKind.STAFF, staff_id, "me")
    in_transaction(lambda: change_own_profile(actor=actor, display_name="Me", phone="", email=""))
    assert fetch(staff_id).display_name == "Me"


@pytest.mark.parametrize("way", [remove, lambda it: change(it, is_active=False), lambda it: change(it, role="finance")])
def test_the_last_super_administrator_stays(empty_house, way):
    first = make(SUPER_ADMIN)
    with pytest.raises(LastSuperAdmin):
        way(first)
    assert super_admins() == [first]
    make(SUPER_ADMIN)
    way(first)
    assert len(super_admins()) == 1


def test_two_owners_who_demote_each_other_at_once_leave_one(empty_house):
    ann, bob = make(SUPER_ADMIN), make(SUPER_ADMIN)
    outcomes = at_once(
        empty_house,
        lambda: change_staff(bob, role=ORDINARY_ADMIN, actor=SYSTEM),
        lambda: remove_staff(ann, actor=SYSTEM),
    )
    assert sorted(outcomes) == ["LastSuperAdmin", "done"]
    assert len(super_admins()) == 1


def at_once(app, *verbs) -> list[str]:
    """Run each verb in a thread of its own; says how each ended.

    A transaction is held open until the other has done its work too, or is seen to wait for this one.
    """
    gate, outcomes = threading.Barrier(len(verbs)), []

    def meet(verb) -> None:
        verb()
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(timeout=0.5)

    def run(verb) -> None:
        with app.app_context():
            try:
                in_transaction(lambda: meet(verb))
                outcomes.append("done")
            except LastSuperAdmin:
                outcomes.append("LastSuperAdmin")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return outcomes


@pytest.mark.parametrize("way", [remove, lambda it: change(it, is_active=False)])
def test_whoever_loses_his_place_is_signed_out_at_once(app, way):
    staff_id = make()
    tokens = [(kind, sign_in(fetch(staff_id).username, PASSWORD, kind=kind, address=None)[0]) for kind in SessionKind]
    assert all(find_session(token, kind) for kind, token in tokens)
    way(staff_id)
    assert not any(find_session(token, kind) for kind, token in tokens)
