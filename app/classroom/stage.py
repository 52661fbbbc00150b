"""The interactive part of the page as one Panel component with our own elements and canvas.

Our own elements replace Panel's widgets, whose sliders have no names for screen readers. A canvas replaces a
Bokeh plot, which would redraw the ties with every picture.
"""

from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent
from panel.models.esm import ESMEvent

_BROWSER = Path(__file__).parent / "browser"
_SCRIPTS = ("elements.js", "network.js", "controls.js", "lessons.js", "stage.js")


def _read(name: str) -> str:
    return (_BROWSER / name).read_text(encoding="utf-8")


class Stage(JSComponent):
    """Pictures, buttons, sliders, lessons and stories; `receiver` is called with the visitor's messages."""

    words = param.Dict(default={}, doc="Texts by name.")
    knobs = param.List(default=[], doc="Knobs, with a text for each position.")
    lessons = param.List(default=[], doc="Names and texts of the lessons.")
    palette = param.List(default=[], doc="Colours from low to high quality.")

    _esm = "\n".join(_read(name) for name in _SCRIPTS)
    _stylesheets = [_read("stage.css")]  # noqa: RUF012  # as Panel expects them

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.receiver: Any = None

    def _handle_msg(self, data: Any) -> None:
        # Panel calls this without the document's lock, which sending needs; the next tick has it
        documents = {model.document for model, _parent in self._models.values()} - {None}
        for document in documents:
            document.add_next_tick_callback(lambda: self._receive(data))

    def _receive(self, data: Any) -> None:
        if self.receiver is not None:
            self.receiver(data)

    def send(self, kind: str, **data: Any) -> None:
        """Send a message to the browser, where `on_<what>` of `stage.js` handles it.

        It is sent through Bokeh, because Panel sends without waiting for the document's lock and loses messages
        when a browser is slow. Every caller holds the lock.
        """
        # each model once, even if it is under several roots
        models = {model.id: model for model, _parent in self._models.values()}
        for model in models.values():
            if model.document is not None:
                model.document.callbacks.send_event(ESMEvent(model=model, data={"what": kind, **data}))
