"""Which column is which field: headings in English, Simplified and Traditional Chinese."""

import re
import unicodedata
from collections.abc import Sequence

from app.customers.takeover.words import GRAND_TOTALS, TOTALS, WORDS, Field

# A second telephone column, when a surer one is the phone.
_SECOND = {1: Field.CONTACT_PHONE, 2: Field.LANDLINE}
_MONEY = re.compile(r"额|額|余|餘|金|款|钱|錢|储值|儲值|amount|balance|money|deposit|credit|value|bonus", re.IGNORECASE)
_PARTS = re.compile(r"[/|、\n\r]")
_SCRIPTS = re.compile(r"[\u3400-\u9fff]+|[A-Za-z][A-Za-z .]*")
_BRACKETS = re.compile(r"[(\[{<【〔「][^)\]}>】〕」]*[)\]}>】〕」]")


def plain(heading: str) -> str:
    """A heading without what people add to it: units in brackets, stars, colons, spaces between Chinese signs."""
    folded = _BRACKETS.sub("", unicodedata.normalize("NFKC", heading)).casefold()
    words = "".join(sign if sign.isalnum() else " " for sign in folded).split()
    return " ".join(words) if folded.isascii() else "".join(words)


def _known() -> dict[str, tuple[Field, int]]:
    known: dict[str, tuple[Field, int]] = {}
    for field, ranks in WORDS.items():
        for rank, (chinese, english) in enumerate(ranks):
            for word in [*chinese.split(), *english.split(", ")]:
                known.setdefault(word, (field, rank))
    known.pop("", None)
    return known


KNOWN = _known()


def recognised(heading: str) -> tuple[Field, int] | None:
    """The field that a heading names, and how sure its word is (0: surest). "手机/Phone" is read part by part."""
    for part in (heading, *_PARTS.split(heading), *_SCRIPTS.findall(heading)):
        if (name := plain(part)) in KNOWN:
            return KNOWN[name]
    return None


def assign(headings: Sequence[str]) -> tuple[dict[int, Field], list[tuple[int, int]]]:
    """Which column is which field, and pairs of columns that are equally likely to be the same one."""
    found = [(column, *known) for column, heading in enumerate(headings) if (known := recognised(heading))]
    fields: dict[int, Field] = {}
    holders: dict[Field, tuple[int, int]] = {}
    doubtful = []
    for column, field, rank in sorted(found, key=lambda each: each[2]):
        if field in holders:
            holder, its_rank = holders[field]
            if rank == its_rank:
                doubtful.append((holder, column))
                continue
            if field is not Field.PHONE or _SECOND[rank] in holders:
                continue
            field = _SECOND[rank]
        fields[column] = field
        holders[field] = (column, rank)
    return fields, doubtful


def may_be_money(heading: str) -> bool:
    """Whether a column that was not understood had better be looked at before balances are lost."""
    return bool(_MONEY.search(heading))


def is_total(text: str) -> bool:
    return plain(text) in TOTALS


def is_grand_total(text: str) -> bool:
    return plain(text) in GRAND_TOTALS
