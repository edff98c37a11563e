"""All proofs of the ledger against merely reading its rows: what the night's verify costs for each posting."""

import psycopg
from sqlalchemy import text

from bench.ground import Ground
from bench.measure import Clock, tell, title
from bench.processors import clock_of

TABLES = ("posting", "transfer", "operation_record")


def run(ground: Ground) -> None:
    title("ledger verify against merely reading the rows; processor time of the program and the database")
    clock = clock_of(ground.large.plain_url)
    with ground.large.app.app_context():
        from app.core.db import consistent_view  # noqa: PLC0415 - after the application
        from app.ledger.proofs import PROOFS  # noqa: PLC0415

        together, postings = 0.0, 1
        with consistent_view() as connection:
            # Parallel workers end, and what they worked would be counted nowhere.
            connection.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
            for name, prove in PROOFS.items():
                began = clock()
                seen = [found for found in prove(connection) if isinstance(found, int)]
                took = clock() - began
                together += took
                postings = sum(seen) if name == "postings" else postings
                tell(name, f"{took:.1f} s, {sum(seen):,} looked at")
    read = _read(ground.large.plain_url, clock)
    tell("all proofs", f"{together:.1f} s, {together / postings * 1e6:.1f} microseconds a posting")
    tell("merely reading", f"{read:.1f} s; the proofs take {together / read:.1f} times as long")


def _read(url: str, clock: Clock) -> float:
    """Seconds that it takes to have every row of the tables sent, as text."""
    with psycopg.connect(url) as connection:
        began = clock()
        for table in TABLES:
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as rows:
                for _block in rows:
                    pass
        return clock() - began  # before its process ends
