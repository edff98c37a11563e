"""Every verb of the ledger in any order, each thought out beforehand by the model of tests/ledger/model.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlalchemy import select

from app.core import clock
from app.core.commands import Answered, KeyReused, Request
from app.core.db import in_transaction
from app.extensions import db
from app.ledger import closing, operations
from app.ledger.models import Hold, HoldStatus, Kind, Posting
from app.ledger.plan import Source
from app.retention.run import retain
from app.shop.models import Method
from app.shop.operations import change_settings
from tests.ledger.comparing import Compared, again, nothing_else_goes_wrong, yuan
from tests.ledger.model import HOURS, Shop
from tests.ledger.things import Held, No, Rules, Wallets

FIRST_DAY = date(2027, 1, 1)
amounts = st.sampled_from([1, 33, 99, 5_000, 9_999, 10_000]) | st.integers(1, 12_000)
methods = st.sampled_from(["cash", "wechat"])
_numbers = count(70_000_000)
RARELY = 60


@dataclass
class Calendar:
    """How many days have gone by in a database."""

    days: int = 0


class Ledger(Compared):
    """A shop of a few customers whose ledger is asked and compared after every step.

    boss, clerk: who acts. calendar: how far that of this database has come; it never goes back.
    """

    calendar: Calendar
    may_purge = True

    def __init__(self) -> None:
        super().__init__()
        self.shop = Shop()
        self.start = FIRST_DAY + timedelta(days=self.calendar.days)
        self.sent: list[tuple[Request, Callable[[], Mapping[str, Any]], Answered]] = []
        self.purges = self.steps = 0
        self._set_clock()

    def _set_clock(self) -> None:
        noon = datetime.combine(self.start, time(0, 10), clock.shop_clock().zone)
        at = noon.astimezone(UTC) + timedelta(hours=self.shop.hour)
        clock.configure(clock.shop_clock().zone.key, "00:00", at.isoformat())

    @initialize(luck=st.integers(0, 2**32), rules=st.builds(
        Rules, st.sampled_from([0, 5_000, 10_000]), st.sampled_from([33, 1_000, 2_001]),
        st.sampled_from([0, 60_000]), st.sampled_from(["principal-first", "bonus-first", "proportional"]),
    ))  # fmt: skip
    def open_shop(self, luck: int, rules: Rules) -> None:
        assume(luck)  # hypothesis begins with the least of everything: the same run each time
        self.shop.rules = rules
        self._keep_rules()
        self.before = self._totals()
        for amount in (9_000, 21_000):
            self._recharge(self._enter(), amount, "cash")

    def _keep_rules(self) -> None:
        rules = self.shop.rules
        values = {
            "bonus_from": yuan(rules.bonus_from) if rules.bonus_from else None,
            "bonus_gift": yuan(rules.gift) if rules.bonus_from else None,
            "balance_limit": yuan(rules.limit) if rules.limit else None,
            "spending_order": rules.order,
        }
        in_transaction(lambda: change_settings(values, actor=self.boss))

    # The verbs.

    @precondition(lambda self: len(self.shop.wallets) < 4)
    @rule(amount=amounts)
    def newcomer(self, amount: int) -> None:
        self._recharge(self._enter(), amount, "cash")

    def _enter(self) -> int:
        number = next(_numbers)
        in_transaction(lambda: operations.open_wallet(number, actor=self.boss).id)
        self.shop.wallets[number] = Wallets()
        return number

    @rule(data=st.data(), amount=amounts, method=methods)
    def recharge(self, data: Any, amount: int, method: str) -> None:
        self._recharge(self._customer(data), amount, method)

    def _recharge(self, who: int, amount: int, method: str) -> None:
        given = {"method": Method(method), "store_id": 1, "actor": self.clerk}
        self._post(
            lambda: self.shop.recharge(who, amount, method), lambda: operations.recharge(who, yuan(amount), **given)
        )

    @rule(data=st.data())
    def consume(self, data: Any) -> None:
        who = self._customer(data)
        amount = self._amount_for(data, who)
        self._post(
            lambda: self.shop.consume(who, amount),
            lambda: operations.consume(who, yuan(amount), store_id=1, actor=self.clerk),
        )

    @rule(data=st.data(), method=methods)
    def refund(self, data: Any, method: str) -> None:
        who = self._customer(data)
        amount = self._amount_for(data, who)
        given = {"method": Method(method), "store_id": 1, "actor": self.clerk, "reason": "moved away"}
        self._post(lambda: self.shop.refund(who, amount, method), lambda: operations.refund(who, yuan(amount), **given))

    def _amount_for(self, data: Any, who: int) -> int:
        """Any amount, or one at whose edge something changes: half of what he has, all of it, a cent more."""
        has = self.shop.wallets[who].principal
        return data.draw(amounts | st.sampled_from([max(each, 1) for each in (has // 2, has, has + 1)]))

    @rule(data=st.data(), amount=amounts, sign=st.sampled_from([1, -1]))
    def adjust(self, data: Any, amount: int, sign: int) -> None:
        who, given = self._customer(data), {"store_id": 1, "actor": self.boss, "reason": "typed wrong"}
        self._post(
            lambda: self.shop.adjust(who, sign * amount), lambda: operations.adjust(who, yuan(sign * amount), **given)
        )

    @rule(amount=amounts, method=methods)
    def sell(self, amount: int, method: str) -> None:
        given = {"method": Method(method), "store_id": 1, "actor": self.clerk}
        self._post(lambda: self.shop.sell(amount, method), lambda: operations.sell(yuan(amount), **given))

    @precondition(lambda self: self.shop.slips)
    @rule(data=st.data(), is_forced=st.booleans(), is_clerk=st.booleans())
    def reverse(self, data: Any, is_forced: bool, is_clerk: bool) -> None:
        number = data.draw(st.sampled_from(sorted(self.shop.slips)))
        given = {"reason": "slip", "is_forced": is_forced, "actor": self.clerk if is_clerk else self.boss}
        self._post(
            lambda: self.shop.reverse(number, is_forced=is_forced, is_clerk=is_clerk),
            lambda: operations.reverse(number, **given),
        )

    @rule(data=st.data(), amount=amounts, hours=st.sampled_from([0.5, 3.5, 30.5]))
    def hold(self, data: Any, amount: int, hours: float) -> None:
        who, until = self._customer(data), clock.now() + timedelta(hours=hours)

        def work() -> dict[str, Any]:
            return {"id": operations.hold(who, yuan(amount), expires_at=until, store_id=1, actor=self.clerk).id}

        try:
            held, answer = self._ask(lambda: self.shop.hold(who, amount, hours), work)
        except No:
            return
        self.shop.holds[answer["id"]] = held

    def _held(self, data: Any) -> tuple[int, Held]:
        return data.draw(st.sampled_from(sorted(self.shop.holds.items(), key=lambda pair: pair[0])))

    @precondition(lambda self: self.shop.holds)
    @rule(data=st.data(), more=st.sampled_from([None, -100, 0, 1, 100]))
    def capture(self, data: Any, more: int | None) -> None:
        number, held = self._held(data)
        amount = None if more is None else max(held.principal + held.bonus + more, 1)
        asked = None if amount is None else yuan(amount)
        self._post(
            lambda: self.shop.capture(number, amount),
            lambda: operations.capture(number, amount=asked, actor=self.clerk),
        )

    @precondition(lambda self: self.shop.holds)
    @rule(data=st.data())
    def void(self, data: Any) -> None:
        number, _held = self._held(data)
        self._quietly(lambda: self.shop.void(number), lambda: operations.void(number, actor=self.clerk))

    def _expire(self) -> None:
        freed = self.shop.trying(self.shop.expire)
        with nothing_else_goes_wrong():
            self._same(in_transaction(lambda: operations.expire_holds(actor=self.boss)), freed)

    @rule(data=st.data(), limit=st.sampled_from([0, 2_000, 20_000]))
    def limit_credit(self, data: Any, limit: int) -> None:
        who = self._customer(data)
        self._quietly(
            lambda: self.shop.limit_credit(who, limit),
            lambda: operations.set_credit_limit(who, yuan(limit), actor=self.boss),
        )

    @precondition(lambda self: len(self.shop.wallets) > 2)
    @rule(data=st.data())
    def close(self, data: Any) -> None:
        who = self._customer(data)
        self._quietly(lambda: self.shop.close(who), lambda: operations.close_wallets(who, actor=self.boss))

    @rule(data=st.data())
    def merge(self, data: Any) -> None:
        goes, stays = data.draw(st.permutations(sorted(self.shop.wallets)))[:2]
        given = {"source": Source("merge", len(self.sent) + 1), "store_id": 1, "actor": self.boss}
        slips = self._quietly(lambda: self.shop.merge(goes, stays), lambda: operations.move_all(goes, stays, **given))
        made = select(Posting.id).where(Posting.kind == Kind.ADJUSTMENT).order_by(Posting.id.desc())
        numbers = reversed(db.session.scalars(made.limit(len(slips or ()))).all())
        self.shop.slips |= dict(zip(numbers, slips or (), strict=True))

    # Requests that come again.

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), is_another=st.booleans())
    def replay(self, data: Any, is_another: bool) -> None:
        request, work, before = data.draw(st.sampled_from(self.sent[-12:]))
        if is_another:
            self._same(self._code_of(Request(request.scope, request.key, {"what": "else"}), work), "key-reused")
            return
        with nothing_else_goes_wrong():
            told = again(request, work)
            codes = [each.refusal.code if each.refusal else None for each in (before, told)]
            self._same((told.is_replay, told.answer, codes[1]), (True, before.answer, codes[0]))

    def _code_of(self, request: Request, work: Callable[[], Mapping[str, Any]]) -> str:
        with nothing_else_goes_wrong():
            try:
                again(request, work)
            except KeyReused:
                return "key-reused"
        return "done"

    # Time.

    @rule(hours=st.sampled_from([0, 1, 5, 26, 50]), is_closed=st.booleans(), is_expired=st.booleans())
    def go_on(self, hours: int, is_closed: bool, is_expired: bool) -> None:
        """Time goes by, and the jobs that free holds and close days may come along."""
        self.shop.hour += hours
        self._set_clock()
        with nothing_else_goes_wrong():
            if is_closed:
                closing.close_days(actor=self.boss)
        if is_expired:
            self._expire()

    @precondition(lambda self: self.may_purge and not self.purges)
    @rule(chance=st.integers(1, RARELY))
    def purge(self, chance: int) -> None:
        """A month ends, and it leaves as if years had gone by. Not in every run: it takes longer than all the rest."""
        if chance < RARELY:
            return
        self.purges += 1
        today = self.start + timedelta(days=self.shop.hour // HOURS)
        next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        self.go_on((next_month - today).days * HOURS, True, False)
        with nothing_else_goes_wrong():
            report = retain(today=next_month.replace(year=next_month.year + 8), actor=self.boss)
            self._same((report.holds, report.proofs), (True, []))
        self.shop.archive((next_month - self.start).days)

    def teardown(self) -> None:
        try:
            if self.steps:
                self.every_total_is_the_models()
        finally:
            self._leave()

    # What is done most asks for most of the steps.
    recharge_too, consume_too, reverse_too = recharge, consume, reverse
    hold_too, hold_as_well, capture_too, capture_as_well = hold, hold, capture, capture

    def _leave(self) -> None:
        """Nothing of this run may end in another."""
        self.calendar.days += self.shop.hour // HOURS + 2
        db.session.rollback()
        table = Hold.__table__
        for held in db.session.execute(select(table.c.id).where(table.c.status == HoldStatus.OPEN)).all():
            in_transaction(lambda number=held.id: operations.void(number, actor=self.boss))
