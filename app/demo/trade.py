"""What customers do in the demo, occasion by occasion: pay in, eat and drink, now and then want their money back."""

from array import array
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from app.core.actor import Actor
from app.core.money import CENT
from app.customers.models import CustomerType
from app.customers.past import PastCustomer, take_in
from app.demo.calendar import Day
from app.demo.people import STORES, Person, people
from app.ledger.history import History, Made, Occasion
from app.shop.models import Method

RULES = {"bonus_from": Decimal(300), "bonus_gift": Decimal(30)}
CHUNK = 5000


def _amounts(text: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount).quantize(CENT) for amount in text.split())


TYPES = tuple(CustomerType)
# Amounts, and how often each is paid in.
RECHARGES = {
    CustomerType.PERSONAL: (_amounts("100 200 300 500 1000"), (24, 31, 24, 16, 5)),
    CustomerType.VIP: (_amounts("300 500 1000 2000"), (20, 35, 35, 10)),
    CustomerType.COMPANY: (_amounts("1000 2000 5000"), (40, 45, 15)),
    CustomerType.STAFF: (_amounts("50 100"), (60, 40)),
}
METHODS = ((Method.WECHAT, Method.ALIPAY, Method.CASH, Method.BANK_CARD), (46, 31, 14, 9))
OF_COMPANIES = ((Method.BANK_TRANSFER, Method.BANK_CARD, Method.WECHAT), (60, 25, 15))
MENU = {
    "饮品": _amounts("16 18 19.90 22 25 28 32 36 44 50"),
    "烘焙": _amounts("8.50 12 15 18.80 23 26.50 38 58 128"),
    "简餐": _amounts("26 29.90 32 36 42 48.50 56 79"),
    "周边": _amounts("39 59 68 89 119 159"),
}
CATEGORIES, OFTEN = tuple(MENU), (58, 80, 94, 100)  # in a hundred purchases, counted up
ROUNDS = 8  # as many times the price a company may pay at once
REASONS = ("顾客搬离本市", "顾客不再使用", "顾客要求退余额")
MISTAKES = ("金额输错", "重复录入", "选错会员")
OFTEN_REFUNDED, OFTEN_MISTAKEN, OFTEN_ELSEWHERE = 0.008, 0.01, 0.1
FAITH = 1.5  # above 1: who came early comes more often
SHIFT = timedelta(hours=7)


