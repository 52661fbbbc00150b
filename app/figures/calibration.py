"""The page of a calibration: intervals of the parameters, log and model side by side, the weeks held out."""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from shequn.app.answers.calibration import NAMES, statistic_words
from shequn.experiments.calibration.calibration import Calibration
from shequn.experiments.calibration.posterior import TOO_WIDE, weighted_quantile
from shequn.experiments.calibration.tables import moment_table
from shequn.experiments.forecasting.weeks import WEEK, weekly
from shequn.sim.language import _
from shequn.sim.presentation import style

_MAX_STATISTICS = 18  # statistics
_WEEKS_BEFORE = 26  # weeks before the origin
_LINE_STYLES = {
    "combined": (style.GREEN, "-"),
    "stationary": (style.ORANGE, "--"),
    "bass": (style.PURPLE, "-."),
    "persistence": (style.GREY, ":"),
}


def write_figure(path: Path, calibrated: Calibration, names: list[str]) -> None:
    """Draw the page as PNG."""
    with matplotlib.rc_context(style.settings()):
        figure = Figure(figsize=(12, 4.8 if calibrated.held_out is None else 8.6), layout="constrained")
        FigureCanvasAgg(figure)
        rows = 1 if calibrated.held_out is None else 2
        grid = figure.add_gridspec(rows, 2)
        _draw_parameters(figure.add_subplot(grid[0, 0]), calibrated)
        _draw_statistics(figure.add_subplot(grid[0, 1]), calibrated, names)
        if calibrated.held_out is not None:
            _draw_forecast(
                figure.add_subplot(grid[1, 0]), calibrated, "active", _("people who write in a week")
            )
            _draw_forecast(figure.add_subplot(grid[1, 1]), calibrated, "joins", _("first posts in a week"))
        figure.savefig(path, dpi=120, metadata={"Software": None})


def _draw_parameters(axes: Axes, calibrated: Calibration) -> None:
    """Draw the interval of each parameter in the range searched; hollow if it is no estimate."""
    posterior = calibrated.fit.posterior
    pressed = posterior.pressed()
    for row, parameter in enumerate(posterior.parameters):
        low, half_low, middle, half_high, high = (
            weighted_quantile(posterior.draws[:, row], posterior.weights, q)
            for q in (0.05, 0.25, 0.5, 0.75, 0.95)
        )
        is_hollow = high - low >= TOO_WIDE or parameter.key in pressed
        axes.plot([0, 1], [row, row], color="#DDDDDD", linewidth=6, solid_capstyle="butt")
        axes.plot([low, high], [row, row], color=style.BLUE, linewidth=2)
        axes.plot([half_low, half_high], [row, row], color=style.BLUE, linewidth=6, solid_capstyle="butt")
        axes.plot(
            middle, row, "o", color=style.VERMILION, markerfacecolor="white" if is_hollow else style.VERMILION
        )
        # the ends of the range stand beside the line: above it they would overlap medians near the ends
        for x, value, align, offset in ((0, parameter.low, "right", -4), (1, parameter.high, "left", 4)):
            axes.annotate(
                f"{value:.3g}",
                (x, row),
                (offset, 0),
                textcoords="offset points",
                ha=align,
                va="center",
                color=style.GREY,
                fontsize=8,
            )
        axes.annotate(
            f"{float(parameter.values(middle)):.3g}",
            (middle, row),
            (0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )
    axes.set_yticks(
        range(len(posterior.parameters)),
        [p.key.replace("population.", "").replace("rules.", "") for p in posterior.parameters],
    )
    axes.set_ylim(len(posterior.parameters) - 0.5, -0.7)
    axes.set_xlim(-0.12, 1.12)
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.set_title(_("Parameters: median, 50 and 90 % of the draws, in the range searched"))


def _draw_statistics(axes: Axes, calibrated: Calibration, names: list[str]) -> None:
    """Draw the distance of the log from runs of the fitted model, the largest first."""
    table = moment_table(calibrated.setup.target, calibrated.replicates, names).head(_MAX_STATISTICS)
    distances = table["apart"].to_numpy(dtype=float)
    axes.axvspan(-2, 2, color="#EEEEEE")
    axes.barh(
        np.arange(len(table)),
        np.clip(distances, -10, 10),
        color=np.where(np.abs(distances) > 2, style.VERMILION, style.BLUE),
    )
    axes.set_yticks(
        np.arange(len(table)), [statistic_words(str(name)) for name in table["statistic"]], fontsize=8
    )
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(-10.5, 10.5)
    axes.set_xlabel(_("log − model, in standard deviations of single runs (clipped at 10)"))
    axes.set_title(_("The {n} statistics with the largest differences").format(n=len(table)))


def _draw_forecast(axes: Axes, calibrated: Calibration, column: str, label: str) -> None:
    """Draw the weeks held out: the log, the model with its spread, and the baselines."""
    judged, prepared = calibrated.held_out, calibrated.setup
    if judged is None:
        return
    seen = judged.observed
    n = min(_WEEKS_BEFORE, prepared.past.days // WEEK)
    before = weekly(prepared.past, prepared.past.days - WEEK * n, n)
    weeks = np.arange(1, len(seen.active) + 1)
    runs = getattr(judged.model, column)
    axes.fill_between(
        weeks,
        *np.quantile(runs, (0.05, 0.95), axis=0),
        color=style.SKY,
        alpha=0.4,
        linewidth=0,
        label=_("90 % of runs"),
    )
    axes.plot(weeks, runs.mean(axis=0), color=style.BLUE, label=_("model"))
    for name, baseline in judged.beside.items():
        colour, line = _LINE_STYLES[name]
        axes.plot(weeks, getattr(baseline, column), color=colour, linestyle=line, label=_(NAMES[name]))
    axes.plot(np.arange(1 - n, 1), getattr(before, column), color=style.BLACK, linewidth=1)
    axes.plot(
        weeks, getattr(seen, column), "o-", color=style.BLACK, markersize=3, linewidth=1, label=_("seen")
    )
    axes.axvline(0.5, color=style.GREY, linewidth=0.8)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(_("weeks after the end of the fitted period"))
    axes.set_ylabel(label)
    axes.legend(ncols=3, fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1.0))
