"""The plug of the report engine: its templates and styles. Reports themselves belong to rooms."""

from app.core.feature import Feature

tables = Feature(name="tables", package=__package__ or "app.tables")
