"""What differs between lists that are taken over. Whoever has a list of his own declares one of these."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

Cells = Sequence[Any]
Seen = Callable[[int], None]


@dataclass
class ReadRow:
    """values: what it will be, amounts as text. errors: {"field": {"code", "found"}}.

    customer_no, other_key: what no two rows may have beside the phone, by the kind of the list. is_named_by_phone:
    whether it has no name of its own.
    """

    line: int
    phone: str | None = None
    customer_no: str | None = None
    other_key: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_named_by_phone: bool = False

    def refuse(self, name: str, code: str, found: str, **figures: Any) -> None:
        self.errors[name] = {"code": code, "found": found, **figures}


class Applied(NamedTuple):
    """What came of a list. totals: columns of its document; told: for its record; answer: for whoever applied it."""

    totals: dict[str, Any]
    told: dict[str, Any]
    answer: dict[str, Any]


Read = Callable[[int, Cells, Mapping[int, StrEnum]], ReadRow]


@dataclass(frozen=True)
class ListKind:
    """A list, as data.

    name: stands in documents and in the names of its jobs: never change it. letters: of its document numbers. fields:
    what a column can be, and words: what people call them, Chinese words and English ones, the surer pairs first.
    phone: the field that every list must have; more_phones: what a second telephone column is, by how sure its word
    was. money: the field that must not be overlooked; totals: columns of the document that the rows add up to, with
    what they are called. sealed: fields that are masked and kept sealed: the ID number, and a secret.

    reader: from the region of phone numbers to what reads a row. refuse_doubles: called with the import's number and
    some rows before they are kept. sums: what these rows add to the totals. clashes: whether something that the
    list holds has come into being since. apply: makes something of all good rows: (document, its number, actor=,
    seen=).
    """

    name: str
    letters: str
    operation: str
    object_type: str
    noun: str
    fields: type[StrEnum]
    words: Mapping[Any, tuple[tuple[str, str], ...]]
    labels: Mapping[str, str]
    reasons: Mapping[str, str]
    phone: StrEnum
    more_phones: Mapping[int, StrEnum]
    reader: Callable[[str], Read]
    refuse_doubles: Callable[[int, Sequence[ReadRow]], None]
    clashes: Callable[[int], int]
    apply: Callable[..., Applied]
    job_labels: tuple[str, str]
    sums: Callable[[Sequence[ReadRow]], dict[str, Any]] = lambda rows: {}
    totals: Mapping[str, str] = field(default_factory=dict)
    money: StrEnum | None = None
    sealed: frozenset[str] = frozenset()
    secret: str = ""

    @cached_property
    def known(self) -> dict[str, tuple[StrEnum, int]]:
        """Every word for a column, with its field and how sure it is (0: surest)."""
        known: dict[str, tuple[StrEnum, int]] = {}
        for name, ranks in self.words.items():
            for rank, (chinese, english) in enumerate(ranks):
                for word in [*chinese.split(), *english.split(", ")]:
                    known.setdefault(word, (name, rank))
        known.pop("", None)
        return known
