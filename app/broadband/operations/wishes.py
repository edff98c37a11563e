"""What is asked for in a work order, and whether it makes sense: its kind of work says what may change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.broadband.choosing import found_of, of_usage, offered, require_there
from app.broadband.details import phone_of
from app.broadband.models import Community, Installer, Service, Usage, WorkKind
from app.broadband.operations.recipients import customer_with
from app.broadband.refusals import SameCustomer
from app.core import money
from app.core.actor import Actor
from app.core.errors import N_, Invalid

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
    new_package_id, as far as the kind of work changes them. own: values of the owner's fields, by name.
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
    own: Mapping[str, Any] = field(default_factory=dict)


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


def _person(new: Mapping[str, Any], service: Service, actor: Actor) -> dict[str, Any]:
    """Who the service goes to: somebody who is there already, or what is known of him."""
    nobody = {"new_customer_id": None, "new_customer_name": None, "new_phone": None}
    if "new_phone" not in new:
        return nobody
    phone = phone_of(new["new_phone"])
    found = customer_with(phone, actor=actor)
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
    require_there(
        business_type=of_usage(work.business_type_id, Usage.WORK),
        new_package_type=offered(new.get("new_package_id")),
        installer=found_of(Installer, work.installer_id),
        new_community=found_of(Community, new.get("new_community_id")),
    )


def _text(name: str, value: str | None) -> str | None:
    text = (value or "").strip()
    if len(text) > LENGTHS[name]:
        raise Invalid(**{name: N_("This is too long.")})
    return text or None
