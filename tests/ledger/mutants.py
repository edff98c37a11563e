"""Wrong ledgers: each differs from the right one by one small change to its text, of the kind that people make."""

import inspect
import sys
import textwrap
from importlib import import_module
from typing import Any, NamedTuple

import pytest


class Mutant(NamedTuple):
    """One change. where: the module and the function in it, or a class and its member; right: stands there once."""

    name: str
    where: str
    right: str
    wrong: str

    def plant(self, patch: pytest.MonkeyPatch) -> None:
        """Put the wrong function in the place of the right one, wherever that is used, until the patch is undone."""
        module_name, _, path = self.where.partition(":")
        module = import_module(module_name)
        owner_name, _, name = path.rpartition(".")
        owner = getattr(module, owner_name) if owner_name else module
        right = owner.__dict__[name]
        wrong = self._made(right, module, name)
        if owner_name:
            patch.setattr(owner, name, wrong)
            return
        for each in [each for key, each in sys.modules.items() if key.startswith(("app.", "tests.ledger"))]:
            if each.__dict__.get(name) is right:
                patch.setattr(each, name, wrong)
            # Also where it is chosen from a table, which a new name does not reach.
            for table in [value for value in each.__dict__.values() if type(value) is dict]:
                for key in [key for key, value in table.items() if value is right]:
                    patch.setitem(table, key, wrong)

    def _made(self, right: Any, module: Any, name: str) -> Any:
        text = textwrap.dedent(inspect.getsource(right.fget if isinstance(right, property) else right))
        assert text.count(self.right) == 1, f"{self.name}: {self.right!r} stands there {text.count(self.right)} times"
        made: dict[str, Any] = {}
        exec(compile(text.replace(self.right, self.wrong), self.where, "exec"), module.__dict__, made)  # noqa: S102
        return made[name]


