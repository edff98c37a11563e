"""Rows of a customer list that are somebody already, and making customers of the others."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.core import clock
from app.core.actor import Actor
from app.core.bulk import insert_rows
from app.core.numbering import take_ids
from app.customers.models import Customer, CustomerImport, CustomerType, Gender, ImportRow, Language
from app.customers.newcomers.words import Field
from app.customers.numbers import number_of
from app.customers.phones import digits_reversed
from app.customers.takeover import queries
from app.customers.takeover.kinds import Applied, ReadRow, Seen
from app.extensions import db
from app.ledger.opening import Opening, open_wallets

ZERO = Decimal(0)
PLAIN = (Field.LANDLINE, Field.CONTACT_PHONE, Field.EMAIL, Field.ADDRESS, Field.NOTE)


class Taken(NamedTuple):
    """Phone numbers and customer numbers that belong to somebody already. lines: of this list, else None."""

    phones: dict[str, int | None]
    numbers: dict[str, int | None]


def sums(rows: Sequence[ReadRow]) -> dict[str, Decimal]:
    """What these rows bring, in all."""
    return {"opening_total": _sum(rows, Field.BALANCE), "bonus_total": _sum(rows, Field.BONUS)}


def _sum(rows: Sequence[ReadRow], name: Field) -> Decimal:
    return sum((Decimal(row.values.get(name.value, 0)) for row in rows), ZERO)


def refuse_doubles(import_id: int, rows: Sequence[ReadRow]) -> None:
    """Refuse the rows whose phone or number a customer or an earlier row has."""
    phones = {row.phone for row in rows if row.phone}
    numbers = {row.customer_no for row in rows if row.customer_no}
    taken = _taken(import_id, phones, numbers)
    for row in rows:
        _refuse_double(row, Field.PHONE, row.phone, taken.phones)
        _refuse_double(row, Field.CUSTOMER_NO, row.customer_no, taken.numbers)


def _taken(import_id: int, phones: Collection[str], numbers: Collection[str]) -> Taken:
    """Which of these belong to a customer, or to an earlier row of the same list."""
    own_phones = select(ImportRow.phone, func.min(ImportRow.line)).where(
        ImportRow.import_id == import_id, ImportRow.phone.in_(phones)
    )
    own_numbers = select(ImportRow.customer_no, func.min(ImportRow.line)).where(
        ImportRow.import_id == import_id, ImportRow.customer_no.in_(numbers)
    )
    theirs = select(Customer.phone).where(Customer.phone.in_(phones), Customer.deleted_at.is_(None))
    their_numbers = select(Customer.customer_no).where(Customer.customer_no.in_(numbers))
    return Taken(
        dict(db.session.execute(own_phones.group_by(ImportRow.phone)).all())
        | dict.fromkeys(db.session.scalars(theirs)),
        dict(db.session.execute(own_numbers.group_by(ImportRow.customer_no)).all())
        | dict.fromkeys(db.session.scalars(their_numbers)),
    )


def _refuse_double(row: ReadRow, name: Field, value: str | None, taken: dict[str, int | None]) -> None:
    if value is None:
        return
    if value not in taken:
        taken[value] = row.line
        return
    if (line := taken[value]) is None:
        row.refuse(name, "exists", value)
    else:
        row.refuse(name, "duplicate", value, line=line)


def clashes(import_id: int) -> int:
    """How many rows have become customers, by phone or number, since the list was checked."""
    by_phone = select(func.count()).select_from(ImportRow).join(Customer, Customer.phone == ImportRow.phone)
    by_number = (
        select(func.count()).select_from(ImportRow).join(Customer, Customer.customer_no == ImportRow.customer_no)
    )
    mine = ImportRow.import_id == import_id
    found = db.session.scalar(by_phone.where(mine, Customer.deleted_at.is_(None))) or 0
    return found or db.session.scalar(by_number.where(mine)) or 0


def apply(document: CustomerImport, _number: str, *, actor: Actor, seen: Seen) -> Applied:
    """Make customers of all rows, with their wallets and opening balances."""
    opened = open_wallets(
        _customers(document, actor, seen), document_id=document.id, store_id=document.store_id, actor=actor
    )
    totals = {"rows_applied": opened.customers, "opening_total": opened.principal, "bonus_total": opened.bonus}
    told = {
        "customers": opened.customers,
        "opening_postings": opened.postings,
        "opening_total": opened.principal,
        "bonus_total": opened.bonus,
    }
    return Applied(totals, told, {"postings": opened.postings})


def _customers(document: CustomerImport, actor: Actor, seen: Seen) -> Iterator[Opening]:
    """Insert the customers chunk by chunk; what each of them brings is handed on to the ledger."""
    done = 0
    common = {"store_id": document.store_id, "created_at": clock.now(), "created_by": actor.staff_id, "version": 1}
    for chunk in queries.good_rows(document.id):
        numbers = take_ids(Customer.__table__, len(chunk))
        lines = [_customer(number, row) | common for number, row in zip(numbers, chunk, strict=True)]
        insert_rows(Customer.__table__, lines)
        for number, row in zip(numbers, chunk, strict=True):
            balance, bonus = (Decimal(row.values.get(name.value, 0)) for name in (Field.BALANCE, Field.BONUS))
            yield Opening(number, balance, bonus)
        done += len(chunk)
        seen(done)


def _customer(customer_id: int, row: ImportRow) -> dict[str, Any]:
    values = row.values
    gender, birthday = values.get(Field.GENDER.value), values.get(Field.BIRTHDAY.value)
    language = values.get(Field.LANGUAGE.value)
    return {
        "id": customer_id,
        "customer_no": row.customer_no or number_of(customer_id),
        "phone": row.phone,
        "phone_reversed": digits_reversed(row.phone or ""),
        "name": values[Field.NAME.value],
        "type": CustomerType(values.get(Field.TYPE.value, CustomerType.PERSONAL)),
        "gender": Gender(gender) if gender else None,
        "language": Language(language) if language else None,
        "birthday": date.fromisoformat(birthday) if birthday else None,
        **{name.value: values.get(name.value) for name in PLAIN},
        "id_number_sealed": row.id_number_sealed,
        "id_number_mark": row.id_number_mark,
    }
