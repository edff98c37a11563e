"""Recharges over HTTP while a month of rows leaves for an archive, against the same while nothing leaves.

BENCH_PACE: how many a second; when left out, as many as four connections get answered, which fills both cores.
"""

import json
import os
import subprocess
import sys
from datetime import timedelta

from sqlalchemy import text

from bench.clients import Load, load
from bench.ground import ROOT, Ground, House, size
from bench.measure import joined, judge, tell, title
from bench.people import token
from bench.serving import gunicorn

CONNECTIONS = 4
OLDEST_KEPT = 1  # how many months after the first one that leaves


def run(ground: Ground) -> None:
    title("Recharges while a month of rows leaves, against without")
    seconds, house = size("BENCH_SECONDS", 5), _house(ground)
    customers, bearer = house.customers(), token(house.app)
    with gunicorn(house) as served:

        def give(for_seconds: int) -> Load:
            pace = {"connections": CONNECTIONS, "per_second": size("BENCH_PACE", 0)}
            return load(served.port, for_seconds, "recharges", bearer, customers, **pace)

        give(2)
        quiet = [give(seconds) for _ in range(2)]
        with _leaving(house) as leaving:
            busy: list[Load] = []
            while leaving.poll() is None:
                busy.append(give(seconds))
                tell(f"after {len(busy) * seconds} s", busy[-1].rate)
            said = leaving.stdout.read() if leaving.stdout else ""
        quiet.append(give(seconds))
    if leaving.returncode:
        raise SystemExit(f"The run of retention ended with {leaving.returncode}: {said}")
    report = json.loads(said)
    without, during = joined([each.rate for each in quiet]), joined([each.rate for each in busy])
    tell("rows that left", report["deleted"])
    tell("without", without)
    tell("meanwhile", during)
    judge("p99 against without", during.percentile(0.99) / without.percentile(0.99), most=2, unit=" x")


def _house(ground: Ground) -> House:
    """A house of its own, unless BENCH_LEAVING_URL names one: afterwards a month of it is gone."""
    if given := os.environ.get("BENCH_LEAVING_URL"):
        return House(given, ground.folder)
    return ground.new("leaving").fill(2_000, size("BENCH_POSTINGS", 200_000) // 2, is_closed=True)


def _leaving(house: House) -> subprocess.Popen[str]:
    """A run of retention on the day on which the oldest whole month is due."""
    with house.app.app_context():
        from app.core.months import month_after  # noqa: PLC0415 - after the application
        from app.extensions import db  # noqa: PLC0415
        from app.shop.keeping import KEEP_POSTINGS  # noqa: PLC0415
        from app.shop.queries import setting  # noqa: PLC0415

        first = db.session.scalar(text("SELECT min(business_date) FROM posting"))
        month = month_after(first.replace(day=1))
        if first.day > 1:  # the first month is no whole one
            month = month_after(month)
        for _ in range(int(setting(KEEP_POSTINGS))):
            month = month_after(month)
        db.session.rollback()
    day = str(month + timedelta(days=1))
    command = [sys.executable, "-m", "flask", "--app", "run", "retention", "run", "--today", day, "--json"]
    environment = {**house.environment, "TESTING": "1", "ARCHIVE_DIR": str(house.folder / "archives")}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
