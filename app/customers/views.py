"""The customer list, generated: who there is, and the way to the counter."""

from typing import Any

from flask import redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.models.filters import BaseFilter
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Query
from werkzeug.wrappers import Response

from app.customers.models import Customer
from app.ui import formats
from app.ui.guard import by_method
from app.ui.interface import HouseInterface
from app.ui.views import RegisterView


class NotDeleted(BaseFilter):
    name = "Not deleted"
    arg_name = "not-deleted"

    def apply(self, query: Query, value: Any) -> Query:
        return query.filter(Customer.deleted_at.is_(None))


class CustomersView(RegisterView):
    """/customers/list/: filters, order, pages. A row leads to the counter, where everything is done to it."""

    datamodel = HouseInterface(Customer, eager=("wallets", "store"))
    route_base = "/customers"
    class_permission_name = "customers"
    base_filters = (("deleted_at", NotDeleted, None),)
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

    @expose("/show/<pk>")
    @by_method
    def show(self, pk: str) -> Response:
        return redirect(url_for("CounterView.show", customer=self._item(pk).id))
