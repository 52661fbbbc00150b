"""Figures: the same bytes from the same tables, legible in every case."""

import datetime
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from shequn.sim.presentation.figures import FIGURES, new_figure, write_figures
from tests.sim.results.conftest import made_up

START = datetime.date(2026, 1, 1)


def _tables(runs: int, **kwargs: object) -> dict[str, pd.DataFrame]:
    frames: dict[str, list[pd.DataFrame]] = {}
    for run in range(runs):
        for name, table in made_up(seed=run, **kwargs).tables().items():
            frames.setdefault(name, []).append(table.assign(run=run))
    return {name: pd.concat(parts) for name, parts in frames.items()}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return _tables(3)


def test_the_same_tables_give_the_same_bytes(tmp_path: Path, tables: dict[str, pd.DataFrame]) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_figures(tmp_path / name, tables, "Open group 开放群", START)
    for name in FIGURES:
        first, second = ((tmp_path / folder / f"{name}.png").read_bytes() for folder in "ab")
        assert first == second
        assert b"matplotlib" not in first.lower()


def _texts_apart(figure: Figure) -> None:
    """No two texts of a figure overlap, and none runs over its edge."""
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()
    renderer = canvas.get_renderer()
    texts = [figure._suptitle] if figure._suptitle else []
    for axes in figure.axes:
        parts = [axes, *axes.child_axes]
        for part in parts:
            texts += [part.xaxis.label, part.yaxis.label]
            for axis in (part.xaxis, part.yaxis):
                low, high = sorted(axis.get_view_interval())
                texts += [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
                texts += [t.label2 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
        if axes.get_legend():
            texts += axes.get_legend().get_texts()
    boxes = [
        (text.get_text(), text.get_window_extent(renderer))
        for text in texts
        if text.get_visible() and text.get_text().strip()
    ]
    width, height = canvas.get_width_height()
    for i, (name, box) in enumerate(boxes):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, f"{name!r} is cut off"
        for other, second in boxes[:i]:
            assert not box.overlaps(second), f"{name!r} lies on {other!r}"


SHAPES = ["three runs", "one run", "long", "one day", "nobody", "no visits", "millions"]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("shape", SHAPES)
def test_texts_never_overlap(name: str, shape: str, tables: dict[str, pd.DataFrame]) -> None:
    if shape == "one run":
        tables = {key: table[table["run"] == 0] for key, table in tables.items()}
    elif shape == "long":
        tables = _tables(2, days=500, per_day=3)
    elif shape == "one day":
        tables = _tables(2, days=1)
    elif shape == "nobody":
        tables = _tables(1, people=1, founders=0, days=20)
    elif shape == "no visits":
        tables = _tables(2, journal="membership")
    elif shape == "millions":
        counts = ["members", "active_month", "active_week", "visits", "joins_stranger"]
        tables = tables | {"days": tables["days"].assign(**{c: tables["days"][c] * 200_000 for c in counts})}
    title = "A group with quite a long title that goes on" if shape == "long" else "Open group"
    _texts_apart(new_figure(FIGURES[name], tables, title, START))


def test_days_past_the_calendar_get_no_dates(tables: dict[str, pd.DataFrame]) -> None:
    for draw in FIGURES.values():
        figure = new_figure(draw, tables, "Late", datetime.date(9999, 12, 1))
        assert not figure.axes[0].child_axes
