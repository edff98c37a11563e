"""What can be done with a service from its page, as data: the form, in which states, and the verb."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _

from app.broadband import operations
from app.broadband.forms import FeeForm, PayForm, ReasonForm, RelocationForm, ServiceForm, TransferForm
from app.broadband.models import Document, Service, ServiceStatus
from app.broadband.states import OPEN, PAYABLE
from app.core.actor import Actor
from app.core.errors import N_, Invalid
from app.core.permissions import Action, Grant
from app.customers.operations import create_customer
from app.customers.queries import search


@dataclass(frozen=True)
class Deed:
    """One of them. name: in its address. do: from the service's number, the valid form and who, where to the document.

    is_grave: it is hard to take back. hint: a sentence above the form.
    """

    name: str
    label: Any
    form: type[ServiceForm]
    states: tuple[ServiceStatus, ...]
    grant: Grant
    do: Callable[[int, Any, "At"], Document]
    icon: str
    hint: Any = ""
    is_grave: bool = False
    defaults: Callable[[Service], dict[str, Any]] = field(default=lambda service: {})


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
    place = {"community_id": form.new_community.data, "address": form.new_address.data or None}
    return operations.transfer(service_id, _new_owner(form, at), fee=form.paid, **place, **at.said(form))


def _new_owner(form: TransferForm, at: At) -> int:
    """The customer with the number, or the person who becomes one now. Raises Invalid, PhoneTaken."""
    found = search(form.new_phone.data or "", actor=at.actor)
    if len(found) == 1:
        return found[0].id
    if found or not form.new_customer_name.data:
        raise Invalid(new_customer_name=N_("Nobody has this number yet: a name is needed."))
    try:
        return create_customer(form.person, store_id=at.store_id, actor=at.actor).id
    except Invalid as invalid:
        raise Invalid(**{_OF_A_PERSON[name]: said for name, said in invalid.errors.items()}) from invalid


_OF_A_PERSON = {
    "phone": "new_phone",
    "name": "new_customer_name",
    "landline": "new_landline",
    "contact_phone": "new_contact_phone",
    "id_number": "new_id_card_no",
}


def _close(service_id: int, form: ServiceForm, at: At) -> Document:
    return operations.close(service_id, **at.said(form))


DO = Grant(Action.POST, "services")
PAY = Grant(Action.POST, "broadband-payments")
END = Grant(Action.EDIT, "services")
ACTIVE, SUSPENDED, FORCED = ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED, ServiceStatus.FORCED
DEEDS = (
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
        _("The service and its paid days go to the new customer. Balances stay where they are."),
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
        ServiceForm,
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
