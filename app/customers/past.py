"""Customers of days gone by, many at once. Their wallets are opened by the ledger's history (app/ledger/history.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core.bulk import insert_rows
from app.core.numbering import take_ids
from app.customers.models import Customer, CustomerType, Gender
from app.customers.numbers import number_of
from app.customers.phones import digits_reversed


@dataclass(frozen=True, slots=True)
class PastCustomer:
    """A customer as he was taken in. phone: in E.164, which no other has; created_by: a member of staff."""

    phone: str
    name: str
    store_id: int
    created_at: datetime
    created_by: int
    type: CustomerType = CustomerType.PERSONAL
    gender: Gender | None = None
    birthday: date | None = None
    email: str | None = None
    address: str | None = None


def take_in(people: Sequence[PastCustomer]) -> list[int]:
    """Insert customers who have no wallets yet; returns their ids. Whoever asked for it writes the record."""
    numbers = take_ids(Customer.__table__, len(people))
    insert_rows(Customer.__table__, [_columns(number, one) for number, one in zip(numbers, people, strict=True)])
    return numbers


def _columns(customer_id: int, one: PastCustomer) -> dict[str, object]:
    return {
        "id": customer_id,
        "customer_no": number_of(customer_id),
        "phone": one.phone,
        "phone_reversed": digits_reversed(one.phone),
        "name": one.name,
        "type": one.type,
        "gender": one.gender,
        "birthday": one.birthday,
        "email": one.email,
        "address": one.address,
        "store_id": one.store_id,
        "version": 1,
        "created_at": one.created_at,
        "created_by": one.created_by,
    }
