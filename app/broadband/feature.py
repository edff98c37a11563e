"""The plug of broadband billing."""

from app.broadband.basics import pages as basics
from app.core.feature import Feature

broadband = Feature(
    name="broadband",
    package=__package__ or "app.broadband",
    pages=basics.PAGES,
    grants=basics.GRANTS,
)
