"""The steps by which a month leaves. Each may be done again; the day's seals say what the rows are.

Rows go while their month is purging and at no other time: triggers see to it. The run that calls these steps writes
the operation record (app/retention).
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import BigInteger, cast, delete, func, insert, select, type_coerce, update

from app.core import clock
from app.core.actor import Actor
from app.core.bulk import insert_rows
from app.core.money import from_minor
from app.extensions import db
from app.ledger.archives.models import Archive, ArchiveKind, ArchiveState, HouseCheckpoint, WalletCheckpoint
from app.ledger.archives.runs import Run
from app.ledger.models import Posting, Transfer
from app.ledger.seals.keys import SealKey


def plan_archive(kind: ArchiveKind, first_day: date, last_day: date, *, actor: Actor) -> None:
    """Say that a month is to leave."""
    if db.session.get(Archive, (kind, first_day)) is None:
        values = {"kind": kind, "first_day": first_day, "last_day": last_day, "state": ArchiveState.PLANNED}
        db.session.execute(insert(Archive).values(**values, planned_at=clock.now()))


def keep_manifest(kind: ArchiveKind, first_day: date, manifest: str, file: str, *, key: SealKey, actor: Actor) -> bool:
    """Keep the signed manifest of a file that has been written. False when somebody else was first."""
    signed = {"signature": key.sign_manifest(manifest), "key_id": key.id, "public_key": key.public}
    return _advance(kind, first_day, ArchiveState.PLANNED, ArchiveState.WRITTEN, file=file, manifest=manifest, **signed)


def advance_archive(kind: ArchiveKind, first_day: date, old: ArchiveState, new: ArchiveState, *, actor: Actor) -> bool:
    """Take the month one step on, or back to planned. False when somebody else was first."""
    gone = {"purged_at": clock.now()} if new is ArchiveState.PURGED else {}
    return _advance(kind, first_day, old, new, **gone)


def _advance(kind: ArchiveKind, first_day: date, old: ArchiveState, new: ArchiveState, **values: object) -> bool:
    which = (Archive.kind == kind, Archive.first_day == first_day, Archive.state == old)
    moved = db.session.execute(update(Archive).where(*which).values(state=new, **values))
    return bool(moved.rowcount)


def keep_runs(first_day: date, runs: Sequence[Run], *, actor: Actor) -> int:
    """Write the checkpoints of wallets that are not there yet; returns how many."""
    ask = select(WalletCheckpoint.wallet_id, WalletCheckpoint.first_seq).where(
        WalletCheckpoint.first_day == first_day, WalletCheckpoint.wallet_id.in_({run.wallet_id for run in runs})
    )
    there = {tuple(row) for row in db.session.execute(ask)}
    new = [run for run in runs if (run.wallet_id, run.first_seq) not in there]
    rows = [
        run._asdict() | {"first_day": first_day, "change": from_minor(run.change), "balance": from_minor(run.balance)}
        for run in new
    ]
    insert_rows(WalletCheckpoint.__table__, rows)
    return len(rows)


def keep_house(first_day: date, changes: dict[int, int], *, actor: Actor) -> None:
    """Write the checkpoints of the accounts of the house, all of them at once."""
    if db.session.scalar(select(HouseCheckpoint.account_id).where(HouseCheckpoint.first_day == first_day).limit(1)):
        return
    held = cast(func.sum(type_coerce(HouseCheckpoint.change, BigInteger)), BigInteger)
    ask = select(HouseCheckpoint.account_id, held).where(HouseCheckpoint.first_day < first_day)
    before = {account: int(part) for account, part in db.session.execute(ask.group_by(HouseCheckpoint.account_id))}
    rows = [
        {
            "first_day": first_day,
            "account_id": account,
            "change": from_minor(change),
            "balance": from_minor(before.get(account, 0) + change),
        }
        for account, change in changes.items()
    ]
    insert_rows(HouseCheckpoint.__table__, rows)


def purge_postings(day: date, *, most: int, actor: Actor) -> tuple[int, int]:
    """Delete some postings of a day that has left, with their transfers; how many of each."""
    ask = select(Posting.id).where(Posting.business_date == day).order_by(Posting.store_id, Posting.id).limit(most)
    numbers = list(db.session.scalars(ask))
    if not numbers:
        return 0, 0
    legs = db.session.execute(delete(Transfer).where(Transfer.posting_id.in_(numbers)))
    db.session.execute(delete(Posting).where(Posting.id.in_(numbers)))
    return len(numbers), legs.rowcount
