"""What the page of the customer list shows: filters, order, a page by key, and what the list comes to."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from flask import abort, current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import MultiDict

from app.core.actor import Actor
from app.core.errors import Invalid
from app.core.permissions import Action
from app.customers import listing
from app.customers.forms import ListForm
from app.customers.models import Customer
from app.ledger.activity import last_days
from app.ui import formats
from app.ui.fields import show_errors

PAGE_SIZE = 50
EXTRAS = {"order", "after", "filters"}  # what else may stand in the address


class Chip(NamedTuple):
    """One active filter, and the address of the list without it."""

    text: str
    without: str


class Shown(NamedTuple):
    """The list as its page shows it.

    looked: how many customers this page and those before it looked at. next, start: addresses. sent: what the
    address says, for the form of the export.
    """

    form: ListForm
    chips: list[Chip]
    order: str
    found: listing.Found
    sums: listing.Sums | None
    active: Mapping[int, date]
    looked: int
    is_first: bool
    next: str
    start: str
    sent: Mapping[str, str]


def shown(actor: Actor) -> tuple[Shown, int]:
    """What the address asks for, and the status of the answer: 400 with the form when a filter cannot be meant."""
    form, order = _form(request.args), _order()
    try:
        if not form.validate():
            raise Invalid
        place, looked = _place(order)
        found = listing.find(form.wanted(), actor=actor, order=order, after=place, limit=PAGE_SIZE)
    except Invalid as invalid:
        nothing = listing.Found([], None)
        return Shown(show_errors(form, invalid), [], order, nothing, None, {}, 0, True, "", "", request.args), 400
    shows_sums = place is None and actor.may(Action.VIEW, "totals")
    sums = listing.sums(form.wanted(), actor=actor, order=order) if shows_sums else None
    looked += listing.SCAN if found.is_cut else 0
    active = last_days([row.id for row in found.rows])
    going_on = _address(after=_written(found.goes_on, looked, order)) if found.goes_on else ""
    start = _address(after=None)
    return Shown(
        form, _chips(form), order, found, sums, active, looked, place is None, going_on, start, request.args
    ), 200


def filters_sent(sent: MultiDict[str, str]) -> tuple[dict[str, Any], str]:
    """The filters and the order that a form carries along. 400 when they cannot be meant."""
    form = ListForm(formdata=sent)
    order = sent.get("order", listing.NEWEST)
    if order.removeprefix("-") not in listing.ORDERS or not form.validate():
        abort(400)
    return form.wanted(), order


def last_active(customer: Customer, active: Mapping[int, date]) -> date | None:
    """The day of his last posting that is online."""
    return active.get(customer.id)


def has_only_archived(customer: Customer, active: Mapping[int, date]) -> bool:
    """Whether money of his was moved, but none of what moved it is online any more."""
    return customer.id not in active and any(wallet.seq for wallet in customer.wallets)


def _form(args: MultiDict[str, str]) -> ListForm:
    form = ListForm(formdata=args)
    if any(name not in form and name not in EXTRAS for name in args):
        abort(400)
    return form


def _order() -> str:
    order = request.args.get("order", listing.NEWEST)
    return order if order.removeprefix("-") in listing.ORDERS else abort(400)


def _chips(form: ListForm) -> list[Chip]:
    return [
        Chip(formats.pair(field.label.text, _said(field)), _address(after=None, **{field.name: None}))
        for field in form
        if field.data not in (None, "")
    ]


def _said(field: Any) -> str:
    if hasattr(field, "iter_choices"):
        return next(str(option[1]) for option in field.iter_choices() if option[2])
    return formats.money(field.data) if field.type == "MoneyField" else str(formats.anything(field.data))


def address_in_order(name: str) -> str:
    """The address of the same list ordered by that column; from the other end when it is so already."""
    return _address(order=f"-{name}" if request.args.get("order") == name else name, after=None)


def _address(**changes: str | None) -> str:
    kept = {name: value for name, value in request.args.items() if value and name not in changes}
    given: dict[str, Any] = kept | {name: value for name, value in changes.items() if value is not None}
    return url_for("CustomersView.list", **given)


# Where a page ended, signed, so that nobody makes one up


def _signer(order: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"customer-list:{order}")


def _written(key: listing.Key, looked: int, order: str) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in key]
    return str(_signer(order).dumps([plain, looked]))


def _place(order: str) -> tuple[listing.Key | None, int]:
    if not (typed := request.args.get("after")):
        return None, 0
    try:
        key, looked = _signer(order).loads(typed)
    except BadSignature:
        abort(400)
    if order.removeprefix("-") == "created":
        key = [datetime.fromisoformat(key[0]).astimezone(UTC), key[1]]
    return tuple(key), int(looked)
