"""The customer list and one customer's statement as files, for those who may take them away. Each is recorded."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from flask import abort, make_response, request
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from app.audit.operations import record
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.permissions import Action, Grant
from app.core.sealed import HIDDEN
from app.customers import list_view, listing
from app.customers.models import Customer
from app.customers.profile import SEALED
from app.customers.statements import reading
from app.customers.statements.periods import Period
from app.customers.statements.views import PeriodForm, period_of
from app.customers.subject import CUSTOMER
from app.extensions import db
from app.fields import shown
from app.fields.queries import PREFIX, hidden_of
from app.ledger import statements
from app.ledger.activity import last_days
from app.tables import Column, Kind, later
from app.tables.exporting import Format, Progress, nobody, write_lines
from app.tables.later import Export
from app.tables.views import file_of, format_of
from app.ui import formats
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

AT_ONCE = 1000
PERSONAL = {"phone", "phone_start", "name", "name_start", "id_number"}  # what tells of a person among the filters

CUSTOMER_COLUMNS = (
    Column("customer_no", _("Customer no.")),
    Column("phone", _("Phone"), Kind.PHONE),
    Column("name", _("Name")),
    Column("type", _("Type"), Kind.CHOICE),
    Column("status", _("Status"), Kind.CHOICE),
    Column("balance", _("Balance"), Kind.MONEY),
    Column("bonus", _("Bonus"), Kind.MONEY),
    Column("store", _("Store")),
    Column("active", _("Last active"), Kind.DAY),
    Column("created_at", _("Since"), Kind.MOMENT),
    Column("gender", _("Gender"), Kind.CHOICE),
    Column("birthday", _("Birthday"), Kind.DAY),
    Column("language", _("Language"), Kind.CHOICE),
    Column("landline", _("Landline")),
    Column("contact_phone", _("Other contact phone")),
    Column("email", _("E-mail")),
    Column("id_number", _("ID number")),
    Column("address", _("Address")),
    Column("note", _("Remark")),
)
OWN = ("customer_no", "phone", "name", "type", "created_at", "gender", "birthday", "language")
OWN_TEXTS = ("landline", "contact_phone", "email", "address", "note")
STATEMENT_COLUMNS = (
    Column("posted_at", _("When"), Kind.MOMENT),
    Column("business_date", _("Day"), Kind.DAY),
    Column("kind", _("What"), Kind.CHOICE),
    Column("receipt_no", _("Receipt")),
    Column("store", _("Store")),
    Column("operator", _("Operator")),
    Column("change", _("Balance change"), Kind.MONEY),
    Column("balance_after", _("Balance after"), Kind.MONEY),
    Column("bonus_change", _("Bonus change"), Kind.MONEY),
    Column("bonus_after", _("Bonus after"), Kind.MONEY),
    Column("note", _("Note")),
)


def _write_list(sent: Mapping[str, Any], actor: Actor, path: Path, format: Format, progress: Progress) -> int:
    filters, order = list_view.filters_sent(MultiDict(sent))
    total = listing.looked_at(filters, actor=actor)
    lines = customer_lines(filters, actor, order)
    return write_lines(path, format, customer_columns(), lines, gettext("Customers"), "", progress, total)


def _write_statement(asked: Mapping[str, Any], actor: Actor, path: Path, format: Format, progress: Progress) -> int:
    number = reading.customer_of(asked["customer_id"], actor).customer_no
    period = Period(date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"]))
    title = gettext("Statement of %(name)s", name=number)
    said = f"{formats.day(period.first)} – {formats.day(period.last)}"
    lines = statement_lines(asked["customer_id"], period)
    return write_lines(path, format, STATEMENT_COLUMNS, lines, title, said, progress)


CUSTOMERS = later.declare(Export("customers", _("Customers"), Grant(Action.EXPORT, "customers"), _write_list))
STATEMENT = later.declare(Export("statement", _("Statement"), Grant(Action.EXPORT, "customers"), _write_statement))


class CustomerExportView(HouseView):
    """POST /customers/export: all that the filters leave, however many."""

    route_base = "/customers/export"
    default_view = "download"

    @expose("", methods=["POST"])
    @guarded(Action.EXPORT, "customers")
    def download(self) -> Any:
        format, actor = format_of(request.form.get("format")), current_actor()
        filters, _order = list_view.filters_sent(request.form)
        sent = {name: text for name, text in request.form.items() if name not in ("csrf_token", "format") and text}
        is_long = listing.looked_at(filters, actor=actor, most=later.LONG + 1) > later.LONG
        return _answer(CUSTOMERS, sent, format, is_long, lambda: _record_list(filters, format, actor))


class StatementExportView(HouseView):
    """POST /customers/<id>/statement/export: all movements of the days, newest first."""

    route_base = "/customers/"
    default_view = "download"

    @expose("<int:customer_id>/statement/export", methods=["POST"])
    @guarded(Action.EXPORT, "customers")
    def download(self, customer_id: int) -> Any:
        actor = current_actor()
        customer = reading.customer_of(customer_id, actor)
        format, form = format_of(request.form.get("format")), PeriodForm(formdata=request.form)
        if not form.validate():
            abort(400)
        period = period_of(form, customer)
        asked = {"customer_id": customer_id, "from": period.first.isoformat(), "to": period.last.isoformat()}
        is_long = statements.has_more_movements(customer_id, period.first, period.last, than=later.LONG)
        return _answer(STATEMENT, asked, format, is_long, lambda: _record_statement(customer_id, period, format, actor))


def _answer(export: Export, asked: Mapping[str, Any], format: Format, is_long: bool, note: Callable[[], None]) -> Any:
    """The file at once, or the page on which to wait for it. Either way it is recorded first."""
    actor = current_actor()
    if is_long:
        return later.ask(export, asked, format, actor=actor, record=note)
    in_transaction(note)
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder, f"export.{format}")
        export.write(asked, actor, path, format, nobody)
        return make_response(file_of(path, export.name, format))


def customer_columns() -> list[Column]:
    """The columns of the file: without the stock fields that the owner has hidden, with the fields of his own."""
    hidden = hidden_of(CUSTOMER)
    return [*(column for column in CUSTOMER_COLUMNS if column.name not in hidden), *shown.columns(CUSTOMER)]


def customer_lines(
    filters: Mapping[str, Any], actor: Actor, order: str = listing.NEWEST
) -> Iterator[Mapping[str, Any]]:
    """The rows of the list in that order, all of one moment."""
    batch: list[Customer] = []
    for row in listing.every(filters, actor=actor, order=order, at_once=AT_ONCE):
        batch.append(row)
        if len(batch) == AT_ONCE:
            yield from _lines_of(batch)
            batch = []
    yield from _lines_of(batch)


def _lines_of(batch: list[Customer]) -> Iterator[Mapping[str, Any]]:
    numbers = [row.id for row in batch]
    active, own = last_days(numbers), shown.cells(CUSTOMER, numbers)
    for row in batch:
        bonus = row.bonus_wallet
        yield {name: getattr(row, name) for name in (*OWN, *OWN_TEXTS)} | {
            "id_number": gettext("unreadable") if row.has_unreadable else row.id_number_shown,
            "status": _status_of(row),
            "balance": row.balance,
            "bonus": bonus.balance if bonus else 0,
            "store": row.store.name,
            "active": active.get(row.id),
            **own.get(row.id, {}),
        }


def _status_of(row: Customer) -> str:
    """The wallet's, where an open one is active."""
    return "active" if row.status.value == "open" else row.status.value


