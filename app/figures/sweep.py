"""Figures of a sweep, from its tables alone: means over replicates with their intervals."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from shequn.app.answers.response_names import response_name
from shequn.experiments.designs.model import FigureContent
from shequn.experiments.intervals import LEVEL, mean_interval
from shequn.sim.language import _
from shequn.sim.presentation.sheet import COLOURS, MARKERS, font_remarks, sheet

_OFFSET = 0.06  # distance between lines, as a share of that between levels, so that bars do not overlap


def write_figures(folder: Path, figures: Sequence[FigureContent], title: str) -> list[str]:
    """Draw the figures that a design asks for into ``folder/figures``; return remarks.

    Parameters
    ----------
    folder : Path
        The folder of a sweep, with its tables.
    figures : sequence of FigureContent
    title : str
        Title of the design.
    """
    text = title
    for number, figure_content in enumerate(figures, start=1):
        rows = _rows(folder / "tables" / "responses.parquet", figure_content)
        by = "" if figure_content.by is None else f"-by-{figure_content.by}"
        name = f"{number:02d}-{figure_content.response}-along-{figure_content.along}{by}"
        file_name = "".join(c if c.isalnum() or c in "-_.@" else "-" for c in name)
        with sheet(folder / "figures", file_name, 6.5, 4.2) as figure:
            draw(figure.subplots(), rows, figure_content)
            figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        text += "".join([figure_content.along, figure_content.by or "", *_level_names(rows, figure_content)])
    return font_remarks(text) if figures else []


def _level_names(rows: pd.DataFrame, figure_content: FigureContent) -> list[str]:
    """Names of the levels shown in the figure."""
    columns = [column for column in (figure_content.along, figure_content.by) if column is not None]
    return [str(level) for column in columns for level in rows[column].unique()]


def _rows(table: Path, figure_content: FigureContent) -> pd.DataFrame:
    """The rows of one response, with the columns that the figure needs."""
    columns = [figure_content.along, "response", "value", *([figure_content.by] if figure_content.by else [])]
    row_filter = [("response", "==", figure_content.response)]
    rows: pd.DataFrame = pq.read_table(table, columns=columns, filters=row_filter).to_pandas()
    return rows


def draw(axes: Any, rows: pd.DataFrame, figure_content: FigureContent) -> None:
    """Draw means with intervals along a factor, with a line for each level of another."""
    numbers = pd.api.types.is_numeric_dtype(rows[figure_content.along])
    levels = np.sort(rows[figure_content.along].unique()) if numbers else rows[figure_content.along].unique()
    positions = levels.astype(float) if numbers else np.arange(len(levels), dtype=float)
    step = np.diff(positions).min() if len(positions) > 1 else 1.0
    groups = (
        [("", rows)]
        if figure_content.by is None
        else list(rows.groupby(figure_content.by, sort=numbers, dropna=False))
    )
    for i, (label, group) in enumerate(groups):
        intervals = [
            mean_interval(group["value"][group[figure_content.along] == level].to_numpy(dtype=float))
            for level in levels
        ]
        half_widths = [
            interval.half_width if np.isfinite(interval.half_width) else 0.0 for interval in intervals
        ]
        offset = _OFFSET * step * (i - (len(groups) - 1) / 2.0)
        axes.errorbar(
            positions + offset,
            [interval.mean for interval in intervals],
            yerr=half_widths,
            fmt=f"{MARKERS[i % len(MARKERS)]}-",
            markersize=4,
            linewidth=1.4,
            capsize=2.5,
            color=COLOURS[i % len(COLOURS)],
            label=str(label),
        )
    if not numbers:
        axes.set_xticks(positions, [str(level) for level in levels])
    axes.set_xlabel(figure_content.along)
    axes.set_ylabel(
        _("{response}\nmean of runs, {level:.0%} interval").format(
            response=response_name(figure_content.response), level=LEVEL
        )
    )
    if figure_content.by is not None:
        axes.legend(title=figure_content.by, fontsize=8, title_fontsize=8)
