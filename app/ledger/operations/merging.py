"""Moving all that one customer has to another, through a clearing account of the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.actor import Actor
from app.core.errors import NotFound
from app.ledger.facts import Asked, Facts, Wallet
from app.ledger.lapse import free_lapsed, wallets_locked
from app.ledger.models import Account, Kind, Purse, WalletStatus
from app.ledger.plan import Event, Leg, Plan, Posted, Source, columns_of, draw_up
from app.ledger.posting import post
from app.ledger.refusals import HoldsOpen, WalletClosed, WalletFrozen

ZERO = Decimal(0)
CLEARING = "clearing:merge"  # empty again after all is moved


@dataclass(frozen=True, slots=True)
class Moved:
    """What went from one customer to the other, below zero for a debt; and the postings that moved it, in order."""

    principal: Decimal = ZERO
    bonus: Decimal = ZERO
    postings: Sequence[int] = ()


def move_all(
    from_id: int, into_id: int, *, source: Source, store_id: int, actor: Actor, reason: str | None = None
) -> Moved:
    """Empty one customer's wallets into those of another: an adjustment of each, for each purse that holds something.

    source: the document of every posting, so that none is undone alone. Raises HoldsOpen when something of
    the first is held, WalletClosed, WalletFrozen, InsufficientBalance when his debt is more than the other's credit
    allows, BalanceLimit, NotFound.
    """
    wallets = _all_locked(from_id, into_id)
    columns = {**columns_of(source), "note": reason}
    made: list[Posted] = []
    for purse, wallet in wallets.items():
        if wallet.balance:
            # A debt is paid by the one who is kept; else the other one gives first.
            made.append(_adjust(from_id, purse, -wallet.balance, columns, store_id, actor))
            made.append(_adjust(into_id, purse, wallet.balance, columns, store_id, actor))
    moved = {purse: wallet.balance for purse, wallet in wallets.items()}
    return Moved(moved[Purse.PRINCIPAL], moved.get(Purse.BONUS, ZERO), [posted.id for posted in made])


def _all_locked(from_id: int, into_id: int) -> dict[Purse, Wallet]:
    """The wallets to empty, with those of both locked in the order that everybody locks them in."""
    locked = {number: wallets_locked(number) for number in sorted((from_id, into_id))}
    if not all(locked.values()):
        raise NotFound
    for wallets in locked.values():
        _require_open(wallets)
    if any(wallet.held for wallet in locked[from_id].values()) and free_lapsed(from_id):
        locked[from_id] = wallets_locked(from_id)
    if held := sum((wallet.held for wallet in locked[from_id].values()), ZERO):
        raise HoldsOpen(held=held)
    # The rows themselves would show what the postings have made of them.
    return {
        purse: Wallet(row.id, purse, row.balance, row.held, row.floor, row.seq, row.status)
        for purse, row in locked[from_id].items()
    }


def _require_open(wallets: dict[Purse, Account]) -> None:
    for wallet in wallets.values():
        if wallet.status is WalletStatus.CLOSED:
            raise WalletClosed
        if wallet.status is WalletStatus.FROZEN:
            raise WalletFrozen


def _adjust(
    customer_id: int, purse: Purse, amount: Decimal, columns: dict[str, object], store_id: int, actor: Actor
) -> Posted:
    event = Event(Kind.ADJUSTMENT, amount, store_id, actor, columns)

    def draw(facts: Facts) -> Plan:
        wallet = facts.principal if purse is Purse.PRINCIPAL else facts.require_bonus()
        house = facts.account(CLEARING)
        leg = Leg(house, wallet, amount) if amount > 0 else Leg(wallet, house, -amount)
        return draw_up(event, [leg], facts)

    return post(Asked(customer_id, (CLEARING,)), draw)
