"""A shop moves from SQLite to PostgreSQL: everything, the same, or not at all."""

import json
import os
import subprocess
import sys
import time

import pytest
from sqlalchemy import create_engine, text

from app.backup.making import create
from app.backup.moving import move
from app.backup.refusals import BackupRefused
from app.extensions import db
from app.ledger.proofs import verify
from config import ROOT
from tests.backup.conftest import contents, counts, post
from tests.conftest import make_database, open_house

MOVE = [sys.executable, "-m", "flask", "--app", "run", "db-move", "--to"]


@pytest.fixture
def target(server, tmp_path) -> str:
    return make_database("postgresql", server, tmp_path)


@pytest.fixture
def shop(traded):
    """Only a shop on SQLite moves."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("moving begins on SQLite")
    return traded


def command(shop, *words: str):
    return shop.test_cli_runner().invoke(args=["db-move", *words])


def is_empty(url: str) -> bool:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"))
    engine.dispose()
    return found == 0


def test_a_moved_shop_is_the_same_and_goes_on(shop, target, tmp_path):
    before, made = counts(), create(tmp_path / "here.zip")
    answer = command(shop, "--to", target, "--json")
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert told["rows"] == made.rows
    assert told["proofs"]["chains"] > 0
    assert counts() == before  # the source stays
    other = open_house(target)
    with other.app_context():
        assert {name: rows for name, rows in counts().items() if name in before} == before
        create(tmp_path / "there.zip")
        same = [
            [(table.name, table.rows, table.sha256) for table in sorted(each.tables, key=lambda table: table.name)]
            for each in (made, contents(tmp_path / "there.zip"))
        ]
        assert same[0] == same[1]
        post(other)  # new rows get new numbers
        assert all(proof.holds for proof in verify())
        db.session.remove()
        db.engine.dispose()


def test_a_target_that_is_not_empty_is_refused(shop, target):
    move(target)
    answer = command(shop, "--to", target)
    assert answer.exit_code == 1
    assert "has tables already" in answer.stderr


@pytest.mark.parametrize("url", ["sqlite:///x.db", "nonsense", "postgresql://localhost/x", ""])
def test_an_address_that_is_none_is_wrong_usage(shop, url):
    assert command(shop, "--to", url).exit_code == 2


def test_a_source_in_use_is_refused(shop, target):
    other = create_engine(shop.config["SQLALCHEMY_DATABASE_URI"])
    with other.connect() as connection:
        connection.execute(text("SELECT count(*) FROM posting"))
        answer = command(shop, "--to", target)
        assert answer.exit_code == 1
        assert "is in use" in answer.stderr
    other.dispose()
    assert is_empty(target)
    assert command(shop, "--to", target).exit_code == 0


def test_a_target_in_use_is_refused(shop, target):
    other = create_engine(target, connect_args={"application_name": "prepaid-desk"})
    with other.connect() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(BackupRefused, match="is in use"):
            move(target)
    other.dispose()


def test_a_ledger_that_does_not_hold_is_not_moved(shop, target):
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE ledger_account SET balance = balance + 1 WHERE customer_id IS NOT NULL"))
    with pytest.raises(BackupRefused, match="does not hold"):
        move(target)
    assert is_empty(target)


def test_a_target_that_does_not_answer_is_one_sentence(shop):
    answer = command(shop, "--to", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert answer.exit_code == 1
    assert answer.stderr.count("\n") == 1


def test_a_shop_on_postgresql_has_moved_already(traded, target):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("this one is about PostgreSQL")
    with pytest.raises(BackupRefused, match="already"):
        move(target)


def test_killed_anywhere_it_is_begun_anew(shop, target, tmp_path):
    before = counts()
    env = os.environ | {
        "DATABASE_URL": shop.config["SQLALCHEMY_DATABASE_URI"],
        "INSTANCE_DIR": str(tmp_path / "instance"),
        "SECRET_KEY": shop.config["SECRET_KEY"],
    }
    db.session.remove()
    db.engine.dispose()
    for part in range(4):
        process = subprocess.Popen([*MOVE, target], cwd=ROOT, env=env, stdout=-3, stderr=-3)
        time.sleep(1.4 + part * 0.25)
        process.kill()
        process.wait(30)
        if not _is_empty_soon(target):
            break  # it was done already
    else:
        assert _done_soon(target)
    assert counts() == before
    other = open_house(target)
    with other.app_context():
        assert {name: rows for name, rows in counts().items() if name in before} == before
        assert all(proof.holds for proof in verify())
        db.session.remove()
        db.engine.dispose()


def _is_empty_soon(url: str) -> bool:
    """The server notices after a moment that nobody is there any more."""
    return all(is_empty(url) or time.sleep(0.2) for _ in range(3))


def _done_soon(url: str) -> bool:
    for _ in range(20):
        try:
            move(url)
        except BackupRefused:
            time.sleep(0.5)
        else:
            return True
    return False
