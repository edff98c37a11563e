"""The wallets themselves: opened, frozen, closed, given a credit limit."""

from decimal import Decimal

from app.audit.operations import record
from app.core.actor import Actor
from app.core.errors import NotFound
from app.extensions import db
from app.ledger.lapse import free_lapsed, wallets_locked
from app.ledger.models import Account, Purse, WalletStatus
from app.ledger.refusals import BalanceNotZero, WalletClosed

ZERO = Decimal(0)


def open_wallet(customer_id: int, *, actor: Actor) -> Account:
    """Give a new customer his principal wallet, empty. Told of in the record of the customer's making."""
    wallet = Account(customer_id=customer_id, purse=Purse.PRINCIPAL, status=WalletStatus.OPEN)
    db.session.add(wallet)
    db.session.flush()
    return wallet


def freeze(customer_id: int, *, actor: Actor, reason: str = "") -> None:
    """Stop everything that moves the customer's money, until it is unfrozen. Raises WalletClosed, NotFound."""
    _switch(customer_id, WalletStatus.FROZEN, reason, actor)


def unfreeze(customer_id: int, *, actor: Actor, reason: str = "") -> None:
    """Let the customer's money move again. Raises WalletClosed, NotFound."""
    _switch(customer_id, WalletStatus.OPEN, reason, actor)


def close_wallets(customer_id: int, *, actor: Actor, reason: str = "") -> None:
    """End the customer's wallets, for good. Raises BalanceNotZero unless nothing is owed either way, NotFound."""
    wallets = wallets_locked(customer_id)
    if any(wallet.held for wallet in wallets.values()) and free_lapsed(customer_id):
        wallets = wallets_locked(customer_id)
    if any(wallet.balance or wallet.held for wallet in wallets.values()):
        raise BalanceNotZero(
            balance=wallets[Purse.PRINCIPAL].balance,
            bonus=wallets[Purse.BONUS].balance if Purse.BONUS in wallets else ZERO,
            held=sum((wallet.held for wallet in wallets.values()), ZERO),
        )
    _switch(customer_id, WalletStatus.CLOSED, reason, actor)


def set_credit_limit(customer_id: int, limit: Decimal, *, actor: Actor) -> None:
    """Let the principal fall as far as `limit` below zero. limit: zero or positive. Raises NotFound."""
    principal = _locked(customer_id)[Purse.PRINCIPAL]
    before, principal.floor = -principal.floor, -limit
    if before != limit:
        changes = {"credit_limit": (before, limit)}
        record("ledger.set-credit-limit", "customer", customer_id, actor=actor, changes=changes)


def _switch(customer_id: int, status: WalletStatus, reason: str, actor: Actor) -> None:
    wallets = _locked(customer_id).values()
    before = next(iter(wallets)).status
    if before is status:
        return
    if before is WalletStatus.CLOSED:
        raise WalletClosed
    for wallet in wallets:
        wallet.status = status
    changes = {"status": (before, status)} | ({"reason": (None, reason)} if reason else {})
    record(f"ledger.wallet-{status.value}", "customer", customer_id, actor=actor, changes=changes)


def _locked(customer_id: int) -> dict[Purse, Account]:
    wallets = wallets_locked(customer_id)
    if not wallets:
        raise NotFound
    return wallets
