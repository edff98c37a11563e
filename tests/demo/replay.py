"""Deeds of the demo's provider done by the verbs themselves, each at its moment: what its past must equal."""

from collections.abc import Callable
from decimal import ROUND_CEILING
from typing import Any

import pytest

from app.broadband import operations as verbs
from app.broadband.bills import reckon
from app.broadband.models import Service
from app.broadband.operations.wishes import Work
from app.core import clock
from app.core.actor import Actor
from app.core.db import in_transaction
from app.customers.operations import create_customer
from app.demo.provider.doing import BEFORE
from app.demo.provider.ground import Ground
from app.demo.provider.lives import Deed
from app.extensions import db
from app.ledger.operations import recharge
from app.shop.models import Method


class Replay:
    """Does each deed by its verb, with the shop's clock set to its moment."""

    def __init__(self, ground: Ground, people: Any, store_id: int, clerks: list[Actor], set_clock: Any) -> None:
        self.ground, self.people, self.store_id, self.clerks = ground, people, store_id, clerks
        self.set_clock = set_clock
        self.services: dict[int, int] = {}
        self.orders: dict[int, int] = {}

    def do(self, deed: Deed) -> None:
        clerk = self.clerks[clock.shop_clock().business_date(deed.at).toordinal() % len(self.clerks)]
        there = {"store_id": self.store_id, "actor": clerk}
        if deed.verb in ("open", "transfer"):
            self.set_clock(deed.at - BEFORE)
            somebody = in_transaction(lambda: self.somebody(there))
        else:
            somebody = 0
        self.set_clock(deed.at)
        in_transaction(lambda: VERBS[deed.verb](self, deed, there, somebody) and None)

    def somebody(self, there: dict[str, Any]) -> int:
        one = next(self.people)
        names = ("phone", "name", "type", "gender", "birthday", "email")
        return create_customer({name: getattr(one, name) for name in names}, **there).id

    def service(self, deed: Deed) -> int:
        return self.services[deed.service]

    def order(self, deed: Deed) -> int:
        return self.orders[deed.service]

    def open(self, deed: Deed, there: dict[str, Any], somebody: int) -> None:
        said, ground = deed.said, self.ground
        wanted = verbs.Wanted(
            ground.communities[said["community"]],
            ground.access[said["access"]],
            ground.packages[said["package"]],
            salesperson_id=ground.sellers[said["seller"]],
            details={
                "address": said["address"],
                "broadband_account": said["account"],
                "broadband_password": said["password"],
                "bound_number": said["bound"],
                "access_order_no": said["access_order_no"],
            },
        )
        self.services[deed.service] = verbs.open_service(somebody, wanted, **there).id

    def write_order(self, deed: Deed, there: dict[str, Any]) -> None:
        said, ground = deed.said, self.ground
        work = Work(
            said["kind"],
            ground.work[said["name"]],
            installer_id=ground.fitters[said["fitter"]],
            installation_fee=said["installation"],
            handling_fee=said["handling"],
        )
        self.orders[deed.service] = verbs.create_order(self.service(deed), work, **there).id

    def top_up(self, deed: Deed, there: dict[str, Any]) -> None:
        service = db.session.get_one(Service, self.service(deed))
        total = reckon(deed.said["bill"], service).total
        amount = (total / 100).to_integral_value(ROUND_CEILING) * 100
        recharge(service.customer_id, amount, method=Method.WECHAT, **there)


def _actor(there: dict[str, Any]) -> dict[str, Any]:
    return {"actor": there["actor"]}


Doing = Callable[[Replay, Deed, dict[str, Any], int], Any]
VERBS: dict[str, Doing] = {
    "open": lambda on, deed, there, somebody: on.open(deed, there, somebody),
    "order": lambda on, deed, there, _: on.write_order(deed, there),
    "material": lambda on, deed, there, _: verbs.add_line(
        on.order(deed), on.ground.materials[deed.said["material"]], deed.said["quantity"], **_actor(there)
    ),
    "accept": lambda on, deed, there, _: verbs.accept(on.order(deed), **_actor(there)),
    "appoint": lambda on, deed, there, _: verbs.schedule(on.order(deed), **deed.said, **_actor(there)),
    "start": lambda on, deed, there, _: verbs.start(on.order(deed), **_actor(there)),
    "finish": lambda on, deed, there, _: verbs.finish(on.order(deed), **_actor(there)),
    "cancel": lambda on, deed, there, _: verbs.cancel(on.order(deed), reason="x", **_actor(there)),
    "bill": lambda on, deed, there, _: verbs.bill(on.order(deed), method=deed.said["way"], **there),
    "top-up": lambda on, deed, there, _: on.top_up(deed, there),
    "pay": lambda on, deed, there, _: verbs.pay(on.service(deed), deed.said["bill"], method=deed.said["way"], **there),
    "suspend": lambda on, deed, there, _: verbs.suspend(on.service(deed), fee=deed.said["fee"], **there),
    "force": lambda on, deed, there, _: verbs.suspend_by_force(on.service(deed), reason=deed.said["reason"], **there),
    "reactivate": lambda on, deed, there, _: verbs.reactivate(on.service(deed), fee=deed.said["fee"], **there),
    "relocate": lambda on, deed, there, _: verbs.relocate(
        on.service(deed),
        on.ground.communities[deed.said["community"]],
        deed.said["address"],
        fee=deed.said["fee"],
        **there,
    ),
    "transfer": lambda on, deed, there, new: verbs.transfer(on.service(deed), new, fee=deed.said["fee"], **there),
    "close": lambda on, deed, there, _: verbs.close(on.service(deed), remark=deed.said["remark"], **there),
}


def fixed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Call the answer with an instant to set the shop's clock to it."""
    return lambda at: monkeypatch.setattr(clock, "now", lambda: at)
