"""Posting through the operation in two processes, against one function of the database that does the same work."""

import multiprocessing
import random
import re
import shutil
import subprocess
import time
from decimal import Decimal
from pathlib import Path

import psycopg

from bench.ground import Ground, House, size
from bench.measure import Rate, joined, share, tell, title
from bench.people import open_app
from bench.processors import server_of, worked, worked_here

PROCESSES = 2
ROUNDS = 3
AMOUNT = 10_000
YARDSTICK = Path(__file__).with_name("yardstick.sql")


def run(ground: Ground) -> None:
    title("Posting through the operation, 2 processes, against one function in the database")
    house, seconds = ground.large, size("BENCH_SECONDS", 5)
    customers = house.customers()
    with psycopg.connect(house.plain_url, autocommit=True) as connection:
        connection.execute(YARDSTICK.read_text())
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(yardstick(house, customers, seconds, ground.folder))
        ours.append(postings(house, customers, seconds))
    tell("the function", joined(theirs))
    tell("the operation", joined(ours))
    share("share of the function's rate", joined(ours), joined(theirs), least=50)


def postings(house: House, customers: list[int], seconds: float) -> Rate:
    """What the operation does in so many seconds, in PROCESSES processes."""
    answers: multiprocessing.Queue = multiprocessing.get_context("spawn").Queue()
    ready = multiprocessing.get_context("spawn").Barrier(PROCESSES + 1)
    return _both(house, _post_for, (house.url, customers, seconds, ready, answers), answers)


def yardstick(house: House, customers: list[int], seconds: float, folder: Path) -> Rate:
    """What the function does in so many seconds, with as many clients: by pgbench, else by a tight loop."""
    if not (pgbench := shutil.which("pgbench")):
        tell("the function is called from", "a tight loop of psycopg: pgbench (postgresql-contrib) is not installed")
        answers: multiprocessing.Queue = multiprocessing.get_context("spawn").Queue()
        ready = multiprocessing.get_context("spawn").Barrier(PROCESSES + 1)
        return _both(house, _call_for, (house.plain_url, customers, seconds, ready, answers), answers)
    script = folder / "yardstick.pgbench"
    script.write_text(
        f"\\set customer random({customers[0]}, {customers[-1]})\nSELECT bench_recharge(:customer, {AMOUNT}, 1, 1);\n"
    )
    command = [pgbench, "-n", "-M", "prepared", f"-c{PROCESSES}", f"-j{PROCESSES}", f"-T{seconds}", f"-f{script}"]
    before = _worked(house)
    said = subprocess.run([*command, house.plain_url], capture_output=True, text=True, check=True).stdout
    found = re.search(r"tps = ([0-9.]+)", said)
    return Rate(round(float(found.group(1)) * seconds) if found else 0, seconds, worked=_worked(house) - before)


def _worked(house: House) -> float:
    """By the database and by the clients that have ended."""
    return worked(server_of(house.plain_url)) + worked_here()


def _both(house: House, work: object, given: tuple[object, ...], answers: multiprocessing.Queue) -> Rate:
    server, ready = server_of(house.plain_url), given[-2]
    processes = [multiprocessing.get_context("spawn").Process(target=work, args=given) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    ready.wait()  # type: ignore[attr-defined]
    before = worked(server)
    done = [answers.get(timeout=300) for _ in processes]
    in_server = worked(server) - before
    for process in processes:
        process.join()
    each = [seconds for _took, _own, times in done for seconds in times]
    took, own = (sum(part[at] for part in done) for at in (0, 1))
    return Rate(len(each), took / len(done), each, worked=own + in_server)


def _post_for(url: str, customers: list[int], seconds: float, ready: object, answers: multiprocessing.Queue) -> None:
    app = open_app(url)
    from app.core.actor import Actor, ActorKind  # noqa: PLC0415 - after the settings
    from app.core.commands import Request, execute, new_key  # noqa: PLC0415
    from app.ledger.operations import recharge  # noqa: PLC0415
    from app.shop.models import Method  # noqa: PLC0415

    actor, amount = Actor(ActorKind.STAFF, 1, "bench"), Decimal(AMOUNT) / 100

    def post() -> None:
        customer = random.choice(customers)  # noqa: S311
        request = Request("staff:1", new_key(), {"customer": customer, "amount": "100.00", "method": "wechat"})
        paid = {"method": Method.WECHAT, "store_id": 1, "actor": actor}
        execute(request, lambda: recharge(customer, amount, **paid).answer())

    with app.app_context():
        answers.put(_timed(post, seconds, ready))


def _call_for(url: str, customers: list[int], seconds: float, ready: object, answers: multiprocessing.Queue) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        call = f"SELECT bench_recharge(%s, {AMOUNT}, 1, 1)"
        answers.put(
            _timed(lambda: connection.execute(call, (random.choice(customers),), prepare=True), seconds, ready)  # noqa: S311
        )


def _timed(work: object, seconds: float, ready: object) -> tuple[float, float, list[float]]:
    """Seconds by the clock, seconds of the processor, and how long each took."""
    for _ in range(20):
        work()  # type: ignore[operator]
    ready.wait()  # type: ignore[attr-defined]
    times, began, before = [], time.perf_counter(), time.process_time()
    last = began
    while last - began < seconds:
        work()  # type: ignore[operator]
        now = time.perf_counter()
        times.append(now - last)
        last = now
    return last - began, time.process_time() - before, times
