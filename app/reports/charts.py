"""Columns of a chart: where each stands. The template draws them as SVG, beside a table with the same figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from app.ledger.totals import Figures

WIDTH, HEIGHT = 1000, 200
GAP = 0.2  # of the room of a group of columns
WIDEST = 40
ZERO = Decimal(0)


class Column(NamedTuple):
    """One column. series: 0 for money in, 1 for value consumed. Places and sizes within WIDTH and HEIGHT."""

    series: int
    x: float
    y: float
    width: float
    height: float
    label: str
    value: Decimal


@dataclass(frozen=True)
class Chart:
    """Columns of both series. base: the height of the line of zero. most, least: the ends of the scale."""

    columns: list[Column]
    base: float
    most: Decimal
    least: Decimal
    first: str
    last: str


def chart(groups: Sequence[tuple[str, Figures]]) -> Chart | None:
    """Money in and value consumed of each group, side by side; None when there is nothing to draw."""
    pairs = [(label, (figures.takings, figures.consumed)) for label, figures in groups]
    values = [value for _label, pair in pairs for value in pair]
    if not any(values):
        return None
    most, least = max(*values, ZERO), min(*values, ZERO)
    scale = HEIGHT / float(most - least)
    base = float(most) * scale
    columns = [
        column
        for number, (label, pair) in enumerate(pairs)
        for column in _pair(number, len(pairs), label, pair, base, scale)
    ]
    return Chart(columns, round(base, 2), most, least, pairs[0][0], pairs[-1][0])


def _pair(number: int, count: int, label: str, pair: Sequence[Decimal], base: float, scale: float) -> list[Column]:
    room = WIDTH / count
    width = min(room * (1 - GAP) / 2, WIDEST)
    left = number * room + room / 2 - width
    columns = []
    for series, value in enumerate(pair):
        height = abs(float(value)) * scale
        top = base - height if value > 0 else base
        x, y, wide, high = (round(size, 2) for size in (left + series * width, top, width, height))
        columns.append(Column(series, x, y, wide, high, label, value))
    return columns
