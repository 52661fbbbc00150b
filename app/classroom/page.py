"""The page that a browser gets: header, stage and curves in our own template, in the visitor's language."""

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import panel as pn
from bokeh.document import Document
from bokeh.embed.util import RenderItem
from bokeh.palettes import Plasma256
from panel.io.resources import Resources, _env, bundle_resources
from panel.io.server import html_page_for_render_items
from panel.io.state import set_curdoc

from shequn.app.classroom import limits, messages
from shequn.app.classroom.curves import Curves
from shequn.app.classroom.lessons import lessons
from shequn.app.classroom.settings import Bases
from shequn.app.classroom.stage import Stage
from shequn.app.classroom.words import knob_texts, page_texts
from shequn.sim.language import LANGUAGES, _, set_language
from shequn.sim.scenario.errors import ScenarioError

_BROWSER = Path(__file__).parent / "browser"
TOKEN = "TOKEN-OF-THE-SESSION"  # in a doorway, to be replaced
_DARKEST, _COLOURS = 60, 16  # darker colours of the palette look like the background


class Guest:
    """A browser that has loaded the page; its visit starts when it can draw and the simulator is ready.

    Parameters
    ----------
    stage : Stage
    curves : Curves
    bases : Bases
    language : str
    ready : Future
        Done when the simulator is ready.
    document : bokeh.document.Document
    """

    def __init__(
        self, stage: Stage, curves: Curves, bases: Bases, language: str, ready: "Future[None]", document: Any
    ) -> None:
        self._stage, self._curves, self._bases = stage, curves, bases
        self._language, self._ready, self._document = language, ready, document
        self._visit: Any = None
        stage.receiver = self._receive

    def _receive(self, data: Any) -> None:
        if isinstance(messages.parse_message(data), messages.Hello):
            self._stage.receiver = None
            self._begin()

    def _begin(self) -> None:
        if not self._ready.done():
            self._document.add_timeout_callback(self._begin, 150)
            return
        set_language(self._language)
        # imported here: the warm-up thread has already loaded what it needs
        from shequn.app.classroom.visit import Visit
        from shequn.sim.graphs.graph import GraphError

        try:
            self._ready.result()
            self._visit = Visit(self._stage, self._curves, self._bases, self._language, self._document)
        except (ScenarioError, GraphError) as error:
            self._stage.send("fault", text=str(error))

    def close(self) -> None:
        """Release everything: the browser has gone."""
        self._stage.receiver = None
        if self._visit is not None:
            self._visit.close()


class Classroom:
    """Gives every browser its own page, up to the limit of sessions.

    Parameters
    ----------
    bases : Bases
    language : str
        Default for visitors who do not choose one.
    ready : Future
        Done when the simulator is ready.
    """

    def __init__(self, bases: Bases, language: str, ready: "Future[None]") -> None:
        self._bases, self._language, self._ready = bases, language, ready
        self.guests: set[Guest] = set()
        self._doorways: dict[tuple[str, bool], str] = {}

    @property
    def is_full(self) -> bool:
        """Whether as many browsers are connected as may be."""
        return len(self.guests) >= limits.MAX_SESSIONS

    def page(self) -> pn.Template:
        """Build the page for the browser that has connected."""
        language = self.language_of(pn.state.session_args.get("lang", [b""])[0])
        set_language(language)
        stage, curves = _new_stage(), Curves()
        document: Any = pn.state.curdoc
        guest = Guest(stage, curves, self._bases, language, self._ready, document)
        self.guests.add(guest)

        def discard_guest(_context: Any) -> None:
            guest.close()
            self.guests.discard(guest)

        document.on_session_destroyed(discard_guest)
        return _template(language, stage, curves)

    def language_of(self, argument: bytes) -> str:
        """The language that a browser asks for, or that of the server."""
        language = argument.decode("ascii", errors="replace")
        return language if language in LANGUAGES else self._language

    def doorway(self, language: str, resources: Any) -> str:
        """The HTML with which a browser connects, without a session: `TOKEN` stands for the token.

        While the class is full it is a page that says so.
        """
        key = language, self.is_full
        if key not in self._doorways:
            set_language(language)
            self._doorways[key] = _full_page(language) if self.is_full else _doorway(language, resources)
        return self._doorways[key]


def _new_stage() -> Stage:
    return Stage(
        words=page_texts(),
        knobs=knob_texts(),
        lessons=[lesson.texts() for lesson in lessons().values()],
        sizing_mode="stretch_width",
        palette=[Plasma256[_DARKEST + (255 - _DARKEST) * k // (_COLOURS - 1)] for k in range(_COLOURS)],
    )


def _template(language: str, stage: Stage, curves: Curves) -> pn.Template:
    template = pn.Template(_read("page.html"))
    other = next(name for name in LANGUAGES if name != language)
    values = {
        "language": language,
        "heading": _("Community classroom"),
        "other": other,
        "other_name": LANGUAGES[other],
        "curves": _("Curves of both communities"),
    }
    for name, value in values.items():
        template.add_variable(name, value)
    template.add_panel("stage", stage)
    template.add_panel("curves", pn.pane.Bokeh(curves.layout, sizing_mode="stretch_both"))
    return template


def _doorway(language: str, resources: Any) -> str:
    """The page of a document that nobody is connected to; a browser puts the roots of its own in their places."""
    document = Document()
    with set_curdoc(document):
        _template(language, _new_stage(), Curves()).server_doc(document, title="shequn", location=False)
        html: str = html_page_for_render_items(
            bundle_resources(document.roots, Resources.from_bokeh(resources)),
            {},
            [RenderItem(token=TOKEN, roots=document.roots, use_for_title=False)],
            title="shequn",
            template=document.template,
            template_variables=document.template_variables,
        )
    return html


def _full_page(language: str) -> str:
    texts = {
        "language": language,
        "heading": _("Community classroom"),
        "full": _("The class is full. Try again in a minute."),
    }
    html: str = _env.from_string(_read("full.html")).render(texts)
    return html


def _read(name: str) -> str:
    return (_BROWSER / name).read_text(encoding="utf-8")
