"""The language of an answer: what Accept-Language asks for, never what a browser session chose."""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from flask import current_app, request
from flask_babel import force_locale

# What browsers and programs write for each of our catalogues.
_TAGS = {
    "en": "en",
    "zh": "zh",
    "zh-cn": "zh",
    "zh-sg": "zh",
    "zh-hans": "zh",
    "zh-hant": "zh_Hant_TW",
    "zh-tw": "zh_Hant_TW",
    "zh-hk": "zh_Hant_TW",
    "zh-mo": "zh_Hant_TW",
}


def accepted_locale(accepted: Iterable[tuple[str, float]], default: str) -> str:
    """Our best locale for the languages that a caller accepts, best first.

    accepted: language tags with their quality. Unknown tags are tried without their last parts.
    """
    for tag, quality in sorted(accepted, key=lambda pair: -pair[1]):
        parts = tag.lower().replace("_", "-").split("-")
        for length in range(len(parts), 0, -1):
            if quality > 0 and (locale := _TAGS.get("-".join(parts[:length]))):
                return locale
    return default


def in_callers_language() -> AbstractContextManager[None]:
    """A context in which messages and figures are in the caller's language."""
    default = current_app.config["BABEL_DEFAULT_LOCALE"]
    return force_locale(accepted_locale(request.accept_languages, default))
