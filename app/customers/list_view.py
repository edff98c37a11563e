"""What the address says of the customer list: filters and order, and what of them is active."""

from typing import Any

from flask import abort, g, request, url_for
from werkzeug.datastructures import MultiDict

from app.core.errors import Invalid
from app.core.sealed import HIDDEN
from app.customers import listing
from app.customers.forms import ListForm, list_form
from app.customers.profile import SEALED
from app.ui import formats
from app.ui.fields import show_errors
from app.ui.panel import Chip

EXTRAS = {"order", "after", "filters", "psize_CustomersView"}  # what else may stand in the address


def form() -> ListForm:
    """The filters of this request's address, checked. 400 for arguments that the list does not have."""
    if "customer_filters" not in g:
        made = list_form(request.args)
        if any(name not in made and name not in EXTRAS for name in request.args):
            abort(400)
        try:
            if made.validate():
                listing.conditions(made.wanted())
        except Invalid as invalid:
            show_errors(made, invalid)
        g.customer_filters = made
    return g.customer_filters


def order() -> str:
    """The order that is wanted: of listing.ORDERS, or the one that serves the filters. 400 for another."""
    return _order(request.args, form())


def filters_sent(sent: MultiDict[str, str]) -> tuple[dict[str, Any], str]:
    """The filters and the order that a form carries along. 400 when they cannot be meant."""
    made = list_form(sent)
    if not made.validate():
        abort(400)
    return made.wanted(), _order(sent, made)


def _order(sent: MultiDict[str, str], made: ListForm) -> str:
    wanted = sent.get("order") or listing.usual_order({} if made.errors else made.wanted())
    return wanted if wanted.removeprefix("-") in listing.ORDERS else abort(400)


def chips() -> list[Chip]:
    """What is looked for now."""
    return [
        Chip(formats.pair(field.label.text, _said(field)), address(after=None, **{field.name: None}))
        for field in form()
        if field.data not in (None, "") and not form().errors
    ]


def _said(field: Any) -> str:
    if field.name in SEALED:
        return HIDDEN
    if hasattr(field, "iter_choices"):
        return next(str(option[1]) for option in field.iter_choices() if option[2])
    return formats.money(field.data) if field.type == "MoneyField" else str(formats.anything(field.data))


def address(**changes: str | None) -> str:
    """The address of the same list with some arguments changed; None leaves one out."""
    kept = {name: value for name, value in request.args.items() if value and name not in changes}
    given: dict[str, Any] = kept | {name: value for name, value in changes.items() if value is not None}
    return url_for("CustomersView.list", **given)
