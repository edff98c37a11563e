"""What is asked for in a work order, and whether it makes sense: its kind of work says what may change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.broadband.models import BusinessType, Community, Installer, Package, Service, Usage, WorkKind
from app.broadband.refusals import SameCustomer
from app.core import money
from app.core.actor import Actor
from app.core.db import Model
from app.core.errors import N_, Invalid
from app.customers.models import Customer
from app.customers.phones import NotAPhone, normalise
from app.customers.queries import within
from app.extensions import db
from app.shop.queries import setting

ZERO = Decimal(0)
PERSON = frozenset({"new_phone", "new_customer_name", "new_id_card_no"})
PLACE = frozenset({"new_community_id", "new_address"})
PACKAGE = frozenset({"new_package_id"})
MAY_CHANGE: Mapping[WorkKind, frozenset[str]] = {
    WorkKind.INSTALLATION: frozenset(),
    WorkKind.RELOCATION: PLACE | PACKAGE,
    WorkKind.TRANSFER: PERSON | PLACE | PACKAGE,
    WorkKind.PACKAGE_CHANGE: PACKAGE,
    WorkKind.REPAIR: frozenset(),
    WorkKind.REMOVAL: frozenset(),
}
NEEDS = {
    WorkKind.RELOCATION: "new_address",
    WorkKind.TRANSFER: "new_phone",
    WorkKind.PACKAGE_CHANGE: "new_package_id",
}
LENGTHS = {
    "new_customer_name": 120,
    "new_id_card_no": 32,
    "new_address": 250,
    "customer_request": 500,
    "remark": 500,
}
FEES = ("installation_fee", "handling_fee", "other_fee")
FORM_NAMES = {"new_package_id": "new_package_type", "new_community_id": "new_community"}


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done. labour_material_fee: None is what the lines come to.

    new: new_phone, new_customer_name, new_id_card_no (left out: as it is), new_community_id, new_address,
    new_package_id, as far as the kind of work changes them.
    """

    kind: WorkKind
    business_type_id: int
    installer_id: int | None = None
    installation_fee: Decimal = ZERO
    handling_fee: Decimal = ZERO
    labour_material_fee: Decimal | None = None
    other_fee: Decimal = ZERO
    new: Mapping[str, Any] = field(default_factory=dict)
    customer_request: str | None = None
    remark: str | None = None
    work_date: date | None = None
    appointment_at: datetime | None = None


def columns_of(work: Work, service: Service, *, actor: Actor) -> dict[str, Any]:
    """The columns of the order, of what is asked for a service. Raises Invalid, SameCustomer."""
    new = {name: value for name, value in work.new.items() if value not in (None, "")}
    _require_sense(work, new)
    _require_there(work, new)
    said = {name: _text(name, getattr(work, name)) for name in ("customer_request", "remark")}
    return {
        "work_kind": work.kind,
        "business_type_id": work.business_type_id,
        "installer_id": work.installer_id,
        **{name: getattr(work, name) for name in FEES},
        "is_labour_agreed": work.labour_material_fee is not None,
        "labour_material_fee": work.labour_material_fee or ZERO,
        "new_community_id": new.get("new_community_id"),
        "new_address": _text("new_address", new.get("new_address")),
        "new_package_id": new.get("new_package_id"),
        "work_date": work.work_date,
        "appointment_at": work.appointment_at,
        **said,
        **_person(new, service, actor),
    }


def customer_of(phone: str, *, actor: Actor) -> int | None:
    """Who has this number, within the actor's reach. phone: in E.164."""
    ask = select(Customer.id).where(Customer.phone == phone, Customer.deleted_at.is_(None), within(actor))
    return db.session.scalar(ask)


def _person(new: Mapping[str, Any], service: Service, actor: Actor) -> dict[str, Any]:
    """Who the service goes to: somebody who is there already, or what is known of him."""
    nobody = {"new_customer_id": None, "new_customer_name": None, "new_phone": None}
    if "new_phone" not in new:
        return nobody
    phone = _phone(new["new_phone"])
    found = customer_of(phone, actor=actor)
    if found == service.customer_id:
        raise SameCustomer
    if found is not None:
        return nobody | {"new_customer_id": found, "new_id_card_no": None}
    if not (name := _text("new_customer_name", new.get("new_customer_name"))):
        raise Invalid(new_customer_name=N_("Nobody has this number yet: a name is needed."))
    said = {**nobody, "new_phone": phone, "new_customer_name": name}
    if "new_id_card_no" in new:
        said["new_id_card_no"] = _text("new_id_card_no", new["new_id_card_no"])
    return said


def _phone(typed: str) -> str:
    try:
        return normalise(typed, setting("phone_region"))
    except NotAPhone:
        raise Invalid(new_phone=N_("This is not a phone number.")) from None


def _require_sense(work: Work, new: Mapping[str, Any]) -> None:
    wrong: dict[str, str] = {}
    for name in sorted(new.keys() - MAY_CHANGE[work.kind]):
        wrong[FORM_NAMES.get(name, name)] = N_("This kind of work does not change that.")
    needed = NEEDS.get(work.kind)
    if "new_community_id" in new:
        needed = "new_address" if "new_address" not in new else needed
    if needed and needed not in new:
        wrong[FORM_NAMES.get(needed, needed)] = N_("This kind of work needs that.")
    fees = {name: getattr(work, name) for name in FEES} | {"labour_material_fee": work.labour_material_fee or ZERO}
    wrong |= {name: N_("The amount must not be below zero.") for name, fee in fees.items() if fee < 0}
    if sum(fees.values()) > money.LARGEST:
        wrong["other_fee"] = N_("The amount is too large.")
    if wrong:
        raise Invalid(**wrong)


def _require_there(work: Work, new: Mapping[str, Any]) -> None:
    missing: dict[str, str] = {}
    kind = db.session.get(BusinessType, work.business_type_id)
    if kind is None or kind.usage is not Usage.WORK:
        missing["business_type"] = N_("Choose one of the list.")
    if (number := new.get("new_package_id")) is not None:
        package = db.session.get(Package, number)
        if package is None or not package.is_offered:
            missing["new_package_type"] = N_("Choose one of the list.")
    others: list[tuple[str, type[Model], Any]] = [
        ("installer", Installer, work.installer_id),
        ("new_community", Community, new.get("new_community_id")),
    ]
    for name, model, chosen in others:
        if chosen is not None and db.session.get(model, chosen) is None:
            missing[name] = N_("Choose one of the list.")
    if missing:
        raise Invalid(**missing)


def _text(name: str, value: str | None) -> str | None:
    text = (value or "").strip()
    if len(text) > LENGTHS[name]:
        raise Invalid(**{name: N_("This is too long.")})
    return text or None
