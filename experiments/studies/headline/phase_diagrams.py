"""Phase diagrams: each response over openness and size, a column for each gate."""

from typing import Any, NamedTuple

import numpy as np

from shequn.experiments.studies.headline.bootstrap import LEVEL
from shequn.experiments.studies.headline.cells import Cells, Numbers


class Shown(NamedTuple):
    """A row of the sheet: what is coloured, and the level at which a line is drawn."""

    response: str
    label: str
    line: float
    log: bool = False


#: What a sheet shows, from above, and where its lines are: zero and one have a meaning, the others are round.
ROWS = (
    Shown("change", "temperature change\nin a year\n(mean quality)", -0.3),
    Shown("evaporation", "evaporation\n(mean quality)", 0.0),
    Shown("cooling", "cooling: evaporation\nbeyond blind leaving\n(mean quality)", 0.0),
    Shown("k", "K (joins caused\nper membership)", 1.0),
    Shown("members", "members\nafter a year", 300.0, log=True),
    Shown("top", "founding top decile\nstill in (share)", 0.5),
)
SIZE = (7.6, 9.4)  # inches


def draw_phases(figure: Any, cells: Cells, title: str, drawn: Numbers) -> None:
    """Draw a sheet of phase diagrams.

    White lines: where the mean passes the row's level; dashed, where the bounds of its
    95 % interval (percentile bootstrap, ``drawn`` as from `bootstrap.counts`) do.

    Parameters
    ----------
    figure : matplotlib Figure
    cells : Cells
    title : str
    drawn : f8 array (draw, replicate)
    """
    means, draws = cells.means(), cells.drawn(drawn)
    axes = figure.subplots(len(ROWS), len(cells.gates), sharex=True, sharey=True, squeeze=False)
    tails = ((1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0)
    for i, row in enumerate(ROWS):
        fields = means[row.response]
        bounds = np.nanquantile(np.array([draw[row.response] for draw in draws]), tails, axis=0)
        norm = _norm(fields, row.log)
        for j, gate in enumerate(cells.gates):
            image = axes[i, j].pcolormesh(fields[:, j], cmap="cividis", norm=norm)
            _lines(axes[i, j], fields[:, j], bounds[:, :, j], row.line)
            if i == 0:
                asked = f" (≥ {cells.bounds[j]:g})" if cells.bounds[j] else ""
                axes[i, j].set_title(f"gate: {gate}{asked}", fontsize=8)
        bar = figure.colorbar(image, ax=list(axes[i]), fraction=0.05, pad=0.015, aspect=12)
        bar.set_label(row.label, fontsize=7)
        bar.ax.tick_params(labelsize=6.5)
        bar.ax.axhline(row.line, color="white", linewidth=1.5, path_effects=_edged(1.5))
        if row.log:
            shown = cells.sizes[(cells.sizes >= norm.vmin) & (cells.sizes <= norm.vmax)]
            bar.set_ticks(shown, labels=[f"{size:g}" for size in shown])
            bar.ax.minorticks_off()
    for one in axes.flat:
        one.set_xticks(np.arange(len(cells.openness)) + 0.5, [f"{x:g}" for x in cells.openness])
        one.set_yticks(np.arange(len(cells.sizes)) + 0.5, [f"{x:g}" for x in cells.sizes])
        one.tick_params(labelsize=6.5, length=2)
    figure.supxlabel("openness (share)", fontsize=8.5)
    figure.supylabel("group size (seats)", fontsize=8.5)
    figure.suptitle(title, x=0.01, ha="left", fontsize=9)


def _norm(fields: Numbers, log: bool) -> Any:
    from matplotlib.colors import LogNorm, Normalize

    kind = LogNorm if log else Normalize
    return kind(float(np.nanmin(fields)), float(np.nanmax(fields)))


def _lines(axes: Any, field: Numbers, bounds: Numbers, level: float) -> None:
    at = np.arange(field.shape[1]) + 0.5, np.arange(field.shape[0]) + 0.5
    for values, style, width in ((field, "-", 1.5), (bounds[0], "--", 0.8), (bounds[1], "--", 0.8)):
        if np.nanmin(values) < level < np.nanmax(values):
            lines = axes.contour(
                *at, values, levels=[level], colors="white", linestyles=style, linewidths=width
            )
            lines.set_path_effects(_edged(width))


def _edged(width: float) -> list[Any]:
    """A dark edge, by which a white line is seen on yellow, too."""
    from matplotlib.patheffects import Normal, Stroke

    return [Stroke(linewidth=width + 0.8, foreground="#333333"), Normal()]
