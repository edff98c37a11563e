"""Which column is which field: headings in English, Simplified and Traditional Chinese."""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from app.customers.takeover.kinds import ListKind

GRAND_TOTALS = frozenset({"合计", "总计", "合計", "總計", "总额", "總額", "total", "totals", "grand total", "sum"})
TOTALS = GRAND_TOTALS | frozenset(
    {
        "小计",
        "本页合计",
        "本页小计",
        "累计",
        "小計",
        "本頁合計",
        "本頁小計",
        "累計",
        "subtotal",
        "sub total",
        "page total",
    }
)
_MONEY = re.compile(r"额|額|余|餘|金|款|钱|錢|储值|儲值|amount|balance|money|deposit|credit|value|bonus", re.IGNORECASE)
_PARTS = re.compile(r"[/|、\n\r]")
_SCRIPTS = re.compile(r"[\u3400-\u9fff]+|[A-Za-z][A-Za-z .]*")
_BRACKETS = re.compile(r"[(\[{<【〔「][^)\]}>】〕」]*[)\]}>】〕」]")


def plain(heading: str) -> str:
    """A heading without what people add to it: units in brackets, stars, colons, spaces between Chinese signs."""
    folded = _BRACKETS.sub("", unicodedata.normalize("NFKC", heading)).casefold()
    words = "".join(sign if sign.isalnum() else " " for sign in folded).split()
    return " ".join(words) if folded.isascii() else "".join(words)


def recognised(heading: str, kind: ListKind) -> tuple[StrEnum, int] | None:
    """The field that a heading names, and how sure its word is (0: surest). "手机/Phone" is read part by part."""
    for part in (heading, *_PARTS.split(heading), *_SCRIPTS.findall(heading)):
        if (name := plain(part)) in kind.known:
            return kind.known[name]
    return None


def assign(headings: Sequence[str], kind: ListKind) -> tuple[dict[int, StrEnum], list[tuple[int, int]]]:
    """Which column is which field, and pairs of columns that are equally likely to be the same one."""
    found = [(column, *known) for column, heading in enumerate(headings) if (known := recognised(heading, kind))]
    fields: dict[int, StrEnum] = {}
    holders: dict[StrEnum, tuple[int, int]] = {}
    doubtful = []
    for column, field, rank in sorted(found, key=lambda each: each[2]):
        if field in holders:
            holder, its_rank = holders[field]
            if rank == its_rank:
                doubtful.append((holder, column))
                continue
            if field is not kind.phone or kind.more_phones[rank] in holders:
                continue
            field = kind.more_phones[rank]
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
