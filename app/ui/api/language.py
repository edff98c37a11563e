"""The language of an answer: what Accept-Language asks for, never what a browser session chose."""

from contextlib import AbstractContextManager

from flask import current_app
from flask_babel import force_locale

from app.ui.languages import accepted


def in_callers_language() -> AbstractContextManager[None]:
    """A context in which messages and figures are in the caller's language."""
    return force_locale(accepted() or current_app.config["BABEL_DEFAULT_LOCALE"])
