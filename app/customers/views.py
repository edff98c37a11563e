"""The customer list: who there is, the way to the counter, and the place where a customer is deleted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import flash, make_response, redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.models.filters import BaseFilter
from flask_appbuilder.widgets import ListWidget
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select
from werkzeug.wrappers import Response

from app.core import clock
from app.core.db import in_transaction
from app.core.errors import N_, Refused, Stale
from app.core.permissions import Action
from app.customers import list_view, listing, queries
from app.customers.forms import RemovalForm
from app.customers.models import Customer
from app.customers.operations import delete_customer
from app.customers.subject import CUSTOMER
from app.fields import shown
from app.fields.queries import hidden_of
from app.ledger.activity import last_days
from app.tables import Kind
from app.ui import formats
from app.ui.guard import by_method, current_actor
from app.ui.interface import HouseInterface
from app.ui.keyset import Order
from app.ui.views import RegisterView

Answer = Response | str
ORDER_NAMES = {"customer_no": "number", "created_at": "created"}  # where an order is not called as its column


class NotDeleted(BaseFilter):
    name = "Not deleted"
    arg_name = "not-deleted"

    def apply(self, query: Select, value: Any) -> Select:
        return query.filter(Customer.deleted_at.is_(None))


class WithinReach(BaseFilter):
    name = "Within reach"
    arg_name = "within-reach"

    def apply(self, query: Select, value: Any) -> Select:
        return query.filter(queries.within(current_actor()))


class CustomerInterface(HouseInterface):
    """Reads customers as app/customers/listing.py knows how: its orders, its filters, what indexes serve."""

    def order(self, name: str, direction: str) -> Order:
        known = ORDER_NAMES.get(name, name)
        return listing.order_of(f"-{known}" if direction == "desc" else known)

    def selects(self, filters: Any, order: Order) -> Any:
        return listing.selects(list_view.form().wanted(), order, actor=current_actor())


class CustomerRows(ListWidget):
    """The rows of the generated list, with what a customer's cells say beyond his columns."""

    template = "customers/rows.html"


