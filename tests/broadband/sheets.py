"""Pages of work orders, as a browser without JavaScript sees them."""

import re
from decimal import Decimal

from app.broadband import operations
from app.broadband.models import OrderStatus, WorkKind
from app.core import clock
from app.core.db import in_transaction
from tests.broadband.ground import basics, running
from tests.broadband.work import brought_to, installer, material, ordered
from tests.counter.desk import form_of

BASE = "/broadband/work-orders"


def sent(client, order_id, verb, page=None, **fields):
    """Take the form of a step up from the page and send it."""
    action = f"{BASE}/{order_id}/{verb}"
    form = form_of(page or client.get(f"{BASE}/{order_id}").text, action)
    return client.post(action, data={**form, **fields})


def typed(moment):
    return f"{clock.shop_clock().local(moment):%Y-%m-%dT%H:%M}"


def whole(owner, new_phone):
    """A finished transfer in which every field says something."""
    _customer, service = running(owner, new_phone(), details={"address": "7 Old Road"})
    chosen = basics()
    order = ordered(
        service,
        owner,
        WorkKind.TRANSFER,
        installer_id=installer(),
        installation_fee=Decimal("100"),
        handling_fee=Decimal("20"),
        other_fee=Decimal("3.5"),
        new={
            "new_phone": new_phone(),
            "new_customer_name": "李四",
            "new_id_card_no": "11010519491231002X",
            "new_package_id": chosen["package_id"],
            "new_community_id": chosen["community_id"],
            "new_address": "8 New Road",
        },
        customer_request="Mind the dog",
        remark="Ring twice",
    )
    number = material("12.50")
    in_transaction(lambda: operations.add_line(order, number, Decimal("2.5"), remark="outdoor", actor=owner).id)
    return brought_to(OrderStatus.DONE, order, owner)


def read(thing, path):
    for name in path.split("."):
        thing = getattr(thing, name)
    return thing


def exported(client, route):
    """The headings of the file."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"{route}/").text).group(1)
    answer = client.post(f"{route}/export", data={"csrf_token": token, "format": "csv"})
    assert answer.status_code == 200
    return answer.get_data().decode("utf-8-sig")
