"""The start: a database is prepared once, nothing is lost on the way, and what cannot be used is told in a sentence."""

import re
import socket
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import func, select, text

from app import create_app
from app.audit.models import OperationRecord
from app.backup.replacing import restore
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.ledger.proofs import guards
from app.serve import _listen
from app.serve.preparing import CannotStart, prepare
from app.shop.queries import all_stores
from app.staff.models import Staff
from config import ROOT, BadSetting, Config, TestConfig
from tests.conftest import make_database


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """The address of a database that nothing was ever done to."""
    server = request.getfixturevalue("server") if request.param == "postgresql" else None
    return make_database(request.param, server, tmp_path)


@pytest.fixture
def new_house(address, tmp_path):
    app = create_app(
        TestConfig(address, ADMIN_USERNAME="owner", ADMIN_PASSWORD="", BACKUP_DIR=str(tmp_path / "backups"))
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def backups(folder: Path) -> list[Path]:
    return sorted((folder / "backups").glob("*.zip"))


def records() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(OperationRecord))


def test_first_start_makes_the_owner_and_shows_the_password_once(new_house, capsys):
    prepare(new_house)
    said = capsys.readouterr().out
    password = said.partition("Password: ")[2].split()[0]
    assert "User name: owner" in said
    owner = db.session.scalars(select(Staff)).one()
    assert [role.name for role in owner.roles] == [SUPER_ADMIN]
    assert password not in owner.password
    prepare(new_house)
    assert "Password" not in capsys.readouterr().out


def test_the_first_store_is_called_in_the_language_of_the_shop(new_house):
    new_house.config["BABEL_DEFAULT_LOCALE"] = "zh"
    prepare(new_house)
    assert [store.name for store in all_stores()] == ["总店"]


def test_second_start_changes_nothing(new_house, capsys):
    prepare(new_house)
    before = records()
    capsys.readouterr()
    prepare(new_house)
    assert capsys.readouterr().out == ""
    assert records() == before


def test_a_password_that_is_given_is_not_shown(new_house, capsys):
    new_house.config["ADMIN_PASSWORD"] = "correct horse 9"
    prepare(new_house)
    assert "correct horse 9" not in capsys.readouterr().out


def test_a_weak_first_password_stops_the_start_with_a_sentence(new_house):
    new_house.config["ADMIN_PASSWORD"] = "12"
    with pytest.raises(CannotStart, match="ADMIN_PASSWORD: Use at least 8"):
        prepare(new_house)


def test_data_is_backed_up_before_a_migration(new_house, tmp_path, capsys):
    upgrade(revision=ScriptDirectory(str(ROOT / "migrations")).get_revision("head").down_revision)
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO setting (name, value) VALUES ('test', '1')"))
    prepare(new_house)
    said = capsys.readouterr().out
    (copy,) = backups(tmp_path)
    assert str(copy) in said
    assert copy.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(copy) as kept:
        assert kept.read("tables/setting.jsonl") == b'["test","1"]\n'
    restore(copy)
    assert db.session.scalar(text("SELECT value FROM setting WHERE name = 'test'")) == "1"


def test_no_migration_without_the_backup_before_it(new_house, tmp_path):
    upgrade(revision=ScriptDirectory(str(ROOT / "migrations")).get_revision("head").down_revision)
    (tmp_path / "backups").write_text("a file where the folder should be")
    with pytest.raises(CannotStart, match="was not migrated"):
        prepare(new_house)


def test_a_first_start_has_nothing_to_back_up(new_house, tmp_path):
    prepare(new_house)
    prepare(new_house)
    assert backups(tmp_path) == []


def test_a_database_of_a_newer_version_is_left_alone(new_house):
    prepare(new_house)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '29991231a'"))
    with pytest.raises(CannotStart, match="newer version"):
        prepare(new_house)


def test_a_database_of_another_program_is_left_alone(new_house):
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (id INTEGER)"))
    with pytest.raises(CannotStart, match="a database of its own"):
        prepare(new_house)


def test_history_without_its_guards_stops_the_start(new_house):
    prepare(new_house)
    on = "" if db.engine.dialect.name == "sqlite" else " ON posting"
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER posting_keeps_rows{on}"))
    with pytest.raises(CannotStart, match="posting_keeps_rows"):
        prepare(new_house)


def test_guards_that_were_switched_off_stop_the_start(new_house, address):
    if address.startswith("sqlite"):
        return  # SQLite cannot switch a trigger off
    prepare(new_house)
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE posting DISABLE TRIGGER posting_keeps_rows"))
    with pytest.raises(CannotStart, match="posting_keeps_rows"):
        prepare(new_house)


@pytest.mark.parametrize(
    "address", ["postgresql+psycopg://u:secret@127.0.0.1:1/none", "sqlite:////dev/null/none.db"], ids=["pg", "sqlite"]
)
def test_a_database_out_of_reach_stops_the_start_without_its_password(address):
    with pytest.raises(CannotStart, match="cannot be reached") as told:
        prepare(create_app(TestConfig(address)))
    assert "secret" not in str(told.value)


