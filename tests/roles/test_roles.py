"""What each role sees and may do is told of what the rooms declare, each grant in words."""

from app.core.permissions import ORDINARY_ADMIN, ROLES, SUPER_ADMIN
from app.features import enabled
from app.roles.rights import WORDS, role_lines
from tests.staff.people import browser_of, make


def test_every_grant_that_a_room_declares_has_words():
    declared = {
        (grant.resource, grant.action) for room in enabled(None) for role in ROLES for grant in room.grants_of(role)
    }
    assert declared - WORDS.keys() == set(), "say in app/reports/rights.py what these mean"
    assert WORDS.keys() - declared == set(), "no room declares these"


def test_every_role_is_told_with_what_it_sees():
    lines = {line.role: line for line in role_lines(enabled(None))}
    assert lines.keys() == set(ROLES)
    owner, clerk = lines[SUPER_ADMIN], lines[ORDINARY_ADMIN]
    assert owner.sees_all
    assert clerk.sees_today
    assert "Delete customers" in owner.rights
    assert "Delete customers" not in clerk.rights
    assert "All-time totals" in {page.label for page in owner.pages} - {page.label for page in clerk.pages}
    assert (lines["installer"].sees_all, lines["installer"].sees_today) == (False, False)


def test_the_owner_reads_it_and_a_clerk_does_not(app):
    page = browser_of(app, make(SUPER_ADMIN)).get("/roles").text
    assert page.count("Only those of today, in his stores.") >= 2
    assert "The statement of one customer, of all stores." in page
    assert browser_of(app, make(ORDINARY_ADMIN)).get("/roles").status_code == 403