class Trade:
    """Brings customers in and writes what they do into the past, always the same for the same seed.

    store_ids, clerks: of the stores in STORES, in that order; of each store those who stand at its counter.
    """

    def __init__(
        self,
        history: History,
        seed: int,
        today: date,
        *,
        store_ids: Sequence[int],
        clerks: Sequence[Sequence[Actor]],
        beside: Callable[[datetime], None] = lambda at: None,
    ) -> None:
        """beside: told of each moment before something happens then, for others who write into the same past."""
        self._history, self._store_ids, self._clerks, self._beside = history, store_ids, clerks, beside
        self._chance = Random(f"trade {seed}")  # noqa: S311 - nothing here is a secret
        self._people = people(seed, today)
        self._type_of, self._store_of = array("b"), array("b")
        self._places = array("q")  # of customers, in the history
        self._known = 0  # customers who have been there

    def spend(self, day: Day) -> None:
        """Let one day pass."""
        self._known = day.newcomers.start
        firsts = self._first_visits(day)
        self._welcome(day, {customer: place for place, customer in firsts.items()})
        mistake: Made | None = None
        for place, at in enumerate(day.moments):
            self._beside(at)
            if mistake is not None:
                self._put_right(mistake, at, day)
                mistake = None
                continue
            made = self._visit(firsts.get(place), at, day)
            if place + 1 < len(day.moments) and self._chance.random() < OFTEN_MISTAKEN:
                mistake = made

    def _first_visits(self, day: Day) -> dict[int, int]:
        """At which of the day's moments which newcomer comes. When there is little to do some come another day."""
        count = min(len(day.newcomers), (len(day.moments) + 1) // 2)
        places = sorted(self._chance.sample(range(len(day.moments)), count))
        if places and not day.newcomers.start:
            places[0] = 0  # somebody must be the very first
        return dict(zip(places, day.newcomers, strict=False))

    def _welcome(self, day: Day, visits: dict[int, int]) -> None:
        """Take the day's newcomers in, each shortly before his first visit."""
        for start in range(day.newcomers.start, day.newcomers.stop, CHUNK):
            numbers = range(start, min(start + CHUNK, day.newcomers.stop))
            arrivals = [self._arrival(day, visits.get(number)) for number in numbers]
            told = [self._told(at, one) for at, one in zip(arrivals, self._people, strict=False)]
            self._places.extend(self._history.open_wallets(take_in(told)))

    def _arrival(self, day: Day, place: int | None) -> datetime:
        if place is None:
            return day.opens_at + (day.ends_at - day.opens_at) * self._chance.random()
        return day.moments[place] - timedelta(seconds=self._chance.randrange(30, 150))

    def _told(self, at: datetime, one: Person) -> PastCustomer:
        self._type_of.append(TYPES.index(one.type))
        self._store_of.append(one.store)
        clerk = self._chance.choice(self._clerks[one.store])
        return PastCustomer(
            phone=one.phone,
            name=one.name,
            store_id=self._store_ids[one.store],
            created_at=at.replace(microsecond=0),
            created_by=clerk.id or 0,
            type=one.type,
            gender=one.gender,
            birthday=one.birthday,
            email=one.email,
            address=one.address,
        )

    def _visit(self, newcomer: int | None, at: datetime, day: Day) -> Made:
        """One posting: a customer spends what he has, or pays in when it is not enough for what he wants."""
        customer = int(self._known * self._chance.random() ** FAITH) if newcomer is None else newcomer
        self._known = max(self._known, customer + 1)
        kind = TYPES[self._type_of[customer]]
        occasion = self._occasion(customer, at, day)
        if self._chance.random() < OFTEN_REFUNDED and (principal := self._history.principal(self._places[customer])):
            return self._refund(customer, principal, occasion)
        category, price = self._choose(kind)
        if self._history.available(self._places[customer]) < price:
            return self._recharge(customer, kind, occasion)
        return self._history.consume(self._places[customer], price, occasion, category=category)

    def _occasion(self, customer: int, at: datetime, day: Day) -> Occasion:
        store = self._store_of[customer]
        if self._chance.random() < OFTEN_ELSEWHERE:
            store = self._chance.randrange(len(STORES))
        return Occasion(at, self._store_ids[store], self._clerk(store, at, day))

    def _clerk(self, store: int, at: datetime, day: Day) -> Actor:
        clerks = self._clerks[store]
        return clerks[min((at - day.opens_at) // SHIFT, len(clerks) - 1)]

    def _choose(self, kind: CustomerType) -> tuple[str, Decimal]:
        category = self._chance.choices(CATEGORIES, cum_weights=OFTEN)[0]
        price = self._chance.choice(MENU[category])
        return category, price * self._chance.randint(1, ROUNDS) if kind is CustomerType.COMPANY else price

    def _recharge(self, customer: int, kind: CustomerType, occasion: Occasion) -> Made:
        amounts, often = RECHARGES[kind]
        amount = self._chance.choices(amounts, often)[0]
        methods, used = OF_COMPANIES if kind is CustomerType.COMPANY else METHODS
        return self._history.recharge(self._places[customer], amount, self._chance.choices(methods, used)[0], occasion)

    def _refund(self, customer: int, principal: Decimal, occasion: Occasion) -> Made:
        method = self._chance.choice((Method.CASH, Method.WECHAT))
        return self._history.refund(
            self._places[customer], principal, method, occasion, reason=self._chance.choice(REASONS)
        )

    def _put_right(self, mistake: Made, at: datetime, day: Day) -> None:
        clerk = self._clerk(self._store_ids.index(mistake.store_id), at, day)
        self._history.reverse(mistake, at, actor=clerk, reason=self._chance.choice(MISTAKES))
