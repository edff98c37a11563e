"""Undoing a mistaken posting by its mirror image: whole, and once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from app.core import clock, days
from app.core.actor import Actor
from app.core.errors import Forbidden, NotFound
from app.core.permissions import Action
from app.ledger.archives.models import ArchiveKind
from app.ledger.archives.queries import archived_through
from app.ledger.chart import is_cash
from app.ledger.facts import Asked, Desk, Facts, Wallet, reader
from app.ledger.models import REVERSIBLE, Account, Kind, Posting, Receipt, Reversal, Transfer
from app.ledger.plan import Event, Leg, Plan, Posted, draw_up
from app.ledger.posting import post
from app.ledger.queries import may_know_of
from app.ledger.refusals import AlreadyReversed, Archived, BelongsToDocument, NotReversible, NotToday


def reverse(
    posting_id: int,
    *,
    reason: str,
    actor: Actor,
    is_forced: bool = False,
    source_type: str | None = None,
    approval_id: int | None = None,
) -> Posted:
    """Undo a posting: every leg of it, at the original amounts, in the store that it was made in.

    Money goes back through the drawer that it came through as long as that shift is open; after that, cash goes
    through the drawer of the one who reverses, or the store's.
    is_forced: into debt, when the money has been spent since, by who may. source_type: the kind of document whose verb
    calls; a posting of a document is reversed by no other. approval_id: of the request that a second person agreed
    to. Who may not reverse old postings reverses those of today in his stores.

    Raises Forbidden, NotFound, NotToday, NotReversible, AlreadyReversed, BelongsToDocument, InsufficientBalance,
    WalletClosed, WalletFrozen, NoOpenShift; Archived when it has left.
    """
    _require_force(is_forced, actor)
    original, legs = _original(posting_id, actor)
    _require_reversible(original, source_type, actor)
    columns = {
        "method": original.method,
        "category": original.category,
        "source_type": original.source_type,
        "source_id": original.source_id,
        "reverses_id": original.id,
        "reverses_kind": original.kind,
        "customer_id": original.customer_id,
        "approval_id": approval_id,
        "note": reason,
    }
    event = Event(Kind.REVERSAL, abs(original.amount), original.store_id, actor, columns, is_forced=is_forced)
    desk = Desk.of(actor, original.method, original.store_id, original.shift_id) if original.method else None
    wallet_owner = original.customer_id if any(leg.wallet_id for leg in legs) else None

    def draw(facts: Facts) -> Plan:
        mirrored = [_mirror(leg, facts) for leg in reversed(legs)]
        return draw_up(replace(event, shift=facts.shift), mirrored, facts)

    codes = () if wallet_owner else tuple({leg.debit_code for leg in legs})
    return post(Asked(wallet_owner, codes, desk=desk), draw)


def require_reversible(posting_id: int, *, actor: Actor, is_forced: bool = False) -> Any:
    """The posting that the actor wants undone, if he could undo it now; changes nothing.

    Raises what `reverse` raises before it looks at the money.
    """
    _require_force(is_forced, actor)
    original, _legs = _original(posting_id, actor)
    _require_reversible(original, None, actor)
    return original


def _require_force(is_forced: bool, actor: Actor) -> None:
    if is_forced and not actor.may(Action.POST, "debts"):
        raise Forbidden


def _original(posting_id: int, actor: Actor) -> tuple[Any, list[Any]]:
    """The posting with the number of its reversal, and its legs. Both never change: no lock is needed."""
    columns = (*Posting.__table__.c, Reversal.reversal_id, days.last_barred().label("last_barred"))
    ask = select(*columns).outerjoin(Reversal, Reversal.posting_id == Posting.id)
    debit, credit = Account.__table__.alias(), Account.__table__.alias()
    legs = (
        select(*Transfer.__table__.c, debit.c.code.label("debit_code"), credit.c.code.label("credit_code"))
        .join(debit, debit.c.id == Transfer.debit_id)
        .join(credit, credit.c.id == Transfer.credit_id)
        .where(Transfer.posting_id == posting_id)
        .order_by(Transfer.line)
    )
    with reader() as connection:
        original = connection.execute(ask.where(Posting.id == posting_id)).one_or_none()
        if original is None:
            raise _missing(connection, posting_id, actor)
        return original, list(connection.execute(legs))


def _missing(connection: Connection, posting_id: int, actor: Actor) -> Exception:
    """Why there is no such posting. The store of one that has left is not known: who has not all does not see it."""
    given = connection.scalar(select(Receipt.business_date).where(Receipt.posting_id == posting_id))
    through = archived_through(connection, ArchiveKind.POSTINGS)
    has_left = given is not None and through is not None and given <= through
    return Archived() if has_left and actor.stores is None else NotFound()


def _require_reversible(original: Any, source_type: str | None, actor: Actor) -> None:
    if not actor.reaches(original.store_id) or not may_know_of(original, actor):
        raise NotFound
    if original.kind not in REVERSIBLE:
        raise NotReversible  # whatever document it came with: there, too, nobody undoes an opening balance
    if original.source_type != source_type:
        raise BelongsToDocument(document=original.source_type or "")
    if original.reversal_id is not None:
        raise AlreadyReversed
    today = days.not_barred(clock.now(), original.last_barred)
    if original.business_date != today and not actor.may(Action.REVERSE, "old-postings"):
        raise NotToday


def _mirror(leg: Any, facts: Facts) -> Leg:
    wallets: Mapping[int, Wallet] = {wallet.id: wallet for wallet in facts.wallets}

    def side(account_id: int, code: str | None) -> Wallet | int:
        return facts.till() if facts.desk and is_cash(code) else wallets.get(account_id, account_id)

    return Leg(
        debit=side(leg.credit_id, leg.credit_code),
        credit=side(leg.debit_id, leg.debit_code),
        amount=leg.amount,
    )
