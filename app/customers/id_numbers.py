"""ID numbers, for those to whom they are revealed: looking one up, and seeing one. Neither stands in an address."""

from functools import partial

from flask import flash, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.core.db import in_transaction
from app.core.permissions import Action
from app.core.sealed import seal
from app.customers import queries
from app.customers.forms import IdNumberForm
from app.customers.operations import reveal_id_number
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView


class IdNumbersView(HouseView):
    """POST /customers/id-number: the customers who have it. POST /customers/<id>/id-number: his, shown and recorded."""

    route_base = "/customers/"
    default_view = "find"

    @expose("id-number", methods=["POST"])
    @guarded(Action.VIEW, "id-numbers")
    def find(self) -> Response:
        form = IdNumberForm()
        if not form.validate():
            flash(gettext("Type the whole ID number."), "warning")
            return redirect(url_for("CustomersView.list"))
        return redirect(url_for("CustomersView.list", id_number=seal(form.id_number.data)))

    @expose("<int:customer_id>/id-number", methods=["POST"])
    @guarded(Action.VIEW, "id-numbers")
    def reveal(self, customer_id: int) -> str:
        actor = current_actor()
        number = in_transaction(partial(reveal_id_number, customer_id, actor=actor))
        customer = queries.get(customer_id, actor=actor)
        return self.render_template("customers/id_number.html", customer=customer, number=number)
