"""Charts: every figure has its mark, the scale holds them all, and nothing divides by zero."""

from itertools import pairwise

import pytest

from app.tables import charts
from app.tables.charts import Series


@pytest.mark.parametrize("values", [[1, 2, 3], [0], [-5, 5], [0.01], [10**9, None, 3], [None], []])
@pytest.mark.parametrize("draw", [charts.bars, charts.lines])
def test_marks_lie_within_the_drawing(draw, values):
    chart = draw("Title", [f"day {at}" for at in range(len(values))], [Series("In", values), Series("Out", values)])
    assert len(chart.marks) == 2 * sum(value is not None for value in values)
    for mark in chart.marks:
        assert chart.left <= mark.x <= chart.right
        assert 0 <= mark.y <= mark.y + mark.height <= chart.bottom
    assert len(chart.labels) <= charts.MOST_LABELS
    assert chart.ticks[0].at == chart.bottom


def test_many_labels_are_thinned_out_evenly():
    chart = charts.bars("Title", list(range(180)), [Series("In", list(range(180)))])
    assert [int(label.text) for label in chart.labels] == list(range(0, 180, 23))


def test_a_few_labels_that_are_too_long_for_one_row_stand_in_two():
    names = ["Cash", "Bank card", "Alipay", "WeChat", "Bank transfer", "From the balance"]
    labels = charts.bars("Title", names, [Series("In", [1] * 6)]).labels
    assert [label.text for label in labels] == names
    assert {label.y for label in labels[::2]} == {charts.FEET[0]}
    assert {label.y for label in labels[1::2]} == {charts.FEET[1]}
    apart(labels)


@pytest.mark.parametrize("label", ["{:02}:00–{:02}:59", "橙巷咖啡 人民路店 {}{}"])
@pytest.mark.parametrize("count", [2, 3, 9, 15, 24])
def test_labels_do_not_touch_and_stay_within_the_drawing(label, count):
    chart = charts.bars("Title", [label.format(at, at) for at in range(count)], [Series("In", [10**6] * count)])
    assert chart.labels
    apart(chart.labels)


def apart(labels):
    """None over another of its row, none over the edge."""
    for y in {label.y for label in labels}:
        spans = [_span(each) for each in labels if each.y == y]
        assert all(start >= end for (_, end), (start, _) in pairwise(spans))
        assert spans[0][0] >= 0
        assert spans[-1][1] <= charts.WIDTH


def _span(label):
    half = charts._width(label.text) / 2
    return label.at - half, label.at + half
