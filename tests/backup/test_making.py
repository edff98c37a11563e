"""A backup is one moment of everything, whoever posts meanwhile, and never takes another file's place."""

import json
import threading
import tomllib
import zipfile

import pytest

from app.backup import making
from app.backup.refusals import BackupRefused
from app.backup.replacing import drill
from app.extensions import db
from config import ROOT, VERSION
from tests.backup.conftest import contents, counts, post


def test_a_backup_holds_every_row_and_is_its_owners_alone(run, tmp_path):
    file = tmp_path / "one.zip"
    answer = run("create", file, "--json")
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert told["tables"] == {name: rows for name, rows in counts().items() if name != "alembic_version"}
    assert told["tables"]["posting"] == 6 + 4  # of customers, and of a shift
    assert file.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob(".*"))


def test_backups_while_others_post_are_each_one_moment(traded, tmp_path):
    stop = threading.Event()

    def clerk() -> None:
        with traded.app_context():
            while not stop.is_set():
                post(traded, 1)
            db.session.remove()

    threads = [threading.Thread(target=clerk) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        made = [making.create(tmp_path / f"{number}.zip") for number in range(4)]
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    grown = [{table.name: table.rows for table in manifest.tables}["posting"] for manifest in made]
    assert grown == sorted(grown)
    assert grown[0] < grown[-1]
    for number in range(4):
        assert drill(tmp_path / f"{number}.zip").proofs["chains"] > 0


def test_two_backups_of_the_same_data_have_the_same_checksums(traded, tmp_path):
    assert making.create(tmp_path / "1.zip").tables == making.create(tmp_path / "2.zip").tables


def test_a_file_that_exists_is_left_alone_unless_forced(run, tmp_path):
    file = tmp_path / "mine.zip"
    file.write_text("mine")
    assert run("create", file).exit_code == 1
    assert file.read_text() == "mine"
    assert run("create", file, "--force").exit_code == 0
    assert contents(file).rows


def test_a_folder_that_is_not_there_is_a_bad_call(run, tmp_path):
    assert run("create", tmp_path / "none" / "a.zip").exit_code == 2


def test_a_backup_that_fails_leaves_no_file(traded, tmp_path, monkeypatch):
    monkeypatch.setattr(making, "revision", lambda connection: None)
    with pytest.raises(BackupRefused, match="never prepared"):
        making.create(tmp_path / "none.zip")
    assert list(tmp_path.glob("*none.zip*")) == []


def test_the_list_shows_backups_newest_first_and_what_is_damaged(run, traded, tmp_path):
    assert "no backups" in run("list").stdout
    run("create")
    (tmp_path / "backups" / "broken.zip").write_bytes(b"PK")
    found = json.loads(run("list", "--json").stdout)["backups"]
    assert [one.get("rows") is not None for one in found] == [True, False]
    assert "damaged" in run("list").stdout


def test_the_secret_key_is_not_in_a_backup(traded, tmp_path):
    making.create(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        assert not [name for name in file.namelist() if traded.config["SECRET_KEY"].encode() in file.read(name)]
        assert {name.partition("/")[0] for name in file.namelist()} == {"manifest.json", "tables"}


def test_the_version_in_a_backup_is_that_of_the_product():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
