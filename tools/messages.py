"""The messages of the house: gathered from the source, kept in app/translations, compiled for the server.

    python tools/messages.py

New messages come into each catalogue without a translation, those that nobody says any more leave it. Fill the
new ones in with an editor and run it again; tests/house/test_messages.py names what is still missing. What
Flask-AppBuilder, WTForms and Flask-WTF may say on a page belongs to it, for their own catalogues know no
Traditional Chinese of Taiwan.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = ROOT / "app" / "translations"
LOCALES = ("zh", "zh_Hant_TW")
SOURCES = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_BEGUN = datetime(2026, 11, 21, tzinfo=UTC)  # a date of today would change the files at every run
HEADER: dict[str, Any] = {
    "header_comment": "# Made by tools/messages.py; translations are written here by hand.",
    "project": "Prepaid Desk",
    "version": "1",
    "creation_date": _BEGUN,
    "revision_date": _BEGUN,
    "last_translator": "Prepaid Desk",
    "language_team": "Prepaid Desk",
    "msgid_bugs_address": "see CONTRIBUTING.md",
    "charset": "utf-8",
    "fuzzy": False,
}
STRICT = {"**/templates/**.html": {"silent": "false"}}  # a template that cannot be read is a fault


def path(locale: str) -> Path:
    """The catalogue of a language, as people edit it."""
    return CATALOGUES / locale / "LC_MESSAGES" / "messages.po"


def gather() -> Catalog:
    """Every message that a page may show, with its places."""
    found = Catalog(charset="utf-8")
    for file, line, message, *_rest in extract_from_dir(ROOT / "app", SOURCES, STRICT):
        found.add(message, locations=[(f"app/{file}", line)])
    for of_theirs, place in _of_libraries():
        found.add(of_theirs, locations=[(place, 0)])
    return found


def _of_libraries() -> Iterator[tuple[Any, str]]:
    frame, forms, tokens = (_folder(name) for name in ("flask_appbuilder", "wtforms", "flask_wtf"))
    for file in (frame / "translations/zh/LC_MESSAGES/messages.po", forms / "locale/wtforms.pot"):
        for known in read_po(io.BytesIO(file.read_bytes())):
            if known.id:
                yield known.id, file.relative_to(frame.parent).parts[0]
    for _file, _line, message, *_rest in extract_from_dir(tokens, SOURCES):
        yield message, tokens.name


def _folder(package: str) -> Path:
    found = find_spec(package)
    return Path(found.origin).parent if found and found.origin else Path(package)


def read(locale: str) -> Catalog:
    """The catalogue of a language; an empty one when there is none yet."""
    if not path(locale).exists():
        return Catalog(locale=locale)
    with path(locale).open("rb") as opened:
        return read_po(opened, locale=locale)


def written(catalogue: Catalog) -> bytes:
    """The catalogue as text, without what changes by itself."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, omit_header=False, include_lineno=False, sort_by_file=True)
    return buffer.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as the server reads it."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def renew(locale: str) -> Catalog:
    """The catalogue of a language with exactly the messages that there are."""
    old, new = read(locale), Catalog(locale=locale, **HEADER)
    for message in gather():
        if message.id:
            kept = old.get(message.id)
            new.add(
                message.id,
                kept.string if kept and isinstance(kept.id, str) == isinstance(message.id, str) else None,
                locations=message.locations,
                flags=kept.flags & {"fuzzy"} if kept else (),
            )
    return new


def main() -> None:
    for locale in LOCALES:
        catalogue = renew(locale)
        path(locale).parent.mkdir(parents=True, exist_ok=True)
        path(locale).write_bytes(written(catalogue))
        path(locale).with_suffix(".mo").write_bytes(compiled(read(locale)))
        missing = sum(not all(texts(message.string)) for message in catalogue if message.id)
        sys.stdout.write(f"{locale}: {len(catalogue)} messages, {missing} without a translation\n")


def texts(message: Any) -> tuple[str, ...]:
    """The forms of a message or translation: one, or singular and plural."""
    return tuple(message) if isinstance(message, tuple | list) else (message or "",)


if __name__ == "__main__":
    main()
