"""Recharges over HTTP: against a bare hello in the same server, and on one customer against many."""

from decimal import Decimal

from sqlalchemy import text

from bench.clients import CONNECTIONS, Load, load
from bench.ground import Ground, House, size
from bench.measure import Rate, joined, judge, share, tell, title
from bench.people import token
from bench.processors import server_of, worked
from bench.serving import gunicorn

ROUNDS = 3
APPLIED = 201
AMOUNT = Decimal(100)


def run(ground: Ground) -> None:
    title(f"POST recharges, gunicorn 2 x 8 threads, {CONNECTIONS} connections, against a bare hello in the same server")
    house, seconds = ground.large, size("BENCH_SECONDS", 5)
    customers, bearer = house.customers(), token(house.app)
    one = customers[len(customers) // 2]
    kinds = {
        "hello": ("gets", "/hello/"),
        "a hello inside the product": ("gets", "/bench/hello"),
        "recharges": ("recharges", bearer, customers),
        "recharges of one customer": ("recharges", bearer, [one]),
    }
    before = _balance(house, one)
    loads: dict[str, list[Load]] = {kind: [] for kind in kinds}
    with gunicorn(house) as served:
        roots = (served.process.pid, server_of(house.plain_url))
        load(served.port, 2, *kinds["recharges"])
        for _ in range(ROUNDS):
            for kind, given in kinds.items():
                before_it = worked(*roots)
                done = load(served.port, seconds, *given)
                done.rate.worked = worked(*roots) - before_it
                loads[kind].append(done)
    rates = {kind: joined([each.rate for each in many]) for kind, many in loads.items()}
    for kind, rate in rates.items():
        tell(kind, f"{rate}; answers {_statuses(loads[kind])}")
    _judge(rates)
    _lost(house, one, before, loads)


def _judge(rates: dict[str, Rate]) -> None:
    hello, many, one = (rates[kind] for kind in ("hello", "recharges", "recharges of one customer"))
    share("recharges, share of hello's rate", many, hello, least=25)
    judge("p99 of recharges, in hello's p50", many.percentile(0.99) / hello.percentile(0.5), most=20, unit=" x")
    share("one customer, share of many", one, many, least=30)


def _lost(house: House, customer: int, before: Decimal, loads: dict[str, list[Load]]) -> None:
    """Every recharge that was acknowledged is in the balance; `many` seldom meets this customer."""
    acknowledged = sum(each.statuses.get(APPLIED, 0) for each in loads["recharges of one customer"])
    risen = (_balance(house, customer) - before) / AMOUNT
    tell("recharges of one customer acknowledged, found in his balance", f"{acknowledged}, {risen:.0f}")
    judge("lost", max(0, acknowledged - int(risen)), most=0)


def _balance(house: House, customer: int) -> Decimal:
    with house.app.app_context():
        from app.extensions import db  # noqa: PLC0415 - after the application

        ask = text("SELECT balance FROM ledger_account WHERE customer_id = :customer AND purse = 'principal'")
        minor = db.session.scalar(ask, {"customer": customer}) or 0
        db.session.rollback()
        return Decimal(minor) / 100


def _statuses(loads: list[Load]) -> dict[int, int]:
    return {
        status: sum(each.statuses.get(status, 0) for each in loads)
        for status in sorted({status for each in loads for status in each.statuses})
    }
