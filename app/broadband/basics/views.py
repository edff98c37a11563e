"""The six registers of basic information."""

from types import SimpleNamespace
from typing import Any

from flask import flash, make_response, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select
from werkzeug.wrappers import Response

from app.broadband.basics import nouns, operations
from app.broadband.basics.forms import ID_CARD, IdCardForm
from app.broadband.basics.registers import BasicsView, phone
from app.broadband.models.basics import BusinessType, Community, Employee, Installer, Material, Package
from app.core.db import in_transaction
from app.core.errors import Forbidden, Invalid, Refused
from app.core.permissions import Action
from app.core.sealed import HIDDEN, Unreadable, marks, seal, unseal
from app.ui import filters, formats
from app.ui.guard import current_actor, guarded
from app.ui.interface import HouseInterface

_REMARK = {"remark": _("Remark")}


class CommunitiesView(BasicsView):
    """/broadband/communities/list/: the residential compounds that are served."""

    noun = nouns.COMMUNITY
    datamodel = HouseInterface(Community)
    route_base = "/broadband/communities"
    class_permission_name = "communities"
    base_order = ("community_code", "asc")
    list_title, show_title = _("Communities"), _("Community")
    add_title, edit_title = _("New community"), _("Change community")
    list_columns = show_columns = ("community_code", "community", "responsible_person", "remark")
    add_columns = edit_columns = search_columns = list_columns
    order_columns = ("community_code", "community", "responsible_person")
    label_columns = {
        "community_code": _("Community code"),
        "community": _("Community name"),
        "responsible_person": _("Person in charge"),
        **_REMARK,
    }


class PackagesView(BasicsView):
    """/broadband/packages/list/: what is sold. Services keep the price and the term that they were sold with."""

    noun = nouns.PACKAGE
    datamodel = HouseInterface(Package)
    route_base = "/broadband/packages"
    class_permission_name = "packages"
    base_order = ("package_type", "asc")
    list_title, show_title, add_title, edit_title = _("Packages"), _("Package"), _("New package"), _("Change package")
    list_columns = (
        "package_type",
        "package_fee",
        "package_months",
        "maintenance_fee",
        "remind_days_before",
        "is_offered",
    )
    show_columns = (*list_columns, "remark")
    add_columns = edit_columns = search_columns = show_columns
    order_columns = ("package_type", "package_fee", "package_months")
    label_columns = {
        "package_type": _("Package type"),
        "package_fee": _("Package fee"),
        "package_months": _("Months covered"),
        "maintenance_fee": _("Maintenance fee"),
        "remind_days_before": _("Days of reminder"),
        "is_offered": _("Is offered"),
        **_REMARK,
    }
    description_columns = {
        "package_fee": _("For all months together. Services that have this package keep their price."),
        "maintenance_fee": _("For one month, beside the package."),
        "remind_days_before": _("Days before the stop date. Empty: what holds for all packages."),
        "is_offered": _("Whether a new service may have it."),
    }


class MaterialsView(BasicsView):
    """/broadband/materials/list/: what is built in. Work orders keep the price of their day."""

    noun = nouns.MATERIAL
    datamodel = HouseInterface(Material)
    route_base = "/broadband/materials"
    class_permission_name = "materials"
    base_order = ("material_no", "asc")
    list_title, show_title, add_title, edit_title = (
        _("Materials"),
        _("Material"),
        _("New material"),
        _("Change material"),
    )
    list_columns = show_columns = ("material_no", "material_name", "spec", "unit", "unit_price", "remark")
    add_columns = edit_columns = search_columns = list_columns
    order_columns = ("material_no", "material_name", "unit_price")
    label_columns = {
        "material_no": _("Material no."),
        "material_name": _("Material name"),
        "spec": _("Specification"),
        "unit": _("Unit"),
        "unit_price": _("Unit price"),
        **_REMARK,
    }


class InstallersView(BasicsView):
    """/broadband/installers/list/: who installs and repairs."""

    noun = nouns.INSTALLER
    datamodel = HouseInterface(Installer, eager=("employee",))
    route_base = "/broadband/installers"
    class_permission_name = "installers"
    base_order = ("installer_no", "asc")
    list_title, show_title = _("Installers"), _("Installer")
    add_title, edit_title = _("New installer"), _("Change installer")
    list_columns = show_columns = ("installer_no", "installer_name", "employee", "remark")
    add_columns = edit_columns = list_columns
    search_columns = ("installer_no", "installer_name", "remark")
    order_columns = ("installer_no", "installer_name")
    label_columns = {
        "installer_no": _("Installer no."),
        "installer_name": _("Installer name"),
        "employee": _("Employee"),
        **_REMARK,
    }
    description_columns = {"employee": _("Who it is among the employees, if he is one.")}


LOOKED_FOR = "_flt_0_id_card_mark"  # the argument of the filter below


