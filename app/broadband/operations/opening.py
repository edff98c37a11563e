"""Opening a service for a customer, and switching it on."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.audit.operations import record
from app.broadband.bills import require_fee
from app.broadband.choosing import found_of, of_usage, offered, require_there
from app.broadband.details import PERSONAL, cleaned, flush
from app.broadband.kept import plain
from app.broadband.models import Community, Employee, Package, Service, ServiceStatus
from app.broadband.models.basics import Usage
from app.broadband.operations.filing import locked
from app.broadband.queries import switched_on
from app.broadband.states import require
from app.broadband.subjects import SERVICE
from app.core import clock, days
from app.core.actor import Actor
from app.core.numbering import take_ids
from app.customers import queries as customers
from app.customers.refusals import CustomerDeleted
from app.extensions import db
from app.fields.operations import set_values


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a customer agreed to. fee: for all months of the package; None is what the package costs.

    details: address, access_order_no, broadband_account, broadband_password, bound_number, remark, as far as known.
    own: values of the owner's fields, by name.
    """

    community_id: int
    business_type_id: int
    package_id: int
    fee: Decimal | None = None
    salesperson_id: int | None = None
    details: Mapping[str, str | None] | None = None
    own: Mapping[str, Any] | None = None


def open_service(customer_id: int, wanted: Wanted, *, store_id: int, actor: Actor) -> Service:
    """Take down a service that is to be installed. Its price and term are copied from the package.

    Raises NotFound, CustomerDeleted, Invalid, AccountTaken.
    """
    if customers.standing(customer_id, actor=actor).is_deleted:
        raise CustomerDeleted
    package, said = _chosen(wanted), cleaned(wanted.details or {})
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
    flush()
    _record_opening(service, actor)
    set_values(SERVICE, number, wanted.own or {}, actor=actor)
    return service


def activate(service_id: int, *, actor: Actor, version: int | None = None) -> Service:
    """Switch on a service that was installed. Days that were paid while it was not there yet are not lost.

    Raises NotFound, Stale, WrongState, ServiceClosed.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, ServiceStatus.PENDING)
    changes = {name: (getattr(service, name), value) for name, value in switched_on(service, days.today()).items()}
    for name, (_before, value) in changes.items():
        setattr(service, name, value)
    service.version += 1
    db.session.flush()
    store = service.store_id
    record("broadband.activate", SERVICE, service.id, actor=actor, changes=changes, store_id=store)
    return service


def _chosen(wanted: Wanted) -> Package:
    """The package, if it and all else that was chosen is there. Raises Invalid."""
    found = require_there(
        package_type=offered(wanted.package_id),
        business_type=of_usage(wanted.business_type_id, Usage.OPENING),
        community=found_of(Community, wanted.community_id),
        salesperson=found_of(Employee, wanted.salesperson_id),
    )
    package: Package = found["package_type"]
    return package


def _fee(agreed: Decimal | None, package: Package) -> Decimal:
    if agreed is None:
        return package.package_fee
    require_fee(agreed)
    return agreed


def _record_opening(service: Service, actor: Actor) -> None:
    names = ("service_no", "customer_id", "community_id", "package_type", "fee", "status", "apply_date")
    changes = {name: (None, plain(getattr(service, name))) for name in names}
    personal = {name: (None, getattr(service, name)) for name in PERSONAL if getattr(service, name)}
    record(
        "broadband.open-service",
        SERVICE,
        service.id,
        actor=actor,
        changes=changes,
        personal=personal,
        store_id=service.store_id,
    )
