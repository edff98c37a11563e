"""Asking the ledger and its model the same, and comparing what both have then."""

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import select

from app.core.actor import Actor
from app.core.commands import Answered, Request, execute, find, new_key
from app.core.errors import Forbidden, NotFound, Refused
from app.core.money import from_minor, to_minor
from app.extensions import db
from app.ledger import proofs, totals
from app.ledger.models import Account, Kind
from tests.ledger.model import Shop
from tests.ledger.things import Line, No, Slip


class Wrong(AssertionError):
    """The ledger did what the model did not."""


@contextmanager
def nothing_else_goes_wrong():
    """Whatever breaks inside is a finding, too."""
    try:
        yield
    except (Wrong, No):
        raise
    except Exception as broken:
        raise Wrong(f"{type(broken).__name__}: {broken}") from broken


class Compared(RuleBasedStateMachine):
    """Asks the ledger and the model the same, and compares what both have then."""

    boss: Actor
    clerk: Actor
    shop: Shop
    before: dict[str, Any]
    sent: list[tuple[Request, Callable[[], Mapping[str, Any]], Answered]]
    steps: int

    # Asking both.

    def _ask(self, think: Callable[[], Any], work: Callable[[], Mapping[str, Any]]) -> tuple[Any, Mapping[str, Any]]:
        """What the model and the ledger make of it; No when both refuse it by the same rule."""
        try:
            thought, no = self.shop.trying(think), None
        except No as refusal:
            thought, no = None, refusal.code
        with nothing_else_goes_wrong():
            request = Request("model", new_key(), {"what": len(self.sent)})
            code, answered = self._send(request, work)
        if code != no:
            raise Wrong(f"the model says {no or 'yes'}, the ledger {code or 'yes'}")
        if answered is not None:
            self.sent.append((request, work, answered))
        if no:
            raise No(no)
        return thought, answered.answer if answered else {}

    def _send(self, request: Request, work: Callable[[], Mapping[str, Any]]) -> tuple[str | None, Answered | None]:
        try:
            answered = execute(request, work)
        except Refused as refusal:
            return refusal.code, None
        except NotFound:
            return "not-found", None
        except Forbidden:
            return "forbidden", None
        return (answered.refusal.code if answered.refusal else None), answered

    def _post(self, think: Callable[[], Slip], post: Callable[[], Any]) -> None:
        try:
            slip, answer = self._ask(think, lambda: post().answer())
        except No:
            return
        self.shop.slips[answer["posting"]["id"]] = slip
        if slip.customer is not None:
            wallets = self.shop.wallets[slip.customer]
            told = {name: to_minor(Decimal(answer[name])) for name in ("balance", "bonus", "held", "available")}
            self._same(told, {"balance": wallets.principal} | _figures(wallets, "bonus", "held", "available"))

    def _same(self, found: Any, wanted: Any) -> None:
        if found != wanted:
            raise Wrong(f"found {found}, should be {wanted}")

    def _customer(self, data: Any) -> int:
        return data.draw(st.sampled_from(sorted(self.shop.wallets)))

    def _quietly(self, think: Callable[[], Any], do: Callable[[], Any]) -> Any:
        """Do what answers nothing."""

        def work() -> dict[str, Any]:
            do()
            return {}

        try:
            return self._ask(think, work)[0]
        except No:
            return None

    # What must hold after every step.

    def _totals(self) -> dict[str, Any]:
        db.session.rollback()
        now = totals.all_time()
        house = {code: to_minor(amount) for code, amount in totals.house_balances().items()}
        lines = {kind.value: now.figures.of(kind) for kind in Kind}
        plain = {
            kind: [line.count, *_minor(line, "gross", "bonus", "reversed", "signed")] for kind, line in lines.items()
        }
        return {"lines": plain, "house": house, "owed": _minor(now, "principal", "bonus", "held")}

    @invariant()
    def totals_are_looked_at_now_and_then(self) -> None:
        self.steps += 1
        if self.steps % 8 == 0:
            self.every_total_is_the_models()

    def every_total_is_the_models(self) -> None:
        with nothing_else_goes_wrong():
            now, before = self._totals(), self.before
        lines = self.shop.lines
        for kind, was in before["lines"].items():
            line = lines.get(kind, Line())
            wanted = [line.count, line.gross, line.bonus, line.reversed, line.signed]
            self._same((kind, _less(now["lines"][kind], was)), (kind, wanted))
        self._same(sum(now["house"].values()), 0)
        changed = {code: amount - before["house"].get(code, 0) for code, amount in now["house"].items()}
        self._same({code: each for code, each in changed.items() if each},
                   {code: each for code, each in self.shop.accounts.items() if each})  # fmt: skip
        wallets = self.shop.wallets.values()
        wanted = [sum(getattr(each, name) for each in wallets) for name in ("principal", "bonus", "held")]
        self._same(_less(now["owed"], before["owed"]), wanted)

    @invariant()
    def every_wallet_is_the_models(self) -> None:
        db.session.rollback()
        rows = db.session.execute(
            select(*Account.__table__.c).where(Account.customer_id.in_(list(self.shop.wallets)))
        ).all()
        for number, wallets in self.shop.wallets.items():
            mine = {
                row.purse.value: _minor(row, "balance", "held", "floor") for row in rows if row.customer_id == number
            }
            self._same(mine["principal"], [wallets.principal, wallets.held_principal, -wallets.limit])
            self._same(mine.get("bonus", [0, 0, 0]), [wallets.bonus, wallets.held_bonus, 0])


def failed_proofs() -> dict[str, Any]:
    """What does not hold in the whole database."""
    db.session.rollback()
    return {proof.name: proof.found for proof in proofs.verify() if not proof.holds}


def again(request: Request, work: Callable[[], Mapping[str, Any]]) -> Answered:
    """Send it again, as the edges do: what was applied stays applied, whatever could not be done now."""
    try:
        return execute(request, work)
    except (Refused, NotFound, Forbidden):
        if (found := find(request)) is None:
            raise
        return found


def yuan(cents: int) -> Decimal:
    return from_minor(cents)


def _minor(row: Any, *names: str) -> list[int]:
    return [to_minor(getattr(row, name)) for name in names]


def _less(now: list[int], before: list[int]) -> list[int]:
    return [one - other for one, other in zip(now, before, strict=True)]


def _figures(wallets: Any, *names: str) -> dict[str, int]:
    return {name: getattr(wallets, name) for name in names}
