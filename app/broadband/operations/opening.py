"""Opening a service for a customer, and switching it on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy.exc import IntegrityError

from app.audit.operations import record
from app.broadband.kept import plain
from app.broadband.models import BusinessType, Community, Employee, Package, Service, ServiceStatus
from app.broadband.models.basics import Usage
from app.broadband.operations.filing import locked
from app.broadband.orders.queries import first_paid_day
from app.broadband.refusals import AccountTaken
from app.broadband.states import require
from app.core import clock, days, money
from app.core.actor import Actor
from app.core.db import Model
from app.core.errors import N_, Invalid
from app.core.numbering import take_ids
from app.core.sealed import seal
from app.customers import queries as customers
from app.customers.refusals import CustomerDeleted
from app.extensions import db

LENGTHS = {"address": 250, "access_order_no": 64, "broadband_account": 120, "bound_number": 64, "remark": 500}
LONGEST_PASSWORD = 128
PERSONAL = ("address", "broadband_account", "bound_number")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a customer agreed to. fee: for all months of the package; None is what the package costs.

    details: address, access_order_no, broadband_account, broadband_password, bound_number, remark, as far as known.
    """

    community_id: int
    business_type_id: int
    package_id: int
    fee: Decimal | None = None
    salesperson_id: int | None = None
    details: Mapping[str, str | None] | None = None


def open_service(customer_id: int, wanted: Wanted, *, store_id: int, actor: Actor) -> Service:
    """Take down a service that is to be installed. Its price and term are copied from the package.

    Raises NotFound, CustomerDeleted, Invalid, AccountTaken.
    """
    if customers.standing(customer_id, actor=actor).is_deleted:
        raise CustomerDeleted
    package, said = _chosen(wanted), _cleaned(wanted.details or {})
    (number,) = take_ids(Service.__table__, 1)
    service = Service(
        id=number,
        service_no=f"N{number:07d}",
        customer_id=customer_id,
        store_id=store_id,
        community_id=wanted.community_id,
        business_type_id=wanted.business_type_id,
        package_id=package.id,
        package_type=package.package_type,
        fee=_fee(wanted.fee, package),
        package_months=package.package_months,
        maintenance_fee=package.maintenance_fee,
        salesperson_id=wanted.salesperson_id,
        status=ServiceStatus.PENDING,
        apply_date=days.today(),
        created_at=clock.now(),
        **said,
    )
    db.session.add(service)
    _flush()
    _record_opening(service, actor)
    return service


def activate(service_id: int, *, actor: Actor, version: int | None = None) -> Service:
    """Switch on a service that was installed. Days that were paid while it was not there yet are not lost.

    Raises NotFound, Stale, WrongState, ServiceClosed.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, ServiceStatus.PENDING)
    today, before = days.today(), service.stop_date
    service.status, service.activation_date = ServiceStatus.ACTIVE, today
    if before is not None:
        service.stop_date = before + timedelta(days=max(0, (today - first_paid_day(service.id)).days))
    service.version += 1
    db.session.flush()
    changes = {"status": (ServiceStatus.PENDING, service.status), "stop_date": (before, service.stop_date)}
    store = service.store_id
    record("broadband.activate", "broadband-service", service.id, actor=actor, changes=changes, store_id=store)
    return service


def _chosen(wanted: Wanted) -> Package:
    """The package, if it and all else that was chosen is there. Raises Invalid."""
    missing: dict[str, str] = {}
    package = db.session.get(Package, wanted.package_id)
    kind = db.session.get(BusinessType, wanted.business_type_id)
    if package is None or not package.is_offered:
        missing["package_type"] = N_("Choose one of the list.")
    if kind is None or kind.usage is not Usage.OPENING:
        missing["business_type"] = N_("Choose one of the list.")
    for name, model, number in _others(wanted):
        if db.session.get(model, number) is None:
            missing[name] = N_("Choose one of the list.")
    if missing or package is None:
        raise Invalid(**missing)
    return package


def _others(wanted: Wanted) -> list[tuple[str, type[Model], int]]:
    chosen: list[tuple[str, type[Model], int]] = [("community", Community, wanted.community_id)]
    if wanted.salesperson_id is not None:
        chosen.append(("salesperson", Employee, wanted.salesperson_id))
    return chosen


def _fee(agreed: Decimal | None, package: Package) -> Decimal:
    if agreed is None:
        return package.package_fee
    if not 0 <= agreed <= money.LARGEST:
        raise Invalid(fee=N_("The amount must not be below zero."))
    return agreed


def _cleaned(details: Mapping[str, str | None]) -> dict[str, str | None]:
    """The details as columns: trimmed, empty as None, the password sealed. Raises Invalid."""
    texts = {name: (value or "").strip() for name, value in details.items()}
    limits = {**LENGTHS, "broadband_password": LONGEST_PASSWORD}
    if too_long := {name: N_("This is too long.") for name, text in texts.items() if len(text) > limits[name]}:
        raise Invalid(**too_long)
    columns = {name: text or None for name, text in texts.items() if name in LENGTHS}
    return columns | {"password_sealed": seal(texts.get("broadband_password"))}


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as conflict:
        if "account" in str(conflict.orig):
            raise AccountTaken from conflict
        raise


def _record_opening(service: Service, actor: Actor) -> None:
    names = ("service_no", "customer_id", "community_id", "package_type", "fee", "status", "apply_date")
    changes = {name: (None, plain(getattr(service, name))) for name in names}
    personal = {name: (None, getattr(service, name)) for name in PERSONAL if getattr(service, name)}
    record(
        "broadband.open",
        "broadband-service",
        service.id,
        actor=actor,
        changes=changes,
        personal=personal,
        store_id=service.store_id,
    )
