"""RegisterView: a generated list and its records, read only, with what Flask-AppBuilder leaves open repaired."""

import copy
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from flask import abort, g, request, url_for
from flask_appbuilder import ModelView, expose
from flask_appbuilder.const import PERMISSION_PREFIX

from app.core.errors import N_
from app.core.permissions import Action, Grant
from app.ui import arguments, formats, keyset, panel
from app.ui.guard import by_method, current_actor, signed_in
from app.ui.interface import LARGEST_PAGE
from app.ui.keyset import Order

ACTION_ROUTES = ("action", "action_post")
PAGE_SIZES = (25, 50, 100, LARGEST_PAGE)


class RegisterView(ModelView):
    """A list with filters and order, and a page for each row. A room sets `datamodel` (a HouseInterface),
    `class_permission_name` (the resource), `list_columns`, `search_columns`, and whatever else ModelView takes.

    method_permission_name: which action each method wants; an `@action` method needs its own line there.
    """

    datamodel: Any = None
    method_permission_name: Mapping[str, str] = {}
    base_order: tuple[str, str] | None = None
    order_columns: Sequence[str] = ()
    own_permissions: ClassVar[Mapping[str, str]] = dict.fromkeys(("list", "show", *ACTION_ROUTES), Action.VIEW)
    page_size = PAGE_SIZES[0]
    filled: ClassVar[str] = "_house_filters"
    place_name = ""  # of the argument that says where a page begins
    number_columns: Collection[str] = ()  # that stand at the right though the model has no such column
    spare_columns: Collection[str] = ()  # that a window leaves out which is narrower than most
    looked_message = N_("%(count)s rows were looked at so far.")

    def __init__(self, **kwargs: Any) -> None:
        self.method_permission_name = {**self.own_permissions, **self.method_permission_name}
        self.place_name = self.place_name or f"after_{type(self).__name__}"
        self.include_route_methods = self._own_routes() - set(self.exclude_route_methods)
        self.base_permissions = sorted({PERMISSION_PREFIX + name for name in self.method_permission_name.values()})
        super().__init__(**kwargs)

    def _own_routes(self) -> set[str]:
        """The methods that answer an address: ours. Of the framework's, only those repaired here."""
        methods = {name: getattr(type(self), name) for name in dir(type(self))}
        has_actions = any(hasattr(method, "_action") for method in methods.values())
        return {
            name
            for name, method in methods.items()
            if hasattr(method, "_urls")
            and not method.__module__.startswith("flask_appbuilder")
            and (has_actions or name not in ACTION_ROUTES)
        }

    # Who may

    def grant_of(self, method: str) -> Grant:
        """What opens a method of this view."""
        return Grant(Action(self.method_permission_name[method]), str(self.class_permission_name))

    def allows(self, method: str) -> bool:
        """Whether the method has a route here and is open to the one who asks."""
        actor = signed_in()
        is_here = method in (self.include_route_methods or ())
        return bool(actor and is_here and actor.may(*self.grant_of(method)))

    def open_actions(self) -> "list[Any]":
        """The actions on rows that are open to the one who asks."""
        may = current_actor().may
        return [each for each in self.actions.values() if may(*self.grant_of(each.func.__name__))]

    def address(self, method: str, **values: Any) -> str:
        return url_for(f"{self.endpoint}.{method}", **values)

    # Filters belong to a request: on the view they would be shared by everybody who looks at the list

    @property
    def _filters(self) -> Any:
        own = g.setdefault(self.filled, {}) if request else {}
        if id(self) not in own:
            fresh = copy.copy(self._filter_kinds)
            fresh.clear_filters()
            own[id(self)] = fresh
        return own[id(self)]

    @_filters.setter
    def _filters(self, kinds: Any) -> None:
        self._filter_kinds = kinds

    # How it is made

    def _init_properties(self) -> None:
        super()._init_properties()
        if self.base_order is None and not self.datamodel.is_pk_composite():
            self.base_order = (self.datamodel.get_pk_name(), "desc")
        self.order_columns = [name for name in self.order_columns if self.datamodel.can_order(name)]
        for name in {*self.list_columns, *self.show_columns}:
            is_money = self.datamodel.is_money(name)
            self.formatters_columns.setdefault(name, formats.money if is_money else formats.anything)

    def _init_forms(self) -> None:
        """Nothing is written here, and the filter panel makes its own inputs."""

    # What it shows

    def _get_list_widget(self, filters: Any, **kwargs: Any) -> dict[str, Any]:
        wanted, looked = self.wanted()
        kwargs = {name: value for name, value in kwargs.items() if name not in wanted._fields}
        widgets = super()._get_list_widget(filters, **wanted._asdict(), **kwargs)
        shown = widgets["list"].template_args["count"]  # a page: see HouseInterface.query
        looked += keyset.MOST_LOOKED_AT if shown.looked_to else 0
        name, order = type(self).__name__, self._order(wanted)
        widgets["list"].template_args.update(
            view=self,
            panel=panel,
            wanted=wanted,
            items=shown.rows,
            numbers={name for name in self.list_columns if self._is_number(name)},
            tight={name for name in self.list_columns if self._is_short(name)},
            is_cut=shown.looked_to is not None,
            looked=looked,
            next=shown.after and self.address_of_place(arguments.written(name, order, shown.after, looked)),
            start=wanted.page and self.address_of_place(None),
            page_sizes=PAGE_SIZES,
            bulk=[each for each in self.open_actions() if each.multiple],
        )
        return widgets

    def wanted(self) -> tuple[arguments.Wanted, int]:
        """What the address asks of this list, and how many rows were looked at for the pages before."""
        name = type(self).__name__
        asked = arguments.Wanted(None, arguments.size(name), *self.order_wanted())
        place, looked = arguments.place(self.place_name, name, self._order(asked))
        return asked._replace(page=place), looked

    def order_wanted(self) -> tuple[str, str]:
        """The column and the direction that the address wants; empty for none."""
        return arguments.order(type(self).__name__, self.order_columns)

    def _order(self, asked: arguments.Wanted) -> Order:
        column = asked.order_column or (self.base_order or ("", ""))[0]
        return self.datamodel.order(column, asked.order_direction or (self.base_order or ("", ""))[1])

    def address_of_place(self, place: str | None) -> str:
        """The address of the same list from that place on; from its beginning for None."""
        return panel.address_with(self, **{self.place_name: place})

    def address_in_order(self, column: str, wanted: arguments.Wanted) -> str:
        """The address of the same list by that column; from the other end when it is so already."""
        name, is_up = type(self).__name__, wanted.order_column == column and wanted.order_direction == "asc"
        changes = {f"_oc_{name}": column, f"_od_{name}": "desc" if is_up else "asc", self.place_name: None}
        return panel.address_with(self, **changes)

    def looks_for_something(self) -> bool:
        return bool(self._filters.filters)

    def _is_number(self, name: str) -> bool:
        return name in self.number_columns or self.datamodel.is_numeric(name) or self.datamodel.is_integer(name)

    def _is_short(self, name: str) -> bool:
        """Whether the values of a column are never broken over two lines."""
        data = self.datamodel
        tests = (data.is_date, data.is_datetime, data.is_enum, data.is_relation_many_to_one)
        return any(test(name) for test in tests) or 0 < data.get_max_length(name) <= 40

    def _get_related_views_widgets(self, item: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        widgets = kwargs.get("widgets") or {}
        shown = [view for view in self._related_views if current_actor().may(*view.grant_of("list"))]
        widgets["related"] = [(view, self._get_related_view_widget(item, view)) for view in shown]
        return widgets

    def _item(self, pk: Any) -> Any:
        """The row of that key within the view's base filters; 404 when there is none."""
        item = self.datamodel.get(self._deserialize_pk_if_composite(pk), self._base_filters)
        return item if item is not None else abort(404)

    @expose("/list/")
    @by_method
    def list(self) -> str:
        arguments.fill(self._filters)
        widgets = self._get_list_widget(filters=self._filters)
        return self.render_template(self.list_template, title=self.list_title, widgets=widgets, view=self, panel=panel)

    @expose("/show/<pk>")
    @by_method
    def show(self, pk: str) -> str:
        return self.render_record(self._item(pk))

    def render_record(self, item: Any, problem: str = "") -> str:
        """The page of one row. problem: what a rule said about what was just tried."""
        pk = self._serialize_pk_if_composite(self.datamodel.get_pk_value(item))
        widgets = self._get_related_views_widgets(item, widgets=self._get_show_widget(pk, item))
        return self.render_template(
            self.show_template, title=self.show_title, pk=pk, item=item, widgets=widgets, view=self, problem=problem
        )

    # Actions on rows: within the base filters, by POST, with a right of their own

    @expose("/action/<string:name>/<pk>", methods=["POST"])
    @by_method
    def action(self, name: str, pk: str) -> Any:
        return self._act(name, [pk], single=True)

    @expose("/action_post", methods=["POST"])
    @by_method
    def action_post(self) -> Any:
        return self._act(request.form.get("action", ""), request.form.getlist("rowid"), single=False)

    def _act(self, name: str, pks: Any, *, single: bool) -> Any:
        action = self.actions.get(name) or abort(404)
        if not current_actor().may(*self.grant_of(action.func.__name__)):
            abort(403)
        if not pks or len(pks) > LARGEST_PAGE:
            abort(400)
        items = [self._item(pk) for pk in pks]
        return action.func(items[0] if single else items)
