"""Making the accounts that a posting needs for the first time."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import is_postgresql
from app.ledger.models import Account, Purse

if TYPE_CHECKING:
    from app.ledger.facts import Asked


def furnish(connection: Connection, asked: "Asked") -> None:
    """Make the house accounts and the bonus wallet that are needed for the first time."""
    insert_ = postgresql.insert if is_postgresql() else sqlite.insert
    known = set(connection.scalars(select(Account.code).where(Account.code.in_(asked.every_code))))
    for code in set(asked.every_code) - known:
        connection.execute(insert_(Account).values(code=code).on_conflict_do_nothing())
    if not asked.needs_bonus or asked.customer_id is None:
        return
    mine = select(Account.purse, Account.status).where(Account.customer_id == asked.customer_id)
    purses = {row.purse: row.status for row in connection.execute(mine)}
    if Purse.PRINCIPAL in purses and Purse.BONUS not in purses:
        connection.execute(
            insert(Account).values(customer_id=asked.customer_id, purse=Purse.BONUS, status=purses[Purse.PRINCIPAL])
        )
