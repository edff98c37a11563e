"""Doing what lives of services tell of: each deed as a thing of the past, with its customer, clerk and store."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from app.broadband.models import OrderStatus
from app.broadband.past import Past, Size
from app.core.actor import Actor
from app.core.clock import shop_clock
from app.customers.past import PastCustomer, take_in
from app.demo.people import Person
from app.demo.provider.ground import Ground
from app.demo.provider.lives import Deed
from app.ledger.history import History, Occasion

BLOCK = 200  # customers are taken in so many at once, shortly before the first of them is needed
NEEDS_SOMEBODY = frozenset({"open", "transfer"})
FILED = frozenset({"bill", "pay", "suspend", "force", "reactivate", "relocate", "transfer", "close"})
PAID = frozenset({"bill", "pay", "top-up", "suspend", "relocate", "transfer"})
BEFORE = timedelta(minutes=2)


def postings_of(deeds: Sequence[Deed]) -> int:
    """How many postings they make."""
    return sum(deed.verb in PAID for deed in deeds)


class Provider:
    """Does deeds in their order, as far as they lie behind a moment."""

    def __init__(
        self,
        history: History,
        deeds: Sequence[Deed],
        ground: Ground,
        people: Iterator[Person],
        *,
        store_id: int,
        clerks: Sequence[Actor],
    ) -> None:
        verbs = [deed.verb for deed in deeds]
        filed = sum(verb in FILED for verb in verbs)
        size = Size(verbs.count("open"), filed, verbs.count("order"), verbs.count("material"))
        self._past, self._history, self._ground = Past(history, size), history, ground
        self._deeds, self._next = deeds, 0
        self._newcomers = (deed for deed in deeds if deed.verb in NEEDS_SOMEBODY)
        self._people, self._store_id, self._clerks = people, store_id, clerks
        self._ids: list[int] = []  # of customers who are taken in and not needed yet, the next one last
        self._lines: dict[int, int] = {}  # the places of services in the past, by their numbers in deeds
        self._orders: dict[int, int] = {}  # the order that is under way, by service

    def until(self, at: datetime) -> None:
        """Do everything that was done up to that moment."""
        while self._next < len(self._deeds) and self._deeds[self._next].at <= at:
            deed = self._deeds[self._next]
            self._next += 1
            DOING[deed.verb](self, deed, Occasion(deed.at, self._store_id, self._clerk(deed)))

    def close(self) -> None:
        """Write everything."""
        self._past.close()

    def _clerk(self, deed: Deed) -> Actor:
        return self._clerks[shop_clock().business_date(deed.at).toordinal() % len(self._clerks)]

    def _line(self, deed: Deed) -> int:
        return self._lines[deed.service]

    def _somebody(self) -> int:
        """The next customer."""
        if not self._ids:
            told = [self._told(deed) for deed in islice(self._newcomers, BLOCK)]
            self._ids = take_in(told)
            places = self._history.open_wallets(self._ids)
            self._past.places.update(zip(self._ids, places, strict=True))
            self._ids.reverse()
        return self._ids.pop()

    def _told(self, deed: Deed) -> PastCustomer:
        one = next(self._people)
        return PastCustomer(
            phone=one.phone,
            name=one.name,
            store_id=self._store_id,
            created_at=deed.at - BEFORE,
            created_by=self._clerk(deed).id or 0,
            type=one.type,
            gender=one.gender,
            birthday=one.birthday,
            email=one.email,
        )

    def _open(self, deed: Deed, when: Occasion) -> None:
        said, ground = deed.said, self._ground
        details = {
            "community_id": ground.communities[said["community"]],
            "address": said["address"],
            "business_type_id": ground.access[said["access"]],
            "salesperson_id": ground.sellers[said["seller"]],
            "broadband_account": said["account"],
            "bound_number": said["bound"],
            "access_order_no": said["access_order_no"],
        }
        customer, package = self._somebody(), ground.packages[said["package"]]
        place = self._past.open_service(customer, package, details, said["password"], when)
        self._lines[deed.service] = place

    def _order(self, deed: Deed, when: Occasion) -> None:
        said, ground = deed.said, self._ground
        columns = {
            "business_type_id": ground.work[said["name"]],
            "installer_id": ground.fitters[said["fitter"]],
            "installation_fee": said["installation"],
            "handling_fee": said["handling"],
            "other_fee": 0,
        }
        self._orders[deed.service] = self._past.create_order(self._line(deed), said["kind"], columns, when)

    def _material(self, deed: Deed, _when: Occasion) -> None:
        material = self._ground.materials[deed.said["material"]]
        self._past.add_line(self._orders[deed.service], material, deed.said["quantity"])

    def _become(self, status: OrderStatus, deed: Deed, **said: Any) -> None:
        self._past.move_order(self._orders[deed.service], status, **said)

    def _bill(self, deed: Deed, when: Occasion) -> None:
        self._past.bill_order(self._orders[deed.service], self._line(deed), deed.said["way"], when)

    def _relocate(self, deed: Deed, when: Occasion) -> None:
        community = self._ground.communities[deed.said["community"]]
        self._past.relocate(self._line(deed), community, deed.said["address"], deed.said["fee"], when)


DOING: dict[str, Callable[[Provider, Deed, Occasion], Any]] = {
    "open": Provider._open,
    "order": Provider._order,
    "material": Provider._material,
    "accept": lambda self, deed, when: self._become(OrderStatus.ACCEPTED, deed, accepted_at=when.at),
    "appoint": lambda self, deed, when: self._become(OrderStatus.SCHEDULED, deed, **deed.said),
    "start": lambda self, deed, when: self._become(
        OrderStatus.IN_PROGRESS, deed, work_date=shop_clock().business_date(when.at)
    ),
    "finish": lambda self, deed, when: self._become(OrderStatus.DONE, deed),
    "cancel": lambda self, deed, when: self._become(OrderStatus.CANCELLED, deed),
    "bill": Provider._bill,
    "top-up": lambda self, deed, when: self._past.top_up(self._line(deed), deed.said["bill"], when),
    "pay": lambda self, deed, when: self._past.pay(self._line(deed), deed.said["bill"], deed.said["way"], when),
    "suspend": lambda self, deed, when: self._past.suspend(self._line(deed), deed.said["fee"], when),
    "force": lambda self, deed, when: self._past.suspend_by_force(self._line(deed), deed.said["reason"], when),
    "reactivate": lambda self, deed, when: self._past.reactivate(self._line(deed), deed.said["fee"], when),
    "relocate": Provider._relocate,
    "transfer": lambda self, deed, when: self._past.transfer(
        self._line(deed), self._somebody(), deed.said["fee"], when
    ),
    "close": lambda self, deed, when: self._past.close_service(self._line(deed), deed.said["remark"], when),
}
