"""The figure of a search: the front, or the best so far, and the same trials on fresh seeds."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from shequn.app.answers.response_names import response_name
from shequn.experiments.policy_search.aims import Objective
from shequn.sim.language import _
from shequn.sim.presentation import style
from shequn.sim.presentation.sheet import COLOURS, font_remarks, sheet


def draw_search(
    folder: Path, objectives: Sequence[Objective], trials: pd.DataFrame, best: pd.DataFrame
) -> list[str]:
    """Save ``search.png`` and ``.svg``; returns remarks.

    Parameters
    ----------
    folder : Path
        Where the figure is saved.
    objectives : sequence of Objective
        With one, values by trial; with more, a panel for each pair of them.
    trials, best : DataFrame
        The tables of these names.
    """
    pairs = list(combinations(objectives, 2))
    with sheet(folder, "search", max(6.0, 5.2 * len(pairs)), 4.4) as figure:
        if not pairs:
            _draw_by_trial(figure.subplots(), objectives[0], trials, best)
        else:
            panels = figure.subplots(1, len(pairs), squeeze=False)[0]
            for axes, (first, second) in zip(panels, pairs, strict=True):
                _draw_front(axes, first, second, trials, best)
        text = _("{n} trials; bars are one standard error").format(n=len(trials))
        figure.suptitle(text, x=0.01, ha="left", fontsize=10)
    return font_remarks(text)


def _draw_by_trial(axes: Any, aim: Objective, trials: pd.DataFrame, best: pd.DataFrame) -> None:
    column = str(aim.response)
    for feasible, marker, label in (
        (True, "o", _("trial")),
        (False, "x", _("violates a constraint, or failed")),
    ):
        rows = trials[trials["feasible"] == feasible]
        if len(rows):
            axes.plot(rows["trial"], rows[column], marker, color=style.GREY, markersize=4, label=label)
    feasible_values = trials[column].where(trials["feasible"])
    so_far = feasible_values.cummax() if aim.sign > 0 else feasible_values.cummin()
    axes.step(
        trials["trial"], so_far.ffill(), where="post", color=COLOURS[0], linewidth=1.4, label=_("best so far")
    )
    for __, row in best.iterrows():
        axes.errorbar(
            row["trial"], row[f"{column}_fresh"], yerr=row[f"{column}_fresh_sem"], fmt="D", color=COLOURS[1],
            capsize=2.5, label=_("the best, on fresh seeds"),
        )  # fmt: skip
    axes.set_xlabel(_("trial"))
    axes.set_ylabel(_axis_label(column, aim))
    axes.legend(fontsize=8)


def _axis_label(column: str, aim: Objective) -> str:
    words = _("{response} (as high as possible)") if aim.sign > 0 else _("{response} (as low as possible)")
    return words.format(response=response_name(column))


def _draw_front(
    axes: Any, first: Objective, second: Objective, trials: pd.DataFrame, best: pd.DataFrame
) -> None:
    x, y = str(first.response), str(second.response)
    for feasible, marker, label in ((True, "o", _("trial")), (False, "x", _("violates a constraint"))):
        rows = trials[trials["feasible"] == feasible]
        rows = rows[np.isfinite(rows[x]) & np.isfinite(rows[y])]
        if len(rows):
            axes.plot(rows[x], rows[y], marker, color=style.GREY, markersize=3.5, alpha=0.6, label=label)
    for __, row in best.iterrows():  # from the means in the search to those on fresh seeds
        axes.plot(
            [row[x], row[f"{x}_fresh"]], [row[y], row[f"{y}_fresh"]], "-", color=style.GREY, linewidth=0.7
        )
    for suffix, colour, marker, label in (
        ("", COLOURS[0], "o", _("best, in the search")),
        ("_fresh", COLOURS[1], "D", _("the same, on fresh seeds")),
    ):
        axes.errorbar(
            best[x + suffix], best[y + suffix], xerr=best[f"{x}{suffix}_sem"], yerr=best[f"{y}{suffix}_sem"],
            fmt=marker, color=colour, markersize=4.5, linewidth=0.9, label=label,
        )  # fmt: skip
    winner = best[best["winner"]]
    axes.plot(
        winner[f"{x}_fresh"], winner[f"{y}_fresh"], "*", color=style.BLACK, markersize=11,
        markerfacecolor="none", label=_("compromise"),
    )  # fmt: skip
    axes.set_xlabel(_axis_label(x, first))
    axes.set_ylabel(_axis_label(y, second))
    axes.legend(fontsize=7)
