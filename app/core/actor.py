"""Who is doing this: a member of staff, a program with a key, a customer, a distributor, or the house itself."""

from dataclasses import dataclass
from enum import StrEnum

from app.core.permissions import Action, Grant


class ActorKind(StrEnum):
    STAFF = "staff"
    API_KEY = "api-key"
    CUSTOMER = "customer"
    DISTRIBUTOR = "distributor"
    SYSTEM = "system"

    @property
    def words(self) -> str | None:
        """What it is called where that is not the code with a capital letter."""
        return "API key" if self is ActorKind.API_KEY else None


@dataclass(frozen=True, slots=True)
class Actor:
    """A frozen value: it outlives the transaction that it was read in.

    stores: the ids of the stores within reach; None means every store. address: where the request came from.
    """

    kind: ActorKind
    id: int | None
    name: str
    grants: frozenset[Grant] = frozenset()
    stores: frozenset[int] | None = frozenset()
    address: str | None = None

    @classmethod
    def system(cls, name: str) -> "Actor":
        """The house itself, as a command or a job. Nothing is closed to it."""
        return cls(ActorKind.SYSTEM, None, name, stores=None)

    @property
    def staff_id(self) -> int | None:
        """The id among staff; None for everybody else, whose ids are numbers of other things."""
        return self.id if self.kind is ActorKind.STAFF else None

    def may(self, action: Action, resource: str) -> bool:
        return self.kind is ActorKind.SYSTEM or Grant(action, resource) in self.grants

    def reaches(self, store_id: int | None) -> bool:
        """Whether a thing of this store is within reach; a thing of no store always is."""
        return self.stores is None or store_id is None or store_id in self.stores
