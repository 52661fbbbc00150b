"""The page that a browser gets: header, stage and curves in our own template, in the visitor's language."""

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import panel as pn
from bokeh.palettes import Plasma256

from app.classroom import limits
from app.classroom.curves import Curves
from app.classroom.lessons import lessons
from app.classroom.settings import Bases
from app.classroom.stage import Stage
from app.classroom.visit import Visit
from app.classroom.words import knobs_in_words, page_words
from sim.language import LANGUAGES, _, use

_BROWSER = Path(__file__).parent / "browser"
_DARKEST, _COLOURS = 60, 16  # the darkest of the palette cannot be told from the background


class Classroom:
    """Gives every browser a page of its own, as long as there is room.

    Parameters
    ----------
    bases : Bases
    language : str
        Of visitors who ask for none.
    ready : Future
        Done when the simulator is ready.
    """

    def __init__(self, bases: Bases, language: str, ready: "Future[None]") -> None:
        self._bases, self._language, self._ready = bases, language, ready
        self._page = (_BROWSER / "page.html").read_text(encoding="utf-8")
        self._full = (_BROWSER / "full.html").read_text(encoding="utf-8")
        self.visits: set[Visit] = set()

    def page(self) -> pn.Template:
        """A page for the browser that asks."""
        language = self._asked_language()
        use(language)
        if len(self.visits) >= limits.MOST_SESSIONS:
            return self._template(self._full, language, full=_("The class is full. Try again in a minute."))
        stage = Stage(
            words=page_words(),
            knobs=knobs_in_words(),
            lessons=[lesson.told() for lesson in lessons().values()],
            palette=[Plasma256[_DARKEST + (255 - _DARKEST) * k // (_COLOURS - 1)] for k in range(_COLOURS)],
        )
        curves = Curves()
        document = pn.state.curdoc
        visit = Visit(stage, curves, self._bases, language, self._ready, document)
        self.visits.add(visit)

        def gone(_context: Any) -> None:
            visit.close()
            self.visits.discard(visit)

        document.on_session_destroyed(gone)
        other = next(name for name in LANGUAGES if name != language)
        template = self._template(
            self._page,
            language,
            other=other,
            other_name=LANGUAGES[other],
            scenario=self._bases.scenario("own").title,
            curves=_("Curves of both communities"),
        )
        template.add_panel("stage", stage)
        template.add_panel("curves", pn.pane.Bokeh(curves.layout, sizing_mode="stretch_width"))
        return template

    def _template(self, text: str, language: str, **values: str) -> pn.Template:
        template = pn.Template(text)
        for name, value in {"language": language, "title": _("Community classroom"), **values}.items():
            template.add_variable(name, value)
        return template

    def _asked_language(self) -> str:
        asked = pn.state.session_args.get("lang", [b""])[0].decode("ascii", errors="replace")
        return asked if asked in LANGUAGES else self._language
