"""What browsers get: each its own page in its visitor's language, up to the limit of sessions."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Protocol

import panel as pn
from bokeh.document import Document
from bokeh.embed.util import RenderItem
from panel.io.resources import Resources, _env, bundle_resources
from panel.io.server import html_page_for_render_items
from panel.io.state import set_curdoc

from shequn.app.serving.limits import Limits
from shequn.sim.language import LANGUAGES, _, set_language

TOKEN = "TOKEN-OF-THE-SESSION"  # in a doorway, to be replaced
_NOTE = Path(__file__).parent / "browser" / "note.html"


class Guest(Protocol):
    """A browser that has loaded the page."""

    def close(self) -> None:
        """Release everything: the browser has gone."""


class Pages(ABC):
    """Gives every browser its own page, up to the limit of sessions.

    Parameters
    ----------
    language : str
        Default for visitors who do not choose one.
    limits : Limits
    """

    heading: str  # of the page, in English
    full: str  # what a browser reads for which there is no place, in English
    refused: str = ""  # what a browser reads that is not admitted, in English

    def __init__(self, language: str, limits: Limits) -> None:
        self._language = language
        self.limits = limits
        self.guests: set[Guest] = set()
        self._doorways: dict[tuple[str, bool], str] = {}

    @abstractmethod
    def new_guest(self, language: str, document: Any) -> tuple[Guest, pn.Template]:
        """The guest behind a browser that has connected, and the page for it."""

    @abstractmethod
    def empty_template(self, language: str) -> pn.Template:
        """The page without a guest."""

    def admits(self, arguments: dict[str, list[bytes]]) -> bool:
        """Whether a request with these arguments gets the page."""
        return True

    def refusal(self, language: str) -> str:
        """The page for a browser that is not admitted."""
        set_language(language)
        return note_page(language, _(self.heading), _(self.refused))

    @property
    def is_full(self) -> bool:
        """Whether as many browsers are connected as may be."""
        return len(self.guests) >= self.limits.sessions

    def page(self) -> pn.Template:
        """Build the page for the browser that has connected."""
        language = self.language_of(pn.state.session_args.get("lang", [b""])[0])
        set_language(language)
        document: Any = pn.state.curdoc
        guest, template = self.new_guest(language, document)
        self.guests.add(guest)

        def discard_guest(_context: Any) -> None:
            guest.close()
            self.guests.discard(guest)

        document.on_session_destroyed(discard_guest)
        return template

    def language_of(self, argument: bytes) -> str:
        """The language that a browser asks for, or that of the server."""
        language = argument.decode("ascii", errors="replace")
        return language if language in LANGUAGES else self._language

    def doorway(self, language: str, resources: Any) -> str:
        """The HTML with which a browser connects, without a session: `TOKEN` stands for the token.

        While there is no place for another browser it is a page that says so.
        """
        key = language, self.is_full
        if key not in self._doorways:
            set_language(language)
            self._doorways[key] = (
                note_page(language, _(self.heading), _(self.full))
                if self.is_full
                else self._doorway(language, resources)
            )
        return self._doorways[key]

    def _doorway(self, language: str, resources: Any) -> str:
        """The page of a document that nobody is connected to; a browser puts its own roots in their places."""
        document = Document()
        with set_curdoc(document):
            self.empty_template(language).server_doc(document, title="shequn", location=False)
            html: str = html_page_for_render_items(
                bundle_resources(document.roots, Resources.from_bokeh(resources)),
                {},
                [RenderItem(token=TOKEN, roots=document.roots, use_for_title=False)],
                title="shequn",
                template=document.template,
                template_variables=document.template_variables,
            )
        return html


def language_template(html: str, language: str, heading: str, **variables: str) -> pn.Template:
    """A page's template, with its language, its heading, the other language and more variables."""
    template = pn.Template(html)
    other = next(name for name in LANGUAGES if name != language)
    values = {"language": language, "heading": heading, "other": other, "other_name": LANGUAGES[other]}
    for name, value in {**values, **variables}.items():
        template.add_variable(name, value)
    return template


def note_page(language: str, heading: str, note: str) -> str:
    """A page that says one thing."""
    texts = {"language": language, "heading": heading, "note": note}
    html: str = _env.from_string(_NOTE.read_text(encoding="utf-8")).render(texts)
    return html
