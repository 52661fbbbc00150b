"""The style of the figures: colours, fonts, bands over replicates, dates."""

import datetime
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import FigureBase

from shequn.sim.language import current_language
from shequn.sim.presentation.colours import BLACK as BLACK
from shequn.sim.presentation.colours import BLUE as BLUE
from shequn.sim.presentation.colours import GREEN as GREEN
from shequn.sim.presentation.colours import GREY as GREY
from shequn.sim.presentation.colours import ORANGE as ORANGE
from shequn.sim.presentation.colours import PURPLE as PURPLE
from shequn.sim.presentation.colours import SKY as SKY
from shequn.sim.presentation.colours import VERMILION as VERMILION
from shequn.sim.presentation.colours import YELLOW as YELLOW
from shequn.sim.presentation.formats import has_dates

#: Fonts in order of preference; all but the first have Chinese characters.
FONTS = (
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti TC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Arial Unicode MS",
)
_MAX_THIN_LINES = 12  # most single runs that are drawn

Numbers = npt.NDArray[np.float64]


def settings() -> Any:
    """matplotlib's settings for the figures (for ``matplotlib.rc_context``)."""
    known = set(font_manager.get_font_names())
    return {
        "font.family": [font for font in FONTS if font in known] or ["sans-serif"],
        "font.size": 9,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#E5E5E5",
        "legend.frameon": False,
        "axes.unicode_minus": False,
        "text.parse_math": False,  # a title with $ is not a formula
    }


def lacks_cjk_font() -> bool:
    """Whether no installed font can draw a Chinese title."""
    return not set(FONTS[1:]) & set(font_manager.get_font_names())


def by_run(frame: pd.DataFrame, column: str, index: str = "day") -> tuple[Numbers, Numbers]:
    """Positions (n,) and values (runs, n) of a column."""
    wide = frame.pivot(index="run", columns=index, values=column)
    return wide.columns.to_numpy(dtype=float), wide.to_numpy(dtype=float)


def weekly_mean(values: Numbers) -> Numbers:
    """Mean over the last seven days of each run; over fewer at the start."""
    means = pd.DataFrame(values.T).rolling(7, min_periods=1).mean()
    return means.to_numpy().T


def draw_band(
    axes: Axes,
    x: Numbers,
    values: Numbers,
    colour: str,
    label: str,
    style: str = "-",
    width: float = 1.8,
) -> None:
    """Draw the median over runs as a line, lowest to highest as a band, and single runs as thin lines."""
    known = ~np.isnan(values).all(axis=0)
    x, values = x[known], values[:, known]
    if len(x) == 0:
        return
    if len(values) > 1:
        low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
        axes.fill_between(x, low, high, color=colour, alpha=0.13, linewidth=0)
        run_lines = [np.column_stack((x, run)) for run in values[:_MAX_THIN_LINES]]
        line_collection = LineCollection(run_lines, colors=colour, alpha=0.25, linewidths=0.5)
        axes.add_collection(line_collection, autolim=False)  # the band has already set the limits
    axes.plot(x, np.nanmedian(values, axis=0), style, color=colour, linewidth=width, label=label)


def add_dates(axes: Axes, start: datetime.date, days: float) -> None:
    """Add a second axis with dates on top of an axis in days since ``start``."""
    if not has_dates(start, days):
        return
    start_number = float(cast("Any", date2num)(start))

    def to_date(day: Any) -> Any:
        return day + start_number

    def to_day(date: Any) -> Any:
        return date - start_number

    date_axis = axes.secondary_xaxis("top", functions=(to_date, to_day))
    locator: Any = cast("Any", AutoDateLocator)(minticks=3, maxticks=8)
    date_axis.xaxis.set_major_locator(locator)
    date_axis.xaxis.set_major_formatter(
        cast("Any", ConciseDateFormatter)(locator, show_offset=False, **_date_forms())
    )
    date_axis.tick_params(labelsize=8, colors=GREY)


def add_title(figure: FigureBase, text: str) -> None:
    """Add a title over the whole width, wrapped if it is too long."""
    # matplotlib measures a wrapped text as a formula, so dollar signs are escaped
    escaped_text = text.replace("$", r"\$")
    text_style: Any = {"ha": "left", "va": "top", "fontsize": 10, "wrap": True, "parse_math": True}
    figure.suptitle(escaped_text, x=0.01, y=0.985, **text_style)


def _date_forms() -> dict[str, list[str]]:
    """Formats of dates on an axis: matplotlib's own, but with numbers for months in Chinese."""
    if current_language() != "zh":
        return {}
    time_formats = ["%H:%M", "%H:%M", "%S.%f"]
    return {
        "formats": ["%Y年", "%m月", "%m-%d", *time_formats],
        "zero_formats": ["", "%Y年", "%m月", "%m-%d", *time_formats[:2]],
    }


def add_legend(axes: Axes, columns: int = 1, title: str | None = None, **entries: Any) -> None:
    """Add a legend to the right of the axes, where it covers nothing; by default of all that has a label."""
    axes.legend(
        **entries,
        loc="upper left",
        bbox_to_anchor=(1.01, 1.0),
        ncols=columns,
        fontsize=8,
        title=title,
        title_fontsize=8,
        borderaxespad=0.0,
    )


def add_remark(axes: Axes, text: str) -> None:
    """Write a remark in the middle of empty axes."""
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=GREY, wrap=True)
