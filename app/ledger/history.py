"""Writing a past: very many postings of days gone by, at once, each as its verb would have made it on its day.

The rules (what a bonus is, what comes from which wallet) are those of app/ledger/split.py, the house accounts those
of the verbs. It knows neither holds nor credit, and is for a ledger that has no postings yet.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import insert, select

from app.core import clock, commands, days, money
from app.core.actor import Actor
from app.core.bulk import driver_form, insert_lines
from app.core.numbering import take_ids
from app.extensions import db
from app.ledger.chart import GENERAL, till
from app.ledger.models import Account, Kind, Posting, Receipt, Reversal, Transfer
from app.ledger.plan import Source, receipt_no
from app.ledger.purses import BONUS, PRINCIPAL, Purses
from app.ledger.queries import has_any
from app.ledger.refusals import HasPostings, InsufficientBalance
from app.ledger.split import gift, portions, share_of_bonus
from app.shop.models import Method

CHUNK = 5000
POSTING = [
    "id",
    "business_date",
    "posted_at",
    "hour",
    "kind",
    "amount",
    "customer_id",
    "store_id",
    "operator_kind",
    "operator_id",
    "method",
    "category",
    "source_type",
    "source_id",
    "command_id",
    "receipt_no",
    "reverses_id",
    "reverses_kind",
    "is_forced",
    "balance_after",
    "bonus_after",
    "principal_change",
    "bonus_change",
    "note",
]
TRANSFER = ("posting_id", "line", "debit_id", "credit_id", "amount", "wallet_id", "seq", "balance_after")
RECEIPT = ("receipt_no", "posting_id", "business_date")
REVERSAL = ("posting_id", "reversal_id")


class Leg(NamedTuple):
    """An amount in minor units between a wallet and a house account; above zero when the wallet rises."""

    purse: int
    house: int
    amount: int


class Made(NamedTuple):
    """A posting that was made, as its reversal needs it. customer: his place; amount: in minor units."""

    id: int
    kind: Kind
    customer: int
    amount: int
    store_id: int
    method: Method | None
    category: str | None
    legs: tuple[Leg, ...]


class Occasion(NamedTuple):
    """When, where and by whom something was done."""

    at: datetime
    store_id: int
    actor: Actor


class History:
    """The past while it is written, in the transaction and the command of the caller, who must `close` it.

    Customers are named by their place: 0 is the first that was opened. Occasions come in the order of time. A
    refusal ends it all: the transaction is to be rolled back.
    """

    def __init__(self, postings: int, *, rules: Mapping[str, Decimal], source: str) -> None:
        """postings: how many there will be. rules: as of app/ledger/facts.py. source: what they come from.

        Raises HasPostings, also when days are closed already; RuntimeError when no command is under way.
        """
        if has_any() or db.session.scalar(select(days.last_barred())):
            raise HasPostings
        command = commands.running()
        if command is None:
            raise RuntimeError("every posting belongs to a command")
        self._rules = rules
        self._origin, self._command = (source, None), command.id
        self._left = postings
        self._ids: list[int] = []  # the next ones, the nearest last
        self._purses = Purses()
        self._house = dict(db.session.execute(select(Account.code, Account.id).where(Account.code.is_not(None))).all())
        self._shop, self._now = clock.shop_clock(), clock.now()
        self._last = datetime.min.replace(tzinfo=UTC)
        self._moment, self._day = (driver_form(Posting.__table__, name) for name in ("posted_at", "business_date"))
        self._postings: list[Sequence[Any]] = []
        self._transfers: list[Sequence[Any]] = []
        self._receipts: list[Sequence[Any]] = []
        self._reversals: list[Sequence[Any]] = []

    def open_wallets(self, customer_ids: Sequence[int]) -> range:
        """Give new customers, none of whom has one, an empty wallet and the next places, which are returned."""
        first = len(self._purses.customers)
        self._purses.open(customer_ids)
        return range(first, first + len(customer_ids))

    def principal(self, customer: int) -> Decimal:
        return money.from_minor(self._purses.balances[PRINCIPAL][customer])

    def available(self, customer: int) -> Decimal:
        """What he can spend: principal and bonus."""
        return money.from_minor(sum(balances[customer] for balances in self._purses.balances))

    def recharge(self, customer: int, amount: Decimal, method: Method, occasion: Occasion) -> Made:
        """Pay in; the bonus comes by the rules."""
        minor = money.to_minor(amount)
        legs = [Leg(PRINCIPAL, self._account(till(method, occasion.store_id)), minor)]
        if given := gift(amount, self._rules):
            legs.append(Leg(BONUS, self._account("promotions"), money.to_minor(given)))
        return self._post(Kind.RECHARGE, customer, minor, tuple(legs), occasion, method=method)

    def consume(
        self,
        customer: int,
        amount: Decimal,
        occasion: Occasion,
        *,
        category: str = GENERAL,
        note: str | None = None,
        source: Source | None = None,
    ) -> Made:
        """Take what is due. source: the document that it is taken for. Raises InsufficientBalance."""
        minor, revenue = money.to_minor(amount), self._account(f"revenue:{category}")
        principal, bonus = (balances[customer] for balances in self._purses.balances)
        if minor > principal + bonus:
            raise InsufficientBalance(available=self.available(customer), needed=amount)
        parts = portions(minor, principal, bonus)
        legs = tuple(Leg(purse, revenue, -part) for purse, part in enumerate(parts) if part)
        more: dict[str, Any] = {"category": category, "note": note, "source": source}
        return self._post(Kind.CONSUMPTION, customer, minor, legs, occasion, **more)

    def sell(
        self,
        customer: int,
        amount: Decimal,
        method: Method,
        occasion: Occasion,
        *,
        category: str,
        note: str,
        source: Source,
    ) -> Made:
        """Take money for a thing at once, past every wallet: for a document."""
        minor = money.to_minor(amount)
        line = self._account(till(method, occasion.store_id)), self._account(f"revenue:{category}"), minor
        more: dict[str, Any] = {"method": method, "category": category, "note": note, "source": source}
        return self._post(Kind.SALE, customer, minor, (), occasion, past=line, **more)

    def refund(self, customer: int, amount: Decimal, method: Method, occasion: Occasion, *, reason: str) -> Made:
        """Pay back from the principal, and take back the bonus that came with it. Raises InsufficientBalance."""
        minor, principal = money.to_minor(amount), self.principal(customer)
        if amount > principal:
            raise InsufficientBalance(available=principal, needed=amount)
        legs = [Leg(PRINCIPAL, self._account(till(method, occasion.store_id)), -minor)]
        bonus = money.from_minor(self._purses.balances[BONUS][customer])
        if bonus and (share := share_of_bonus(amount, principal, bonus)):
            legs.append(Leg(BONUS, self._account("promotions"), -money.to_minor(share)))
        return self._post(Kind.REFUND, customer, minor, tuple(legs), occasion, method=method, note=reason)

    def reverse(self, made: Made, at: datetime, *, actor: Actor, reason: str) -> Made:
        """Undo a posting that was not undone yet. Raises InsufficientBalance when the money is spent."""
        mirrored = tuple(leg._replace(amount=-leg.amount) for leg in reversed(made.legs))
        undone = self._post(
            Kind.REVERSAL,
            made.customer,
            made.amount,
            mirrored,
            Occasion(at, made.store_id, actor),
            method=made.method,
            category=made.category,
            reverses=made,
            note=reason,
        )
        self._reversals.append((made.id, undone.id))
        return undone

    def close(self) -> None:
        """Write what is not written yet, and what every wallet holds in the end."""
        self._flush()
        self._purses.fill()

    def _post(
        self,
        kind: Kind,
        customer: int,
        amount: int,
        legs: tuple[Leg, ...],
        occasion: Occasion,
        *,
        method: Method | None = None,
        category: str | None = None,
        reverses: Made | None = None,
        note: str | None = None,
        source: Source | None = None,
        past: tuple[int, int, int] | None = None,
    ) -> Made:
        """past: debit, credit and amount of what goes past every wallet."""
        posting_id = self._next_id()
        if past is not None:
            self._transfers.append((posting_id, 1, *past, None, None, None))
        for line, leg in enumerate(legs, start=1):
            self._transfers.append((posting_id, line, *self._move(customer, leg)))
        local, on = self._days(occasion.at)
        number = receipt_no(posting_id)
        actor, undone = occasion.actor, (reverses.id, reverses.kind.value) if reverses else (None, None)
        when = (on, self._moment(occasion.at), local.hour)
        what = (kind.value, amount, self._purses.customers[customer], occasion.store_id)
        origin = (*(source or self._origin), self._command, number)
        how = (actor.kind.value, actor.id, method and method.value, category, *origin, *undone, False)
        after = [None if past else balances[customer] for balances in self._purses.balances]
        change = [sum(leg.amount for leg in legs if leg.purse == purse) for purse in (PRINCIPAL, BONUS)]
        self._postings.append((posting_id, *when, *what, *how, *after, *change, note))
        self._receipts.append((number, posting_id, on))
        return Made(posting_id, kind, customer, amount, occasion.store_id, method, category, legs)

    def _move(self, customer: int, leg: Leg) -> tuple[int, ...]:
        """The columns of the leg's transfer."""
        wallet, seq, balance = self._purses.move(leg.purse, customer, leg.amount)
        debit, credit = (leg.house, wallet) if leg.amount > 0 else (wallet, leg.house)
        return debit, credit, abs(leg.amount), wallet, seq, balance

    def _days(self, at: datetime) -> tuple[datetime, date | str]:
        """What the shop's clock showed, and the business day as the driver takes it."""
        if not self._last <= at <= self._now:
            raise ValueError("a past is written in the order of time, and ends now")
        self._last = at
        return self._shop.local(at), self._day(self._shop.business_date(at))

    def _account(self, code: str) -> int:
        """The number of a house account, which is made when it is first needed."""
        if code not in self._house:
            made = insert(Account).values(code=code).returning(Account.id)
            self._house[code] = db.session.scalars(made).one()
        return self._house[code]

    def _next_id(self) -> int:
        """The number of the next posting. They are taken as many at once as are written at once."""
        if not self._ids:
            self._flush()
            self._ids = take_ids(Posting.__table__, min(CHUNK, max(self._left, 1)))[::-1]
            self._left -= len(self._ids)
        return self._ids.pop()

    def _flush(self) -> None:
        self._purses.insert_new()
        for model, names, lines in (
            (Posting, POSTING, self._postings),
            (Transfer, TRANSFER, self._transfers),
            (Receipt, RECEIPT, self._receipts),
            (Reversal, REVERSAL, self._reversals),
        ):
            insert_lines(model.__table__, names, lines)
            lines.clear()
