"""What wallets hold is what their open holds hold."""

from collections.abc import Iterator

from sqlalchemy import BigInteger, Connection, case, func, select, type_coerce

from app.ledger.models import Account, Hold, HoldStatus, Purse
from app.ledger.proofs.found import Finding


def prove_holds(connection: Connection) -> Iterator[Finding | int]:
    """Compare, wallet by wallet, wherever something is held or an open hold exists."""
    held = type_coerce(Account.held, BigInteger)
    part = case((Account.purse == Purse.PRINCIPAL, Hold.principal), else_=Hold.bonus)
    open_holds = func.coalesce(func.sum(type_coerce(part, BigInteger)), 0)
    ask = (
        select(Account.id, held.label("held"), open_holds.label("due"))
        .outerjoin(Hold, (Hold.customer_id == Account.customer_id) & (Hold.status == HoldStatus.OPEN))
        .where(Account.customer_id.is_not(None))
        .group_by(Account.id, held)
        .having((held != 0) | (open_holds != 0))
        .order_by(Account.id)
    )
    for row in connection.execute(ask):
        yield 1
        if row.held != row.due:
            yield Finding(f"wallet {row.id}", f"holds {row.held}, its open holds make {row.due}")
