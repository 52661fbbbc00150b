"""The figure of a forecast: the last year of the log, and the weeks to come with their bands."""

import datetime
from collections.abc import Mapping
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from shequn.app.answers.forecast import ARM_NAMES, SERIES_NAMES
from shequn.experiments.forecasting.bands import LEVELS
from shequn.experiments.forecasting.forecast import SERIES, Forecast
from shequn.experiments.forecasting.weeks import WEEK, Numbers, Weekly
from shequn.sim.language import _
from shequn.sim.presentation import style

_WEEKS_BEFORE = 52
_COLOURS = {"as_is": style.BLUE, "changed": style.VERMILION}


def write_figure(
    path: Path, title: str, seen: Weekly, arms: Mapping[str, Forecast], first: datetime.date
) -> None:
    """Draw the figure as PNG: people who write above, first posts below."""
    with matplotlib.rc_context(style.settings()):
        figure = Figure(figsize=(9, 6.4), layout="constrained")
        FigureCanvasAgg(figure)
        for axes, series in zip(figure.subplots(2, 1, sharex=True), SERIES, strict=True):
            _draw(axes, getattr(seen, series)[-_WEEKS_BEFORE:], arms, series, first)
        figure.axes[0].set_title(title)
        figure.axes[0].legend(ncols=3, fontsize=8, loc="upper left")
        figure.savefig(path, format="png", dpi=120, metadata={"Software": None})


def _draw(axes: Axes, seen: Numbers, arms: Mapping[str, Forecast], series: str, first: datetime.date) -> None:
    before = [first - datetime.timedelta(WEEK * k) for k in range(len(seen), 0, -1)]
    axes.plot(np.array(before, dtype="datetime64[D]"), seen, color=style.BLACK, linewidth=1, label=_("seen"))
    for arm, colour in _COLOURS.items():
        if arm not in arms:
            continue
        quantiles = dict(zip(LEVELS, getattr(arms[arm], series), strict=True))
        days = np.array(
            [first + datetime.timedelta(WEEK * k) for k in range(len(quantiles[0.5]))], dtype="datetime64[D]"
        )
        for low, high, alpha in ((0.05, 0.95, 0.15), (0.25, 0.75, 0.25)):
            axes.fill_between(days, quantiles[low], quantiles[high], color=colour, alpha=alpha, linewidth=0)
        axes.plot(
            days, quantiles[0.5], color=colour, label=_("{arm}, 50 and 90 %").format(arm=_(ARM_NAMES[arm]))
        )
    axes.axvline(float(np.datetime64(first).astype(int)), color=style.GREY, linewidth=0.8)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(_(SERIES_NAMES[series]))
