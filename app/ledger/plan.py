"""Drawing up a posting: from legs to the rows that will be written, with every wallet's next balance.

A plan is complete before anything is written: number, balances, receipt, answer. The guard stands here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

from app.core import clock, commands, money
from app.core.actor import Actor
from app.core.commands import Running
from app.core.db import dump_json
from app.core.errors import N_, Invalid
from app.ledger.facts import Facts, OpenShift, Wallet
from app.ledger.models import Kind, Purse
from app.ledger.refusals import BalanceLimit, InsufficientBalance

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Leg:
    """An amount, debited to one account and credited to another. A credit raises a wallet."""

    debit: Wallet | int
    credit: Wallet | int
    amount: Decimal


class Source(NamedTuple):
    """A document of another room that a posting belongs to: only that room's verb reverses it."""

    type: str
    id: int


def columns_of(source: Source | None) -> dict[str, Any]:
    """The columns of a posting that name its document, if it has one."""
    return {"source_type": source.type, "source_id": source.id} if source else {}


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: the columns of the posting that the accounts do not tell.

    freed: amounts per purse that stop being held with it. is_forced: into debt, if need be. shift: the one that
    the money belongs to, which must still be open when it is written.
    """

    kind: Kind
    amount: Decimal
    store_id: int
    actor: Actor
    columns: Mapping[str, Any] = field(default_factory=dict)
    freed: Mapping[Purse, Decimal] = field(default_factory=dict)
    is_forced: bool = False
    shift: OpenShift | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting that was made, and what the customer has after it. row: its columns.

    balance: the principal; available: balance + bonus - held + credit limit. All None without a customer.
    """

    row: Mapping[str, Any]
    balance: Decimal | None
    bonus: Decimal | None
    held: Decimal | None
    available: Decimal | None

    @property
    def id(self) -> int:
        return self.row["id"]

    def answer(self) -> dict[str, Any]:
        """What is kept under the command's key: ids and amounts, as plain JSON."""
        figures = {name: getattr(self, name) for name in ("balance", "bonus", "held", "available")}
        return json.loads(dump_json({"posting": dict(self.row), **figures}))


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that one posting writes.

    command: the request that it is part of. seen: the wallets that it rests on; moved: the same, afterwards.
    drawer_id: the account of the drawer that must still be open.
    """

    actor: Actor
    command: Running
    seen: Sequence[Wallet]
    moved: Sequence[Wallet]
    transfers: Sequence[Mapping[str, Any]]
    posted: Posted
    drawer_id: int | None = None

    @property
    def changed(self) -> list[Wallet]:
        """The wallets that are not as they were: only these are written."""
        return [after for before, after in zip(self.seen, self.moved, strict=True) if after != before]


def draw_up(event: Event, legs: Sequence[Leg], facts: Facts) -> Plan:
    """Work out every row of a posting.

    Raises WalletClosed, WalletFrozen, InsufficientBalance or BalanceLimit: no wallet that is not open moves,
    and none falls below its floor unless the event is forced. Raises Invalid for an amount that is not positive.
    """
    if any(leg.amount <= 0 for leg in legs):
        raise Invalid(amount=N_("The amount must be above zero."))
    facts.require_open()
    after = {wallet.id: _freed(wallet, event) for wallet in facts.wallets}
    transfers = [_transfer(facts.posting_id, line, leg, after) for line, leg in enumerate(legs, start=1)]
    moved = tuple(after.values())
    _guard(event, facts, moved)
    command = commands.running() or commands.unasked(event.actor.name)
    posted = _posted(event, facts, moved, command.id)
    drawer_id = event.shift.drawer_id if event.shift else None
    return Plan(event.actor, command, facts.wallets, moved, transfers, posted, drawer_id)


def legs_to(credit: int, parts: dict[Purse, Decimal], facts: Facts) -> list[Leg]:
    """One leg per wallet that gives a part."""
    wallets = {wallet.purse: wallet for wallet in facts.wallets}
    return [Leg(wallets[purse], credit, part) for purse, part in parts.items()]


def _freed(wallet: Wallet, event: Event) -> Wallet:
    return replace(wallet, held=wallet.held - event.freed.get(wallet.purse, ZERO))


def _transfer(posting_id: int, line: int, leg: Leg, after: dict[int, Wallet]) -> dict[str, Any]:
    """The row of one leg; the wallet that it moves goes on in `after`. A wallet may be moved several times."""
    row: dict[str, Any] = {"posting_id": posting_id, "line": line, "amount": leg.amount}
    row |= {"wallet_id": None, "seq": None, "balance_after": None}
    for side, sign in (("debit", -1), ("credit", 1)):
        account = getattr(leg, side)
        if isinstance(account, int):
            row[f"{side}_id"] = account
            continue
        wallet = after[account.id]
        wallet = replace(wallet, balance=wallet.balance + sign * leg.amount, seq=wallet.seq + 1)
        after[account.id] = wallet
        row |= {f"{side}_id": wallet.id, "wallet_id": wallet.id, "seq": wallet.seq, "balance_after": wallet.balance}
    return row


def _guard(event: Event, facts: Facts, moved: Sequence[Wallet]) -> None:
    """Ask only where available money falls, so that a debtor can pay in."""
    for before, wallet in zip(facts.wallets, moved, strict=True):
        falls = wallet.balance - wallet.held < before.balance - before.held
        if falls and wallet.balance - wallet.held < wallet.floor and not event.is_forced:
            raise InsufficientBalance(available=facts.available, needed=abs(event.amount))
        if wallet.balance > max(money.LARGEST, before.balance):
            raise BalanceLimit(limit=money.LARGEST)


def _posted(event: Event, facts: Facts, moved: Sequence[Wallet], command_id: int) -> Posted:
    shop = clock.shop_clock()
    by_purse = {wallet.purse: wallet for wallet in moved}
    change = dict.fromkeys(Purse, ZERO) | {
        after.purse: after.balance - before.balance for before, after in zip(facts.wallets, moved, strict=True)
    }
    has_customer = Purse.PRINCIPAL in by_purse
    balance = by_purse[Purse.PRINCIPAL].balance if has_customer else None
    bonus = (by_purse[Purse.BONUS].balance if Purse.BONUS in by_purse else ZERO) if has_customer else None
    row = dict.fromkeys(OPTIONAL) | {
        "id": facts.posting_id,
        "business_date": facts.business_date,
        "posted_at": facts.at,
        "hour": shop.local(facts.at).hour,
        "kind": event.kind,
        "amount": event.amount,
        "customer_id": facts.customer_id,
        "store_id": event.store_id,
        "operator_kind": event.actor.kind,
        "operator_id": event.actor.id,
        "shift_id": event.shift.id if event.shift else None,
        "command_id": command_id,
        "receipt_no": receipt_no(facts.posting_id),
        "is_forced": event.is_forced,
        "balance_after": balance,
        "bonus_after": bonus,
        "principal_change": change[Purse.PRINCIPAL],
        "bonus_change": change[Purse.BONUS],
    }
    return Posted(
        row=row | dict(event.columns),
        balance=balance,
        bonus=bonus,
        held=sum((wallet.held for wallet in moved), ZERO) if has_customer else None,
        available=sum((w.balance - w.held - w.floor for w in moved), ZERO) if has_customer else None,
    )


def receipt_no(posting_id: int) -> str:
    """The number on the receipt of a posting: given once, for ever."""
    return f"{posting_id:08d}"


OPTIONAL = (
    "terminal",
    "shift_id",
    "method",
    "category",
    "location",
    "source_type",
    "source_id",
    "reverses_id",
    "reverses_kind",
    "occurred_at",
    "approval_id",
    "note",
)
