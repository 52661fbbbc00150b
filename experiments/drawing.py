"""Figures of many runs: one look, written as PNG and as SVG, the same bytes each time."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from shequn.sim.language import _
from shequn.sim.presentation import style

#: One after the other for the lines of a figure (Okabe & Ito 2008), and a mark for each.
COLOURS = (style.BLUE, style.VERMILION, style.GREEN, style.ORANGE, style.PURPLE, style.SKY, style.BLACK)
MARKS = "osD^vPX"
_DPI = 150


@contextmanager
def sheet(folder: Path, name: str, width: float, height: float) -> Iterator[Figure]:
    """An empty figure to draw on, saved after the block as ``name``.png and ``name``.svg.

    Parameters
    ----------
    folder : Path
        Where it is saved.
    name : str
        Without an ending.
    width, height : float
        Inches.
    """
    looks = {**style.settings(), "svg.hashsalt": "shequn", "svg.fonttype": "path"}
    with warnings.catch_warnings(), matplotlib.rc_context(looks):
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
        figure = Figure(figsize=(width, height), dpi=_DPI, layout="constrained")
        FigureCanvasAgg(figure)
        yield figure
        figure.savefig(folder / f"{name}.png", metadata={"Software": None})
        figure.savefig(folder / f"{name}.svg", metadata={"Date": None})


def font_remarks(text: str) -> list[str]:
    """A remark when a figure's text holds letters that no installed font has."""
    if style.lacks_cjk_font() and any(ord(letter) > 0x2E80 for letter in text):
        return [
            _(
                "No font with Chinese letters is installed, so the figures show boxes; install Noto Sans CJK "
                "(Debian: fonts-wqy-microhei) and run again with --force."
            )
        ]
    return []
