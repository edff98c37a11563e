"""Charts drawn by the server as SVG: no script, no inline style, nothing that a strict content policy forbids.

`{% from "tables/chart.html" import chart %}` and `{{ chart(bars(...)) }}` draws one. It stands beside the table of
its figures; colours come from classes, so that it follows dark mode and prints in black.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

WIDTH, HEIGHT = 760, 260  # units of the drawing; it scales with the page
LEFT, RIGHT, TOP, BOTTOM = 78, 12, 14, 34
MOST_LABELS = 8
WIDEST_BAR = 46
STEPS = (1, 2, 2.5, 5, 10)
Number = Decimal | int | float


@dataclass(frozen=True)
class Series:
    """Figures of one kind, one per label; None where there is none. Of one chart at most four."""

    name: Any
    values: Sequence[Number | None]


@dataclass(frozen=True)
class Mark:
    """One bar, or one point of a line. series: its place, from 0, for its colour."""

    series: int
    x: float
    y: float
    width: float
    height: float
    text: str


@dataclass(frozen=True)
class Tick:
    """One line of the grid, or one label below."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """A chart, measured out. lines: the points of each series of a line chart, as SVG wants them."""

    title: str
    marks: Sequence[Mark]
    ticks: Sequence[Tick]
    labels: Sequence[Tick]
    names: Sequence[str]
    lines: Sequence[str] = ()
    zero: float = 0
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def bars(title: Any, labels: Sequence[Any], series: Sequence[Series], shown: Callable[[Any], str] = str) -> Chart:
    """Bars side by side for each label. shown: a figure in words."""
    scale = _Scale(series)
    step = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    wide = min(step * 0.78 / max(len(series), 1), WIDEST_BAR)
    marks = []
    for nth, one in enumerate(series):
        for at, value in enumerate(one.values):
            if value is None:
                continue
            x = LEFT + step * (at + 0.5) + wide * (nth - len(series) / 2)
            top, foot = sorted((scale.y(value), scale.y(0)))
            text = f"{labels[at]} · {one.name}: {shown(value)}"
            marks.append(Mark(nth, round(x, 2), top, round(max(wide - 1, 0.5), 2), round(foot - top, 2), text))
    return _chart(title, marks, scale, labels, series, shown)


def lines(title: Any, labels: Sequence[Any], series: Sequence[Series], shown: Callable[[Any], str] = str) -> Chart:
    """A line through the figures of each series."""
    scale = _Scale(series)
    step = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    marks, drawn = [], []
    for nth, one in enumerate(series):
        points = []
        for at, value in enumerate(one.values):
            if value is None:
                continue
            x, y = round(LEFT + step * (at + 0.5), 2), scale.y(value)
            points.append(f"{x},{y}")
            marks.append(Mark(nth, x, y, 0, 0, f"{labels[at]} · {one.name}: {shown(value)}"))
        drawn.append(" ".join(points))
    return _chart(title, marks, scale, labels, series, shown, drawn)


class _Scale:
    """From figures to heights, between round ends that hold zero."""

    def __init__(self, series: Sequence[Series]) -> None:
        values = [float(value) for one in series for value in one.values if value is not None]
        high, low = max([0.0, *values]), min([0.0, *values])
        self.step = _round_step((high - low) or 1)
        self.low = math.floor(low / self.step) * self.step
        self.high = max(math.ceil(high / self.step) * self.step, self.low + self.step)

    def y(self, value: Any) -> float:
        share = (float(value) - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 2)

    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + self.step * at for at in range(count + 1)]


def _round_step(span: float) -> float:
    """A step that people count in, four or five of which make the span."""
    rough = span / 4
    size = 10 ** math.floor(math.log10(rough))
    return next(size * step for step in STEPS if size * step >= rough * 0.999)


def _chart(
    title: Any,
    marks: Sequence[Mark],
    scale: _Scale,
    labels: Sequence[Any],
    series: Sequence[Series],
    shown: Callable[[Any], str],
    drawn: Sequence[str] = (),
) -> Chart:
    ticks = [Tick(scale.y(each), shown(_number(each))) for each in scale.ticks()]
    names = [str(one.name) for one in series]
    return Chart(str(title), marks, ticks, _below(labels), names, drawn, zero=scale.y(0))


def _number(value: float) -> Any:
    return int(value) if value == int(value) else Decimal(repr(round(value, 4)))


def _below(labels: Sequence[Any]) -> list[Tick]:
    """As many labels as fit, evenly."""
    step = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    every = math.ceil(len(labels) / MOST_LABELS) or 1
    return [Tick(round(LEFT + step * (at + 0.5), 2), str(label)) for at, label in enumerate(labels) if at % every == 0]
