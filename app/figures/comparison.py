"""The figures of a comparison: the arms over time, and every paired difference with mean and interval."""

from pathlib import Path

import numpy as np
import pandas as pd

from shequn.app.answers.facts import Facts
from shequn.app.answers.response_names import capitalise, response_name, short_name
from shequn.experiments.comparison.curves import INSIDE
from shequn.experiments.intervals import LEVEL
from shequn.sim.language import _
from shequn.sim.presentation import style
from shequn.sim.presentation.sheet import COLOURS, font_remarks, sheet

_JITTER = 0.28  # how far dots lie from their row's middle


def draw_differences(folder: Path, pairs: pd.DataFrame, comparisons: pd.DataFrame, found: Facts) -> list[str]:
    """Save ``differences.png`` and ``.svg``; returns remarks.

    Parameters
    ----------
    folder : Path
        Where the figure is saved.
    pairs, comparisons : DataFrame
        The tables of these names: a row for each pair and response, and for each arm and response.
    found : Facts
        The names of the arms.
    """
    arms = list(comparisons["b"].unique())
    responses = list(comparisons.loc[comparisons["n"] > 0, "response"].unique())
    if not responses:
        return []
    height = 0.75 + len(responses) * (0.42 + 0.34 * len(arms))
    with sheet(folder, "differences", 7.0, height) as figure:
        panels = figure.subplots(len(responses), 1, squeeze=False)[:, 0]
        for axes, response in zip(panels, responses, strict=True):
            for row, arm in enumerate(arms):
                colour = COLOURS[row % len(COLOURS)]
                dots = pairs.loc[
                    (pairs["b"] == arm) & (pairs["response"] == response), "difference"
                ].to_numpy()
                dots = dots[np.isfinite(dots)]
                # dots are spread by their index, so that the same table gives the same picture
                y = row + _JITTER * (2.0 * ((np.arange(len(dots)) * 0.618034) % 1.0) - 1.0)
                axes.plot(dots, y, "o", markersize=2.5, alpha=0.35, color=colour, markeredgewidth=0)
                summary = comparisons[(comparisons["b"] == arm) & (comparisons["response"] == response)].iloc[
                    0
                ]
                if np.isfinite(summary["low"]):
                    axes.plot(
                        [summary["low"], summary["high"]],
                        [row, row],
                        "-",
                        linewidth=4,
                        color=style.BLACK,
                        solid_capstyle="butt",
                    )
                axes.plot(
                    summary["difference"], row, "D", markersize=5, color=style.BLACK, markeredgecolor="white"
                )
            axes.axvline(0.0, color=style.GREY, linewidth=0.9)
            axes.set_yticks(range(len(arms)), [found.labels[arm] for arm in arms])
            axes.set_ylim(len(arms) - 0.5, -0.5)
            axes.grid(visible=False, axis="y")
            axes.set_title(response_name(response), loc="left", fontsize=9)
        n_pairs = int(comparisons["n"].max())
        text = _(
            "Difference from {a}: {pairs_made} pairs of runs (dots), mean and {level:.0%} interval"
        ).format(a=next(iter(found.labels.values())), pairs_made=n_pairs, level=LEVEL)
        figure.suptitle(text, x=0.01, ha="left", fontsize=10)
    return font_remarks(text + "".join(found.labels.values()))


def draw_curves(folder: Path, curves: pd.DataFrame, found: Facts) -> None:
    """Save ``over-time.png`` and ``.svg``: each measure over time, a line with a band for each arm.

    Parameters
    ----------
    folder : Path
        Where the figure is saved.
    curves : DataFrame
        The table of this name.
    found : Facts
        The names of the arms.
    """
    measures = list(dict.fromkeys(curves["measure"]))
    if not measures:
        return
    with sheet(folder, "over-time", 7.0, 0.9 + 2.1 * len(measures)) as figure:
        panels = figure.subplots(len(measures), 1, squeeze=False, sharex=True)[:, 0]
        for axes, measure in zip(panels, measures, strict=True):
            for place, (arm, label) in enumerate(found.labels.items()):
                rows = curves[(curves["arm"] == arm) & (curves["measure"] == measure)]
                colour = COLOURS[place % len(COLOURS)]
                axes.fill_between(
                    rows["day"], rows["low"], rows["high"], color=colour, alpha=0.15, linewidth=0
                )
                axes.plot(rows["day"], rows["mean"], "-", color=colour, linewidth=1.8, label=label)
            axes.set_title(capitalise(short_name(measure)), loc="left", fontsize=9)
            axes.margins(x=0)
        panels[-1].set_xlabel(_("days since the start"))
        panels[0].legend(fontsize=8)
        text = _("Line: mean of {n} runs; band: {share:.0%} of the runs").format(n=found.pairs, share=INSIDE)
        figure.suptitle(text, x=0.01, ha="left", fontsize=10)
