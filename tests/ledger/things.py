"""What a shop consists of, for the model of the ledger: whole cents, and nothing that can be wrong by itself."""

from dataclasses import dataclass


class No(Exception):
    """A rule says no, by its code."""

    @property
    def code(self) -> str:
        return str(self.args[0])


@dataclass
class Wallets:
    """What a customer has. limit: how far his principal may fall below zero."""

    principal: int = 0
    bonus: int = 0
    held_principal: int = 0
    held_bonus: int = 0
    limit: int = 0
    is_closed: bool = False

    @property
    def held(self) -> int:
        return self.held_principal + self.held_bonus

    @property
    def available(self) -> int:
        return self.principal + self.bonus - self.held + self.limit

    @property
    def free_principal(self) -> int:
        return max(self.principal - self.held_principal, 0)

    @property
    def free_bonus(self) -> int:
        return max(self.bonus - self.held_bonus, 0)


@dataclass
class Held:
    """An amount set aside until that hour. state: open, captured, voided, expired."""

    customer: int
    principal: int
    bonus: int
    until: float
    state: str = "open"


@dataclass
class Slip:
    """One posting: moves is what it did to each account, and adds up to zero."""

    kind: str
    amount: int
    customer: int | None
    day: int
    moves: dict[str, int]
    is_of_document: bool = False
    is_reversed: bool = False
    is_archived: bool = False


@dataclass
class Line:
    """What the totals say of one kind."""

    count: int = 0
    gross: int = 0
    bonus: int = 0
    reversed: int = 0
    signed: int = 0


@dataclass
class Rules:
    """bonus_from: 0 for no bonus. limit: 0 for none."""

    bonus_from: int = 0
    gift: int = 0
    limit: int = 0
    order: str = "principal-first"
