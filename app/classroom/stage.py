"""The part of the page that a visitor touches, as one Panel component: our own elements and canvas.

Own elements instead of Panel's widgets, because those put sliders without names before a screen
reader; a canvas instead of a Bokeh plot, because Bokeh redraws the ties with every picture.
"""

from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent
from panel.models.esm import ESMEvent

_BROWSER = Path(__file__).parent / "browser"
_PARTS = ("elements.js", "network.js", "controls.js", "lessons.js", "stage.js")


def _read(name: str) -> str:
    return (_BROWSER / name).read_text(encoding="utf-8")


class Stage(JSComponent):
    """Pictures, buttons, sliders, lessons and stories; `heard` gets what the visitor does."""

    words = param.Dict(default={}, doc="Texts by name.")
    knobs = param.List(default=[], doc="What can be set, with a text for each position.")
    lessons = param.List(default=[], doc="Names and titles of the lessons, with their texts.")
    palette = param.List(default=[], doc="Colours from low to high quality.")

    _esm = "\n".join(_read(name) for name in _PARTS)
    _stylesheets = [_read("stage.css")]  # noqa: RUF012  # Panel's own way to give them

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.heard: Any = None

    def _handle_msg(self, data: Any) -> None:
        # Panel calls this without the document's lock, which sending needs: so on the next tick
        documents = {model.document for model, _parent in self._models.values()} - {None}
        for document in documents:
            document.add_next_tick_callback(lambda: self._hear(data))

    def _hear(self, data: Any) -> None:
        if self.heard is not None:
            self.heard(data)

    def send(self, what: str, **news: Any) -> None:
        """Tell the browser something: `on_<what>` of `stage.js` gets it.

        Through Bokeh itself: Panel's own way sends ahead of the lock, and messages were lost when a
        browser was slow to take the one before. All that calls this holds the lock.
        """
        models = {model.id: model for model, _parent in self._models.values()}  # once, under whatever roots
        for model in models.values():
            if model.document is not None:
                model.document.callbacks.send_event(ESMEvent(model=model, data={"what": what, **news}))
