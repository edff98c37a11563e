"""The customer list: who there is, the way to the counter, and the place where a customer is deleted."""

from typing import Any

from flask import flash, make_response, redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.models.filters import BaseFilter
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Query
from werkzeug.wrappers import Response

from app.core import clock
from app.core.db import in_transaction
from app.core.errors import Refused, Stale
from app.core.permissions import Action
from app.customers import list_view, listing, queries
from app.customers.forms import RemovalForm
from app.customers.models import Customer
from app.customers.operations import delete_customer
from app.ui import formats
from app.ui.guard import by_method, current_actor
from app.ui.interface import HouseInterface
from app.ui.views import RegisterView

Answer = Response | str


class NotDeleted(BaseFilter):
    name = "Not deleted"
    arg_name = "not-deleted"

    def apply(self, query: Query, value: Any) -> Query:
        return query.filter(Customer.deleted_at.is_(None))


class WithinReach(BaseFilter):
    name = "Within reach"
    arg_name = "within-reach"

    def apply(self, query: Query, value: Any) -> Query:
        return query.filter(queries.within(current_actor()))


class CustomersView(RegisterView):
    """/customers/list/: filters, order, pages by key (app/customers/listing.py; the framework's own list would count
    and skip rows). A row leads to the counter, where everything is done to it but one thing: a customer is deleted
    here alone, with a reason, by those who may."""

    datamodel = HouseInterface(Customer, eager=("wallets", "store"))
    route_base = "/customers"
    class_permission_name = "customers"
    method_permission_name = {"removal": Action.REMOVE, "remove": Action.REMOVE}
    base_filters = (("deleted_at", NotDeleted, None), ("store", WithinReach, None))
    list_title, show_title = _("Customers"), _("Customer")
    list_columns = ("customer_no", "phone", "name", "type", "balance", "store", "created_at")
    search_columns = ("phone", "name", "customer_no", "type", "store", "created_at")
    order_columns = ("customer_no", "phone", "name", "created_at")
    formatters_columns = {"phone": formats.phone, "balance": formats.money}
    label_columns = {
        "customer_no": _("Customer no."),
        "phone": _("Phone"),
        "name": _("Name"),
        "type": _("Type"),
        "balance": _("Balance"),
        "store": _("Store"),
        "created_at": _("Since"),
    }

    @expose("/list/")
    @by_method
    def list(self) -> Answer:
        actor = current_actor()
        found, status = list_view.shown(actor)
        page = self.render_template(
            "customers/list.html",
            title=self.list_title,
            list=found,
            view=self,
            in_order=list_view.address_in_order,
            last_active=list_view.last_active,
            has_only_archived=list_view.has_only_archived,
            scan=listing.SCAN,
            shop_day=clock.shop_clock().business_date,
            may=actor.may,
            can_export=actor.may(Action.EXPORT, "customers"),
        )
        return make_response(page, status)

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
