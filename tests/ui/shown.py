"""What a person reads on a page: its texts, and the names, titles and hints of its parts."""

import re
from collections.abc import Collection
from html.parser import HTMLParser

UNREAD = {"script", "style", "code", "kbd", "pre"}
NAMES = {"aria-label", "title", "placeholder", "alt", "data-confirm"}
EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")
# Names that are the same in every language.
SAME = {"Prepaid", "Desk", "English", "Enter", "Esc", "IP", "API", "VIP", "Excel", "CSV", "xlsx", "MB", "CN", "TW"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.unread: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in NAMES and value]
        if tag in UNREAD and tag not in EMPTY:
            self.unread.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.unread and self.unread[-1] == tag:
            self.unread.pop()

    def handle_data(self, data: str) -> None:
        if not self.unread and data.strip():
            self.texts.append(data.strip())


def shown(page: str) -> list[str]:
    """Every text of the page, without codes and keys."""
    reader = _Reader()
    reader.feed(page)
    return reader.texts


def latin_words(page: str, names: Collection[str] = ()) -> set[str]:
    """The words in Latin letters that people read on the page. names: left out, and those of every language too."""
    said = re.compile(rf"\b(?:{'|'.join(sorted({*SAME, *names}, key=len, reverse=True))})\b")
    return {word for text in shown(page) for word in WORD.findall(said.sub("", text))}
