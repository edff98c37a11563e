"""The wallets of very many customers while their past is written: a few whole numbers each, in minor units."""

from array import array
from collections.abc import Sequence

from sqlalchemy import BigInteger, bindparam, update

from app.core import money
from app.core.bulk import insert_lines
from app.core.numbering import take_ids
from app.extensions import db
from app.ledger.models import Account, Purse, WalletStatus
from app.ledger.refusals import InsufficientBalance

PRINCIPAL, BONUS = 0, 1
PURSES = (Purse.PRINCIPAL, Purse.BONUS)
CHUNK = 5000
COLUMNS = ("id", "customer_id", "purse", "balance", "held", "floor", "seq", "status")


class Purses:
    """Wallets by the place of their customer, who are counted from 0 in the order in which they came.

    The rows of wallets are written empty and filled at the end: transfers need them, balances change all the time.
    """

    def __init__(self) -> None:
        self.customers = array("q")
        self.balances = (array("q"), array("q"))
        self._ids = (array("q"), array("q"))
        self._seqs = (array("q"), array("q"))
        self._new: list[tuple[int, int]] = []

    def open(self, customer_ids: Sequence[int]) -> None:
        """Give new customers a principal wallet. Its bonus fellow has a number, and a row when it is needed."""
        numbers = take_ids(Account.__table__, 2 * len(customer_ids))
        # The bonus wallets have the lower numbers: SQLite gives out again what lies above the highest row.
        self._ids[BONUS].extend(numbers[: len(customer_ids)])
        self._ids[PRINCIPAL].extend(numbers[len(customer_ids) :])
        self._new.extend((PRINCIPAL, place) for place in range(len(self.customers), len(self._ids[PRINCIPAL])))
        self.customers.extend(customer_ids)
        for numbers_of in (*self.balances, *self._seqs):
            numbers_of.extend([0] * len(customer_ids))
        self.insert_new()

    def move(self, purse: int, place: int, amount: int) -> tuple[int, int, int]:
        """Let a wallet rise or fall. Returns its id, the number of the transfer in its chain, and what is left.

        Raises InsufficientBalance: nobody owed the house anything in the past.
        """
        balance = self.balances[purse][place] + amount
        if balance < 0:
            available = money.from_minor(self.balances[purse][place])
            raise InsufficientBalance(available=available, needed=money.from_minor(-amount))
        seq = self._seqs[purse][place] + 1
        if seq == 1 and purse == BONUS:
            self._new.append((BONUS, place))
        self.balances[purse][place] = balance
        self._seqs[purse][place] = seq
        return self._ids[purse][place], seq, balance

    def insert_new(self) -> None:
        """Write the rows of the wallets that have none yet."""
        status = WalletStatus.OPEN.value
        lines = (
            (self._ids[purse][place], self.customers[place], PURSES[purse].value, 0, 0, 0, 0, status)
            for purse, place in self._new
        )
        insert_lines(Account.__table__, COLUMNS, lines)
        self._new.clear()

    def fill(self) -> None:
        """Write into every wallet that was moved what it holds now."""
        table = Account.__table__
        columns = {name: bindparam(f"new_{name}", type_=BigInteger) for name in ("balance", "seq")}
        statement = update(table).where(table.c.id == bindparam("wallet")).values(columns)
        for purse in (PRINCIPAL, BONUS):
            for start in range(0, len(self.customers), CHUNK):
                if moved := self._moved(purse, start):
                    db.session.connection().execute(statement, moved)

    def _moved(self, purse: int, start: int) -> list[dict[str, int]]:
        places = range(start, min(start + CHUNK, len(self.customers)))
        ids, balances, seqs = self._ids[purse], self.balances[purse], self._seqs[purse]
        return [
            {"wallet": ids[place], "new_balance": balances[place], "new_seq": seqs[place]}
            for place in places
            if seqs[place]
        ]
