"""Phase diagrams: each response by openness and size, with a column for each gate."""

from typing import Any, NamedTuple

import numpy as np

from shequn.experiments.studies.headline.bootstrap import LEVEL
from shequn.experiments.studies.headline.cells import Cells, Numbers


class PhaseRow(NamedTuple):
    """A row of the sheet: the response shown by colour, and the level of its contour line."""

    response: str
    label: str
    line: float
    log: bool = False


#: The rows of a sheet, from the top. The contour levels 0 and 1 have a meaning; the others are round numbers.
ROWS = (
    PhaseRow("change", "temperature change\nin a year\n(mean quality)", -0.3),
    PhaseRow("evaporation", "evaporation\n(mean quality)", 0.0),
    PhaseRow("cooling", "cooling: evaporation\nbeyond blind leaving\n(mean quality)", 0.0),
    PhaseRow("k", "K (joins caused\nper membership)", 1.0),
    PhaseRow("members", "members\nafter a year", 300.0, log=True),
    PhaseRow("top", "founding top decile\nstill in (share)", 0.5),
)
SIZE = (7.6, 9.4)  # inches


def draw_phases(figure: Any, cells: Cells, title: str, counts: Numbers) -> None:
    """Draw a sheet of phase diagrams.

    White contour lines show where the mean equals the row's level, dashed ones where the bounds of its 95 % interval
    do (percentile bootstrap).

    Parameters
    ----------
    figure : matplotlib Figure
    cells : Cells
    title : str
    counts : f8 array (draw, replicate)
    """
    means, draws = cells.means(), cells.resampled_means(counts)
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
                bound = f" (≥ {cells.bounds[j]:g})" if cells.bounds[j] else ""
                axes[i, j].set_title(f"gate: {gate}{bound}", fontsize=8)
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
    """A dark edge, so that a white line is visible on yellow."""
    from matplotlib.patheffects import Normal, Stroke

    return [Stroke(linewidth=width + 0.8, foreground="#333333"), Normal()]
