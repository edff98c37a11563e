"""Every list, query, statistic and page of broadband, at 100,000 subscribers against 1,000."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from bench.ground import Ground, House, size
from bench.measure import tell, title
from bench.pages import Walk, compare
from bench.people import browser
from bench.provider import settle

FEW, MANY = 1_000, 100_000
BASE = "/broadband"
ONE = """
SELECT s.*, c.phone, c.name, c.customer_no, d.id AS document_id, d.document_no, d.dated_on, d.operator_name
FROM broadband_service s JOIN customer c ON c.id = s.customer_id JOIN broadband_document d ON d.service_id = s.id
WHERE s.status = 'active' AND d.kind = 'payment' ORDER BY d.id DESC LIMIT 1 OFFSET 50
"""
COUNTED = """
SELECT (SELECT count(*) FROM broadband_service) AS services, (SELECT count(*) FROM broadband_document) AS documents,
  CURRENT_DATE - 365 AS year_ago
"""
SERVICES = {
    "phone": {"phone": "{phone}"},
    "number": {"number": "{service_no}"},
    "customer": {"customer_no": "{customer_no}"},
    "account": {"account": "{broadband_account}"},
    "name": {"name": "{name}"},
    "community": {"community": "{community_id}"},
    "package": {"package": "{package_id}"},
    "salesperson": {"salesperson": "{salesperson_id}"},
    "status": {"status": "suspended"},
    "address": {"address": "{address}"},
    "access order": {"access": "{access_order_no}"},
    "bound number": {"bound": "{bound_number}"},
    "fee": {"fee_min": "90", "fee_max": "180"},
    "applied": {"applied_from": "{apply_date}", "applied_to": "{apply_date}"},
    "activated": {"activated_from": "{activation_date}", "activated_to": "{activation_date}"},
    "stop date": {"stops_from": "{stop_date}", "stops_to": "{stop_date}"},
    "remark": {"remark": "{remark}"},
}
DAY = {"from": "{dated_on}", "to": "{dated_on}"}
PAYMENTS = {
    "day": DAY,
    "phone": {"phone": "{phone}"},
    "number": {"number": "{document_no}"},
    "community": {"community": "{community_id}"},
    "package": {"package": "{package_id}"},
    "operator": {"operator": "{operator_name}"},
    "name": {"name": "{name}"},
    "day, by operator": {**DAY, "group": "operator"},
}
DOCUMENTS = ("relocations", "transfers", "suspensions", "forced-suspensions", "reactivations", "closings")
ORDERS = {
    "number": {"number": "W00000100"},
    "phone": {"phone": "{phone}"},
    "status": {"status": "scheduled"},
    "installer": {"installer": "1"},
    "community": {"community": "{community_id}"},
    "work date": {"worked_from": "{dated_on}", "worked_to": "{dated_on}"},
}
REMINDERS = {
    "none": {},
    "community": {"community": "{community_id}"},
    "salesperson": {"salesperson": "{salesperson_id}"},
}
REGISTERS = ("communities", "packages", "materials", "installers", "employees", "business-types")
STATISTICS = {
    "users by community, this month": ("users-by-community", {}),
    "users by community, a year ago": ("users-by-community", {"from": "{year_ago}", "to": "{year_ago}"}),
    "openings of a month": ("openings", {}),
    "openings by package": ("openings", {"group": "package"}),
    "takings of a day": ("takings", DAY),
}
PAGES = {
    "a service": f"{BASE}/service/{{id}}",
    "a payment": f"{BASE}/documents/{{document_id}}",
    "the form of a payment": f"{BASE}/service/{{id}}/do/pay",
    "a work order": f"{BASE}/work-orders/100",
    "the counter": "/counter?customer={customer_id}",
}


def walks() -> Iterator[Walk]:
    """Every page by no filter and by each of its own."""
    for name, path, filters in (
        ("users", f"{BASE}/services/", SERVICES),
        ("payments", f"{BASE}/payments/", PAYMENTS),
        ("work orders", f"{BASE}/work-orders/", ORDERS),
    ):
        yield Walk(name, path)
        for by, said in filters.items():
            yield Walk(f"{name} by {by}", path, said)
    for name in DOCUMENTS:
        yield Walk(name, f"{BASE}/{name}/")
        yield Walk(f"{name} of a day", f"{BASE}/{name}/", DAY)
    yield Walk("materials of work orders", f"{BASE}/work-order-materials/")
    for by, said in REMINDERS.items():
        yield Walk(f"reminders by {by}", f"{BASE}/reminders/", said)
    for name in REGISTERS:
        yield Walk(name, f"{BASE}/{name}/list/")
    for name, path in PAGES.items():
        yield Walk(name, path)


def statistics() -> Iterator[Walk]:
    """What counts all that it is asked about: more of them are more work."""
    for name, (path, said) in STATISTICS.items():
        yield Walk(name, f"{BASE}/{path}/", said)


def run(ground: Ground) -> None:
    many, few = (_provider(ground, count) for count in (size("BENCH_SUBSCRIBERS", MANY), FEW))
    title("Broadband at many subscribers against 1,000: milliseconds of processor time; [statements]")
    houses = (many, few)
    known, browsers = [_known(house) for house in houses], [browser(house.app) for house in houses]
    for of_house in known:
        tell("subscribers, documents", f"{of_house['services']:,}, {of_house['documents']:,}")
    missed = [walk.name for walk in walks() if not compare(walk, houses, known, browsers)]
    tell("pages that missed their goal", ", ".join(missed) or "none")
    title("Statistics, which add up what they are asked about: no goal")
    for walk in statistics():
        compare(walk, houses, known, browsers)


def _provider(ground: Ground, count: int) -> House:
    return settle(ground.new(f"subscribers_{count}").fill(count, 10, is_closed=False))


def _known(house: House) -> dict[str, Any]:
    """What to look for in a house: what one of its services and its last payment say."""
    with house.app.app_context():
        from app.extensions import db  # noqa: PLC0415 - after the application

        row = dict(db.session.execute(text(ONE)).mappings().one())
        counted = dict(db.session.execute(text(COUNTED)).mappings().one())
        db.session.rollback()
    return {**row, **counted}
