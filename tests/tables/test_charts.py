"""Charts: every figure has its mark, the scale holds them all, and nothing divides by zero."""

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