MONEY, SPLIT, PLAN, FACTS = "app.ledger.operations.money", "app.ledger.split", "app.ledger.plan", "app.ledger.facts"
HOLDS, REVERSALS = "app.ledger.operations.holds", "app.ledger.operations.reversals"
MUTANTS = [
    Mutant(
        "the guard forgets what is held",
        f"{PLAN}:_guard",
        "and wallet.balance - wallet.held < wallet.floor",
        "and wallet.balance < wallet.floor",
    ),
    Mutant("the guard asks debtors who pay in", f"{PLAN}:_guard", "if falls and", "if"),
    Mutant("the credit limit is no floor", f"{PLAN}:_guard", "< wallet.floor and", "< -10**9 and"),
    Mutant("every reversal is forced", f"{PLAN}:_guard", "not event.is_forced", "event.kind is not Kind.REVERSAL"),
    Mutant("the share of the bonus is cut off", f"{SPLIT}:in_proportion", "ROUND_HALF_UP", "'ROUND_DOWN'"),
    Mutant("bonus goes before principal", f"{SPLIT}:portions", "amount - min(amount, principal_free)", "amount"),
    Mutant("half a cent of bonus stays", f"{SPLIT}:share_of_bonus", "ROUND_HALF_UP", "'ROUND_HALF_DOWN'"),
    Mutant("a refund leaves the bonus", f"{SPLIT}:bonus_to_take_back", "facts.bonus is None or", "True or"),
    Mutant(
        "more is refunded than was paid in", f"{MONEY}:_require_principal", "facts.principal.free:", "facts.available:"
    ),
    Mutant("a bonus only above its amount", f"{SPLIT}:gift", "amount >= least", "amount > least"),
    Mutant(
        "the limit forgets the bonus",
        f"{MONEY}:recharge",
        "_require_room(amount + given, facts)",
        "_require_room(amount, facts)",
    ),
    Mutant(
        "a correction down goes up", f"{MONEY}:adjust", "Leg(wallet, house, -amount)", "Leg(house, wallet, -amount)"
    ),
    Mutant(
        "a reversal forgets the bonus",
        f"{REVERSALS}:_original",
        "return original, list(connection.execute(legs))",
        "return original, list(connection.execute(legs))[:1]",
    ),
    Mutant(
        "a reversal goes the same way again",
        f"{REVERSALS}:_mirror",
        "debit=side(leg.credit_id, leg.credit_code),\n        credit=side(leg.debit_id, leg.debit_code)",
        "debit=side(leg.debit_id, leg.debit_code),\n        credit=side(leg.credit_id, leg.credit_code)",
    ),
    Mutant(
        "clerks reverse old postings",
        f"{REVERSALS}:_require_reversible",
        "original.business_date != today and not",
        "False and not",
    ),
    Mutant("more is captured than is held", f"{HOLDS}:capture", "amount is not None and amount > total", "False"),
    Mutant(
        "a capture frees nothing", f"{PLAN}:_freed", "wallet.held - event.freed.get(wallet.purse, ZERO)", "wallet.held"
    ),
    Mutant(
        "a capture takes bonus first",
        f"{HOLDS}:_captured_parts",
        "min(amount, held.get(Purse.PRINCIPAL, ZERO))",
        "max(amount - held.get(Purse.BONUS, ZERO), ZERO)",
    ),
    Mutant(
        "a hold is captured twice",
        f"{HOLDS}:capture",
        "(HoldStatus.CAPTURED, HoldStatus.VOIDED)",
        "(HoldStatus.VOIDED,)",
    ),
    Mutant("a hold is voided twice", f"{HOLDS}:void", "held.status is not HoldStatus.OPEN", "False"),
    Mutant(
        "what has lapsed is freed twice",
        "app.ledger.lapse:end",
        "wallets[purse].held -= amount",
        "wallets[purse].held -= min(wallets[purse].held, 2 * amount if status is HoldStatus.EXPIRED else amount)",
    ),
    Mutant(
        "what has lapsed stands in the way",
        "app.ledger.lapse:free_lapsed",
        "Hold.expires_at <= clock.now()",
        "Hold.id < 0",
    ),
    Mutant(
        "a request that comes again is done again",
        "app.core.commands:_execute",
        "    try:",
        "    request = Request(request.scope, new_key(), request.content)\n    try:",
    ),
    Mutant("a key is good for every request", "app.core.commands:find", "row.request_hash != request.hash", "False"),
    Mutant(
        "closing a day skips a line",
        "app.ledger.frozen:freeze",
        "_numbered(connection, postings, POSTING_LINE, day)",
        "_numbered(connection, postings, POSTING_LINE, day)[1:]",
    ),
    Mutant(
        "closing a day skips a transfer",
        "app.ledger.frozen:freeze",
        "_numbered(connection, transfers, TRANSFER_LINE, day)",
        "_numbered(connection, transfers, TRANSFER_LINE, day)[:-1]",
    ),
    Mutant(
        "a merge leaves the bonus behind",
        "app.ledger.operations.merging:move_all",
        "if wallet.balance:",
        "if wallet.balance and purse is Purse.PRINCIPAL:",
    ),
    Mutant(
        "a late success is taken though the money is gone",
        f"{HOLDS}:_post_captured",
        "if event.freed else take(event.amount, facts)",
        "if event.freed else {Purse.PRINCIPAL: event.amount}",
    ),
    Mutant("a closed wallet still takes money", f"{FACTS}:Facts.require_open", "is WalletStatus.CLOSED", "is None"),
]

# Tried in every run; all of them in a full one.
ALWAYS = {
    "the credit limit is no floor",
    "a refund leaves the bonus",
    "a correction down goes up",
    "a reversal forgets the bonus",
    "more is captured than is held",
    "a capture frees nothing",
    "a hold is captured twice",
    "a request that comes again is done again",
    "closing a day skips a line",
    "a merge leaves the bonus behind",
}
