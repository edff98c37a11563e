"""What can be done with a service from its page, as data: the form, in which states, and the verb."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _

from app.broadband import operations
from app.broadband.details import CHANGEABLE, phone_of
from app.broadband.forms import (
    ClosingForm,
    DetailsForm,
    FeeForm,
    PayForm,
    ReasonForm,
    RelocationForm,
    ServiceForm,
    TransferForm,
)
from app.broadband.models import Document, Service, ServiceStatus
from app.broadband.operations.moves import END
from app.broadband.operations.recipients import recipient
from app.broadband.states import OPEN, PAYABLE
from app.broadband.subjects import SERVICE
from app.core.actor import Actor
from app.core.permissions import Action, Grant
from app.fields import inputs
from app.fields.queries import values_of


@dataclass(frozen=True)
class Deed:
    """One of them. name: in its address. do: from the service's number, the valid form and who, where to the document.

    It answers None where no document is made. is_grave: it is hard to take back. hint: a sentence above the form.
    """

    name: str
    label: Any
    form: type[ServiceForm]
    states: tuple[ServiceStatus, ...]
    grant: Grant
    do: Callable[[int, Any, "At"], Document | None]
    icon: str
    hint: Any = ""
    is_grave: bool = False
    defaults: Callable[[Service], dict[str, Any]] = field(default=lambda service: {})

    def form_for(self, service: Service, actor: Actor, **given: Any) -> Any:
        """Its form, with the owner's fields where it speaks of what is known of the line, for what the actor may do."""
        if self.form is not DetailsForm:
            return self.form(**given).for_actor(actor)
        form = inputs.with_fields(DetailsForm, SERVICE)(**given)
        inputs.keep_choices(form, SERVICE, values_of(SERVICE, [service.id])[service.id])
        return form


@dataclass(frozen=True)
class At:
    """Who does it, and in which store."""

    actor: Actor
    store_id: int

    def said(self, form: ServiceForm) -> dict[str, Any]:
        return {"actor": self.actor, "store_id": self.store_id, "remark": form.remark.data, "version": form.seen}


def _pay(service_id: int, form: PayForm, at: At) -> Document:
    paid: dict[str, Any] = {"method": form.method, "version": form.seen}
    return operations.pay(service_id, form.bill, store_id=at.store_id, actor=at.actor, **paid)


def _suspend(service_id: int, form: FeeForm, at: At) -> Document:
    return operations.suspend(service_id, fee=form.paid, **at.said(form))


def _suspend_by_force(service_id: int, form: ReasonForm, at: At) -> Document:
    said = at.said(form)
    return operations.suspend_by_force(service_id, reason=said.pop("remark") or "", **said)


def _reactivate(service_id: int, form: FeeForm, at: At) -> Document:
    return operations.reactivate(service_id, fee=form.paid, **at.said(form))


def _relocate(service_id: int, form: RelocationForm, at: At) -> Document:
    said = at.said(form)
    return operations.relocate(service_id, form.community.data or 0, form.address.data or "", fee=form.paid, **said)


def _transfer(service_id: int, form: TransferForm, at: At) -> Document:
    phone = phone_of(form.new_phone.data or "")
    new = recipient(phone, form.person, store_id=at.store_id, actor=at.actor)
    place: dict[str, Any] = {"community_id": form.new_community.data, "address": form.new_address.data or None}
    paid: dict[str, Any] = {"fee": form.paid, "with_balance": form.takes_balance}
    return operations.transfer(service_id, new, **paid, **place, **at.said(form))


def _close(service_id: int, form: ClosingForm, at: At) -> Document:
    return operations.close(service_id, method=form.method, **at.said(form))


def _activate(service_id: int, form: ServiceForm, at: At) -> None:
    operations.activate(service_id, actor=at.actor, version=form.seen)


def _change_details(service_id: int, form: DetailsForm, at: At) -> None:
    said: dict[str, Any] = {"own": inputs.typed(form, SERVICE), "version": form.seen}
    operations.change_details(service_id, form.details, actor=at.actor, **said)


def _known(service: Service) -> dict[str, Any]:
    """What is known of a line, to fill the form with."""
    own = inputs.data_of(values_of(SERVICE, [service.id])[service.id], SERVICE)
    return {name: getattr(service, name) for name in CHANGEABLE} | {"salesperson": service.salesperson_id} | own


DO = Grant(Action.POST, "services")
PAY = Grant(Action.POST, "broadband-payments")
ACTIVE, SUSPENDED, FORCED = ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED, ServiceStatus.FORCED
DEEDS = (
    Deed("activate", _("Switch it on"), ServiceForm, (ServiceStatus.PENDING,), DO, _activate, "fa-plug"),
    Deed("pay", _("Take a payment"), PayForm, PAYABLE, PAY, _pay, "fa-coins"),
    Deed(
        "suspend",
        _("Suspend"),
        FeeForm,
        (ACTIVE,),
        DO,
        _suspend,
        "fa-pause",
        _("From today on the paid days wait for the customer. They are added again when he comes back."),
    ),
    Deed("reactivate", _("Switch on again"), FeeForm, (SUSPENDED, FORCED), DO, _reactivate, "fa-play"),
    Deed(
        "relocate",
        _("Relocate"),
        RelocationForm,
        OPEN,
        DO,
        _relocate,
        "fa-truck",
        defaults=lambda service: {"community": service.community_id, "address": service.address},
    ),
    Deed(
        "transfer",
        _("Transfer to another customer"),
        TransferForm,
        OPEN,
        DO,
        _transfer,
        "fa-right-left",
        _("The service and its paid days go to the new customer. The balance stays."),
    ),
    Deed(
        "details",
        _("Change details"),
        DetailsForm,
        OPEN,
        DO,
        _change_details,
        "fa-pen",
        _("An empty password leaves the one that is kept."),
        defaults=_known,
    ),
    Deed(
        "force",
        _("Suspend by force"),
        ReasonForm,
        (ACTIVE,),
        END,
        _suspend_by_force,
        "fa-ban",
        _("The paid days run on. Say why."),
        is_grave=True,
    ),
    Deed(
        "close",
        _("Close the account"),
        ClosingForm,
        OPEN,
        END,
        _close,
        "fa-door-closed",
        is_grave=True,
    ),
)
BY_NAME = {deed.name: deed for deed in DEEDS}


def offered(service: Service, actor: Actor) -> list[Deed]:
    """What this actor may do with the service as it is."""
    return [deed for deed in DEEDS if service.status in deed.states and actor.may(*deed.grant)]
