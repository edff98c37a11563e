"""A broadband provider at work, for pages to tell of: all that is set up, a service, and what was done with it."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.broadband import operations as broadband
from app.broadband.basics import nouns as basics
from app.broadband.basics.operations import create_item
from app.broadband.models import (
    BusinessType,
    CallOutcome,
    Community,
    Package,
    Usage,
    WorkKind,
)
from app.broadband.operations.wishes import Work
from app.broadband.reminders.operations import record_call
from app.core import days
from app.core.db import in_transaction
from app.extensions import db

LIST = """手机,客户姓名,小区名称,业务类型,套餐类型,用户状态,开通日期,停止日期,安装人员,起始日,报停日期,密码
13911120001,李一,和平里,光纤,一年,开通,2026-01-31,2026-04-29,赵一,,,
"""
WRONG = """13911120002,,?,?,?,?,2026-01-31,2026-04-29,?,32,,
13911120003,李三,和平里,光纤,一年,开通,2026-01-31,2026-04-29,,5,2026-03-01,
13911120004,李四,和平里,光纤,一年,报停,2026-01-31,2026-01-01,,,,
13911120004,李四,和平里,光纤,一年,开通,,2026-04-29,,,,
13911120005,,和平里,光纤,一年,开通,2026-01-31,2999-04-29,,,,
13911120006,李六,,,,,2026-01-31,,,,,
13911120007,,和平里,光纤,一年,开通,2026-01-31,,,,,
13911120008,李八,和平里,光纤,一年,开通,2026-01-31,,,,,
13911120008,李八,和平里,光纤,一年,开通,2026-01-31,,,,,
"""


def set_up(owner: Any) -> None:
    create_item(basics.COMMUNITY, {"community_code": "1", "community": "和平里"}, actor=owner)
    fee = {"package_fee": Decimal(600), "package_months": 12, "remind_days_before": 400}
    create_item(basics.PACKAGE, {"package_type": "一年", **fee}, actor=owner)
    material = {"material_no": "1", "material_name": "光纤", "unit_price": Decimal("2.50")}
    create_item(basics.MATERIAL, material, actor=owner)
    person = {"employee_no": "1", "name": "赵一", "id_card_no": "110101199003074514", "gender": "female"}
    employee = create_item(basics.EMPLOYEE, person, actor=owner)
    installer = {"installer_no": "1", "installer_name": "赵一", "employee_id": employee}
    create_item(basics.INSTALLER, installer, actor=owner)
    for usage in Usage:
        create_item(basics.BUSINESS_TYPE, {"usage": usage, "business_type": "光纤"}, actor=owner)


def _order_work(service: int, there: dict[str, Any]) -> None:
    """A repair that was called off, with the material it was to take, and one that is accepted."""
    kind = db.session.scalars(select(BusinessType.id).where(BusinessType.usage == Usage.WORK)).one()
    work = Work(WorkKind.REPAIR, kind, installer_id=1, handling_fee=Decimal(5), customer_request="请先来电")
    orders = [broadband.create_order(service, work, **there).id for _number in range(2)]
    for order in orders:
        broadband.add_line(order, 1, Decimal(2), actor=there["actor"])
        broadband.accept(order, actor=there["actor"])
    broadband.cancel(orders[0], reason="客户取消", actor=there["actor"])


def connect(customer: int, owner: Any) -> None:
    """A broadband service with one document of each kind, the last one taken back."""
    kinds = (Community.id, BusinessType.id, Package.id)
    ids = [db.session.scalars(select(kind).order_by(kind).limit(1)).one() for kind in kinds]
    wanted = broadband.Wanted(*ids, details={"address": "一号楼", "broadband_account": "1"})
    there = {"store_id": 1, "actor": owner}
    number = in_transaction(lambda: broadband.open_service(customer, wanted, **there).id)
    in_transaction(lambda: broadband.activate(number, actor=owner) and None)
    bill = broadband.Bill(other_charge_item="光猫", other_charge_amount=Decimal(10), late_fee=Decimal(1))
    in_transaction(lambda: broadband.pay(number, bill, method=None, **there) and None)
    promised = {"promised_on": days.today(), "remark": "月底付款", "actor": owner}
    in_transaction(lambda: record_call(number, CallOutcome.PROMISED, **promised) and None)
    in_transaction(lambda: broadband.suspend(number, **there) and None)
    in_transaction(lambda: broadband.reactivate(number, **there) and None)
    in_transaction(lambda: broadband.suspend_by_force(number, reason="欠费", **there) and None)
    in_transaction(lambda: broadband.relocate(number, ids[0], "二号楼", **there) and None)
    last = in_transaction(lambda: broadband.close(number, **there).id)
    in_transaction(lambda: broadband.reverse(last, reason="填错", actor=owner) and None)
    in_transaction(lambda: _order_work(number, there))
