"""Figures with a common look, written as PNG and SVG; the same data gives the same bytes."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from shequn.sim.language import _
from shequn.sim.presentation import style

#: Colours for the lines of a figure, in order (Okabe & Ito 2008), with a mark for each.
COLOURS = (style.BLUE, style.VERMILION, style.GREEN, style.ORANGE, style.PURPLE, style.SKY, style.BLACK)
MARKERS = "osD^vPX"
_DPI = 150


@contextmanager
def sheet(folder: Path, name: str, width: float, height: float) -> Iterator[Figure]:
    """Yield an empty figure, saved after the block as ``name``.png and ``name``.svg.

    Parameters
    ----------
    folder : Path
        Folder in which it is saved.
    name : str
        File name without its extension.
    width, height : float
        Inches.
    """
    settings = {**style.settings(), "svg.hashsalt": "shequn", "svg.fonttype": "path"}
    with warnings.catch_warnings(), matplotlib.rc_context(settings):
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
        figure = Figure(figsize=(width, height), dpi=_DPI, layout="constrained")
        FigureCanvasAgg(figure)
        yield figure
        figure.savefig(folder / f"{name}.png", metadata={"Software": None})
        figure.savefig(folder / f"{name}.svg", metadata={"Date": None})


def font_remarks(text: str) -> list[str]:
    """Return a remark if no installed font can draw the Chinese letters in a figure's text."""
    if style.lacks_cjk_font() and any(ord(letter) > 0x2E80 for letter in text):
        return [
            _(
                "No font with Chinese letters is installed, so the figures show boxes; install Noto Sans CJK "
                "(Debian: fonts-wqy-microhei) and run again with --force."
            )
        ]
    return []
