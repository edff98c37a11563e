"""The jobs that the house comes with: what each does, and what it says of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from app.backup.nightly import NoBackup
from app.backup.reading import opened
from app.core import clock, days
from app.core.actor import Actor
from app.core.db import in_transaction, is_postgresql
from app.core.jobs import Run
from app.extensions import db
from app.ledger.models import Account
from app.ledger.nightly import ProofFailed
from app.staff.models import SessionKind, SignInFailures, StaffSession
from tests.staff import people

RUN = Run(Actor.system("jobs"))


@pytest.fixture
def do(empty_house, tmp_path, monkeypatch):
    """Call it with the name of a job to do its work."""
    monkeypatch.setitem(empty_house.config, "BACKUP_DIR", str(tmp_path / "backups"))
    return lambda name: empty_house.extensions["jobs"][name].work(RUN)


def test_the_house_comes_with_these_jobs(empty_house):
    jobs = empty_house.extensions["jobs"]
    assert {"ledger.close-days", "ledger.verify", "backup.create", "backup.drill"} <= {
        name for name, job in jobs.items() if job.alarms
    }
    assert {"ledger.expire-holds", "staff.forget-sessions", "jobs.forget-runs"} <= jobs.keys()


def test_days_that_are_over_are_closed_in_order_and_once(do, monkeypatch):
    people.make()  # the first record of the house
    first = clock.today()
    monkeypatch.setattr(clock, "_shop", clock._shop._replace(shift=clock._shop.shift + timedelta(days=3)))
    closed = [(first + timedelta(days=number)).isoformat() for number in range(3)]
    assert do("ledger.close-days") == {"closed": closed}
    assert do("ledger.close-days") == {"closed": []}
    assert days.today() == clock.today()


def test_the_proofs_leave_their_figures(do):
    figures = do("ledger.verify")
    assert figures["guards"] > 0
    assert {"chains", "postings", "holds", "links", "days"} <= figures.keys()


def test_a_proof_that_fails_fails_the_run_with_its_figures(do, empty_house):
    if is_postgresql():
        db.session.execute(text("ALTER TABLE posting DISABLE TRIGGER USER"))
    else:
        name = db.session.scalar(text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='posting'"))
        db.session.execute(text(f"DROP TRIGGER {name}"))
    db.session.commit()
    with pytest.raises(ProofFailed) as raised:
        do("ledger.verify")
    assert raised.value.figures["proof"] == "guards"
    assert raised.value.figures["proofs"]["guards"][1] > 0
    assert "the proof guards found" in str(raised.value)


def test_holds_are_freed_though_nobody_looks(do):
    assert db.session.scalars(select(Account.held).where(Account.held > 0)).all() == []
    assert do("ledger.expire-holds") == {"freed": 0}


def test_sessions_and_failures_are_forgotten_when_they_are_old(do):
    staff_id, now = people.make(), clock.real_now()

    def add(name: str, ended_days_ago: int) -> None:
        at = now - timedelta(days=ended_days_ago)
        db.session.add(
            StaffSession(
                user_id=staff_id,
                kind=SessionKind.BROWSER,
                token_hash=name,
                started_at=at,
                expires_at=at + timedelta(hours=12),
            )
        )
        db.session.add(SignInFailures(key=name, count=1, since=at))

    in_transaction(lambda: (add("old", 40), add("recent", 10), add("new", 0)))
    locked = now + timedelta(minutes=5)
    in_transaction(
        lambda: db.session.execute(
            update(SignInFailures).where(SignInFailures.key == "recent").values(locked_until=locked)
        )
    )
    assert do("staff.forget-sessions") == {"sessions": 1, "failures": 1}
    assert set(db.session.scalars(select(StaffSession.token_hash))) == {"recent", "new"}
    assert set(db.session.scalars(select(SignInFailures.key))) == {"recent", "new"}
    assert do("staff.forget-sessions") == {"sessions": 0, "failures": 0}


def test_the_newest_backups_stay_and_those_of_people_too(do, empty_house, tmp_path, monkeypatch):
    folder = tmp_path / "backups"
    folder.mkdir()
    monkeypatch.setitem(empty_house.config, "BACKUPS_KEPT", 3)
    for number in range(5):
        (folder / f"nightly-2020010{number}T000000Z.zip").touch()
    (folder / "before-the-move.zip").touch()
    made = do("backup.create")
    assert made["removed"] == 3
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["before-the-move.zip", "nightly-20200103T000000Z.zip", "nightly-20200104T000000Z.zip", made["file"]]
    with opened(folder / made["file"]) as backup:
        backup.verify()


def test_the_newest_backup_is_tried_out(do, tmp_path):
    tried = do("backup.drill")
    assert tried["rows"] > 0
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [tried["file"]]


def test_a_backup_that_cannot_be_made_is_told_of_in_a_sentence(do, tmp_path):
    (tmp_path / "backups").touch()
    with pytest.raises(NoBackup, match="No backup could be made"):
        do("backup.create")
