"""What has left is proved for ever: by manifests, checkpoints and files; and without proof nothing is deleted."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.ledger.archives.models import Archive, ArchiveState
from app.ledger.models import Posting
from app.ledger.proofs import prove_all
from app.retention import leaving
from app.retention import run as running
from app.retention.refusals import ArchiveMoved, ArchiveWrong, ProofFailed
from tests.ledger.test_proofs import tampered
from tests.retention.conftest import RUN_DAY, SOMEBODY, Killed, failed, killed_after, killed_at_new


def run(**named):
    return running.retain(today=RUN_DAY, actor=SOMEBODY, **named)


def states() -> set[ArchiveState]:
    db.session.rollback()
    return set(db.session.scalars(select(Archive.state)))


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


FIRST_WALLET = "wallet_id = (SELECT min(wallet_id) FROM wallet_checkpoint)"
TAMPERING = {
    "a checkpoint's balance": f"UPDATE wallet_checkpoint SET balance = balance + 1 WHERE {FIRST_WALLET}",  # noqa: S608
    "a checkpoint gone": f"DELETE FROM wallet_checkpoint WHERE {FIRST_WALLET}",  # noqa: S608
    "a house checkpoint": "UPDATE house_checkpoint SET change = change + 1",
    "a frozen amount": "UPDATE day_postings SET amount = amount + 1 WHERE day = '2025-08-24'",
    "a frozen transfer": "UPDATE day_transfers SET amount = amount + 1 WHERE day = '2025-08-24'",
    "a seal": "UPDATE day_close SET seal = previous_seal WHERE day = '2025-08-25'",
    "a manifest": "UPDATE retention_archive SET manifest = replace(manifest, '\"posting\":', '\"posting\": ')",
    "a state": "UPDATE retention_archive SET state = 'planned' WHERE kind = 'postings'",
    "a receipt gone": "DELETE FROM receipt WHERE business_date = '2025-08-24'",
    "a balance": "UPDATE ledger_account SET balance = balance + 1 WHERE customer_id = 3",
}


def test_what_is_changed_afterwards_is_found(shop):
    run()
    missed = []
    for what, change in TAMPERING.items():
        with tampered(change) as connection:
            if all(proof.holds for proof in prove_all(connection)):
                missed.append(what)
    assert missed == []


def test_a_damaged_file_is_found_and_a_moved_one_is_missed_by_nobody(shop):
    run()
    (file,) = Path(shop.config["ARCHIVE_DIR"]).glob("postings-*.gz")
    whole = file.read_bytes()
    file.write_bytes(whole[:-9] + b"\0" + whole[-8:])
    assert list(failed()) == ["archives"]
    file.rename(file.with_suffix(".moved"))
    assert failed() == {}


def test_a_ledger_that_does_not_hold_loses_no_row(shop, monkeypatch):
    rows = count(Posting)
    monkeypatch.setattr(running, "_failed", lambda: ["chains"])
    with pytest.raises(ProofFailed):
        run()
    assert count(Posting) == rows
    monkeypatch.undo()
    run()
    assert failed() == {}


def test_a_file_that_is_damaged_before_it_is_proved_is_written_again(shop):
    with pytest.raises(Killed):
        run(told=killed_after(3))
    assert ArchiveState.WRITTEN in states()
    (file,) = Path(shop.config["ARCHIVE_DIR"]).glob("postings-*.gz")
    file.write_bytes(b"nothing")
    with pytest.raises(ArchiveWrong):
        run()
    assert states() == {ArchiveState.PLANNED}
    assert run().holds
    assert failed() == {}


def test_no_row_is_deleted_any_more_when_the_file_is_lost_half_way(shop, monkeypatch):
    monkeypatch.setattr(leaving, "AT_ONCE", 4)
    seen = {"planned", "file written", "written", "verified", "checkpoints", "house", "checkpointed", "purging"}
    with pytest.raises(Killed):
        run(told=killed_at_new(seen, 100))
    (file,) = Path(shop.config["ARCHIVE_DIR"]).glob("postings-*.gz")
    kept, rows = file.read_bytes(), count(Posting)
    file.unlink()
    with pytest.raises(ArchiveMoved):
        run()
    assert count(Posting) == rows
    file.write_bytes(kept)
    assert run().holds
    assert failed() == {}
