"""Forest plots: answers with intervals, for all graphs with old and new seeds, and for all mixes."""

from typing import Any

import numpy as np
import pandas as pd

from shequn.experiments.studies.headline.bootstrap import SweepAnswers
from shequn.experiments.studies.headline.cells import Numbers
from shequn.sim.presentation.sheet import COLOURS, MARKERS

#: Panels: the prefix of their answers' names, and the label of their axis.
PANELS = (
    ("best size", "best size (seats)"),
    ("critical gate", "critical gate (quality asked for)"),
    ("tipping openness", "tipping openness (share)"),
)
_FIRST_BEST = ", all doors"  # ending of the best sizes that are shown
_PALE = 0.35  # opacity of answers without an interval
_SPREAD = 0.8  # share of a row's height over which its sweeps are spread


def draw_forest(
    figure: Any, answers: pd.DataFrame, sweeps: dict[str, SweepAnswers], again: str, title: str
) -> None:
    """Draw a panel for each kind of answer, with a row for each answer and a mark for each sweep.

    Sweeps whose name ends with ``again`` have hollow marks in the colour of the first sweep. Answers that are not
    inside the grid are marked as none, at the right edge.

    Parameters
    ----------
    figure : matplotlib Figure
    answers : DataFrame
        With columns sweep, answer, value, low, high.
    sweeps : dict
        Sweeps to draw, by name.
    again : str
        Ending of the names of sweeps with new seeds; empty if there are none.
    title : str
    """
    cells = next(iter(sweeps.values())).cells
    sizes, openness = cells.sizes, cells.openness
    shown = {kind: _rows(answers, kind) for kind, _ in PANELS}
    axes = figure.subplots(3, 1, gridspec_kw={"height_ratios": [len(rows) + 0.6 for rows in shown.values()]})
    named = list(dict.fromkeys(_plain(sweep, again) for sweep in sweeps))
    for one, (kind, label) in zip(axes, PANELS, strict=True):
        names = shown[kind]
        for place, sweep in enumerate(sweeps):
            shift = _SPREAD * ((place + 0.5) / len(sweeps) - 0.5)
            colour = named.index(_plain(sweep, again))
            rows = answers[answers["sweep"] == sweep].set_index("answer").loc[names]
            _marks(one, rows, shift, colour, hollow=_plain(sweep, again) != sweep)
        if kind == "best size":
            one.set_xscale("log")
            one.set_xlim(sizes[0] / 1.2, sizes[-1] * 1.2)
            one.set_xticks(sizes, [f"{size:g}" for size in sizes])
            one.set_xticks([], minor=True)
        elif kind == "critical gate":
            one.set_xlim(-0.02, 0.82)
        else:  # square root, because half of the levels are at most 0.1
            one.set_xscale("function", functions=(_root, np.square))
            one.set_xlim(0.0, 1.0)
            one.set_xticks(openness, [f"{level:g}" for level in openness])
        if kind != "best size":
            one.text(1.015, 1.01, "none", transform=one.transAxes, ha="center", va="bottom", fontsize=7)
        one.set_yticks(
            range(len(names)), [name.partition(": ")[2].removesuffix(_FIRST_BEST) for name in names]
        )
        one.set_ylim(len(names) - 0.5, -0.5)
        for line in range(1, len(names)):
            one.axhline(line - 0.5, color="0.9", linewidth=0.6)
        one.tick_params(labelsize=7)
        one.set_xlabel(label, fontsize=8)
    handles = [
        axes[0].plot(
            [], [], MARKERS[i % len(MARKERS)], color=COLOURS[i % len(COLOURS)], markersize=4, label=name
        )[0]
        for i, name in enumerate(named)
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(named), fontsize=7.5, frameon=False)
    figure.suptitle(title, x=0.01, ha="left", fontsize=9)


def _rows(answers: pd.DataFrame, kind: str) -> list[str]:
    """Answers of a kind, in the order of the table."""
    names = dict.fromkeys(answers.loc[answers["answer"].str.startswith(kind), "answer"])
    return [name for name in names if kind != "best size" or name.endswith(_FIRST_BEST)]


def _root(share: Numbers) -> Numbers:
    return np.sqrt(np.clip(share, 0.0, None))


def _plain(sweep: str, again: str) -> str:
    return sweep.removesuffix(again) if again else sweep


def _marks(axes: Any, rows: pd.DataFrame, shift: float, colour: int, hollow: bool) -> None:
    looks: dict[str, Any] = {"color": COLOURS[colour % len(COLOURS)], "markersize": 3.4, "linestyle": "none"}
    mark = MARKERS[colour % len(MARKERS)]
    looks["markerfacecolor"] = "white" if hollow else looks["color"]
    for y, (_, row) in enumerate(rows.iterrows()):
        if np.isfinite(row["low"]):
            axes.plot([row["low"], row["high"]], [y + shift] * 2, color=looks["color"], linewidth=1.0)
        looks["alpha"] = 1.0 if np.isfinite(row["low"]) or np.isnan(row["value"]) else _PALE
        if np.isnan(row["value"]):  # beside the panel: the axis has no place for "none"
            beside = axes.get_yaxis_transform()
            axes.plot([1.015], [y + shift], mark, transform=beside, clip_on=False, **looks)
        else:
            axes.plot([row["value"]], [y + shift], mark, **looks)
