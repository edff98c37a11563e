"""A storm: 8 clients at once on 4 hot customers, with doubled keys, refusals, and readers who add everything up."""

import random
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal

from tests.faults.journal import FINAL, Book, Journal, Sent, judge, read_books
from tests.faults.programs import Answer, Program

CLIENTS = 8
HOT = 4
OPENING = Decimal("20.00")
DOUBLED = 0.1
PATIENCE = 90  # seconds that a client goes on asking for an answer
READ_PAUSE = 0.05


class Storm:
    """boss: opens the customers, and reads. The journal is written by the clients alone."""

    def __init__(self, boss: Program, seed: int = 0, is_read: bool = True) -> None:
        self.boss, self.seed, self.is_read = boss, seed, is_read
        self.hot = [boss.new_customer(f"{OPENING}") for _ in range(HOT)]
        self.closed = boss.new_customer()
        boss("DELETE", f"/customers/{self.closed}?reason=closed", If_Match="*")
        self.journal = Journal()
        self.over = threading.Event()

    def run(self, operations: int) -> None:
        """So many operations of each client, with readers all the while."""
        with ThreadPoolExecutor(CLIENTS + 1) as pool:
            reader = pool.submit(self._read)
            clients = [pool.submit(self._client, number, operations) for number in range(CLIENTS)]
            for client in clients:
                client.result()
            self.over.set()
            reader.result()

    @contextmanager
    def raging(self) -> Iterator[None]:
        """The storm goes on while the body runs; afterwards every client has got its last answer."""
        with ThreadPoolExecutor(CLIENTS + 1) as pool:
            parts = [pool.submit(self._read), *(pool.submit(self._client, each, None) for each in range(CLIENTS))]
            try:
                yield
            finally:
                self.over.set()
            for part in parts:
                part.result()

    def books(self) -> dict[int, Book]:
        return read_books(self.boss.another(), self.hot)

    def findings(self) -> list[str]:
        """What the judge says of the books as they are now."""
        return judge(self.journal, self.books(), OPENING)

    def _client(self, number: int, operations: int | None) -> None:
        chance = random.Random(self.seed * 1000 + number)  # noqa: S311
        mine, second = self.boss.another(), self.boss.another()
        done = 0
        with ThreadPoolExecutor(1) as double:
            while done < operations if operations is not None else not self.over.is_set():
                sent = self.draw(chance)
                again = None
                if chance.random() < DOUBLED:
                    self.journal.doubled.add(sent)
                    again = double.submit(self.settle, second, sent)
                self.settle(mine, sent)
                if again:
                    again.result()
                done += 1

    def draw(self, chance: random.Random) -> Sent:
        """Half of them pay in; the others take, every tenth far too much; every twentieth knocks at a closed door."""
        kind = chance.choice(("recharge", "consumption"))
        customer = self.closed if chance.random() < 0.05 else chance.choice(self.hot)
        cents = chance.randrange(1, 1500)
        if kind == "consumption" and chance.random() < 0.2:
            cents += 10_000_000
        return Sent(secrets.token_hex(12), kind, customer, f"{cents // 100}.{cents % 100:02}")

    def settle(self, program: Program, sent: Sent) -> Answer:
        """Ask until there is an answer that stands, always under the same key."""
        give_up_at = time.monotonic() + PATIENCE
        while True:
            send = program.recharge if sent.kind == "recharge" else program.consume
            answer = send(sent.customer, sent.amount, sent.key)
            self.journal.note(sent, answer)
            is_settled = answer.status in FINAL and answer.code != "in-flight"
            if is_settled or answer.status not in (0, 409, 503) or time.monotonic() > give_up_at:
                return answer
            time.sleep(0.05)

    def _read(self) -> None:
        mine = self.boss.another()
        while self.is_read and not self.over.is_set():
            for customer in self.hot:
                self._read_statement(mine, customer)
            self._read_totals(mine)
            time.sleep(READ_PAUSE)

    def _read_statement(self, program: Program, customer: int) -> None:
        shown = program.get(f"/customers/{customer}")
        if shown.status == 200:
            self.journal.note_read([], (customer, shown.body["balance"]))
        page = program.get(f"/customers/{customer}/statement", limit=200)
        pages = [page]
        while page.status == 200 and page.body["next"]:
            page = program.get(f"/customers/{customer}/statement", limit=200, cursor=page.body["next"])
            pages.append(page)
        if all(each.status == 200 for each in pages):
            self.journal.note_read(_adds_up(customer, pages))
        self.journal.statuses.update(each.status for each in (shown, *pages))

    def _read_totals(self, program: Program) -> None:
        answer = program.get("/totals")
        self.journal.statuses[answer.status] += 1
        if answer.status == 200:
            told = answer.body
            moved = Decimal(told["recharge"]["net"]) - Decimal(told["consumption"]["net"])
            is_right = moved == Decimal(told["balances"]["principal"])
            self.journal.note_read([] if is_right else [f"totals that do not add up: {told}"])


def _adds_up(customer: int, pages: Sequence[Answer]) -> list[str]:
    """Opening and all movements are closing, and what the newest of them left."""
    first = pages[0].body
    moved = [each for page in pages for each in page.body["movements"]]
    total = Decimal(first["opening"]) + sum((Decimal(each["change"]) for each in moved), Decimal(0))
    wrong = []
    if total != Decimal(first["closing"]):
        wrong.append(f"a statement that does not add up: customer {customer}, {total} for {first['closing']}")
    if moved and moved[0]["balance_after"] != first["closing"]:
        wrong.append(f"a statement whose end is not its closing: customer {customer}")
    return wrong
