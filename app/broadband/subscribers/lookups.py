"""What rows of a list name: communities, packages, ways of access and people, by number or by name."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from app.broadband.models import BusinessType, Community, Employee, Installer, Package, Usage
from app.broadband.subscribers.words import Field
from app.customers.takeover import cells
from app.customers.takeover.cells import NOTHING, Cell, Unfit
from app.customers.takeover.rows import Reader
from app.extensions import db

Found = Mapping[str, set[int]]


def readers() -> dict[Field, Reader]:
    """What reads each column that names something: into its id. They know what there is now."""
    of_opening = BusinessType.usage == Usage.OPENING
    known: dict[Field, tuple[Found, str]] = {
        Field.COMMUNITY: (_all(Community.community_code, Community.community), "unknown-community"),
        Field.PACKAGE_TYPE: (_all(Package.package_type), "unknown-package"),
        Field.BUSINESS_TYPE: (_all(BusinessType.business_type, where=(of_opening,)), "unknown-business-type"),
        Field.SALESPERSON: (_all(Employee.employee_no, Employee.name), "unknown-employee"),
        Field.INSTALLER: (_all(Installer.installer_no, Installer.installer_name), "unknown-installer"),
    }
    return {name: _reader(found, code) for name, (found, code) in known.items()}


def _all(*columns: Any, where: Iterable[Any] = ()) -> Found:
    """The ids of all rows by each of these columns. What one column names for sure the later ones do not blur."""
    found: dict[str, set[int]] = {}
    number = columns[0].class_.id
    for column in columns:
        named: dict[str, set[int]] = defaultdict(set)
        for row_id, name in db.session.execute(select(number, column).where(*where)):
            named[_plain(name)].add(row_id)
        found = dict(named) | found
    return found


def _plain(name: str) -> str:
    """A name as it is compared: without gaps, case and width."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _reader(found: Found, code: str) -> Reader:
    def read(cell: Cell) -> int | None:
        name = _plain(cells.text(cell))
        if name in NOTHING:
            return None
        numbers = found.get(name, set())
        if len(numbers) > 1:
            raise Unfit("ambiguous")
        if not numbers:
            raise Unfit(code)
        return next(iter(numbers))

    return read
