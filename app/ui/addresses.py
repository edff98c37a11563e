"""Numbers in addresses: one that no row can have is an address that does not exist."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1


class RowNumber(IntegerConverter):
    """`<int:...>`, up to what a database can be asked for."""

    def __init__(
        self,
        map: Map,
        fixed_digits: int = 0,
        min: int | None = None,
        max: int | None = LARGEST,
        signed: bool = False,
    ) -> None:
        super().__init__(map, fixed_digits, min, max, signed)


def install(app: Flask) -> None:
    """Read every number in an address so."""
    app.url_map.converters["int"] = RowNumber
