"""Error pages for people."""

from flask import Flask


def install(app: Flask) -> None:
    """Answer every error with a page."""
