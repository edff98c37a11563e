"""Who asks: read in few statements, once per request."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN, Action, Grant
from app.extensions import db
from app.staff.rights import actor_for
from tests.conftest import actor_of
from tests.staff.people import browser_of, fetch, make


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_more) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_the_owner_may_all_that_any_room_declares_everywhere(app):
    actor = actor_for(fetch(make(SUPER_ADMIN)), "::1")
    assert actor.grants == actor_of(app, SUPER_ADMIN).grants
    assert (actor.stores, actor.address) == (None, "::1")


def test_a_clerk_may_what_the_rooms_grant_to_his_role_in_his_stores(app):
    actor = actor_for(fetch(make(ORDINARY_ADMIN, store_ids=[1])), None)
    assert actor.grants == actor_of(app, ORDINARY_ADMIN).grants
    assert actor.stores == frozenset({1})
    assert Grant(Action.VIEW, "staff") not in actor.grants


def test_rights_and_stores_are_read_in_one_statement(app):
    owner, clerk = fetch(make(SUPER_ADMIN)), fetch(make())
    clerk.username, owner.username  # noqa: B018 - read before, so that nothing but rights is counted
    for staff in (owner, clerk):
        with statements() as asked:
            actor_for(staff, None)
        assert len(asked) == 1


def test_a_page_asks_once_who_is_there_and_where(app):
    browser = browser_of(app, make())
    with statements() as asked:
        browser.get("/store")
    assert len(asked) == 1


def test_files_and_health_ask_nothing_at_all(app):
    browser = browser_of(app, make())
    with statements() as asked:
        for path in ("/static/ui/app.css", "/healthz"):
            with browser.get(path) as answer:
                assert answer.status_code == 200
    assert asked == []
