"""Money in, money out, value consumed: the verbs of the counter. Amounts are positive, at most two decimals."""

from decimal import Decimal

from app.core.actor import Actor
from app.ledger.chart import GENERAL
from app.ledger.facts import Asked, Desk, Facts
from app.ledger.models import Kind
from app.ledger.plan import Event, Leg, Plan, Posted, Source, columns_of, draw_up, legs_to
from app.ledger.posting import post
from app.ledger.refusals import BalanceLimit, InsufficientBalance
from app.ledger.split import bonus_to_take_back, gift, take
from app.shop.models import Method


def recharge(
    customer_id: int, amount: Decimal, *, method: Method, store_id: int, actor: Actor, note: str | None = None
) -> Posted:
    """Credit a customer's principal, and his bonus by rule, with money that was paid.

    Raises WalletClosed, WalletFrozen, MethodOff, NoOpenShift, BalanceLimit; NotFound when there is no such customer.
    """
    desk = Desk.of(actor, method, store_id)
    columns = {"method": method, "note": note}

    def draw(facts: Facts) -> Plan:
        facts.require_open()
        facts.require_method()
        legs = [Leg(facts.till(), facts.principal, amount)]
        if given := gift(amount, facts.rules):
            legs.append(Leg(facts.account("promotions"), facts.require_bonus(), given))
        _require_room(amount + given, facts)
        event = Event(Kind.RECHARGE, amount, store_id, actor, columns, shift=facts.shift)
        return draw_up(event, legs, facts)

    return post(Asked(customer_id, ("promotions",), method, desk=desk), draw)


def _require_room(more: Decimal, facts: Facts) -> None:
    limit = facts.rules.get("balance_limit")
    if limit is not None and sum(wallet.balance for wallet in facts.wallets) + more > limit:
        raise BalanceLimit(limit=limit)


def consume(
    customer_id: int,
    amount: Decimal,
    *,
    store_id: int,
    actor: Actor,
    category: str = GENERAL,
    location: str | None = None,
    note: str | None = None,
    source: Source | None = None,
) -> Posted:
    """Take what is due from the balance: principal first, then bonus, then credit.

    source: the document that it is taken for. Raises InsufficientBalance, WalletClosed, WalletFrozen.
    """
    revenue = f"revenue:{category}"
    columns = {"category": category, "location": location, "note": note, **columns_of(source)}

    def draw(facts: Facts) -> Plan:
        facts.require_open()
        legs = legs_to(facts.account(revenue), take(amount, facts), facts)
        return draw_up(Event(Kind.CONSUMPTION, amount, store_id, actor, columns), legs, facts)

    return post(Asked(customer_id, (revenue,)), draw)


def refund(customer_id: int, amount: Decimal, *, method: Method, store_id: int, actor: Actor, reason: str) -> Posted:
    """Give money back from the principal, and take back the unused bonus that came with it.

    Raises InsufficientBalance when the principal that is not held is less, WalletClosed, WalletFrozen, MethodOff,
    NoOpenShift.
    """
    desk = Desk.of(actor, method, store_id)
    columns = {"method": method, "note": reason}

    def draw(facts: Facts) -> Plan:
        facts.require_open()
        facts.require_method()
        _require_principal(amount, facts)
        legs = [Leg(facts.principal, facts.till(), amount)]
        if (bonus := bonus_to_take_back(amount, facts)) and facts.bonus:
            legs.append(Leg(facts.bonus, facts.account("promotions"), bonus))
        event = Event(Kind.REFUND, amount, store_id, actor, columns, shift=facts.shift)
        return draw_up(event, legs, facts)

    return post(Asked(customer_id, ("promotions",), method, desk=desk), draw)


def _require_principal(amount: Decimal, facts: Facts) -> None:
    """Only what was paid in can be paid back: neither bonus nor credit."""
    if amount > facts.principal.free:
        raise InsufficientBalance(available=facts.principal.free, needed=amount)


def adjust(
    customer_id: int, amount: Decimal, *, store_id: int, actor: Actor, reason: str, approval_id: int | None = None
) -> Posted:
    """Correct the principal by a signed amount, not zero. approval_id: of the request that a second person agreed to.

    Raises InsufficientBalance when it would fall below the credit limit, WalletClosed, WalletFrozen, BalanceLimit.
    """

    columns = {"note": reason, "approval_id": approval_id}

    def draw(facts: Facts) -> Plan:
        house, wallet = facts.account("adjustments"), facts.principal
        leg = Leg(house, wallet, amount) if amount > 0 else Leg(wallet, house, -amount)
        return draw_up(Event(Kind.ADJUSTMENT, amount, store_id, actor, columns), [leg], facts)

    return post(Asked(customer_id, ("adjustments",)), draw)


def give_back(
    customer_id: int, amount: Decimal, *, category: str, store_id: int, actor: Actor, note: str, source: Source
) -> Posted:
    """Credit the principal with what was paid for something that the customer does not get: out of that revenue.

    source: the document that says what and why. Raises WalletClosed, WalletFrozen, BalanceLimit.
    """
    revenue = f"revenue:{category}"
    columns = {"category": category, "note": note, **columns_of(source)}

    def draw(facts: Facts) -> Plan:
        leg = Leg(facts.account(revenue), facts.principal, amount)
        return draw_up(Event(Kind.ADJUSTMENT, amount, store_id, actor, columns), [leg], facts)

    return post(Asked(customer_id, (revenue,)), draw)


def sell(
    amount: Decimal,
    *,
    method: Method,
    store_id: int,
    actor: Actor,
    category: str = GENERAL,
    customer_id: int | None = None,
    note: str | None = None,
    source: Source | None = None,
) -> Posted:
    """Take money for a thing at once, past every wallet. customer_id: whose purchase it was, if known.

    source: the document that it is taken for. Raises MethodOff, NoOpenShift.
    """
    desk, revenue = Desk.of(actor, method, store_id), f"revenue:{category}"
    columns = {"method": method, "category": category, "customer_id": customer_id, "note": note, **columns_of(source)}

    def draw(facts: Facts) -> Plan:
        facts.require_method()
        leg = Leg(facts.till(), facts.account(revenue), amount)
        return draw_up(Event(Kind.SALE, amount, store_id, actor, columns, shift=facts.shift), [leg], facts)

    return post(Asked(None, (revenue,), method, desk=desk), draw)


def repay(
    amount: Decimal,
    *,
    method: Method,
    store_id: int,
    actor: Actor,
    category: str,
    customer_id: int,
    note: str,
    source: Source,
) -> Posted:
    """Give money back past every wallet, for something paid that the customer does not get: out of that revenue.

    source: the document that says what and why. Raises MethodOff, NoOpenShift.
    """
    desk, revenue = Desk.of(actor, method, store_id), f"revenue:{category}"
    columns = {"method": method, "category": category, "customer_id": customer_id, "note": note, **columns_of(source)}

    def draw(facts: Facts) -> Plan:
        facts.require_method()
        leg = Leg(facts.account(revenue), facts.till(), amount)
        return draw_up(Event(Kind.REFUND, amount, store_id, actor, columns, shift=facts.shift), [leg], facts)

    return post(Asked(None, (revenue,), method, desk=desk), draw)
