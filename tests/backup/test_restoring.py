"""A restore brings back exactly what was backed up, or changes nothing."""

import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from app.backup.making import create
from app.backup.refusals import BackupRefused, Damaged
from app.backup.replacing import drill, restore
from app.extensions import db
from app.ledger.proofs import verify
from tests.backup.conftest import counts, post
from tests.conftest import make_database, open_house


def rewritten(source: Path, target: Path, change) -> Path:
    """A copy of a backup with entries changed. change: from name and bytes to bytes, or None to leave it out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (text := change(name, old.read(name))) is not None:
                new.writestr(name, text)
    return target


def in_manifest(old: str, new: str):
    return lambda name, text: text.replace(old.encode(), new.encode()) if name == "manifest.json" else text


@pytest.fixture
def backup(traded, tmp_path) -> Path:
    create(tmp_path / "good.zip")
    return tmp_path / "good.zip"


def test_a_restore_brings_back_every_row(run, traded, backup, tmp_path):
    before, made = counts(), create(tmp_path / "before.zip")
    post(traded)
    assert counts() != before
    answer = run("restore", backup, "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["proofs"]["chains"] > 0
    assert counts() == before
    assert create(tmp_path / "after.zip").tables == made.tables
    assert all(proof.holds for proof in verify())
    post(traded)  # new rows get new numbers
    assert all(proof.holds for proof in verify())


def test_the_former_data_are_kept(traded, backup):
    post(traded)
    former = counts()["posting"]
    kept = restore(backup).kept
    if db.engine.dialect.name == "sqlite":
        assert Path(kept).stat().st_mode & 0o077 == 0
        with closing(sqlite3.connect(kept)) as old:
            found = old.execute("SELECT count(*) FROM posting").fetchone()[0]
    else:
        with db.engine.connect() as connection:
            found = connection.scalar(text(f"SELECT count(*) FROM {kept}.posting"))  # noqa: S608
    assert found == former


def test_a_database_can_be_restored_twice_and_into_nothing(traded, backup, tmp_path):
    restore(backup)
    restore(backup)
    expected = counts()
    kind = db.engine.dialect.name
    url = traded.config["SQLALCHEMY_DATABASE_URI"]
    fresh = open_house(make_database(kind, url, tmp_path))
    with fresh.app_context():
        restore(backup)
        assert counts() == expected
        db.engine.dispose()


def test_a_backup_of_one_kind_restores_on_the_other(traded, backup, tmp_path, server):
    expected, made = counts(), create(tmp_path / "again.zip")
    kind = {"sqlite": "postgresql", "postgresql": "sqlite"}[db.engine.dialect.name]
    other = open_house(make_database(kind, server, tmp_path))
    with other.app_context():
        restore(backup)
        assert counts() == expected
        moved = create(tmp_path / "moved.zip")
        assert [(t.name, t.columns, t.rows, t.sha256) for t in sorted(moved.tables, key=lambda t: t.name)] == [
            (t.name, t.columns, t.rows, t.sha256) for t in sorted(made.tables, key=lambda t: t.name)
        ]
        post(other)
        assert all(proof.holds for proof in verify())
        db.session.remove()
        db.engine.dispose()


def test_a_drill_proves_and_leaves_nothing(run, traded, backup, tmp_path):
    before, files = counts(), sorted(tmp_path.glob("*.db*")) + sorted(tmp_path.glob(".*"))
    assert run("drill", backup).exit_code == 0
    assert counts() == before
    assert sorted(tmp_path.glob("*.zip")) == [backup]
    if db.engine.dialect.name == "sqlite":
        assert {path.name for path in tmp_path.glob(".*")} == {path.name for path in files if path.name[0] == "."}
    else:
        with db.engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'restoring%'")) == 0


def _cut(source: Path, target: Path) -> Path:
    target.write_bytes(source.read_bytes()[:-200])
    return target


def _changed_cell(name: str, entry: bytes) -> bytes:
    return entry.replace(b"5000", b"9000") if name == "tables/posting.jsonl" else entry


def _without_receipts(name: str, entry: bytes) -> bytes | None:
    return None if name == "tables/receipt.jsonl" else entry


SPOILT = {
    "cut": _cut,
    "a cell": lambda source, target: rewritten(source, target, _changed_cell),
    "a table": lambda source, target: rewritten(source, target, _without_receipts),
    "a count": lambda source, target: rewritten(source, target, in_manifest('"rows": 6', '"rows": 7')),
    "a format": lambda source, target: rewritten(source, target, in_manifest("prepaid-desk-backup/1", "theirs/9")),
    "contents": lambda source, target: rewritten(source, target, in_manifest('"tables"', '"chairs"')),
    "no zip": lambda _source, target: target.write_bytes(b"no zip at all") and target,
}


def test_a_file_that_is_not_whole_is_refused_and_nothing_changes(run, backup, tmp_path):
    before = counts()
    for what, spoil in SPOILT.items():
        bad = spoil(backup, tmp_path / "bad.zip")
        for command in ("restore", "drill"):
            answer = run(command, bad)
            assert (answer.exit_code, answer.stdout) == (1, ""), what
            assert answer.stderr.count("\n") == 1, what
        assert counts() == before, what


def test_every_bit_of_a_file_counts(traded, backup, tmp_path):
    whole = backup.read_bytes()
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(backup) as file:
        starts = [file.getinfo(name).header_offset + 80 for name in ("tables/posting.jsonl", "tables/transfer.jsonl")]
    for place in starts:
        bad.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(Damaged):
            restore(bad)


def test_a_revision_that_nobody_knows_is_refused(traded, backup, tmp_path):
    revision = restore(backup).revision
    newer = rewritten(backup, tmp_path / "newer.zip", in_manifest(revision, "29991231a"))
    with pytest.raises(BackupRefused, match="29991231a"):
        restore(newer)


def test_a_backup_without_a_table_of_its_revision_is_refused(traded, backup, tmp_path):
    def change(name: str, entry: bytes) -> bytes | None:
        if name == "manifest.json":
            parts = json.loads(entry)
            parts["tables"] = [table for table in parts["tables"] if table["name"] != "receipt"]
            return json.dumps(parts).encode()
        return _without_receipts(name, entry)

    with pytest.raises(Damaged, match="the tables of its revision"):
        restore(rewritten(backup, tmp_path / "less.zip", change))


def test_a_ledger_that_does_not_hold_is_refused(traded, tmp_path):
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE ledger_account SET balance = balance + 1 WHERE customer_id IS NOT NULL"))
    create(tmp_path / "false.zip")
    before = counts()
    with pytest.raises(BackupRefused, match="does not hold"):
        restore(tmp_path / "false.zip")
    assert counts() == before


@pytest.mark.parametrize("state", ["idle", "reading"])
def test_a_database_that_somebody_has_open_is_refused(run, traded, backup, state):
    other = create_engine(
        make_url(traded.config["SQLALCHEMY_DATABASE_URI"]),
        **({"connect_args": {"application_name": "prepaid-desk"}} if db.engine.dialect.name == "postgresql" else {}),
    )
    before = counts()
    with other.connect() as connection:
        connection.execute(text("SELECT count(*) FROM posting"))
        if state == "idle":
            connection.rollback()
        answer = run("restore", backup)
        assert answer.exit_code == 1
        assert "is in use" in answer.stderr
    other.dispose()
    assert counts() == before
    assert run("restore", backup).exit_code == 0


def test_a_foreign_program_at_work_in_postgresql_is_waited_for_by_nobody(traded, backup):
    if db.engine.dialect.name == "sqlite":
        return
    other = create_engine(traded.config["SQLALCHEMY_DATABASE_URI"])
    with other.connect() as connection:
        connection.execute(text("SELECT count(*) FROM posting"))
        with pytest.raises(BackupRefused, match="another program"):
            restore(backup)
    other.dispose()


def test_a_sqlite_file_that_is_none_any_more_can_be_restored(traded, backup):
    if db.engine.dialect.name != "sqlite":
        return
    expected = counts()
    db.engine.dispose()
    path = Path(db.engine.url.database)
    path.write_bytes(b"rubbish" * 1000)
    kept = restore(backup).kept
    assert Path(kept).read_bytes().startswith(b"rubbish")
    assert counts() == expected


def test_a_drill_may_run_while_the_desk_serves(traded, backup):
    other = create_engine(traded.config["SQLALCHEMY_DATABASE_URI"])
    with other.connect() as connection:
        connection.execute(text("SELECT count(*) FROM posting"))
        assert drill(backup).rows
    other.dispose()
