"""Figures of a sweep, from its tables alone: means over replicates with their intervals."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from shequn.experiments.designs.model import FigureContent
from shequn.experiments.drawing import COLOURS, MARKS, font_remarks, sheet
from shequn.experiments.intervals import LEVEL, mean_interval
from shequn.sim.language import _

_APART = 0.06  # of the distance between two levels, so that bars do not cover each other


def write_figures(folder: Path, figures: Sequence[FigureContent], title: str) -> list[str]:
    """Draw the figures that a design asks for into ``folder/figures``; returns remarks.

    Parameters
    ----------
    folder : Path
        A sweep's folder, with its tables.
    figures : sequence of FigureContent
    title : str
        Of the design.
    """
    words = title
    for number, asked in enumerate(figures, start=1):
        rows = _rows(folder / "tables" / "responses.parquet", asked)
        by = "" if asked.by is None else f"-by-{asked.by}"
        name = f"{number:02d}-{asked.response}-along-{asked.along}{by}"
        safe = "".join(c if c.isalnum() or c in "-_.@" else "-" for c in name)
        with sheet(folder / "figures", safe, 6.5, 4.2) as figure:
            draw(figure.subplots(), rows, asked)
            figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        words += "".join([asked.along, asked.by or "", *_texts(rows, asked)])
    return font_remarks(words) if figures else []


def _texts(rows: pd.DataFrame, asked: FigureContent) -> list[str]:
    """Names of levels that stand in the figure."""
    columns = [column for column in (asked.along, asked.by) if column is not None]
    return [str(level) for column in columns for level in rows[column].unique()]


def _rows(table: Path, asked: FigureContent) -> pd.DataFrame:
    """The rows of one response, with the columns that the figure needs."""
    columns = [asked.along, "response", "value", *([asked.by] if asked.by else [])]
    wanted = [("response", "==", asked.response)]
    rows: pd.DataFrame = pq.read_table(table, columns=columns, filters=wanted).to_pandas()
    return rows


def draw(axes: Any, rows: pd.DataFrame, asked: FigureContent) -> None:
    """Means with intervals along a factor, a line for each level of another."""
    numbers = pd.api.types.is_numeric_dtype(rows[asked.along])
    levels = np.sort(rows[asked.along].unique()) if numbers else rows[asked.along].unique()
    positions = levels.astype(float) if numbers else np.arange(len(levels), dtype=float)
    step = np.diff(positions).min() if len(positions) > 1 else 1.0
    groups = [("", rows)] if asked.by is None else list(rows.groupby(asked.by, sort=numbers, dropna=False))
    for i, (label, group) in enumerate(groups):
        found = [
            mean_interval(group["value"][group[asked.along] == at].to_numpy(dtype=float)) for at in levels
        ]
        bars = [interval.half_width if np.isfinite(interval.half_width) else 0.0 for interval in found]
        shift = _APART * step * (i - (len(groups) - 1) / 2.0)
        axes.errorbar(
            positions + shift,
            [interval.mean for interval in found],
            yerr=bars,
            fmt=f"{MARKS[i % len(MARKS)]}-",
            markersize=4,
            linewidth=1.4,
            capsize=2.5,
            color=COLOURS[i % len(COLOURS)],
            label=str(label),
        )
    if not numbers:
        axes.set_xticks(positions, [str(level) for level in levels])
    axes.set_xlabel(asked.along)
    axes.set_ylabel(
        _("{response}\nmean of runs, {level:.0%} interval").format(response=asked.response, level=LEVEL)
    )
    if asked.by is not None:
        axes.legend(title=asked.by, fontsize=8, title_fontsize=8)
