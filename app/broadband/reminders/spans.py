"""How many days lie between two days, asked of the database."""

from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, cast, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement


class days_between(FunctionElement[int]):  # noqa: N801 - it reads as the function that it is
    """From the first day to the second one, below zero when that is earlier: a whole number."""

    type = Integer()
    inherit_cache = True

    def __init__(self, first: Any, second: Any) -> None:
        super().__init__(*(literal(each, Date) if isinstance(each, date) else each for each in (first, second)))


@compiles(days_between)
def _by_subtraction(element: Any, compiler: Any, **said: Any) -> str:
    first, second = (compiler.process(cast(each, Date), **said) for each in element.clauses)
    return f"({second} - {first})"


@compiles(days_between, "sqlite")
def _by_julian_days(element: Any, compiler: Any, **said: Any) -> str:
    first, second = (compiler.process(each, **said) for each in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"
