"""Subscriber lists for tests: a provider's words, rows, and what becomes of them."""

import csv
import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.broadband.models import Community, Document, Employee, Installer, Package, Service
from app.broadband.subscribers.kind import SUBSCRIBERS
from app.core.db import in_transaction
from app.customers.models import Customer
from app.customers.takeover import flow, operations, queries
from app.extensions import db
from tests.broadband.ground import basics

HEADINGS = {
    "phone": "手机",
    "name": "客户姓名",
    "community": "小区名称",
    "address": "地址",
    "business": "业务类型",
    "package": "套餐类型",
    "account": "宽带账号",
    "state": "用户状态",
    "applied": "报装日期",
    "activated": "开通日期",
    "stops": "停止日期",
    "anchor": "计费日",
    "suspended": "报停日期",
    "closed": "销户日期",
    "fee": "费用",
    "password": "密码",
    "id_number": "身份证号",
    "sold_by": "业务员",
    "installed_by": "安装人员",
    "remark": "备注",
    "contact": "联系电话",
    "landline": "固定电话",
}


class Provider:
    """What rows may name, with names that no other test has; and rows of it."""

    def __init__(self) -> None:
        ids = basics()
        self.ids = ids
        code = secrets.token_hex(4)

        def people() -> tuple[int, int]:
            seller = Employee(employee_no=f"E{code}", name=f"Seller {code}")
            fitter = Installer(installer_no=f"I{code}", installer_name=f"Fitter {code}")
            db.session.add_all([seller, fitter])
            db.session.flush()
            return seller.id, fitter.id

        self.seller_id, self.fitter_id = in_transaction(people)
        self.seller, self.fitter = f"E{code}", f"Fitter {code}"
        self.community = db.session.get(Community, ids["community_id"]).community_code
        self.package = db.session.get(Package, ids["package_id"]).package_type
        db.session.rollback()

    def row(self, phone: str, **said: str) -> dict[str, str]:
        """A row of an active service, as far as nothing else is said."""
        usual = {
            "phone": phone,
            "name": "王一",
            "community": self.community,
            "business": "FTTH",
            "package": self.package,
            "state": "开通",
            "activated": "2026-01-31",
            "stops": "2026-04-29",
        }
        return {name: text for name, text in (usual | said).items() if text}


def written(path: Path, *rows: dict[str, str]) -> Path:
    """A CSV file of these rows, with the headings that they need."""
    names = [name for name in HEADINGS if any(name in row for row in rows)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([HEADINGS[name] for name in names])
        writer.writerows([row.get(name, "") for name in names] for row in rows)
    return path


def checked(path: Path, owner: Any) -> int:
    """The number of the import, with every row read."""
    layout, height = flow.look(path, SUBSCRIBERS)
    layout.require_sure()
    given = {"store_id": 1, "upload": None, "layout": layout.as_json(), "rows_total": height, "actor": owner}
    number = in_transaction(lambda: operations.begin(SUBSCRIBERS, path.name, **given))
    flow.check(number, path, layout, actor=owner)
    return number


def taken_over(path: Path, owner: Any) -> dict[str, Any]:
    number = checked(path, owner)
    assert errors_of(number) == {}
    return flow.take_over(SUBSCRIBERS, number, 1, actor=owner)


def errors_of(import_id: int) -> dict[int, dict[str, str]]:
    found = {
        row.line: {name: error["code"] for name, error in row.errors.items()} for row in queries.refused_rows(import_id)
    }
    db.session.rollback()
    return found


def services_of(phone: str) -> list[Service]:
    db.session.rollback()
    mine = select(Service).join(Customer, Customer.id == Service.customer_id).where(Customer.phone == phone)
    return list(db.session.scalars(mine.order_by(Service.id)))


def papers_of(service: Service) -> list[Document]:
    return list(db.session.scalars(select(Document).where(Document.service_id == service.id).order_by(Document.id)))
