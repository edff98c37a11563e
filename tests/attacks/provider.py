"""A broadband provider whose every text is an attack: what is set up, a service, its documents, an order, a field."""

from decimal import Decimal
from typing import Any

from app.broadband import operations as broadband
from app.broadband.basics import nouns
from app.broadband.basics.operations import create_item
from app.broadband.models import CallOutcome, Usage, WorkKind
from app.broadband.operations.wishes import Work
from app.broadband.reminders.operations import record_call
from app.core.db import in_transaction
from app.fields.models import FieldKind
from app.fields.operations import define_field


def furnish_broadband(boss: Any, customer: int, typed: str) -> dict[str, list[Any]]:
    """Let everything happen once. typed: what stands in every text. Returns rows by the argument that names them."""
    there = {"store_id": 1, "actor": boss}
    things = in_transaction(lambda: _set_up(boss, typed))
    details = {"address": typed, "broadband_account": typed, "bound_number": typed, "remark": typed}
    wanted = broadband.Wanted(*things[:3], details=details)
    service = in_transaction(lambda: broadband.open_service(customer, wanted, **there).id)
    in_transaction(lambda: broadband.activate(service, actor=boss) and None)
    charge = {"other_charge_item": typed, "other_charge_amount": Decimal(1), "remark": typed}
    paid = in_transaction(lambda: broadband.pay(service, broadband.Bill(**charge), method=None, **there).id)
    moved = in_transaction(lambda: broadband.relocate(service, things[0], f"{typed}2", remark=typed, **there).id)
    said = {"remark": typed, "actor": boss}
    in_transaction(lambda: record_call(service, CallOutcome.OTHER, **said) and None)
    work = Work(WorkKind.REPAIR, things[3], customer_request=typed, remark=typed)
    order = in_transaction(lambda: broadband.create_order(service, work, **there).id)
    line = in_transaction(lambda: broadband.add_line(order, things[4], Decimal(1), remark=typed, actor=boss).id)
    labels = {"labels": {"en": typed}, "name": "own", "position": 1, "is_listed": True}
    field = in_transaction(lambda: define_field("customer", FieldKind.TEXT, labels, actor=boss))
    rows = {"service_id": service, "order_id": order, "line_id": line, "field_id": field, "name": "pay"}
    return {name: [row] for name, row in rows.items()} | {"document_id": [paid, moved]}


def _set_up(boss: Any, typed: str) -> list[int]:
    """A community, a way of access, a package, a kind of work and a material: their ids."""
    price = {"package_fee": Decimal(10), "package_months": 1, "remind_days_before": 60}
    thing = {"material_no": "1", "material_name": typed, "unit_price": Decimal(1)}
    made = (
        (nouns.COMMUNITY, {"community_code": "1", "community": typed, "remark": typed}),
        (nouns.BUSINESS_TYPE, {"usage": Usage.OPENING, "business_type": typed}),
        (nouns.PACKAGE, {"package_type": typed, "remark": typed, **price}),
        (nouns.BUSINESS_TYPE, {"usage": Usage.WORK, "business_type": typed}),
        (nouns.MATERIAL, {**thing, "remark": typed}),
    )
    return [create_item(noun, values, actor=boss) for noun, values in made]
