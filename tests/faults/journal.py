"""What the clients wrote down themselves, and the judge who compares the books with it.

The judge believes the clients: whatever was acknowledged to them must stand in the books, once, and nothing else.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.faults.programs import Answer

SIGNS = {"recharge": 1, "consumption": -1}
FINAL = {200, 201, 409}


@dataclass(frozen=True)
class Sent:
    """What a client asked for under one key."""

    key: str
    kind: str
    customer: int
    amount: str

    @property
    def signed(self) -> Decimal:
        return SIGNS[self.kind] * Decimal(self.amount)


@dataclass
class Journal:
    """Every request and every answer to it; statuses counts them, 0 for none."""

    answers: dict[Sent, list[Answer]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong_reads: list[str] = field(default_factory=list)
    doubled: set[Sent] = field(default_factory=set)
    reads: int = 0
    balances: set[tuple[int, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, sent: Sent, answer: Answer) -> None:
        with self._lock:
            self.answers.setdefault(sent, []).append(answer)
            self.statuses[answer.status] += 1

    def note_read(self, wrong: Sequence[str], balance: tuple[int, str] | None = None) -> None:
        with self._lock:
            self.reads += 1
            self.wrong_reads += wrong
            if balance:
                self.balances.add(balance)

    def applied(self) -> dict[Sent, list[Answer]]:
        """What was acknowledged as applied, with these acknowledgements."""
        found = {sent: [each for each in got if each.status in (200, 201)] for sent, got in self.answers.items()}
        return {sent: got for sent, got in found.items() if got}

    def refused(self) -> Counter[str]:
        """How many requests were refused for good, by code."""
        return Counter(got[-1].code for got in self.answers.values() if got[-1].status == 409)


@dataclass(frozen=True)
class Book:
    """What the house says of one customer now. postings: newest first."""

    balance: str
    postings: Sequence[Mapping[str, Any]]


def read_books(program: Any, customers: Sequence[int]) -> dict[int, Book]:
    books = {}
    for customer in customers:
        pages = program.pages("/postings", customer=customer, limit=200)
        answer = program.get(f"/customers/{customer}")
        books[customer] = Book(answer.body["balance"], [each for page in pages for each in page["items"]])
    return books


def judge(journal: Journal, books: Mapping[int, Book], opening: Decimal) -> list[str]:
    """Everything that is wrong, as sentences; nothing when all is well.

    opening: what each customer was given, by one posting, before the journal began.
    """
    return [
        *journal.wrong_reads,
        *_keys(journal),
        *_untrue(journal),
        *_lost_or_changed(journal, books),
        *_too_many(journal, books, opening),
        *(wrong for customer, book in books.items() for wrong in _sums(customer, book)),
        *_balances_that_never_were(journal, books),
    ]


def _keys(journal: Journal) -> Iterator[str]:
    """Under one key: one outcome, said the same each time, and new only once."""
    for sent, answers in journal.answers.items():
        final = [each for each in answers if each.status in FINAL and each.code != "in-flight"]
        if not final:
            yield f"unsettled: {sent}"
        if len({each.status == 409 for each in final}) > 1:
            yield f"applied and refused: {sent}"
        if len({_posting(each)["id"] for each in final if each.status != 409}) > 1:
            yield f"doubled answer: {sent}"
        if sum(each.status == 201 for each in final) > 1:
            yield f"applied twice: {sent}"
        if any(each.status == 200 and not each.is_replayed for each in final):
            yield f"a repetition that is not marked: {sent}"


def _untrue(journal: Journal) -> Iterator[str]:
    """Who was only ever told that nothing was applied finds it so when he asks again."""
    for sent, answers in journal.answers.items():
        told = {(each.status, each.code) for each in answers[:-1]}
        if sent not in journal.doubled and told == {(503, "unavailable")} and answers[-1].is_replayed:
            yield f"applied although the answer was that it was not: {sent}"


def _posting(answer: Answer) -> Mapping[str, Any]:
    return answer.body["posting"]


def _lost_or_changed(journal: Journal, books: Mapping[int, Book]) -> Iterator[str]:
    kept = {(customer, each["id"]): each for customer, book in books.items() for each in book.postings}
    for sent, answers in journal.applied().items():
        if sent.customer not in books:
            yield f"applied where it could not be: {sent}"
            continue
        found = kept.get((sent.customer, _posting(answers[0])["id"]))
        if found is None:
            yield f"lost: {sent}"
        elif (found["kind"], Decimal(found["amount"])) != (sent.kind, Decimal(sent.amount)):
            yield f"changed: {sent} is {found['kind']} {found['amount']}"


def _too_many(journal: Journal, books: Mapping[int, Book], opening: Decimal) -> Iterator[str]:
    """No posting that nobody asked for, no request with two postings; and the money is what the journal says."""
    for customer, book in books.items():
        mine = [sent for sent in journal.applied() if sent.customer == customer]
        if len(book.postings) != len(mine) + 1:
            yield f"doubled or lost: customer {customer} has {len(book.postings)} postings, {len(mine) + 1} are known"
        due = opening + sum((sent.signed for sent in mine), Decimal(0))
        if Decimal(book.balance) != due:
            yield f"wrong balance: customer {customer} has {book.balance}, and {due} is due"


def _sums(customer: int, book: Book) -> Iterator[str]:
    """Each posting leaves what the one before left, and its own amount; never less than nothing."""
    balance = Decimal(0)
    for each in reversed(book.postings):
        balance += SIGNS[each["kind"]] * Decimal(each["amount"])
        if Decimal(each["balance_after"]) != balance:
            yield f"does not follow: posting {each['id']} of customer {customer} leaves {each['balance_after']}"
            balance = Decimal(each["balance_after"])
        if balance < 0:
            yield f"negative: posting {each['id']} of customer {customer} leaves {balance}"
    if Decimal(book.balance) != balance:
        yield f"does not follow: customer {customer} has {book.balance}, the postings say {balance}"


def _balances_that_never_were(journal: Journal, books: Mapping[int, Book]) -> Iterator[str]:
    """A balance that was read in the middle of it all is one that a posting left."""
    left = {(customer, each["balance_after"]) for customer, book in books.items() for each in book.postings}
    for customer, balance in journal.balances - left:
        yield f"never was: customer {customer} was shown {balance}"