class IdCardIs(filters.Is):
    """The whole number of an ID card, for those who may see it. It stands sealed in the address."""

    is_offered = False

    def choices(self) -> tuple[tuple[str, str], ...]:
        return tuple((value, HIDDEN) for value in request.args.getlist(LOOKED_FOR))

    def apply(self, query: Select[Any], value: Any) -> Select[Any]:
        if not current_actor().may(Action.VIEW, operations.ID_NUMBERS):
            raise Forbidden
        try:
            return query.where(Employee.id_card_mark.in_(marks(unseal(str(value)))))
        except Unreadable:
            raise Invalid(id_card_mark=gettext("That value cannot be looked for here.")) from None


class EmployeeInterface(HouseInterface):
    """Reads employees; the number of an ID card comes out masked."""

    @staticmethod
    def _get_attr_value(item: Any, col: str) -> Any:
        return item.id_card_no_shown if col == "id_card_no" else HouseInterface._get_attr_value(item, col)


class EmployeesView(BasicsView):
    """/broadband/employees/list/: who works here. The number of an ID card is shown one at a time, with a record."""

    noun = nouns.EMPLOYEE
    datamodel = EmployeeInterface(Employee, eager=("staff",), kinds={"id_card_mark": (IdCardIs,)})
    route_base = "/broadband/employees"
    class_permission_name = "employees"
    base_order = ("employee_no", "asc")
    list_title, show_title = _("Employees"), _("Employee")
    add_title, edit_title = _("New employee"), _("Change employee")
    list_template, show_template = "broadband/employees.html", "broadband/employee.html"
    list_columns = ("employee_no", "name", "department", "id_card_no", "landline", "phone")
    show_columns = (*list_columns, "gender", "birth_date", "home_address", "staff", "remark")
    add_columns = edit_columns = show_columns
    add_form_extra_fields = edit_form_extra_fields = ID_CARD
    search_columns = (
        "employee_no",
        "name",
        "department",
        "id_card_mark",
        "landline",
        "phone",
        "home_address",
        "gender",
        "birth_date",
        "remark",
    )
    order_columns = ("employee_no", "name", "department")
    formatters_columns = {"phone": phone}
    label_columns = {
        "employee_no": _("Employee no."),
        "name": _("Employee name"),
        "department": _("Department"),
        "id_card_no": _("ID card no."),
        "id_card_mark": _("ID card no."),
        "landline": _("Telephone no."),
        "phone": _("Mobile no."),
        "gender": _("Gender"),
        "birth_date": _("Date of birth"),
        "home_address": _("Home address"),
        "staff": _("Account here"),
        **_REMARK,
    }
    description_columns = {"staff": _("With which he signs in, if he does.")}

    def filled_from(self, item: Employee) -> Any:
        return SimpleNamespace(
            **{name: getattr(item, name) for name in self.edit_columns if name != "id_card_no"},
            id_card_no=item.id_card_no_shown,
        )

    @expose("/find", methods=["POST"])
    @guarded(Action.VIEW, operations.ID_NUMBERS)
    @guarded(Action.VIEW, "employees")
    def find(self) -> Response:
        """The employees whose ID card has that number; it does not stand in any address."""
        form = IdCardForm()
        if not form.validate():
            flash(gettext("Type the whole ID number."), "warning")
            return redirect(self.address("list"))
        return redirect(self.address("list", **{LOOKED_FOR: seal(form.id_card_no.data)}))

    @expose("/reveal/<pk>", methods=["POST"])
    @guarded(Action.VIEW, operations.ID_NUMBERS)
    @guarded(Action.VIEW, "employees")
    def reveal(self, pk: str) -> Response | str:
        """Show the whole number of an ID card, once."""
        employee, actor = self._item(pk), current_actor()
        employee_id, name = employee.id, employee.name
        try:
            number = in_transaction(lambda: operations.reveal_id_card_no(employee_id, actor=actor))
        except Refused as refused:
            return make_response(self.render_record(self._item(pk), formats.refusal_text(refused)), 409)
        title = gettext("ID card no. of %(name)s", name=name)
        return self.render_template(
            "broadband/revealed.html", title=title, number=number, back=self.address("show", pk=pk)
        )

    @staticmethod
    def reveals() -> bool:
        """Whether ID numbers are revealed to the one who asks."""
        return current_actor().may(Action.VIEW, operations.ID_NUMBERS)


class BusinessTypesView(BasicsView):
    """/broadband/business-types/list/: ways of access, and kinds of work."""

    noun = nouns.BUSINESS_TYPE
    datamodel = HouseInterface(BusinessType)
    route_base = "/broadband/business-types"
    class_permission_name = "business-types"
    base_order = ("usage", "asc")
    list_title, show_title = _("Business types"), _("Business type")
    add_title, edit_title = _("New business type"), _("Change business type")
    list_columns = show_columns = ("business_type", "usage", "remark")
    add_columns = edit_columns = search_columns = list_columns
    order_columns = ("business_type", "usage")
    label_columns = {"business_type": _("Business type"), "usage": _("Chosen for"), **_REMARK}
