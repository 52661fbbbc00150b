"""The figure of scenario discovery: a panel for each box, a row for each factor."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.experiments.discovery.boxes import Box, Discovery, cases_in
from shequn.experiments.discovery.cases import Cases
from shequn.sim.language import _
from shequn.sim.presentation import style
from shequn.sim.presentation.formats import percent
from shequn.sim.presentation.sheet import COLOURS, font_remarks, sheet

_OFFSET = 0.17  # of parameter sets with and without the outcome, in rows


def draw_boxes(folder: Path, cases: Cases, found: Discovery) -> list[str]:
    """Save ``boxes.png`` and ``.svg``: the tried values of each factor, and what of them lies in the box.

    Parameters
    ----------
    folder : Path
        Where the figure is saved.
    cases : Cases
    found : Discovery

    Returns
    -------
    list of str
        Remarks.
    """
    names = list(cases.factors.columns)
    with sheet(folder, "boxes", 7.0, 0.8 + len(found.boxes) * (0.8 + 0.4 * len(names))) as figure:
        panels = figure.subplots(max(1, len(found.boxes)), 1, squeeze=False)[:, 0]
        if not found.boxes:
            style.add_remark(panels[0], _("no box"))
        for number, (axes, box) in enumerate(zip(panels, found.boxes, strict=False), 1):
            _draw_box(axes, cases, box)
            text = (
                _("Box {number}: density {density}, coverage {coverage}")
                if box.clear
                else _("No better than chance: density {density}, coverage {coverage}")
            )
            axes.set_title(
                text.format(number=number, density=percent(box.density), coverage=percent(box.coverage)),
                loc="left",
                fontsize=9,
            )
        if found.boxes:
            style.add_legend(panels[0])
        figure.suptitle(_("Where the outcome was found"), x=0.01, ha="left", fontsize=10)
    return font_remarks("".join(names))


def _draw_box(axes: Any, cases: Cases, box: Box) -> None:
    names = list(cases.factors.columns)
    restricted = {one.factor: one for one in box.restrictions}
    for row, name in enumerate(names):
        at, ends = _positions(cases.factors[name])
        if name in restricted:
            inside = np.unique(at[cases_in(cases.factors, (restricted[name],))])
            spans = [(low, high) for low, high in _spans(np.unique(at), inside)]
        else:
            spans = [(0.0, 1.0)]
        colour = style.SKY if name in restricted else "#E5E5E5"
        for low, high in spans:
            axes.plot(
                [low, high],
                [row, row],
                color=colour,
                linewidth=11,
                solid_capstyle="round",
                alpha=0.6,
                zorder=1,
            )
        for has, offset, mark in ((True, -_OFFSET, "o"), (False, _OFFSET, "|")):
            axes.plot(
                at[cases.has == has], np.full(int((cases.has == has).sum()), row + offset), mark, markersize=3.5,
                color=COLOURS[1] if has else style.GREY, alpha=0.6, linestyle="none",
                label=None if row else (_("with the outcome") if has else _("without it")),
            )  # fmt: skip
        for x, text in ends:
            axes.text(x, row + 0.42, text, fontsize=6, color=style.GREY, ha="center", va="center")
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(-0.05, 1.05)
    axes.set_xticks([])
    axes.grid(visible=False)


def _positions(values: pd.Series) -> tuple[npt.NDArray[np.float64], list[tuple[float, str]]]:
    """Where values stand between 0 and 1, and the labels below: both ends of numbers, every level of words."""
    if pd.api.types.is_numeric_dtype(values):
        numbers = values.to_numpy(float)
        low, high = float(numbers.min()), float(numbers.max())
        return (numbers - low) / ((high - low) or 1.0), [(0.0, f"{low:.4g}"), (1.0, f"{high:.4g}")]
    levels = sorted(set(map(str, values)))
    places = np.linspace(0.0, 1.0, len(levels)) if len(levels) > 1 else np.zeros(1)
    place = dict(zip(levels, places.tolist(), strict=True))
    return values.astype(str).map(place).to_numpy(float), [(x, level) for level, x in place.items()]


def _spans(every: npt.NDArray[Any], inside: npt.NDArray[Any]) -> list[tuple[float, float]]:
    """The runs of neighbouring positions that lie in the box."""
    spans: list[list[float]] = []
    before = -2
    for place in np.flatnonzero(np.isin(every, inside)).tolist():
        if place == before + 1:
            spans[-1][1] = float(every[place])
        else:
            spans.append([float(every[place])] * 2)
        before = place
    return [(low, high) for low, high in spans]
