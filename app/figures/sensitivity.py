"""The figure of a sensitivity analysis: a panel for each response, a row for each factor."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from shequn.app.answers.response_names import response_name
from shequn.experiments.global_sensitivity.indices import MAIN_INDEX
from shequn.experiments.intervals import LEVEL
from shequn.sim.language import N_, _
from shequn.sim.presentation import style
from shequn.sim.presentation.sheet import COLOURS, font_remarks, sheet

_OFFSET = 0.16  # from first to total index, in rows
_INDICES = {"morris": ("mu_star",), "sobol": ("total", "first")}
_LABELS = {
    "mu_star": N_("μ*: mean size of the change over the factor's range"),
    "total": N_("share of variance, total"),
    "first": N_("share of variance, main effect"),
}


def draw_indices(
    folder: Path, table: pd.DataFrame, method: str, unordered: Collection[str] = ()
) -> list[str]:
    """Save ``indices.png`` and ``.svg``: values with intervals; factors not distinguished from 0 are hollow.

    Parameters
    ----------
    folder : Path
        Where the figure is saved.
    table : DataFrame
        The table ``indices``.
    method : str
        ``morris`` or ``sobol``.
    unordered : collection of str
        Factors whose levels have no order: Morris' method has no index of them.

    Returns
    -------
    list of str
        Remarks.
    """
    if method == "morris":
        table = table[~table["factor"].isin(unordered)]
    responses = list(table["response"].unique())
    if not responses:
        return []
    n = table["factor"].nunique()
    with sheet(folder, "indices", 7.0, 0.7 + len(responses) * (0.75 + 0.26 * n)) as figure:
        panels = figure.subplots(len(responses), 1, squeeze=False)[:, 0]
        for axes, response in zip(panels, responses, strict=True):
            response_rows = table[table["response"] == response]
            main = response_rows[response_rows["measure"] == MAIN_INDEX[method]].sort_values(
                "value", ascending=False, kind="stable"
            )
            order = list(main["factor"])
            for part, index in enumerate(_INDICES[method]):
                rows = response_rows[response_rows["measure"] == index].set_index("factor").loc[order]
                y = np.arange(n) + _OFFSET * (2 * part - len(_INDICES[method]) + 1)
                colour = COLOURS[part]
                half = (rows["high"] - rows["low"]) / 2.0
                axes.errorbar(rows["value"], y, xerr=half, fmt="none", color=colour, capsize=2, linewidth=1.2)
                for clear, face in ((True, colour), (False, "white")):
                    is_clear = rows["clear"].to_numpy(dtype=bool) == clear
                    axes.plot(
                        rows["value"].to_numpy()[is_clear], y[is_clear], "os"[part], color=colour, markersize=5,
                        markerfacecolor=face, label=_(_LABELS[index]) if clear else None,
                    )  # fmt: skip
            axes.vlines(
                main["noise"], np.arange(n) - 0.38, np.arange(n) + 0.38, color=style.GREY, linestyle=":",
                label=_("chance alone"),
            )  # fmt: skip
            axes.axvline(0.0, color=style.GREY, linewidth=0.9)
            axes.set_yticks(range(n), order)
            axes.set_ylim(n - 0.5, -0.5)
            axes.grid(visible=False, axis="y")
            axes.set_title(response_name(response), loc="left", fontsize=9)
        panels[0].legend(fontsize=7, loc="lower right")
        text = _(
            "What moves each response: {level:.0%} intervals; hollow: not distinguishable from 0"
        ).format(level=LEVEL)
        figure.suptitle(text, x=0.01, ha="left", fontsize=10)
    return font_remarks("".join(table["factor"].unique()))
