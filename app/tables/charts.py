"""Charts drawn by the server as SVG: no script, no inline style, nothing that a strict content policy forbids.

`{% from "tables/chart.html" import chart %}` and `{{ chart(bars(...)) }}` draws one. It stands beside the table of
its figures; colours come from classes, so that it follows dark mode and prints in black.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width

WIDTH, HEIGHT = 760, 260  # units of the drawing; it scales with the page
RIGHT, TOP, BOTTOM = 12, 14, 34
OF_SIGN, OF_WIDE_SIGN = 11, 18  # units, for one sign of the texts around as a phone shows them; wide: 汉字
FOOT, FEET = HEIGHT - 12, (HEIGHT - 20, HEIGHT - 3)  # where labels stand: in one row, or by turns in two
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
    """One line of the grid."""

    at: float
    text: str


@dataclass(frozen=True)
class Label:
    """What stands below, around its middle."""

    at: float
    y: float
    text: str


@dataclass(frozen=True)
class Chart:
    """A chart, measured out. lines: the points of each series of a line chart, as SVG wants them."""

    title: str
    marks: Sequence[Mark]
    ticks: Sequence[Tick]
    labels: Sequence[Label]
    names: Sequence[str]
    lines: Sequence[str] = ()
    zero: float = 0
    width: int = WIDTH
    height: int = HEIGHT
    left: int = 0
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def bars(title: Any, labels: Sequence[Any], series: Sequence[Series], shown: Callable[[Any], str] = str) -> Chart:
    """Bars side by side for each label. shown: a figure in words."""
    scale = _Scale(series, shown)
    left, step = scale.left, _step(scale.left, labels)
    wide = min(step * 0.78 / max(len(series), 1), WIDEST_BAR)
    marks = []
    for nth, one in enumerate(series):
        for at, value in enumerate(one.values):
            if value is None:
                continue
            x = left + step * (at + 0.5) + wide * (nth - len(series) / 2)
            top, foot = sorted((scale.y(value), scale.y(0)))
            text = f"{labels[at]} · {one.name}: {shown(value)}"
            marks.append(Mark(nth, round(x, 2), top, round(max(wide - 1, 0.5), 2), round(foot - top, 2), text))
    return _chart(title, marks, scale, labels, series)


def lines(title: Any, labels: Sequence[Any], series: Sequence[Series], shown: Callable[[Any], str] = str) -> Chart:
    """A line through the figures of each series."""
    scale = _Scale(series, shown)
    left, step = scale.left, _step(scale.left, labels)
    marks, drawn = [], []
    for nth, one in enumerate(series):
        points = []
        for at, value in enumerate(one.values):
            if value is None:
                continue
            x, y = round(left + step * (at + 0.5), 2), scale.y(value)
            points.append(f"{x},{y}")
            marks.append(Mark(nth, x, y, 0, 0, f"{labels[at]} · {one.name}: {shown(value)}"))
        drawn.append(" ".join(points))
    return _chart(title, marks, scale, labels, series, drawn)


class _Scale:
    """From figures to heights, between round ends that hold zero."""

    def __init__(self, series: Sequence[Series], shown: Callable[[Any], str]) -> None:
        values = [float(value) for one in series for value in one.values if value is not None]
        high, low = max([0.0, *values]), min([0.0, *values])
        self.step = _round_step((high - low) or 1)
        self.low = math.floor(low / self.step) * self.step
        self.high = max(math.ceil(high / self.step) * self.step, self.low + self.step)
        count = round((self.high - self.low) / self.step)
        values = [self.low + self.step * at for at in range(count + 1)]
        self.ticks = [Tick(self.y(each), shown(_number(each))) for each in values]
        self.left = 12 + OF_SIGN * max(len(tick.text) for tick in self.ticks)

    def y(self, value: Any) -> float:
        share = (float(value) - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 2)


def _step(left: int, labels: Sequence[Any]) -> float:
    return (WIDTH - left - RIGHT) / max(len(labels), 1)


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
    drawn: Sequence[str] = (),
) -> Chart:
    names = [str(one.name) for one in series]
    below = _below(scale.left, labels)
    return Chart(str(title), marks, scale.ticks, below, names, drawn, zero=scale.y(0), left=scale.left)


def _number(value: float) -> Any:
    return int(value) if value == int(value) else Decimal(repr(round(value, 4)))


def _below(left: int, labels: Sequence[Any]) -> list[Label]:
    """As many labels as fit, evenly; a few that are too long for one row in two."""
    step, texts = _step(left, labels), [str(label) for label in labels]
    widest = max(map(_width, texts), default=0) + OF_SIGN
    has_two_rows = len(texts) <= MOST_LABELS and step < widest <= 2 * step
    every = 1 if has_two_rows else max(math.ceil(len(texts) / MOST_LABELS), math.ceil(widest / step), 1)
    found = []
    for at in range(0, len(texts), every):
        half = _width(texts[at]) / 2
        middle = min(max(left + step * (at + 0.5), half), WIDTH - half)
        found.append(Label(round(middle, 2), FEET[at % 2] if has_two_rows else FOOT, texts[at]))
    return found


def _width(text: str) -> int:
    return sum(OF_WIDE_SIGN if east_asian_width(sign) in "WF" else OF_SIGN for sign in text)
