"""All-time totals and those of 180 days, out of frozen days and today's rows, against summing every row."""

from datetime import timedelta

from sqlalchemy import text

from bench.ground import Ground
from bench.measure import judge, milliseconds, tell, title
from bench.processors import clock_of

SUMS = """
SELECT p.kind, p.reverses_kind, count(DISTINCT p.id), sum(p.amount),
       sum(CASE WHEN a.purse = 'bonus' THEN CASE WHEN t.credit_id = t.wallet_id THEN t.amount ELSE -t.amount END END)
FROM posting p JOIN transfer t ON t.posting_id = p.id LEFT JOIN ledger_account a ON a.id = t.wallet_id
WHERE p.business_date >= :first GROUP BY 1, 2
"""
PLAIN = "SELECT kind, reverses_kind, count(*), sum(amount) FROM posting WHERE business_date >= :first GROUP BY 1, 2"


def run(ground: Ground) -> None:
    title("Totals out of frozen days against summing the rows; processor time")
    with ground.large.app.app_context():
        from app.core import days  # noqa: PLC0415 - after the application
        from app.extensions import db  # noqa: PLC0415
        from app.ledger import totals  # noqa: PLC0415

        def begin() -> None:
            """Without parallel workers: they end, and what they worked would be counted nowhere."""
            db.session.rollback()
            for what in ("statement_timeout", "max_parallel_workers_per_gather"):
                db.session.execute(text(f"SET LOCAL {what} = 0"))

        def asked(which: totals.Which) -> None:
            begin()
            totals.added_up(which)

        def summed(statement: str, first: object) -> None:
            begin()
            db.session.execute(text(statement), {"first": first}).all()

        clock = clock_of(ground.large.plain_url)
        today = days.today()
        since = today - timedelta(179)
        periods = {"all time": (totals.Which(), totals.first_day()), "180 days": (totals.Which(since), since)}
        for name, (which, first) in periods.items():
            ours = milliseconds(lambda which=which: asked(which), clock=clock)
            rows = milliseconds(lambda first=first: summed(SUMS, first), times=2, clock=clock)
            plain = milliseconds(lambda first=first: summed(PLAIN, first), times=2, clock=clock)
            tell(name, f"{ours:.1f} ms; from the rows {rows:,.0f} ms (without the bonus {plain:,.0f} ms)")
            judge(f"{name}, times faster than the rows", rows / ours, least=50, unit=" x")
        db.session.rollback()
