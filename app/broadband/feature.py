"""The plug of broadband billing."""

from app.core.feature import Feature

broadband = Feature(name="broadband", package=__package__ or "app.broadband")
