"""What is known of a line besides its price and its days: changed without a document, its password shown singly."""

from collections.abc import Mapping
from typing import Any

from app.audit.operations import record
from app.broadband.choosing import found_of, require_there
from app.broadband.details import PERSONAL, cleaned, flush
from app.broadband.models import Employee, Service
from app.broadband.operations.filing import locked
from app.broadband.states import OPEN, require
from app.broadband.subjects import SERVICE
from app.core.actor import Actor
from app.core.errors import Forbidden, NotFound
from app.core.permissions import Action
from app.core.sealed import HIDDEN, unseal
from app.fields.operations import set_values

PASSWORDS = "broadband-passwords"


def change_details(
    service_id: int,
    details: Mapping[str, Any],
    *,
    actor: Actor,
    own: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Service:
    """Write down what is known of a line now. What is left out stays.

    details: of CHANGEABLE; salesperson_id; broadband_password, which stays if empty. own: values of the owner's
    fields, by name. Raises NotFound, Stale, ServiceClosed, Invalid, AccountTaken.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, *OPEN)
    require_there(salesperson=found_of(Employee, details.get("salesperson_id")))
    columns: dict[str, Any] = cleaned({name: text for name, text in details.items() if name != "salesperson_id"})
    columns |= {name: details[name] for name in ("salesperson_id",) if name in details}
    sealed = columns.pop("password_sealed")
    changed = {name: (getattr(service, name), value) for name, value in columns.items()}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    for name, (_before, value) in changed.items():
        setattr(service, name, value)
    if sealed is not None:
        changed["broadband_password"] = (HIDDEN if service.password_sealed else None, HIDDEN)
        service.password_sealed = sealed
    if changed:
        service.version += 1
        flush()
        _record_change(service, changed, actor)
    if set_values(SERVICE, service_id, own or {}, actor=actor) and not changed:
        service.version += 1
    return service


def _record_change(service: Service, changed: Mapping[str, Any], actor: Actor) -> None:
    record(
        "broadband.change-details",
        SERVICE,
        service.id,
        actor=actor,
        changes={name: pair for name, pair in changed.items() if name not in PERSONAL},
        personal={name: pair for name, pair in changed.items() if name in PERSONAL},
        store_id=service.store_id,
    )


def reveal_password(service_id: int, *, actor: Actor) -> str:
    """The password of a line, and a record that this actor has seen it.

    Raises Forbidden; NotFound, also when none is kept; Unreadable.
    """
    if not actor.may(Action.VIEW, PASSWORDS):
        raise Forbidden
    service = locked(service_id, actor=actor)
    password = unseal(service.password_sealed)
    if password is None:
        raise NotFound
    shown = {"revealed": (None, "broadband_password")}
    record("broadband.reveal-password", SERVICE, service.id, actor=actor, changes=shown, store_id=service.store_id)
    return password
