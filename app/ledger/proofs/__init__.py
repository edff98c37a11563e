"""The proofs of the ledger: what must hold of its tables, whoever wrote them. Streaming, read-only."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection

from app.core.db import consistent_view
from app.ledger.proofs.archives import prove_archives
from app.ledger.proofs.chains import prove_chains
from app.ledger.proofs.days import prove_days
from app.ledger.proofs.drawers import prove_drawers
from app.ledger.proofs.found import Finding
from app.ledger.proofs.guards import missing_guards, prove_guards
from app.ledger.proofs.holds import prove_holds
from app.ledger.proofs.links import prove_links
from app.ledger.proofs.postings import prove_postings
from app.ledger.proofs.seals import prove_seals

__all__ = ["PROOFS", "Proof", "missing_guards", "prove_all", "verify"]

MOST_FINDINGS = 100

PROOFS: dict[str, Callable[[Connection], Iterator[Finding | int]]] = {
    "guards": prove_guards,
    "chains": prove_chains,
    "postings": prove_postings,
    "holds": prove_holds,
    "links": prove_links,
    "drawers": prove_drawers,
    "days": prove_days,
    "archives": prove_archives,
}


@dataclass
class Proof:
    """How one proof went. checked: how many things were looked at; found: the first hundred that are wrong."""

    name: str
    checked: int = 0
    failures: int = 0
    found: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.failures


def verify(exported: Mapping[str, Any] | None = None) -> list[Proof]:
    """Try every proof on one consistent view of the database. Writes nothing.

    exported: seals that were written to a file, to be compared with those that are here.
    """
    with consistent_view() as connection:
        proofs = prove_all(connection)
        return proofs if exported is None else [*proofs, _try("seals", partial(prove_seals, exported), connection)]


def prove_all(connection: Connection) -> list[Proof]:
    """Try every proof on what this connection sees."""
    return [_try(name, prove, connection) for name, prove in PROOFS.items()]


def _try(name: str, prove: Callable[[Connection], Iterator[Finding | int]], connection: Connection) -> Proof:
    proof = Proof(name)
    for seen in _readable(prove(connection)):
        if isinstance(seen, int):
            proof.checked += seen
            continue
        proof.failures += 1
        if len(proof.found) < MOST_FINDINGS:
            proof.found.append(seen)
    return proof


def _readable(seen: Iterator[Finding | int]) -> Iterator[Finding | int]:
    """A code that is none of ours, or JSON that is none, was not written by us: that is a finding too."""
    try:
        yield from seen
    except (LookupError, ValueError) as unreadable:
        yield Finding("a row", f"has a value that nothing of ours writes: {unreadable}")
