"""Help texts: plain text with paragraphs and lists, and what stands there until the owner writes his own."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

LOCALES = ("en", "zh", "zh_Hant_TW")
LONGEST_TEXT = 20_000
_FOLDER = Path(__file__).parent / "help_texts"
_BULLET = re.compile(r"[-*•·]\s+")
_NUMBER = re.compile(r"[0-9]{1,3}[.)、]\s*")


class Block(NamedTuple):
    """A piece of a help text. kind: heading, paragraph, bullets or numbers."""

    kind: str
    lines: tuple[str, ...]


@cache
def text_in(folder: Path, locale: str) -> str:
    """The text of that language in a folder that has one of each."""
    return (folder / f"{locale}.txt").read_text(encoding="utf-8").strip()


def starting_text(locale: str, rooms: Iterable[Path] = ()) -> str:
    """The instructions and precautions that a new shop starts with. rooms: the folders of what rooms add to them."""
    return "\n\n".join(text_in(folder, locale) for folder in (_FOLDER, *rooms))


def blocks(text: str) -> list[Block]:
    """The pieces of a plain text, in order. Nothing in it is markup.

    Lines that begin with a dash or a number are a list; a line right above a list is its heading; other lines
    are paragraphs, parted by empty lines.
    """
    return [block for part in re.split(r"\n\s*\n", text.strip()) for block in _blocks_of(part.splitlines())]


def _blocks_of(lines: Iterable[str]) -> Iterator[Block]:
    kinds = [(kind, [line for _, line in group]) for kind, group in groupby(map(_look, lines), lambda pair: pair[0])]
    for place, (kind, shown) in enumerate(kinds):
        is_above_list = kind == "paragraph" and place + 1 < len(kinds) and len(shown) == 1
        yield Block("heading" if is_above_list else kind, tuple(shown))


def _look(line: str) -> tuple[str, str]:
    line = line.strip()
    for kind, mark in (("bullets", _BULLET), ("numbers", _NUMBER)):
        if found := mark.match(line):
            return kind, line[found.end() :]
    return "paragraph", line
