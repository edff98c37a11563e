"""How an amount is taken from, or given back to, a customer's wallets. Pure arithmetic."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from app.core.money import CENT
from app.ledger.facts import Facts
from app.ledger.models import Purse
from app.ledger.refusals import InsufficientBalance

ZERO = Decimal(0)


def take(amount: Decimal, facts: Facts) -> dict[Purse, Decimal]:
    """Principal first, then bonus, then credit: so an early refund can always take back the whole unused bonus.

    Raises InsufficientBalance when all of it together is not enough.
    """
    if amount > facts.available:
        raise InsufficientBalance(available=facts.available, needed=amount)
    from_principal = min(amount, facts.principal.free)
    bonus_free = facts.bonus.free if facts.bonus else ZERO
    from_bonus = min(amount - from_principal, bonus_free)
    from_credit = amount - from_principal - from_bonus
    parts = {Purse.PRINCIPAL: from_principal + from_credit, Purse.BONUS: from_bonus}
    return {purse: part for purse, part in parts.items() if part}


def bonus_to_take_back(refund: Decimal, facts: Facts) -> Decimal:
    """The unused bonus that goes back with a refund: its share of the principal, rounded half up to the cent.

    All of it when the whole principal is paid back.
    """
    if facts.bonus is None or refund <= 0:
        return ZERO
    share = facts.bonus.free * refund / facts.principal.balance
    return min(share.quantize(CENT, ROUND_HALF_UP), facts.bonus.free)


def gift(amount: Decimal, rules: Mapping[str, Decimal]) -> Decimal:
    """The bonus that a recharge of this amount brings: "recharge from X gives Y"."""
    least = rules.get("bonus_from")
    return rules.get("bonus_gift", ZERO) if least and amount >= least else ZERO
