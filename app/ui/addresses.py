"""Numbers in addresses: one that no row can have is an address that does not exist."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1


class RowNumber(IntegerConverter):
    """`<int:...>`, up to what a database can be asked for."""

    def __init__(self, map: Map, *, max: int | None = LARGEST, **options: Any) -> None:
        super().__init__(map, max=max, **options)


def install(app: Flask) -> None:
    """Read every number in an address so."""
    app.url_map.converters["int"] = RowNumber
