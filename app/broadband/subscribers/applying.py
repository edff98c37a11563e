"""Making services of a list, each with the document that its history begins with. No money moves."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.broadband.kept import plain
from app.broadband.models import Document, DocumentKind, Package, Service, ServiceStatus
from app.broadband.operations.filing import LETTERS
from app.broadband.subscribers.staging import customers_of
from app.broadband.subscribers.words import Field
from app.core import clock, days
from app.core.actor import Actor
from app.core.bulk import insert_rows
from app.core.numbering import take_ids
from app.customers.models import Customer, CustomerImport, CustomerType, ImportRow
from app.customers.numbers import number_of
from app.customers.phones import digits_reversed
from app.customers.takeover import queries
from app.customers.takeover.kinds import Applied, Seen
from app.customers.takeover.refusals import ListChanged
from app.extensions import db
from app.ledger.opening import Opening, open_wallets

ZERO = Decimal(0)
DAYS = (Field.APPLY_DATE, Field.ACTIVATION_DATE, Field.STOP_DATE, Field.SUSPENDED_ON, Field.CLOSED_ON)
TEXTS = (Field.ADDRESS, Field.ACCESS_ORDER_NO, Field.BROADBAND_ACCOUNT, Field.BOUND_NUMBER, Field.REMARK)
TOLD = ("status", "apply_date", "activation_date", "stop_date", "anchor_day", "suspended_on", "closed_on")
LETTER = LETTERS[DocumentKind.TAKEN_OVER]


def apply(document: CustomerImport, number: str, *, actor: Actor, seen: Seen) -> Applied:
    """Make services of all rows, and customers of those who are not there yet."""
    services = new = 0
    packages = {each.id: each for each in db.session.scalars(select(Package))}
    common = _common(document, number, actor)
    for chunk in queries.good_rows(document.id):
        people = customers_of({row.phone or "" for row in chunk})
        made = _take_in([row for row in chunk if row.phone not in people], document, actor)
        _connect(chunk, people | made, packages, common)
        services, new = services + len(chunk), new + len(made)
        seen(services)
    told = {"services": services, "customers": new}
    return Applied({"rows_applied": services}, told, {"customers": new})


def _take_in(rows: Sequence[ImportRow], document: CustomerImport, actor: Actor) -> dict[str, int]:
    """Make customers of the rows, one for each phone, by the first row that names him; with empty wallets."""
    first: dict[str, ImportRow] = {}
    for row in rows:
        first.setdefault(row.phone or "", row)
    numbers = take_ids(Customer.__table__, len(first))
    common = {"store_id": document.store_id, "created_at": clock.now(), "created_by": actor.staff_id, "version": 1}
    lines = [_customer(number, row) | common for number, row in zip(numbers, first.values(), strict=True)]
    insert_rows(Customer.__table__, lines)
    openings = [Opening(number) for number in numbers]
    open_wallets(openings, document_id=document.id, store_id=document.store_id, actor=actor)
    return dict(zip(first, numbers, strict=True))


def _customer(customer_id: int, row: ImportRow) -> dict[str, Any]:
    values = row.values
    if Field.CUSTOMER_NAME not in values:
        raise ListChanged  # he was a customer when the list was checked, and was deleted
    return {
        "id": customer_id,
        "customer_no": number_of(customer_id),
        "phone": row.phone,
        "phone_reversed": digits_reversed(row.phone or ""),
        "name": values[Field.CUSTOMER_NAME],
        "type": CustomerType.PERSONAL,
        "landline": values.get(Field.LANDLINE),
        "contact_phone": values.get(Field.CONTACT_PHONE),
        "address": values.get(Field.CUSTOMER_ADDRESS),
        "id_number_sealed": row.id_number_sealed,
        "id_number_mark": row.id_number_mark,
    }


def _common(document: CustomerImport, number: str, actor: Actor) -> dict[str, Any]:
    """What the documents of all services share."""
    return {
        "kind": DocumentKind.TAKEN_OVER,
        "store_id": document.store_id,
        "dated_on": days.today(),
        "made_at": clock.now(),
        "operator_kind": actor.kind,
        "operator_id": actor.id,
        "operator_name": actor.name[:64],
        "fee": ZERO,
        "credit": ZERO,
        "before": {},
        "remark": number,
    }


def _connect(
    rows: Sequence[ImportRow], people: Mapping[str, int], packages: Mapping[int, Package], common: Mapping[str, Any]
) -> None:
    services = take_ids(Service.__table__, len(rows))
    documents = take_ids(Document.__table__, len(rows))
    lines = []
    for number, row in zip(services, rows, strict=True):
        if (package := packages.get(row.values[Field.PACKAGE_TYPE])) is None:
            raise ListChanged
        lines.append(_service(number, people[row.phone or ""], row, package, common))
    insert_rows(Service.__table__, lines)
    papers = [_document(number, line, row, common) for number, line, row in zip(documents, lines, rows, strict=True)]
    insert_rows(Document.__table__, papers)


def _service(
    number: int, customer_id: int, row: ImportRow, package: Package, common: Mapping[str, Any]
) -> dict[str, Any]:
    values = row.values
    found = {name.value: values.get(name.value) for name in DAYS}
    fee = values.get(Field.FEE)
    return {
        "id": number,
        "service_no": f"N{number:07d}",
        "customer_id": customer_id,
        "store_id": common["store_id"],
        "community_id": values[Field.COMMUNITY],
        "business_type_id": values[Field.BUSINESS_TYPE],
        "package_id": package.id,
        "package_type": package.package_type,
        "fee": package.package_fee if fee is None else Decimal(fee),
        "package_months": package.package_months,
        "maintenance_fee": package.maintenance_fee,
        "salesperson_id": values.get(Field.SALESPERSON),
        "status": ServiceStatus(values[Field.USER_STATUS]),
        "anchor_day": values.get(Field.ANCHOR_DAY),
        "password_sealed": row.secret_sealed,
        "version": 1,
        "created_at": common["made_at"],
        **{name.value: values.get(name.value) for name in TEXTS},
        **{name: date.fromisoformat(day) if day else None for name, day in found.items()},
        **({} if values[Field.USER_STATUS] != ServiceStatus.CLOSED else {"suspended_on": None}),
    }


def _document(number: int, service: Mapping[str, Any], row: ImportRow, common: Mapping[str, Any]) -> dict[str, Any]:
    """The document that a service begins with: how it stood when it was taken over, and who had installed it."""
    after = {name: plain(service[name]) for name in TOLD} | {"installer_id": row.values.get(Field.INSTALLER)}
    return {
        **common,
        "id": number,
        "document_no": f"B{LETTER}{number:07d}",
        "service_id": service["id"],
        "customer_id": service["customer_id"],
        "after": {name: value for name, value in after.items() if value is not None},
        "community_id": service["community_id"],
        "address": service["address"],
    }
