"""What the ledger should do, in whole cents and plain dictionaries: no database, no rounding but by hand."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from tests.ledger.things import Held, Line, No, Rules, Slip, Wallets

HOURS = 24
TILL = {"cash": "cash:1", "wechat": "clearing:wechat"}
REVERSIBLE = ("recharge", "consumption", "refund", "adjustment", "sale")


@dataclass
class Shop:
    """Everything there is. hour: counted from the start; days begin with every twenty-fourth."""

    hour: int = 0
    rules: Rules = field(default_factory=Rules)
    wallets: dict[int, Wallets] = field(default_factory=dict)
    holds: dict[int, Held] = field(default_factory=dict)
    slips: dict[int, Slip] = field(default_factory=dict)
    accounts: Counter = field(default_factory=Counter)
    lines: dict[str, Line] = field(default_factory=dict)

    def trying(self, verb: Callable[[], Any]) -> Any:
        """Do it wholly or, when a rule says no, not at all."""
        before = deepcopy(self.__dict__)
        try:
            return verb()
        except No:
            self.__dict__.update(before)
            raise

    # What the verbs are made of.

    def _with_lapsed(self, customer: int, verb: Callable[[], Any]) -> Any:
        """Holds whose time is over stand in nobody's way: they are freed when the money would not do."""
        try:
            return verb()
        except No as no:
            if no.code != "insufficient-balance" or not self._free_lapsed(customer):
                raise
            return verb()

    def _free_lapsed(self, customer: int | None = None) -> int:
        lapsed = [
            held
            for held in self.holds.values()
            if held.state == "open" and held.until <= self.hour and customer in (None, held.customer)
        ]
        for held in lapsed:
            self._end(held, "expired")
        return len(lapsed)

    def _end(self, held: Held, state: str) -> None:
        if held.state == "open":
            self.wallets[held.customer].held_principal -= held.principal
            self.wallets[held.customer].held_bonus -= held.bonus
        held.state = state

    def _open(self, customer: int) -> Wallets:
        if self.wallets[customer].is_closed:
            raise No("wallet-closed")
        return self.wallets[customer]

    def _post(self, kind: str, amount: int, customer: int | None, moves: dict[str, int], **more: Any) -> Slip:
        """Write a slip down. more: is_forced; undoes: the slip that it reverses; is_of_document."""
        if customer is not None:
            self._move(customer, moves.get("principal", 0), moves.get("bonus", 0), more.get("is_forced", False))
        assert sum(moves.values()) == 0
        self.accounts.update(moves)
        line = self.lines.setdefault(more["undoes"].kind if "undoes" in more else kind, Line())
        line.signed += moves.get("principal", 0)
        if "undoes" in more:
            line.reversed += amount
        else:
            line.count, line.gross = line.count + 1, line.gross + amount
            line.bonus += moves.get("bonus", 0)
        return Slip(kind, amount, customer, self.hour // HOURS, moves, more.get("is_of_document", False))

    def _move(self, customer: int, principal: int, bonus: int, is_forced: bool) -> None:
        wallets = self.wallets[customer]
        for change, free, floor in (
            (principal, wallets.principal - wallets.held_principal, -wallets.limit),
            (bonus, wallets.bonus - wallets.held_bonus, 0),
        ):
            if change < 0 and free + change < floor and not is_forced:
                raise No("insufficient-balance")
        wallets.principal += principal
        wallets.bonus += bonus

    def _split(self, wallets: Wallets, amount: int) -> tuple[int, int]:
        """What comes from the principal and what from the bonus."""
        if amount > wallets.available:
            raise No("insufficient-balance")
        principal, bonus = wallets.free_principal, wallets.free_bonus
        if self.rules.order == "bonus-first":
            given = min(amount, bonus)
        elif self.rules.order == "principal-first" or amount >= principal + bonus:
            given = min(max(amount - principal, 0), bonus)
        else:
            given = max(half_up(amount * bonus, principal + bonus), amount - principal)
        return amount - given, given

    # The verbs.

    def recharge(self, customer: int, amount: int, method: str) -> Slip:
        wallets = self._open(customer)
        gift = self.rules.gift if self.rules.bonus_from and amount >= self.rules.bonus_from else 0
        if self.rules.limit and wallets.principal + wallets.bonus + amount + gift > self.rules.limit:
            raise No("balance-limit")
        moves = {TILL[method]: -amount, "principal": amount, "promotions": -gift, "bonus": gift}
        return self._post("recharge", amount, customer, moves)

    def consume(self, customer: int, amount: int) -> Slip:
        wallets = self._open(customer)

        def take() -> Slip:
            principal, bonus = self._split(wallets, amount)
            moves = {"principal": -principal, "bonus": -bonus, "revenue:general": amount}
            return self._post("consumption", amount, customer, moves)

        return self._with_lapsed(customer, take)

    def refund(self, customer: int, amount: int, method: str) -> Slip:
        wallets = self._open(customer)

        def give() -> Slip:
            if amount > wallets.free_principal:
                raise No("insufficient-balance")
            back = min(half_up(wallets.free_bonus * amount, wallets.principal), wallets.free_bonus)
            moves = {"principal": -amount, TILL[method]: amount, "bonus": -back, "promotions": back}
            return self._post("refund", amount, customer, moves)

        return self._with_lapsed(customer, give)

    def adjust(self, customer: int, amount: int) -> Slip:
        self._open(customer)
        moves = {"principal": amount, "adjustments": -amount}
        return self._with_lapsed(customer, lambda: self._post("adjustment", amount, customer, moves))

    def sell(self, amount: int, method: str) -> Slip:
        return self._post("sale", amount, None, {TILL[method]: -amount, "revenue:general": amount})

    def reverse(self, number: int, *, is_forced: bool, is_clerk: bool) -> Slip:
        if is_forced and is_clerk:
            raise No("forbidden")
        slip = self.slips[number]
        if slip.is_archived:
            raise No("not-found" if is_clerk else "archived")
        if slip.kind not in REVERSIBLE:
            raise No("not-reversible")
        if slip.is_of_document:
            raise No("belongs-to-document")
        if slip.is_reversed:
            raise No("already-reversed")
        if is_clerk and slip.day != self.hour // HOURS:
            raise No("not-today")
        if slip.customer is not None:
            self._open(slip.customer)
        moves = {account: -amount for account, amount in slip.moves.items()}
        slip.is_reversed = True
        more = {"undoes": slip, "is_forced": is_forced}

        def mirror() -> Slip:
            return self._post("reversal", abs(slip.amount), slip.customer, moves, **more)

        return mirror() if slip.customer is None else self._with_lapsed(slip.customer, mirror)

    def hold(self, customer: int, amount: int, hours: float) -> Held:
        wallets = self._open(customer)
        principal, bonus = self._with_lapsed(customer, lambda: self._split(wallets, amount))
        wallets.held_principal += principal
        wallets.held_bonus += bonus
        return Held(customer, principal, bonus, self.hour + hours)

    def capture(self, number: int, amount: int | None) -> Slip:
        held = self.holds[number]
        if held.state in ("captured", "voided"):
            raise No("hold-ended")
        total = held.principal + held.bonus
        if amount is not None and amount > total:
            raise No("limit-exceeded")
        taken = total if amount is None else amount
        wallets = self._open(held.customer)
        if held.state == "open":
            self._end(held, "captured")
            principal = min(taken, held.principal)
            moves = {"principal": -principal, "bonus": principal - taken, "revenue:general": taken}
            # What was held is his to take, whatever has become of the balance.
            return self._post("consumption", taken, held.customer, moves, is_forced=True)
        held.state = "captured"
        try:
            return self.consume(held.customer, taken)
        except No:
            assert wallets.available < taken
            return self._post("consumption", taken, None, {"suspense": -taken, "revenue:general": taken})

    def void(self, number: int) -> None:
        if self.holds[number].state != "open":
            raise No("hold-ended")
        self._end(self.holds[number], "voided")

    def expire(self) -> int:
        return self._free_lapsed()

    def limit_credit(self, customer: int, limit: int) -> None:
        self.wallets[customer].limit = limit

    def close(self, customer: int) -> None:
        wallets = self.wallets[customer]
        if wallets.held:
            self._free_lapsed(customer)
        if wallets.principal or wallets.bonus or wallets.held:
            raise No("balance-not-zero")
        wallets.is_closed = True

    def merge(self, goes: int, stays: int) -> list[Slip]:
        gone, _kept = self._open(goes), self._open(stays)
        if gone.held:
            self._free_lapsed(goes)
        if gone.held:
            raise No("holds-open")
        slips = []
        for purse, amount in (("principal", gone.principal), ("bonus", gone.bonus)):
            for customer, change in ((goes, -amount), (stays, amount)) if amount else ():
                slips.append(self._with_lapsed(customer, lambda c=customer, d=change, p=purse: self._carry(c, d, p)))
        return slips

    def _carry(self, customer: int, change: int, purse: str) -> Slip:
        moves = {purse: change, "clearing:merge": -change}
        return self._post("adjustment", change, customer, moves, is_of_document=True)

    def archive(self, before_day: int) -> None:
        """Slips older than that day have left: nothing else changes."""
        for slip in self.slips.values():
            slip.is_archived = slip.is_archived or slip.day < before_day


def half_up(dividend: int, divisor: int) -> int:
    """A division of amounts that are not negative, to the nearest, half up."""
    return (2 * dividend + divisor) // (2 * divisor)
