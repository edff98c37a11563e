"""The six kinds of things that are set up once, as data for their verbs and registers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.broadband.basics import rules
from app.broadband.basics.rules import Rule
from app.broadband.models.basics import BusinessType, Community, Employee, Installer, Material, Package, Usage
from app.core.errors import N_
from app.customers.models import Gender
from app.extensions import db
from app.staff.models import Staff

LONGEST_TERM, LONGEST_NOTICE = 120, 3650  # months, days


@dataclass(frozen=True)
class Noun:
    """One kind of thing.

    rules: what makes the kept value of a given one, by column. unique: columns that no two may share, each group with
    what is said at the last of them. defaults: of what is left out when one is made. personal: what tells of a person.
    sealed: of that, what is nowhere written down in clear. reads: how a record tells a value, where not as it is kept.
    """

    model: type[Any]
    rules: Mapping[str, Rule]
    unique: Mapping[tuple[str, ...], str]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()
    sealed: frozenset[str] = frozenset()
    reads: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """What operation records call it."""
        return str(self.model.__tablename__).replace("_", "-")


def _account(employee: Employee) -> str | None:
    staff = db.session.get(Staff, employee.staff_id) if employee.staff_id else None
    return staff.username if staff else None


def _employee(installer: Installer) -> str | None:
    employee = db.session.get(Employee, installer.employee_id) if installer.employee_id else None
    return employee.employee_no if employee else None


_NUMBER, _NAME, _NEEDED_NAME, _REMARK = (
    rules.number(),
    rules.line(120),
    rules.line(120, is_needed=True),
    rules.lines(500),
)

MATERIAL = Noun(
    Material,
    rules={
        "material_no": _NUMBER,
        "material_name": _NEEDED_NAME,
        "spec": _NAME,
        "unit": rules.line(32),
        "unit_price": rules.amount,
        "remark": _REMARK,
    },
    unique={("material_no",): N_("Another material has this number.")},
)
INSTALLER = Noun(
    Installer,
    rules={
        "installer_no": _NUMBER,
        "installer_name": _NEEDED_NAME,
        "employee_id": rules.employee_id,
        "remark": _REMARK,
    },
    unique={
        ("installer_no",): N_("Another installer has this number."),
        ("employee_id",): N_("This employee is another installer already."),
    },
    personal=frozenset({"installer_name", "remark"}),
    reads={"employee_id": _employee},
)
EMPLOYEE = Noun(
    Employee,
    rules={
        "employee_no": _NUMBER,
        "name": _NEEDED_NAME,
        "department": _NAME,
        "id_card_no": rules.id_number,
        "landline": rules.line(32),
        "phone": rules.phone,
        "home_address": rules.line(250),
        "gender": rules.one_of(Gender),
        "birth_date": rules.birthday,
        "staff_id": rules.staff_id,
        "remark": _REMARK,
    },
    unique={
        ("employee_no",): N_("Another employee has this number."),
        ("staff_id",): N_("This account belongs to another employee."),
    },
    personal=frozenset(
        {"name", "id_card_no", "landline", "phone", "home_address", "gender", "birth_date", "remark"},
    ),
    sealed=frozenset({"id_card_no"}),
    reads={"staff_id": _account, "id_card_no": lambda employee: employee.id_card_mark},
)
COMMUNITY = Noun(
    Community,
    rules={
        "community_code": _NUMBER,
        "community": _NEEDED_NAME,
        "responsible_person": _NAME,
        "remark": _REMARK,
    },
    unique={("community_code",): N_("Another community has this code.")},
    personal=frozenset({"responsible_person"}),
)
PACKAGE = Noun(
    Package,
    rules={
        "package_type": _NEEDED_NAME,
        "package_fee": rules.amount,
        "package_months": rules.whole(
            1, LONGEST_TERM, N_("Use a whole number of months from 1 to 120."), is_needed=True
        ),
        "maintenance_fee": rules.amount,
        "remind_days_before": rules.whole(0, LONGEST_NOTICE, N_("Use a whole number of days from 0 to 3650.")),
        "is_offered": rules.claim,
        "remark": _REMARK,
    },
    unique={("package_type",): N_("Another package is called so.")},
    defaults={"maintenance_fee": Decimal(0), "is_offered": True},
)
BUSINESS_TYPE = Noun(
    BusinessType,
    rules={
        "usage": rules.one_of(Usage, is_needed=True),
        "business_type": _NEEDED_NAME,
        "remark": _REMARK,
    },
    unique={("usage", "business_type"): N_("Another business type of this usage is called so.")},
)
NOUNS = (COMMUNITY, PACKAGE, MATERIAL, INSTALLER, EMPLOYEE, BUSINESS_TYPE)
