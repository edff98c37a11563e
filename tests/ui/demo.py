"""Rooms for the tests of app/ui alone: generated views over tables that every house has."""

from dataclasses import replace

from flask import Flask, abort, flash, g, redirect
from flask_appbuilder import action, expose
from sqlalchemy import update

from app.core.actor import ActorKind
from app.core.db import in_transaction
from app.core.errors import Invalid, Refused, Stale, Unavailable
from app.core.feature import Page
from app.core.permissions import Action, Grant
from app.customers.models import Customer
from app.extensions import db
from app.ledger.models import Account
from app.shop.models import Store
from app.ui.filters import Equal, HouseFilter
from app.ui.guard import current_actor, guarded
from app.ui.interface import HouseInterface
from app.ui.views import HouseView, RecordsView, RegisterView

CLERK = {Grant(Action.VIEW, "demo"), Grant(Action.EDIT, "demo")}
OWNER = {*CLERK, Grant(Action.REMOVE, "demo"), Grant(Action.EXPORT, "demo"), Grant(Action.VIEW, "vault")}


class OwnStores(HouseFilter):
    """Rows of the stores within reach of the one who asks."""

    def apply(self, query, value):
        reach = current_actor().stores
        return query if reach is None else query.filter(self.column.in_(reach))


class TooManyStars(Refused):
    code = "too-many-stars"
    sentence = "Only %(most)s of %(amount)s are allowed."


class DemoStoreView(RecordsView):
    datamodel = HouseInterface(Store)
    class_permission_name = "demo"
    base_filters = [["id", OwnStores, None]]
    list_title, add_title, edit_title, show_title = "Shops", "New shop", "Change shop", "Shop"
    list_columns = ["code", "name", "is_open"]
    search_columns = ["code", "name", "is_open"]
    add_columns = ["code", "name", "is_open"]
    edit_columns = ["name", "is_open"]
    show_columns = ["code", "name", "is_open"]

    def create(self, data):
        if data["name"] == "***":
            raise TooManyStars(most=2, amount="1234.50")
        if data["name"] == "bad":
            raise Invalid(name="No such word, please.", elsewhere="And something else.")
        if data["name"] == "busy":
            raise Unavailable
        store = Store(**data)
        in_transaction(lambda: db.session.add(store))

    def change(self, item_id, data):
        if data["name"] == "stale":
            raise Stale
        in_transaction(lambda: db.session.execute(update(Store).where(Store.id == item_id).values(**data)))

    def remove(self, item_id):
        raise TooManyStars(most=0, amount="0.00")


class DemoAccountView(RecordsView):
    """A table with amounts."""

    datamodel = HouseInterface(Account)
    class_permission_name = "demo"
    list_title = "Accounts"
    list_columns = ["code", "balance", "floor", "seq", "status"]
    search_columns = ["code", "floor", "seq", "status"]
    edit_columns = ["floor", "status"]
    show_columns = ["code", "purse", "balance", "floor", "status"]
    exclude_route_methods = {"add", "delete"}

    def change(self, item_id, data):
        in_transaction(lambda: db.session.execute(update(Account).where(Account.id == item_id).values(**data)))


class DemoVaultView(RegisterView):
    """The same shops under another resource: a related view that a clerk may not see."""

    datamodel = HouseInterface(Customer)
    class_permission_name = "vault"
    list_title = "Vault"
    list_columns = ["name"]
    search_columns = ["name"]


class DemoCustomerView(RecordsView):
    datamodel = HouseInterface(Customer, eager=("store",), lookup={"store": "code"}, reads={"store": str.lower})
    class_permission_name = "demo"
    method_permission_name = {"praise": Action.EXPORT}
    base_filters = [["store_id", OwnStores, None], ["deleted_at", Equal, None]]
    list_title, edit_title = "People", "Change"
    list_columns = ["name", "phone", "type", "store", "birthday", "created_at"]
    search_columns = ["name", "phone", "type", "store", "birthday", "created_at"]
    order_columns = ["name", "created_at"]
    edit_columns = ["name", "type", "gender", "birthday", "note", "store"]
    exclude_route_methods = {"add", "delete"}
    acted: list = []

    def change(self, item_id, data):
        changes = {name: value for name, value in data.items() if name != "version"}
        current = db.session.get(Customer, item_id).version
        if data["version"] != current:
            raise Stale
        values = {**changes, "version": current + 1}
        in_transaction(lambda: db.session.execute(update(Customer).where(Customer.id == item_id).values(**values)))

    @action("praise", "Praise", "Praise them?", "fa-star")
    def praise(self, items):
        self.acted.append([item.id for item in (items if isinstance(items, list) else [items])])
        flash("Praised.", "success")
        return redirect(self.address("list"))


class DemoChoiceView(RecordsView):
    """The same people, with a drop-down of shops."""

    datamodel = HouseInterface(Customer, eager=("store",))
    class_permission_name = "demo"
    base_filters = [["store_id", OwnStores, None]]
    list_columns = ["name", "store"]
    search_columns = ["name", "store"]
    edit_columns = ["name", "store"]
    exclude_route_methods = {"add", "delete"}

    def change(self, item_id, data):
        self.got = data


class DemoPages(HouseView):
    """A page of each kind, and every way to fail."""

    route_base = "/demo"
    default_view = "hello"

    @expose("/hello")
    @guarded(Action.VIEW, "demo")
    def hello(self):
        return self.render_template("ui/empty.html")

    @expose("/vault", methods=["GET", "POST"])
    @guarded(Action.VIEW, "vault")
    def vault(self):
        return "inside"

    @expose("/fail/<int:status>")
    @guarded(Action.VIEW, "demo")
    def fail(self, status):
        abort(status)

    @expose("/refused")
    @guarded(Action.VIEW, "demo")
    def refused(self):
        raise TooManyStars(most=2, amount="1234.50")

    @expose("/bug")
    @guarded(Action.VIEW, "demo")
    def bug(self):
        raise RuntimeError("secret detail")


DemoStoreView.related_views = [DemoChoiceView, DemoVaultView]
PAGES = (
    Page(DemoPages, "demo-hello", "Hello", "demo", "fa-hand", Grant(Action.VIEW, "demo")),
    Page(DemoStoreView, "demo-shops", "Shops", "demo", "fa-store", Grant(Action.VIEW, "demo")),
    Page(DemoCustomerView, "demo-people", "People", "demo", "fa-users", Grant(Action.VIEW, "demo")),
    Page(DemoAccountView, "demo-accounts", "Accounts", "books", "fa-book", Grant(Action.VIEW, "demo")),
    Page(DemoVaultView, "demo-vault", "Vault", "books", "fa-vault", Grant(Action.VIEW, "vault")),
    Page(DemoChoiceView),
)


def furnish(app: Flask) -> None:
    """Open the demo rooms in an application that has answered nothing yet."""
    with app.app_context():
        for page in PAGES:
            app.appbuilder.open_page(page)
    hooks = app.before_request_funcs[None]
    hooks.insert(len(hooks) - 1, _grant)  # after it is known who asks, before forms are checked


def _grant() -> None:
    actor = g.get("actor")
    if actor is not None and actor.kind is ActorKind.STAFF:
        is_owner = actor.stores is None
        g.actor = replace(actor, grants=actor.grants | (OWNER if is_owner else CLERK))
