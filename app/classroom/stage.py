"""The interactive part of the page as one Panel component with our own elements and canvas.

Our own elements replace Panel's widgets, whose sliders have no names for screen readers. A canvas replaces a
Bokeh plot, which would redraw the ties with every picture.
"""

from pathlib import Path

import param

from shequn.app.serving.component import ELEMENTS, Component

_BROWSER = Path(__file__).parent / "browser"
_SCRIPTS = ("network.js", "controls.js", "lessons.js", "ten.js", "stage.js")


def _read(name: str) -> str:
    return (_BROWSER / name).read_text(encoding="utf-8")


class Stage(Component):
    """Pictures, buttons, sliders, lessons and stories; `receiver` is called with the visitor's messages."""

    words = param.Dict(default={}, doc="Texts by name.")
    knobs = param.List(default=[], doc="Knobs, with their labels.")
    start = param.Dict(default={}, doc="What the controls show at first: see `control_panel.panel`.")
    lessons = param.List(default=[], doc="Names and texts of the lessons.")
    palette = param.List(default=[], doc="Colours from low to high quality.")

    _esm = "\n".join((ELEMENTS, *map(_read, _SCRIPTS)))
    _stylesheets = [_read("stage.css")]  # noqa: RUF012  # as Panel expects them
