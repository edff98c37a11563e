"""One row of a subscriber list: the values of a service and its customer, or why it cannot be one."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from app.broadband.details import LENGTHS, LONGEST_PASSWORD
from app.broadband.models import ServiceStatus
from app.broadband.periods import ONE_DAY, next_period
from app.broadband.subscribers import lookups
from app.broadband.subscribers.keys import key_of
from app.broadband.subscribers.words import STATES, Field
from app.core import clock
from app.core.money import to_text
from app.customers import profile
from app.customers.takeover import cells
from app.customers.takeover.cells import NOTHING, Cell, Unfit
from app.customers.takeover.kinds import Cells, Read, ReadRow
from app.customers.takeover.rows import Reader, day, number_of, one_of, read_cells, text_of
from app.extensions import db

SEALED = frozenset({Field.ID_NUMBER.value, Field.BROADBAND_PASSWORD.value})
NEEDED = (Field.COMMUNITY, Field.BUSINESS_TYPE, Field.PACKAGE_TYPE, Field.USER_STATUS)
LONGEST_AHEAD = timedelta(days=366 * 11)  # more than the 120 months that can be paid at once
_RUN = frozenset({Field.ACTIVATION_DATE, Field.STOP_DATE, Field.ANCHOR_DAY})
MAY_HAVE: dict[str, AbstractSet[Field]] = {
    ServiceStatus.PENDING: frozenset(),
    ServiceStatus.ACTIVE: _RUN,
    ServiceStatus.SUSPENDED: _RUN | {Field.SUSPENDED_ON},
    ServiceStatus.FORCED: _RUN | {Field.SUSPENDED_ON},
    ServiceStatus.CLOSED: _RUN | {Field.SUSPENDED_ON, Field.CLOSED_ON},
}
MUST_HAVE = {
    ServiceStatus.SUSPENDED: Field.SUSPENDED_ON,
    ServiceStatus.FORCED: Field.SUSPENDED_ON,
    ServiceStatus.CLOSED: Field.CLOSED_ON,
}
OF_STATES = (*sorted(_RUN), Field.SUSPENDED_ON, Field.CLOSED_ON)
LATER = (Field.STOP_DATE, Field.SUSPENDED_ON, Field.CLOSED_ON)
ORDERS = ((Field.APPLY_DATE, (Field.ACTIVATION_DATE, *LATER)), (Field.ACTIVATION_DATE, LATER))


def reader(region: str) -> Read:
    """What reads a row of a subscriber list, by what there is now. region: of phone numbers that name none."""
    readers: dict[Field, Reader] = {
        **READERS,
        **lookups.readers(),
        Field.PHONE: partial(cells.phone, region=region),
        Field.STOP_DATE: partial(_day_ahead, latest=clock.today() + LONGEST_AHEAD),
    }
    db.session.rollback()

    def read(line: int, row: Cells, fields: Any) -> ReadRow:
        found = read_cells(line, row, fields, readers, SEALED)
        found.phone = found.values.pop(Field.PHONE.value, None)
        _require(found, NEEDED)
        _require_days(found)
        _set_anchor(found)
        if found.phone and not found.errors:
            found.other_key = key_of(found.phone, found.values)
        return found

    return read


def _require(row: ReadRow, names: Sequence[StrEnum]) -> None:
    for name in names:
        if name.value not in row.values and name.value not in row.errors:
            row.refuse(name.value, "missing", "")


def _require_days(row: ReadRow) -> None:
    """The days that its state needs, none that it cannot have, and one after the other."""
    values = row.values
    if Field.APPLY_DATE not in values and Field.ACTIVATION_DATE in values:
        values[Field.APPLY_DATE.value] = values[Field.ACTIVATION_DATE]
    _require(row, (Field.APPLY_DATE,))
    if (state := values.get(Field.USER_STATUS)) is None:
        return
    for name in OF_STATES:
        if name in values and name not in MAY_HAVE[state]:
            row.refuse(name.value, "not-in-state", str(values[name]))
    needed = MUST_HAVE.get(state)
    if needed is not None and needed not in values and needed not in row.errors:
        row.refuse(needed.value, "needed-in-state", "")
    for earlier, all_later in ORDERS:
        for later in all_later:
            if values.get(later, "9999") < values.get(earlier, ""):
                row.refuse(later.value, "too-early", values[later], day=values[earlier])


def _set_anchor(row: ReadRow) -> None:
    """On which day of the month its months begin: as the list says, or as its days do."""
    values = row.values
    if row.errors or Field.STOP_DATE not in values:
        return
    begins = date.fromisoformat(values[Field.STOP_DATE]) + ONE_DAY
    said = values.get(Field.ANCHOR_DAY)
    likely = int(values[Field.ACTIVATION_DATE][-2:]) if Field.ACTIVATION_DATE in values else None
    found = next_period(1, stop_date=None, anchor=said or likely, today=begins).anchor
    if said not in (None, found):
        row.refuse(Field.ANCHOR_DAY.value, "wrong-anchor-day", str(said), day=begins.isoformat())
    values[Field.ANCHOR_DAY.value] = found


def _fee(cell: Cell) -> str | None:
    """What was agreed; nothing is not zero."""
    return None if cells.text(cell).casefold() in NOTHING else to_text(cells.amount(cell))


def _day_ahead(cell: Cell, latest: date) -> str | None:
    found = cells.day(cell, latest)
    return found.isoformat() if found else None


def _anchor_day(cell: Cell) -> int | None:
    text = cells.digits_kept(cells.text(cell)).removesuffix("日").removesuffix("号").removesuffix("號").strip()
    if text in NOTHING:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 31):
        raise Unfit("bad-anchor-day")
    return int(text)


def _password(cell: Cell) -> str | None:
    """As it was typed; a number without the point that a spreadsheet gives it."""
    read = text_of(LONGEST_PASSWORD) if isinstance(cell, str) else number_of(LONGEST_PASSWORD)
    return read(cell)


READERS: dict[Field, Reader] = {
    Field.CUSTOMER_NAME: text_of(profile.LENGTHS["name"]),
    Field.ADDRESS: text_of(LENGTHS["address"]),
    Field.CONTACT_PHONE: number_of(profile.LENGTHS["contact_phone"]),
    Field.LANDLINE: number_of(profile.LENGTHS["landline"]),
    Field.ID_NUMBER: number_of(profile.LENGTHS["id_number"]),
    Field.CUSTOMER_ADDRESS: text_of(profile.LENGTHS["address"]),
    Field.FEE: _fee,
    Field.ACCESS_ORDER_NO: number_of(LENGTHS["access_order_no"]),
    Field.BROADBAND_ACCOUNT: number_of(LENGTHS["broadband_account"]),
    Field.BROADBAND_PASSWORD: _password,
    Field.BOUND_NUMBER: number_of(LENGTHS["bound_number"]),
    Field.REMARK: text_of(LENGTHS["remark"]),
    Field.USER_STATUS: one_of(STATES, "unknown-state"),
    Field.APPLY_DATE: day,
    Field.ACTIVATION_DATE: day,
    Field.ANCHOR_DAY: _anchor_day,
    Field.SUSPENDED_ON: day,
    Field.CLOSED_ON: day,
}
