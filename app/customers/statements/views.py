"""/customers/<id>/statement: "explain this balance", for whoever may see postings."""

from collections.abc import Callable
from typing import Any

from flask import abort, make_response, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms.validators import Optional

from app.core import clock, days
from app.core.permissions import Action
from app.customers.models import Customer
from app.customers.statements import periods, reading
from app.ledger import queries as ledger
from app.ledger import statements
from app.shop.queries import all_stores, setting
from app.ui.fields import DayField
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

Answer = Response | str
ROWS = (50, 1000)  # on a page; the larger one is for paper
LARGEST_ID = 2**63 - 1


class PeriodForm(FlaskForm):
    """The days asked about."""

    class Meta:
        csrf = False  # it reads, and stands in the address

    first = DayField(_("From"), name="from", validators=[Optional()])
    last = DayField(_("To"), name="to", validators=[Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        is_good = super().validate(extra_validators)
        if is_good and self.first.data and self.last.data and self.first.data > self.last.data:
            self.last.errors = [gettext("This lies before the beginning of the range.")]
            return False
        return is_good


class StatementView(HouseView):
    """One customer's online history of all stores: the exception from "today only" that the contract names."""

    route_base = "/customers/"
    default_view = "show"

    @expose("<int:customer_id>/statement")
    @guarded(Action.VIEW, "postings")
    def show(self, customer_id: int) -> Answer:
        actor = current_actor()
        statements.see_one_moment()
        customer, today = reading.customer_of(customer_id, actor), days.today()
        form = PeriodForm(formdata=request.args)
        is_good = form.validate()
        period = period_of(form, customer) if is_good else periods.usual(today)
        rows = _whole("rows", ROWS[0], most=ROWS[-1]) or ROWS[0]
        below = _whole("below", None, most=LARGEST_ID)
        statement = reading.statement_of(customer_id, period, below=below, limit=rows)
        form.first.data, form.last.data = (period.first, period.last) if is_good else (form.first.data, form.last.data)
        page = self.render_template(
            "customers/statement.html",
            customer=customer,
            statement=statement,
            form=form,
            presets=periods.presets(today, reading.first_day_of(customer)),
            address=_address(customer_id, period),
            is_first=below is None,
            rows=rows,
            most_rows=ROWS[-1],
            shop=setting("shop_name"),
            stores={store.id: store.name for store in all_stores()},
            may=actor.may,
            can_export=actor.may(Action.EXPORT, "customers"),
            may_open=ledger.reach_of(actor).sees,
            shop_day=clock.shop_clock().business_date,
        )
        return make_response(page, 200 if is_good else 400)


def period_of(form: PeriodForm, customer: Customer) -> periods.Period:
    """The days that a good form asks about: the last six months unless it says otherwise, never backwards."""
    today = days.today()
    last = form.last.data or max(form.first.data or today, today)
    return periods.Period(form.first.data or min(periods.usual(last).first, last), last)


def _address(customer_id: int, period: periods.Period) -> Callable[..., str]:
    def address(asked: periods.Period = period, **more: Any) -> str:
        given = {"from": asked.first.isoformat(), "to": asked.last.isoformat(), **more}
        return url_for("StatementView.show", customer_id=customer_id, **given)

    return address


def _whole(name: str, usual: int | None, *, most: int) -> int | None:
    """A whole number from the address. 400 for anything else."""
    typed = request.args.get(name)
    if not typed:
        return usual
    if not (typed.isascii() and typed.isdigit() and len(typed) < 20 and 0 < int(typed) <= most):
        abort(400)
    return int(typed)
