"""Things that are set up once, for tests: each with a number of its own."""

import secrets
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.audit.models import OperationRecord, PersonalValues
from app.broadband.basics import nouns, operations
from app.broadband.basics.nouns import Noun
from app.broadband.models import Service, Usage
from app.core import clock
from app.core.actor import Actor
from app.core.db import in_transaction
from app.customers.models import Gender
from app.customers.operations import create_customer
from app.extensions import db

ID_CARD = "11010519491231002X"


def code() -> str:
    return secrets.token_hex(4)


def values_of(noun: Noun) -> dict[str, Any]:
    """What one more of that kind may be made of: every column filled but those that name other rows."""
    given = {
        "community": {"community_code": code(), "community": "Harmony", "responsible_person": "Aunt Li"},
        "package": {
            "package_type": f"Year {code()}",
            "package_fee": Decimal("600.50"),
            "package_months": 12,
            "maintenance_fee": Decimal("5.00"),
            "remind_days_before": 7,
            "is_offered": True,
        },
        "material": {
            "material_no": code(),
            "material_name": "Cable",
            "spec": "Cat 6",
            "unit": "m",
            "unit_price": Decimal("2.35"),
        },
        "installer": {"installer_no": code(), "installer_name": "Zhao"},
        "employee": {
            "employee_no": code(),
            "name": "Qian",
            "department": "Field",
            "id_card_no": ID_CARD,
            "landline": "010-6552 0000",
            "phone": "+8613800138000",
            "home_address": "Elm Street 1",
            "gender": Gender.FEMALE,
            "birth_date": date(1990, 2, 28),
        },
        "business-type": {"usage": Usage.WORK, "business_type": f"Repair {code()}"},
    }
    return {**given[noun.code.removeprefix("broadband-")], "remark": "new"}


def make(noun: Noun, actor: Actor, **changes: Any) -> int:
    given = {**values_of(noun), **changes}
    return in_transaction(lambda: operations.create_item(noun, given, actor=actor))


def change(noun: Noun, item_id: int, actor: Actor, **changes: Any) -> None:
    in_transaction(lambda: operations.change_item(noun, item_id, changes, actor=actor))


def remove(noun: Noun, item_id: int, actor: Actor) -> None:
    in_transaction(lambda: operations.remove_item(noun, item_id, actor=actor))


def fetch(noun: Noun, item_id: int) -> Any:
    db.session.rollback()
    return db.session.get(noun.model, item_id)


def find(noun: Noun, **values: Any) -> Any:
    """The one with these values."""
    db.session.rollback()
    return db.session.scalars(select(noun.model).filter_by(**values)).one()


def records(noun: Noun, item_id: int | None) -> list[OperationRecord]:
    """What was written down about it, oldest first."""
    db.session.rollback()
    about = select(OperationRecord).filter_by(object_type=noun.code, object_id=item_id)
    return list(db.session.scalars(about.order_by(OperationRecord.id)))


def personal(record: OperationRecord) -> dict[str, Any]:
    kept = db.session.scalar(select(PersonalValues).filter_by(record_id=record.id))
    return dict(kept.changes) if kept else {}


def service_with(actor: Actor, phone: str, **names: int) -> None:
    """A service that names those rows, and new ones where it must name one. names: by column."""
    needed = {
        "community_id": nouns.COMMUNITY,
        "package_id": nouns.PACKAGE,
        "business_type_id": nouns.BUSINESS_TYPE,
    }
    given = {name: names.get(name) or make(noun, actor) for name, noun in needed.items()} | names
    terms = {"package_type": "Year", "fee": Decimal(600), "package_months": 12, "maintenance_fee": Decimal(0)}

    def work() -> None:
        customer = create_customer({"phone": phone, "name": "Sun"}, store_id=1, actor=actor)
        dates = {"apply_date": clock.today(), "created_at": clock.now()}
        db.session.add(Service(service_no=code(), customer_id=customer.id, store_id=1, **terms, **dates, **given))

    in_transaction(work)
