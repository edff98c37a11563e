"""How an amount is taken from, or given back to, a customer's wallets. Pure arithmetic."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from app.core.money import CENT
from app.ledger.facts import Facts
from app.ledger.models import Purse
from app.ledger.refusals import InsufficientBalance

ZERO = Decimal(0)
Amount = TypeVar("Amount", int, Decimal)  # minor units, or what they are


def take(amount: Decimal, facts: Facts) -> dict[Purse, Decimal]:
    """The amount by wallet, in the order that the shop has set; credit comes last in each of them.

    Raises InsufficientBalance when all of it together is not enough.
    """
    if amount > facts.available:
        raise InsufficientBalance(available=facts.available, needed=amount)
    bonus_free = facts.bonus.free if facts.bonus else ZERO
    divide = ORDERS[facts.spending_order]
    from_principal, from_bonus = divide(amount, facts.principal.free, bonus_free)
    parts = {Purse.PRINCIPAL: from_principal, Purse.BONUS: from_bonus}
    return {purse: part for purse, part in parts.items() if part}


def portions(amount: Amount, principal_free: Amount, bonus_free: Amount) -> tuple[Amount, Amount]:
    """What of an amount comes from the principal, with the credit that it needs, and what from the bonus.

    Principal first: so an early refund can always take back the whole unused bonus.
    """
    from_bonus = min(amount - min(amount, principal_free), bonus_free)
    return amount - from_bonus, from_bonus


def bonus_first(amount: Amount, _principal_free: Amount, bonus_free: Amount) -> tuple[Amount, Amount]:
    """The same, when the bonus is spent before the principal."""
    from_bonus = min(amount, bonus_free)
    return amount - from_bonus, from_bonus


def in_proportion(amount: Decimal, principal_free: Decimal, bonus_free: Decimal) -> tuple[Decimal, Decimal]:
    """The same, when each gives its share of what there is, to the cent, half a cent up for the bonus."""
    free = principal_free + bonus_free
    if amount >= free:  # also when there is nothing: the rest is credit, which the principal takes
        return amount - bonus_free, bonus_free
    share = (amount * bonus_free / free).quantize(CENT, ROUND_HALF_UP)
    from_bonus = max(min(share, bonus_free, amount), amount - principal_free)
    return amount - from_bonus, from_bonus


Divide = Callable[[Decimal, Decimal, Decimal], tuple[Decimal, Decimal]]
ORDERS: Mapping[str, Divide] = {"principal-first": portions, "bonus-first": bonus_first, "proportional": in_proportion}


def bonus_to_take_back(refund: Decimal, facts: Facts) -> Decimal:
    """The unused bonus that goes back with a refund: its share of the principal, rounded half up to the cent.

    All of it when the whole principal is paid back.
    """
    if facts.bonus is None or refund <= 0:
        return ZERO
    return share_of_bonus(refund, facts.principal.balance, facts.bonus.free)


def share_of_bonus(refund: Decimal, principal: Decimal, bonus_free: Decimal) -> Decimal:
    """The part of the bonus that belongs to this part of a principal above zero."""
    return min((bonus_free * refund / principal).quantize(CENT, ROUND_HALF_UP), bonus_free)


def gift(amount: Decimal, rules: Mapping[str, Decimal]) -> Decimal:
    """The bonus that a recharge of this amount brings: "recharge from X gives Y"."""
    least = rules.get("bonus_from")
    return rules.get("bonus_gift", ZERO) if least and amount >= least else ZERO
