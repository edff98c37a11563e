"""Every list page by every filter that the issue names, at many rows against 10,000; and statements per page.

A filter that fills a page among many rows may find one row among 10,000. What is to be seen is whether a page becomes
slower where there are more rows behind it, not on it: such a page is held against a full one of the same list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import event, text

from bench.ground import Ground, House, size
from bench.measure import judge, side_by_side, tell, title
from bench.people import browser
from bench.processors import clock_of

MOST_SLOWER = 1.3
MOST_STATEMENTS = 12
PAGES_ON = 3  # how often the way to the next page is followed
ROW = """
SELECT p.*, c.phone, s.code AS store, u.username AS operator FROM posting p
JOIN customer c ON c.id = p.customer_id JOIN store s ON s.id = p.store_id JOIN ab_user u ON u.id = p.operator_id
WHERE p.kind = 'recharge' AND p.operator_kind = 'staff' AND p.customer_id = (
    SELECT customer_id FROM posting WHERE customer_id IS NOT NULL GROUP BY customer_id ORDER BY count(*) DESC LIMIT 1
) ORDER BY p.id DESC LIMIT 1
"""
OTHER_PAGES = ("/counter", "/overview", "/today", "/totals/", "/totals/period", "/stores/list/")


@dataclass
class Walk:
    """One list by one filter. path: how it is asked for, with words in braces for what each house has of its own."""

    name: str
    path: str
    filters: dict[str, str] = field(default_factory=dict)

    def address(self, known: dict[str, Any]) -> str:
        said = {name: value.format(**known) for name, value in self.filters.items()}
        return f"{self.path.format(**known)}?{urlencode(said)}" if said else self.path.format(**known)


LISTS = {
    "customers": ("/customers/list/", {}),
    "account details": ("/postings/", {}),
    "operation records": ("/operation-records/list/", {}),
}
CUSTOMERS = {
    "phone": {"phone": "{phone}"},
    "ending": {"phone": "{ending}"},
    "phone prefix": {"phone_start": "{prefix}"},
    "store": {"store": "{store}"},
    "days": {"created_from": "{day}", "created_to": "{day}"},
    "name, in order": {"order": "name"},
    "name, from the end": {"order": "-name"},
    "oldest": {"order": "id"},
}
POSTINGS = {
    "phone": {"phone": "{phone}"},
    "ending": {"phone": "{ending}"},
    "customer": {"customer": "{customer_id}"},
    "store": {"store": "{store}"},
    "operator": {"operator": "{operator}"},
    "kind": {"kind": "{kind}"},
    "rare kind": {"kind": "refund"},
    "method": {"method": "{method}"},
    "receipt": {"receipt": "{receipt_no}"},
    "one day": {"from": "{day}", "to": "{day}"},
    "first days": {"from": "{first_day}", "to": "{later_day}"},
}


def walks() -> Iterator[Walk]:
    """Every list by no filter and by each of its own."""
    for name, (path, none) in LISTS.items():
        yield Walk(name, path, none)
    for name, filters in CUSTOMERS.items():
        yield Walk(f"customers by {name}", "/customers/list/", filters)
    for name, filters in POSTINGS.items():
        yield Walk(f"account details by {name}", "/postings/", filters)
    yield Walk("a customer's statement", "/customers/{customer_id}/statement")
    yield Walk("a clerk's day", "/reports/watched-postings/", {"from": "{day}", "to": "{day}", "what": "reversals"})


def run(ground: Ground) -> None:
    title(
        "List pages at many rows against 10,000: milliseconds of processor time, application and database; [statements]"
    )
    houses = (ground.large, ground.small)
    known, browsers = [_known(house) for house in houses], [browser(house.app) for house in houses]
    for house, of_house in zip(houses, known, strict=True):
        tell(house.url.rpartition("/")[2].partition("?")[0], f"{of_house['postings']:,} postings")
    missed = [walk.name for walk in walks() for ok in [compare(walk, houses, known, browsers)] if not ok]
    tell("pages that missed their goal", ", ".join(missed) or "none")
    title(f"SQL statements per page, at most {MOST_STATEMENTS}")
    for path in (*OTHER_PAGES, f"/counter?q={known[0]['phone']}", f"/counter?customer={known[0]['customer_id']}"):
        statements, status = _counted(houses[0], browsers[0], path)
        judge(f"{path} ({status})", statements, most=MOST_STATEMENTS)


def compare(walk: Walk, houses: Any, known: Any, browsers: Any) -> bool:
    """The first page, and the one that is reached by going on; both, in both houses."""
    first = [walk.address(of_house) for of_house in known]
    deep = [_followed(client, path) for client, path in zip(browsers, first, strict=True)]
    full = walk.path.format(**known[1])
    verdicts = [_judge(walk.name, houses, browsers, first, full)]
    if all(deep):
        verdicts.append(_judge(f"{walk.name}, {PAGES_ON} pages on", houses, browsers, deep, full))
    return all(verdicts)


def _judge(name: str, houses: Any, browsers: Any, paths: Any, full: str) -> bool:
    (large, small), times = browsers, size("BENCH_TIMES", 7)
    answer, other = large.get(paths[0]), small.get(paths[1])
    if answer.status_code != 200:
        tell(name, f"answered {answer.status_code}: not measured")
        return True
    if _rows(answer.text) > _rows(other.text) and full != paths[1]:
        name, paths = f"{name} (against a full page)", [paths[0], full]
    statements, _status = _counted(houses[0], large, paths[0])
    clock = clock_of(houses[0].plain_url)
    slow, quick = side_by_side(lambda: large.get(paths[0]), lambda: small.get(paths[1]), times, clock)
    met = judge(f"{name:<58}{slow:7.1f} against {quick:6.1f} [{statements}]", slow / quick, most=MOST_SLOWER, unit=" x")
    return met and statements <= MOST_STATEMENTS


def _rows(page: str) -> int:
    """How many rows stand on a page."""
    return page.count("<tr")


def _followed(client: FlaskClient, path: str) -> str | None:
    """The address of the page that is reached from there by going on."""
    for _ in range(PAGES_ON):
        found = re.search(r'rel="next"[^>]*href="([^"]+)"', client.get(path).text)
        if found is None:
            return None
        path = found.group(1).replace("&amp;", "&")
    return path


def _counted(house: House, client: FlaskClient, path: str) -> tuple[int, int]:
    """How many questions a page asks the database, and the status that it answers."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    with house.app.app_context():
        engine = house.app.extensions["sqlalchemy"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        status = client.get(path).status_code
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen), status


def _known(house: House) -> dict[str, Any]:
    """What to look for in a house: what one of its postings says, and its days."""
    with house.app.app_context():
        from app.extensions import db  # noqa: PLC0415 - after the application

        row = db.session.execute(text(ROW)).mappings().one()
        days = db.session.execute(text("SELECT min(business_date), min(business_date) + 30 FROM posting")).one()
        count = db.session.scalar(text("SELECT count(*) FROM posting"))
        db.session.rollback()
    own = {"ending": row["phone"][-4:], "prefix": row["phone"][3:9], "day": row["business_date"], "postings": count}
    return {**row, **own, "first_day": days[0], "later_day": days[1]}
