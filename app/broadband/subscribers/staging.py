"""Rows of a list that stand twice, or that are services already; and names that are missing."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.broadband.models import Service, ServiceStatus
from app.broadband.subscribers.keys import closed_key, key_of, place_key
from app.broadband.subscribers.words import Field
from app.customers.models import Customer, ImportRow
from app.customers.takeover import queries
from app.customers.takeover.kinds import ReadRow
from app.extensions import db


class There(NamedTuple):
    """What there is already of what some rows tell. people: customers by phone; keys: of their services.

    bare: keys of places whose service has no account.
    """

    people: dict[str, int]
    accounts: set[str]
    keys: set[str]
    bare: set[str]

    def complaint(self, row: Any) -> tuple[Field, str] | None:
        """Which field of a row tells of a service that there is, and why; None for a new one."""
        account, place = row.values.get(Field.BROADBAND_ACCOUNT), _place(row)
        is_open = row.values[Field.USER_STATUS] != ServiceStatus.CLOSED
        if is_open and account in self.accounts:
            return Field.BROADBAND_ACCOUNT, "account-taken"
        if key_of(row.phone, row.values) in self.keys or (is_open and place in self.bare):
            return Field.ADDRESS, "service-there"
        return None


def refuse_doubles(import_id: int, rows: Sequence[ReadRow]) -> None:
    """Refuse rows that an earlier row or a service is already, and new customers without a name."""
    told = [row for row in rows if row.phone and not row.errors]
    there, earlier = find(told), _earlier(import_id, {row.other_key for row in told if row.other_key})
    named = set(there.people) | _named(import_id, {row.phone or "" for row in told} - there.people.keys())
    for row in told:
        line = earlier.setdefault(row.other_key or "", row.line)
        found = row.values.get(Field.BROADBAND_ACCOUNT) or row.values.get(Field.ADDRESS) or row.phone or ""
        name = Field.BROADBAND_ACCOUNT if Field.BROADBAND_ACCOUNT in row.values else Field.ADDRESS
        if line != row.line:
            row.refuse(name.value, "duplicate", found, line=line)
        if complaint := there.complaint(row):
            row.refuse(complaint[0].value, complaint[1], found)
        _require_name(row, named)


def _require_name(row: ReadRow, named: set[str]) -> None:
    """A customer who is new needs a name, in the first row that tells of him."""
    if row.phone in named:
        return
    if Field.CUSTOMER_NAME in row.values:
        named.add(row.phone or "")
    else:
        row.refuse(Field.CUSTOMER_NAME.value, "name-missing", "")


def find(rows: Iterable[Any]) -> There:
    """What there is already of what these rows tell."""
    told = list(rows)
    people = customers_of({row.phone for row in told})
    accounts = {row.values.get(Field.BROADBAND_ACCOUNT) for row in told} - {None}
    taken = select(Service.broadband_account).where(
        Service.broadband_account.in_(accounts), Service.status != ServiceStatus.CLOSED
    )
    there = There(people, set(db.session.scalars(taken)) if accounts else set(), set(), set())
    _add_services(there)
    return there


def customers_of(phones: Collection[str]) -> dict[str, int]:
    """Who has these numbers."""
    ask = select(Customer.phone, Customer.id).where(Customer.phone.in_(phones), Customer.deleted_at.is_(None))
    return dict(db.session.execute(ask).all()) if phones else {}


def _add_services(there: There) -> None:
    phones = {number: phone for phone, number in there.people.items()}
    if not phones:
        return
    columns = (Service.customer_id, Service.community_id, Service.address, Service.broadband_account, Service.status)
    for number, community, address, account, status in db.session.execute(
        select(*columns).where(Service.customer_id.in_(phones))
    ):
        phone = phones[number]
        if status is ServiceStatus.CLOSED:
            there.keys.add(closed_key(phone, account, community, address))
            continue
        there.keys.add(place_key(phone, community, address))
        if account is None:
            there.bare.add(place_key(phone, community, address))


def _place(row: Any) -> str:
    return place_key(row.phone, row.values[Field.COMMUNITY], row.values.get(Field.ADDRESS))


def _earlier(import_id: int, keys: Collection[str]) -> dict[str, int]:
    """The rows of the list that were kept already and have one of these keys."""
    mine = ImportRow.import_id == import_id, ImportRow.other_key.in_(keys)
    ask = select(ImportRow.other_key, func.min(ImportRow.line)).where(*mine).group_by(ImportRow.other_key)
    return dict(db.session.execute(ask).all()) if keys else {}


def _named(import_id: int, phones: Collection[str]) -> set[str]:
    """Of these numbers those whose customer an earlier row names."""
    mine = ImportRow.import_id == import_id, ImportRow.phone.in_(phones), ImportRow.errors.is_(None)
    return {phone for phone in db.session.scalars(select(ImportRow.phone).where(*mine)) if phone} if phones else set()


def clashes(import_id: int) -> int:
    """How many rows have become services since the list was checked."""
    count = 0
    for chunk in queries.good_rows(import_id):
        there = find(chunk)
        count += sum(there.complaint(row) is not None for row in chunk)
    return count
