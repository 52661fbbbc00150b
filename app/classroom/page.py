"""The page that a browser gets: header, stage and curves in our own template, in the visitor's language."""

import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import panel as pn
from bokeh.palettes import Plasma256

from shequn.app.classroom import limits, messages
from shequn.app.classroom.bases import Bases
from shequn.app.classroom.control_panel import panel
from shequn.app.classroom.curves import Curves
from shequn.app.classroom.lessons import lessons
from shequn.app.classroom.series import SeriesRunner
from shequn.app.classroom.settings import Settings
from shequn.app.classroom.stage import Stage
from shequn.app.classroom.words import knob_texts, page_texts, preparation
from shequn.app.serving.pages import Pages, language_template
from shequn.sim.language import N_, _, set_language
from shequn.sim.scenario.errors import ScenarioError

_BROWSER = Path(__file__).parent / "browser"
_POLL_MS = 250  # milliseconds between two looks whether the simulator is ready
_DARKEST, _COLOURS = 60, 16  # darker colours of the palette look like the background


class Guest:
    """A browser that has loaded the page; its visit starts when it can draw and the simulator is ready.

    Parameters
    ----------
    stage : Stage
    curves : Curves
    bases : Bases
    runner : SeriesRunner
    language : str
    ready : Future
        Done when the simulator is ready.
    began_at : float
        Time (of ``time.monotonic``) since when it is made ready.
    document : bokeh.document.Document
    """

    def __init__(
        self,
        stage: Stage,
        curves: Curves,
        bases: Bases,
        runner: SeriesRunner,
        language: str,
        ready: "Future[None]",
        began_at: float,
        document: Any,
    ) -> None:
        self._stage, self._curves, self._bases, self._runner = stage, curves, bases, runner
        self._language, self._ready, self._document = language, ready, document
        self._visit: Any = None
        self._began_at = began_at
        stage.receiver = self._receive

    def _receive(self, data: Any) -> None:
        if isinstance(messages.parse_message(data), messages.Hello):
            self._stage.receiver = None
            self._begin()

    def _begin(self) -> None:
        set_language(self._language)
        if not self._ready.done():
            self._stage.send("preparing", text=preparation(int(time.monotonic() - self._began_at)))
            self._document.add_timeout_callback(self._begin, _POLL_MS)
            return
        # imported here: the warm-up thread has already loaded what it needs
        from shequn.app.classroom.visit import Visit
        from shequn.sim.graphs.graph import GraphError

        try:
            self._ready.result()
            self._visit = Visit(
                self._stage, self._curves, self._bases, self._runner, self._language, self._document
            )
        except (ScenarioError, GraphError) as error:
            self._stage.send("fault", text=str(error))

    def close(self) -> None:
        """Release everything: the browser has gone."""
        self._stage.receiver = None
        if self._visit is not None:
            self._visit.close()


class Classroom(Pages):
    """Gives every browser its own page.

    Parameters
    ----------
    bases : Bases
    language : str
        Default for visitors who do not choose one.
    ready : Future
        Done when the simulator is ready.
    """

    heading = N_("Community classroom")
    full = N_("The class is full. Try again in a minute.")

    def __init__(self, bases: Bases, language: str, ready: "Future[None]") -> None:
        super().__init__(language, limits.SERVER)
        self._bases, self._ready = bases, ready
        self._runner, self._began_at = SeriesRunner(), time.monotonic()

    def new_guest(self, language: str, document: Any) -> tuple[Guest, pn.Template]:
        """The guest behind a browser that has connected, and the page for it."""
        stage, curves = self._new_stage(), Curves()
        guest = Guest(
            stage, curves, self._bases, self._runner, language, self._ready, self._began_at, document
        )
        return guest, _template(language, stage, curves)

    def empty_template(self, language: str) -> pn.Template:
        """The page without a guest."""
        return _template(language, self._new_stage(), Curves())

    def _new_stage(self) -> Stage:
        """The stage, its controls where the file of the command line puts them, before anything runs."""
        return Stage(
            words=page_texts(),
            knobs=knob_texts(),
            start=panel(self._bases, Settings.of_file("own"), set(), with_files=True),
            lessons=[lesson.texts() for lesson in lessons().values()],
            sizing_mode="stretch_width",
            palette=[Plasma256[_DARKEST + (255 - _DARKEST) * k // (_COLOURS - 1)] for k in range(_COLOURS)],
        )


def _template(language: str, stage: Stage, curves: Curves) -> pn.Template:
    html = (_BROWSER / "page.html").read_text(encoding="utf-8")
    template = language_template(
        html, language, _("Community classroom"), curves=_("Curves of both communities"), **curves.titles
    )
    template.add_panel("stage", stage)
    for measure, plot in curves.plots.items():
        template.add_panel(measure, pn.pane.Bokeh(plot, sizing_mode="stretch_both"))
    return template
