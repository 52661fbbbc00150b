"""The interactive part of a page as one Panel component with our own elements."""

from pathlib import Path
from typing import Any

from panel.custom import JSComponent
from panel.models.esm import ESMEvent

ELEMENTS = (Path(__file__).parent / "browser" / "elements.js").read_text(encoding="utf-8")


class Component(JSComponent):
    """A component whose `receiver` is called with the browser's messages, and which sends messages to it."""

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
        """Send a message to the browser, where the script's method `on_<kind>` handles it.

        It is sent through Bokeh, because Panel sends without waiting for the document's lock and loses messages
        when a browser is slow. Every caller holds the lock.
        """
        # each model once, even if it is under several roots
        models = {model.id: model for model, _parent in self._models.values()}
        for model in models.values():
            if model.document is not None:
                model.document.callbacks.send_event(ESMEvent(model=model, data={"what": kind, **data}))