def statement_lines(customer_id: int, period: Period) -> Iterator[Mapping[str, Any]]:
    """The movements of those days, newest first, all of one moment."""
    statements.see_one_moment()
    below: int | None = None
    while True:
        moved = statements.movements(customer_id, period.first, period.last, below=below, limit=AT_ONCE)
        for line in moved[:AT_ONCE]:
            yield {**line.posting._mapping, "change": line.change, "bonus_change": line.bonus_change}
        if len(moved) <= AT_ONCE:
            return
        below = moved[AT_ONCE - 1].posting.id
        db.session.expunge_all()


def _record_list(filters: Mapping[str, Any], format: Format, actor: Actor) -> None:
    stock = {name: value for name, value in filters.items() if name != "custom"}
    told = {name: (None, HIDDEN if name in SEALED else str(value)) for name, value in stock.items()}
    told |= {each.field.input: (None, str(each)) for each in filters.get("custom", ())}
    record(
        "customers.export",
        "customer",
        None,
        actor=actor,
        changes={"format": (None, str(format))} | {name: said for name, said in told.items() if not _is_personal(name)},
        personal={name: said for name, said in told.items() if _is_personal(name)},
    )


def _is_personal(name: str) -> bool:
    return name in PERSONAL or name.startswith(PREFIX)


def _record_statement(customer_id: int, period: Period, format: Format, actor: Actor) -> None:
    changes = {"format": (None, str(format)), "from": (None, period.first), "to": (None, period.last)}
    record("customers.export-statement", "customer", customer_id, actor=actor, changes=changes)