class CustomersView(RegisterView):
    """/customers/list/: the generated list, with filters of its own. A row leads to the counter, where everything is
    done to it but one thing: a customer is deleted here alone, with a reason, by those who may."""

    datamodel = CustomerInterface(Customer, eager=("wallets", "store"))
    route_base = "/customers"
    class_permission_name = "customers"
    method_permission_name = {"removal": Action.REMOVE, "remove": Action.REMOVE}
    base_filters = (("deleted_at", NotDeleted, None), ("store", WithinReach, None))
    list_title, show_title = _("Customers"), _("Customer")
    list_template, list_widget = "customers/list.html", CustomerRows
    list_columns = ("customer_no", "phone", "name", "balance", "bonus", "store", "active", "created_at")
    order_columns = ("customer_no", "phone", "name", "created_at")
    number_columns = ("balance", "bonus")
    spare_columns = ("created_at",)
    page_size = 50
    place_name = "after"
    most_summed = listing.MOST_SUMMED
    looked_message = N_("%(count)s customers were looked at so far.")
    formatters_columns = {"phone": formats.phone}
    label_columns = {
        "customer_no": _("Customer no."),
        "phone": _("Phone"),
        "name": _("Name"),
        "balance": _("Balance"),
        "bonus": _("Bonus"),
        "store": _("Store"),
        "active": _("Last active"),
        "created_at": _("Since"),
    }

    @expose("/list/")
    @by_method
    def list(self) -> Answer:
        form, actor = list_view.form(), current_actor()
        page = self.render_template(
            self.list_template,
            title=self.list_title,
            view=self,
            form=form,
            chips=list_view.chips(),
            order=list_view.order(),
            widgets=None if form.errors else self._get_list_widget(filters=self._filters),
            can_export=actor.may(Action.EXPORT, "customers"),
            finds_id_numbers=self._finds_id_numbers(),
        )
        return make_response(page, 400 if form.errors else 200)

    @staticmethod
    def _finds_id_numbers() -> bool:
        return current_actor().may(Action.VIEW, "id-numbers") and "id_number" not in hidden_of(CUSTOMER)

    def order_wanted(self) -> tuple[str, str]:
        wanted = list_view.order()
        named = wanted.removeprefix("-")
        column = next((column for column, name in ORDER_NAMES.items() if name == named), named)
        return column, "desc" if wanted.startswith("-") else "asc"

    def address_in_order(self, column: str, wanted: Any) -> str:
        is_up = (column, "asc") == (wanted.order_column, wanted.order_direction)
        name = ORDER_NAMES.get(column, column)
        return list_view.address(order=f"-{name}" if is_up else name, after=None)

    def looks_for_something(self) -> bool:
        return bool(list_view.chips())

    def sums(self, wanted: Any) -> listing.Sums | None:
        """What the list comes to, above its first page, for those who may see totals."""
        actor = current_actor()
        if wanted.page is not None or not actor.may(Action.VIEW, "totals"):
            return None
        return listing.sums(list_view.form().wanted(), actor=actor, order=list_view.order())

    def _get_list_widget(self, filters: Any, **kwargs: Any) -> dict[str, Any]:
        """The list, with a column for each field of the owner's that stands in lists."""
        widgets = super()._get_list_widget(filters, **kwargs)
        given = widgets["list"].template_args
        own = {column.name: column for column in shown.columns(CUSTOMER, is_listed_only=True)}
        labels = {**given["label_columns"], **{name: column.label for name, column in own.items()}}
        numbers = {name for name, column in own.items() if column.kind is Kind.NUMBER}
        given.update(
            own=own,
            own_cells=shown.cells(CUSTOMER, [row.id for row in given["items"]]) if own else {},
            include_columns=[*given["include_columns"], *own],
            label_columns=labels,
            numbers=given["numbers"] | numbers,
            tight=given["tight"] | {"active"},
        )
        return widgets

    @staticmethod
    def last_active(rows: Sequence[Customer]) -> Mapping[int, date]:
        """The day of the last posting online of each."""
        return last_days([row.id for row in rows])

    @staticmethod
    def shop_day(moment: datetime) -> date:
        return clock.shop_clock().business_date(moment)

    @staticmethod
    def may(action: str, resource: str) -> bool:
        return current_actor().may(Action(action), resource)

    @expose("/show/<pk>")
    @by_method
    def show(self, pk: str) -> Response:
        return redirect(url_for("CounterView.show", customer=self._item(pk).id))

    @expose("/removal/<pk>")
    @by_method
    def removal(self, pk: str) -> Answer:
        customer = self._item(pk)
        return self._removal(customer, RemovalForm(formdata=None, data={"version": customer.version}))

    @expose("/removal/<pk>", methods=["POST"])
    @by_method
    def remove(self, pk: str) -> Answer:
        form, customer, actor = RemovalForm(), self._item(pk), current_actor()
        if not form.validate():
            return make_response(self._removal(customer, form), 400)
        number, reason, version = customer.id, form.reason.data or "", form.version.data
        try:
            in_transaction(lambda: delete_customer(number, reason=reason, version=version, actor=actor))
        except Refused as refused:
            return make_response(self._removal(queries.get(number), form, formats.refusal_text(refused)), 409)
        except Stale:
            fresh = queries.get(number)
            form.version.data, form.version.raw_data = fresh.version, None
            told = gettext("This customer was changed meanwhile. Look at what is shown now, then send it again.")
            return make_response(self._removal(fresh, form, told), 412)
        flash(gettext("The customer is deleted."), "success")
        return redirect(self.address("list"))

    def _removal(self, customer: Customer, form: RemovalForm, problem: str = "") -> str:
        title = gettext("Delete %(name)s", name=customer.name)
        return self.render_template(
            "customers/removal.html", title=title, customer=customer, form=form, problem=problem, view=self
        )
