"""Phone search and the counter's whole answer, with many customers against 1,000."""

import random
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import text

from bench.ground import Ground, House, size
from bench.measure import judge, side_by_side, title
from bench.people import browser
from bench.processors import clock_of

SAMPLE = 40


def run(ground: Ground) -> None:
    title("Phone search and the counter's whole answer, many customers against 1,000; processor time")
    houses = (ground.large, ground.small)
    phones, browsers = [_phones(house) for house in houses], [browser(house.app) for house in houses]
    clock = clock_of(houses[0].plain_url)
    ways = {
        "by the whole number": lambda phone: f"/counter?q={phone[3:]}",
        "by its last seven digits": lambda phone: f"/counter?q={phone[-7:]}",
        "a customer's whole screen": lambda phone: f"/counter?q=%2B{phone[1:]}",
    }
    for name, address in ways.items():
        one, other = (_looking(client, own, address) for client, own in zip(browsers, phones, strict=True))
        many, few = side_by_side(one, other, size("BENCH_TIMES", 7), clock)
        judge(f"{name}: {many / SAMPLE:.1f} ms against {few / SAMPLE:.1f} ms", many / few, most=1.3, unit=" x")


def _looking(client: FlaskClient, phones: list[str], address: Callable[[str], str]) -> Callable[[], None]:
    def look() -> None:
        for phone in phones:
            if client.get(address(phone)).status_code != 200:
                raise SystemExit(f"{address(phone)} was not answered with 200.")

    return look


def _phones(house: House) -> list[str]:
    """The numbers of some customers, the same ones in every run."""
    chosen = random.Random(1).sample(house.customers(), SAMPLE)  # noqa: S311
    with house.app.app_context():
        from app.extensions import db  # noqa: PLC0415 - after the application

        phones = db.session.scalars(text("SELECT phone FROM customer WHERE id = ANY(:ids)"), {"ids": chosen}).all()
        db.session.rollback()
    return list(phones)
