"""Memory of one worker: what it holds after 1,000 requests, and after BENCH_REQUESTS more of all kinds."""

from pathlib import Path

from bench.clients import load
from bench.ground import Ground, size
from bench.measure import judge, tell, title
from bench.people import token
from bench.serving import gunicorn

FULL = 100_000
FIRST = 10  # seconds of warming up


def run(ground: Ground) -> None:
    wanted = size("BENCH_REQUESTS", 8_000)
    title(f"Memory of one worker after {wanted:,} requests")
    house = ground.small
    bearer, customers = token(house.app), house.customers()
    kinds = [
        ("recharges", bearer, customers),
        ("gets", "/api/v1/postings", bearer),
        ("gets", f"/api/v1/customers/{customers[0]}", bearer),
        ("gets", "/login/"),
    ]
    with gunicorn(house, workers=1) as served:
        worker = _worker_of(served.process.pid)
        for kind in kinds:
            load(served.port, FIRST / len(kinds), *kind)
        before, done = _resident(worker), 0
        while done < wanted:
            done += sum(load(served.port, 3, *kind).rate.count for kind in kinds)
        after = _resident(worker)
    tell("resident", f"{before / 1024:,.1f} MiB, after {done:,} requests {after / 1024:,.1f} MiB")
    grown = (after - before) / before * 100
    judge("growth", grown, most=5, unit=" %")
    if done < FULL:
        tell(f"a straight line on to {FULL:,} requests, which growth seldom follows", f"{grown * FULL / done:.1f} %")


def _worker_of(parent: int) -> int:
    """The only child of gunicorn's first process."""
    return int(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0])


def _resident(process: int) -> int:
    """KiB of memory that it holds."""
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])
