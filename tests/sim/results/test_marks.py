"""Moments of operations: single ones are lines, those of an operation that repeats are a row of ticks."""

from matplotlib.axes import Axes

from shequn.sim.presentation.figures import FIGURES, _numbers, new_figure
from shequn.sim.presentation.marks import Mark, by_kind
from tests.sim.results.test_figures import START, _tables, _texts_apart

ONCE = [Mark(3.0, 1, "1 shock"), Mark(9.0, 1, "1 shock")]
OFTEN = [Mark(float(day), 2, "2 award of the week") for day in range(2, 20)]


def test_more_than_three_moments_of_one_operation_repeat() -> None:
    kinds = by_kind([*ONCE, *OFTEN])
    assert kinds.single == ONCE and kinds.repeated == {2: OFTEN}
    assert by_kind([]).single == [] and by_kind(OFTEN[:3]).repeated == {}


def _lines_over_the_whole_height(axes: Axes) -> int:
    return sum(
        tuple(line.get_ydata()) == (0, 1) and line.get_xdata()[0] == line.get_xdata()[1]
        for line in axes.lines
    )


def test_figures_mark_operations_and_name_them_once() -> None:
    tables = _tables(2)
    for name, draw in FIGURES.items():
        plain = new_figure(draw, tables, "Club", START)
        figure = new_figure(draw, tables, "Club", START, marks=[*ONCE, *OFTEN])
        added = [
            _lines_over_the_whole_height(new) - _lines_over_the_whole_height(old)
            for new, old in zip(figure.axes[:2], plain.axes[:2], strict=True)
        ]
        if name == "retention":  # its axis counts weeks of membership
            assert added == [0]
            continue
        assert added == [2, 2]
        legend = figure.axes[0].get_legend()
        assert legend is not None
        names = [" ".join(text.get_text().split()) for text in legend.get_texts()]
        assert names[-2:] == ["1 shock", "2 award of the week"]
        _texts_apart(figure)


def test_numbers_of_one_day_stand_together_and_those_of_near_days_below_each_other() -> None:
    single = [Mark(day, number, "") for number, day in enumerate((10.0, 10.0, 14.0, 18.0, 90.0), start=1)]
    assert list(_numbers(single, 8.0)) == [(10.0, 0, "1 2"), (14.0, 1, "3"), (18.0, 2, "4"), (90.0, 0, "5")]
