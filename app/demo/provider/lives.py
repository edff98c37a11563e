"""What becomes of each service in the demo, from its opening to the present day. Pure: what is done, and when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from app.broadband.bills import Bill
from app.broadband.models import WorkKind
from app.broadband.operations.filing import FREE, Fee
from app.broadband.periods import frozen_days, next_period
from app.core.clock import ShopClock
from app.demo.provider.ground import ACCESS, COMMUNITIES, FITTERS, MATERIALS, OFTEN, PACKAGES, SELLERS
from app.shop.models import Method

DAYS = 730
HURRY = 1.15  # above 1: more openings lately
WAYS = ((Method.WECHAT, Method.ALIPAY, Method.CASH, Method.BANK_CARD), (52, 27, 14, 7))
FROM_BALANCE, TWO_TERMS, DISCOUNTED, MOVED, HANDED_ON, SUSPENDED, BROKEN = 0.12, 0.08, 0.15, 0.03, 0.012, 0.05, 0.12
ROUTERS = 0.2
WAITING = ("order", "accept", "appoint", "start", "finish")
NOTHING: dict[str, Any] = {}
PUNCTUAL, LATE = 0.80, 0.94  # of a hundred renewals, counted up: the rest is lost
EARLY = (34, 14, 10, 8, 6, 5, 4, 4, 3, 3, 2, 2, 2, 1, 1, 1)  # how many pay so many days before the last one
DAY = timedelta(days=1)
FITTING = ((0, Decimal(45)), (1, Decimal(1)), (2, Decimal(2)))  # of an installation: which material, about how much


class Deed(NamedTuple):
    """One thing that is done. verb: a name of app/demo/provider/doing.py; said: what it is done with."""

    at: datetime
    service: int
    verb: str
    said: dict[str, Any]


@dataclass
class Line:
    """A service while its life is made up."""

    number: int
    chance: Random
    shop: ShopClock
    ends_at: datetime
    on: date
    package: int
    at: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    stop_date: date | None = None
    anchor: int | None = None
    deeds: list[Deed] = field(default_factory=list)

    def do(self, verb: str, on: date | None = None, **said: Any) -> None:
        """Let it be done on that day, after all that was done before. Raises StopIteration when that lies ahead."""
        wanted = max(on or self.on, self.on)
        at = self.moment(wanted)
        if at <= self.at:
            at = self.at + timedelta(minutes=self.chance.randint(2, 9), seconds=self.chance.randrange(60))
        if at > self.ends_at:
            raise Over
        self.at, self.on = at, self.shop.business_date(at)
        self.deeds.append(Deed(at, self.number, verb, said))

    def moment(self, on: date) -> datetime:
        """Some time in the hours of that day in which people work."""
        hour = time(self.chance.choices(range(9, 18), (9, 12, 12, 6, 7, 11, 12, 11, 8))[0], self.chance.randrange(60))
        return datetime.combine(on, hour, self.shop.zone).astimezone(UTC)


class Over(Exception):
    """The present is reached."""


def lives(count: int, seed: int, today: date, ends_at: datetime, shop: ShopClock) -> list[Deed]:
    """Everything that is done with so many services in two years, in the order of time."""
    chance = Random(f"openings {seed}")  # noqa: S311 - nothing here is a secret
    first = today - timedelta(days=DAYS)
    made: list[list[Deed]] = []
    opened = sorted(first + DAY * int(DAYS * (1 - chance.random() ** HURRY)) for _ in range(count))
    for number, on in enumerate(opened):
        own = Random(f"service {seed} {number}")  # noqa: S311
        package = own.choices(range(len(PACKAGES)), [line[5] for line in PACKAGES])[0]
        line = Line(number, own, shop, ends_at, on, package)
        for _step in _life(line):
            pass
        made.append(line.deeds)
    deeds = [deed for each in _with_waiting_ones(made) for deed in each]
    return sorted(deeds, key=lambda deed: (deed.at, deed.service))


def _with_waiting_ones(made: list[list[Deed]]) -> list[list[Deed]]:
    """The same, but of the newest services one each waits at every step of its installation."""
    place = len(made)
    for last in WAITING:
        while place:
            place -= 1
            verbs = [deed.verb for deed in made[place]]
            if last in verbs:
                made[place] = made[place][: verbs.index(last) + 1]
                break
    return made


def _life(line: Line) -> Iterator[None]:
    try:
        _begin(line)
        while _renew(line):
            yield
    except Over:
        return


def _begin(line: Line) -> None:
    """Opened, installed in a few days, paid at once."""
    chance = line.chance
    line.do("open", package=line.package, **_place(chance), **_details(line))
    _order(line, WorkKind.INSTALLATION, "新装", Decimal(chance.choice((0, 50, 100))), FITTING)
    router = {"other_charge_item": "无线路由器", "other_charge_amount": Decimal(129)}
    _pay(line, more=router if chance.random() < ROUTERS else {})


def _place(chance: Random) -> dict[str, Any]:
    return {"community": chance.randrange(len(COMMUNITIES)), "address": _address(chance)}


def _address(chance: Random) -> str:
    return f"{chance.randrange(1, 25)}栋{chance.randrange(1, 5)}单元{chance.randrange(1, 29)}0{chance.randrange(1, 5)}"


def _details(line: Line) -> dict[str, Any]:
    chance = line.chance
    return {
        "access": chance.choices(range(len(ACCESS)), OFTEN)[0],
        "seller": chance.randrange(len(SELLERS)),
        "account": f"cx{line.number + 10001}",
        "password": f"{chance.randrange(10**8):08d}",
        "bound": f"ONU-{chance.randrange(16**8):08X}" if chance.random() < 0.7 else None,
        "access_order_no": f"JR{chance.randrange(10**8):08d}" if chance.random() < 0.5 else None,
    }


def _order(
    line: Line, kind: WorkKind, name: str, installation: Decimal, materials: tuple[tuple[int, Decimal], ...]
) -> None:
    """A work order on its way: written, accepted, appointed, begun, done with its materials, billed."""
    chance = line.chance
    handling = Decimal(0) if kind is WorkKind.INSTALLATION else Decimal(20)
    line.do("order", kind=kind, name=name, installation=installation, handling=handling, fitter=_fitter(chance))
    if kind is WorkKind.REPAIR and chance.random() < 0.08:
        line.do("cancel", line.on + DAY * chance.choice((0, 1)), reason="客户取消")
        return
    line.do("accept", line.on + DAY * chance.choices((0, 1, 2), (60, 30, 10))[0])
    line.do("appoint", line.on + DAY * chance.choices((0, 1), (60, 40))[0], **_appointment(line))
    line.do("start", line.deeds[-1].said["work_date"])
    for material, about in materials:
        line.do("material", material=material, quantity=about * chance.randint(1, 3) if about > 2 else about)
    line.do("finish", line.on + DAY * chance.choices((0, 1), (75, 25))[0])
    line.do("bill", line.on + DAY * chance.choices((0, 1, 2), (65, 25, 10))[0], way=_way(chance))


def _appointment(line: Line) -> dict[str, Any]:
    """When somebody comes: in the next days, whether the customer is asked now or tomorrow."""
    due = line.on + DAY * line.chance.choices((1, 2, 3, 4), (45, 30, 15, 10))[0]
    return {"appointment_at": line.moment(due), "work_date": due}


def _fitter(chance: Random) -> int:
    return chance.randrange(len(FITTERS))


def _way(chance: Random) -> Method:
    return chance.choices(*WAYS)[0]


def _pay(line: Line, on: date | None = None, more: dict[str, Any] = NOTHING) -> None:
    chance, months = line.chance, PACKAGES[line.package][2]
    terms = 2 if months <= 12 and chance.random() < TWO_TERMS else 1
    discount = Decimal(chance.choice((10, 20, 30, 50))) if chance.random() < DISCOUNTED and months >= 6 else Decimal(0)
    bill = Bill(package_months=months * terms, discount_amount=discount, **more)
    way = None if chance.random() < FROM_BALANCE else _way(chance)
    if way is None:
        line.do("top-up", on, bill=bill)
    line.do("pay", on, bill=bill, way=way)
    _move_on(line, terms)


def _move_on(line: Line, terms: int) -> None:
    found = next_period(PACKAGES[line.package][2] * terms, stop_date=line.stop_date, anchor=line.anchor, today=line.on)
    line.stop_date, line.anchor = found.end, found.anchor


def _renew(line: Line) -> bool:
    """What happens until the next payment; whether there is one."""
    _meanwhile(line)
    chance, stops = line.chance, line.stop_date or line.on
    luck = chance.random()
    if luck < PUNCTUAL:
        _pay(line, max(stops - DAY * chance.choices(range(16), EARLY)[0], line.on + DAY))
        return True
    late = DAY * chance.randint(2, 25)
    if late > 10 * DAY or luck >= LATE:
        line.do("force", stops + 10 * DAY, reason="欠费超过 10 天")
    if luck < LATE:
        _pay(line, stops + late, {"late_fee": Decimal(10)} if late > 10 * DAY else {})
        if late > 10 * DAY:
            line.do("reactivate", fee=FREE)
        return True
    line.do("close", stops + DAY * chance.randint(30, 80), remark="长期欠费")
    return False


def _meanwhile(line: Line) -> None:
    """What befalls a service while it is paid."""
    chance = line.chance
    if chance.random() < MOVED:
        line.do("relocate", _between(line), **_place(chance), fee=Fee(Decimal(50), _way(chance)))
    if chance.random() < HANDED_ON:
        line.do("transfer", _between(line), fee=Fee(Decimal(30), _way(chance)))
    if chance.random() < BROKEN:
        line.on = _between(line)
        _order(line, WorkKind.REPAIR, "维修", Decimal(0), ((chance.randrange(len(MATERIALS)), Decimal(1)),))
    if chance.random() < SUSPENDED and PACKAGES[line.package][2] >= 6:
        _pause(line)


def _pause(line: Line) -> None:
    """Suspended for some weeks because the customer wants that; the paid days wait for him."""
    chance, stops = line.chance, line.stop_date
    if stops is None or stops - line.on < 60 * DAY:
        return
    line.do("suspend", _between(line), fee=Fee(Decimal(20), _way(chance)))
    since = line.on
    line.do("reactivate", since + DAY * chance.randint(15, 75), fee=FREE)
    line.stop_date = stops + DAY * frozen_days(since, line.on, stops)


def _between(line: Line) -> date:
    """Some day before the paid ones are over."""
    left = ((line.stop_date or line.on) - line.on).days
    return line.on + DAY * line.chance.randint(1, max(1, left * 2 // 3))
