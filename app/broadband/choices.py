"""What can be chosen in the forms and filters of broadband: ids and names, by name."""

from collections.abc import Callable, Iterable

from sqlalchemy import Select, select

from app.broadband.models import BusinessType, Community, Employee, Installer, Material, Package, Usage
from app.core.actor import Actor
from app.core.recall import recalled
from app.extensions import db

Pairs = list[tuple[int, str]]


@recalled
def communities() -> Pairs:
    return _pairs(select(Community.id, Community.community).order_by(Community.community))


@recalled
def employees() -> Pairs:
    return _pairs(select(Employee.id, Employee.name).order_by(Employee.name))


@recalled
def installers() -> Pairs:
    return _pairs(select(Installer.id, Installer.installer_name).order_by(Installer.installer_name))


@recalled
def access_types() -> Pairs:
    """The business types of an opening."""
    return _business_types(Usage.OPENING)


@recalled
def work_types() -> Pairs:
    """The business types that are kinds of work."""
    return _business_types(Usage.WORK)


@recalled
def packages() -> Pairs:
    """Every package, those that are not offered any more too."""
    return _pairs(select(Package.id, Package.package_type).order_by(Package.package_type))


def packages_offered() -> list[Package]:
    return list(db.session.scalars(select(Package).where(Package.is_offered.is_(True)).order_by(Package.package_type)))


def materials() -> list[Material]:
    """What can be built in, by number."""
    return list(db.session.scalars(select(Material).order_by(Material.material_no)))


def to_filter(pairs: Callable[[], Pairs]) -> Callable[[Actor], Iterable[tuple[str, str]]]:
    """The same choices as a filter of a report takes them."""
    return lambda _actor: [(str(number), name) for number, name in pairs()]


def _business_types(usage: Usage) -> Pairs:
    ask = select(BusinessType.id, BusinessType.business_type).where(BusinessType.usage == usage)
    return _pairs(ask.order_by(BusinessType.business_type))


def _pairs(ask: Select[int, str]) -> Pairs:
    return [(number, name) for number, name in db.session.execute(ask)]