def test_ready_only_with_a_database_that_is_current_and_guarded(new_house):
    client = new_house.test_client()
    assert client.get("/readyz").status_code == 503
    prepare(new_house)
    assert client.get("/readyz").status_code == 200
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '29991231a'"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["reason"]) == (503, "migrations")


def test_alive_but_not_ready_when_the_database_is_away():
    client = create_app(TestConfig("postgresql+psycopg://u@127.0.0.1:1/none")).test_client()
    client.set_cookie("session", "of somebody")
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["reason"]) == (503, "database")


def test_a_port_that_is_taken_is_told_in_a_sentence(app, monkeypatch):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        monkeypatch.setitem(app.config, "PORT", taken.getsockname()[1])
        with pytest.raises(CannotStart, match="is taken"):
            _listen(app)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SEAL_KEY", "5ea1"),
        ("FIELD_KEYS", ()),
        ("FIELD_KEYS", ("word",)),
        ("PORT", 0),
        ("PORT", 65536),
        ("BASE_URL", "desk"),
        ("BASE_URL", "ftp://desk"),
        ("BASE_URL", "https://desk/path"),
        ("BASE_URL", "https://[desk"),
        ("SQLALCHEMY_DATABASE_URI", "mysql://desk"),
        ("SQLALCHEMY_DATABASE_URI", "prepaid.db"),
        ("SHOP_TIMEZONE", "Mars/Olympus"),
        ("SHOP_TIMEZONE", "../etc/passwd"),
        ("SHOP_TIMEZONE", ""),
        ("DAY_START", "24:00"),
        ("DAY_START", "four"),
        ("CURRENCY", "JPY"),
        ("CURRENCY", "KWD"),
        ("CURRENCY", "QQQ"),
        ("CURRENCY", "XXX"),
        ("BABEL_DEFAULT_LOCALE", "fr"),
        ("MAIL_URL", "mail.example.org"),
        ("MAIL_URL", "http://desk:secret-word@mail.example.org"),
        ("TEST_NOW", "tomorrow"),
        ("TEST_NOW", "2026-03-31T09:00:00"),
        ("ENABLED_FEATURES", ("cellar",)),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_in_a_sentence(name, value, tmp_path):
    with pytest.raises(BadSetting) as told:
        create_app(TestConfig(f"sqlite:///{tmp_path / 'a.db'}", **{name: value}))
    assert str(told.value).count("\n") == 0
    public = {"SQLALCHEMY_DATABASE_URI": "DATABASE_URL", "BABEL_DEFAULT_LOCALE": "DEFAULT_LOCALE"}
    assert public.get(name, name) in str(told.value)


def test_no_sentence_tells_the_password_of_the_mail_server(tmp_path):
    for url, sender in (("smtp://desk:secret-word@mail/box", "a@b.cn"), ("smtp://desk:secret-word@mail", "nobody")):
        with pytest.raises(BadSetting, match="MAIL_") as told:
            create_app(TestConfig(f"sqlite:///{tmp_path / 'a.db'}", MAIL_URL=url, MAIL_FROM=sender))
        assert "secret-word" not in str(told.value)


@pytest.mark.parametrize("name", ["PORT", "TRUSTED_PROXIES"])
def test_a_number_that_is_none_is_told_in_a_sentence(name, monkeypatch):
    monkeypatch.setenv(name, "eight")
    with pytest.raises(BadSetting, match=f"{name} must be a whole number"):
        TestConfig("sqlite:///none.db")


@pytest.mark.parametrize(
    ("name", "folder", "sign"), [("INSTANCE", "/srv/what?/instance", "question"), ("ROOT", "/srv/50% off", "per cent")]
)
def test_a_folder_whose_name_would_be_misread_is_told_in_a_sentence(name, folder, sign, monkeypatch):
    monkeypatch.setattr(f"config.{name}", Path(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(BadSetting, match=f"{re.escape(folder)}.* {sign}"):
        Config()


def test_keys_are_made_once_and_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setattr("config.INSTANCE", tmp_path / "kept")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first, second = Config(), Config()
    assert (first.SECRET_KEY, first.SEAL_KEY) == (second.SECRET_KEY, second.SEAL_KEY)
    assert len(first.SECRET_KEY) >= 32
    assert first.SECRET_KEY != first.SEAL_KEY
    kept = sorted((tmp_path / "kept").iterdir())
    assert [path.name for path in kept] == ["field_key", "seal_key", "secret_key"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)


def test_the_guards_that_are_looked_for_are_those_that_the_migrations_make(app):
    kind = db.engine.dialect.name
    with db.engine.connect() as connection:
        made = set(connection.execute(guards.FIND_GUARDS[kind]).scalars())
    assert made == guards.GUARDS[kind]
