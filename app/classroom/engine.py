"""Warm-up of the simulator in a thread beside the server: compile it or load its compiled code."""

import threading
from concurrent.futures import Future

from shequn.app.classroom.settings import Bases


def warm_up(bases: Bases) -> "Future[None]":
    """Start the warm-up; the returned future is done when everything that the page uses is compiled.

    A short run does once whatever a visitor can do: a flood, a hot event, each live knob.
    """
    ready: Future[None] = Future()

    def work() -> None:
        try:
            _exercise(bases)
        except BaseException as error:
            ready.set_exception(error)
            raise
        ready.set_result(None)

    # a daemon, so that Ctrl-C works while it compiles
    threading.Thread(target=work, name="compiling", daemon=True).start()
    return ready


def _exercise(bases: Bases) -> None:
    from shequn.app.classroom.measures import measure
    from shequn.app.classroom.side import Side

    settings = bases.settings("open-group")
    for key, position in (("people", 1), ("founders", 7), ("days", 10), ("flood", 1), ("events", 4)):
        settings = settings.moved("AB", key, position)
    side = Side(bases, settings, "A")
    for _ in range(side.scenario.days):
        side.step()
    for key in ("openness", "gate", "limit", "invitations", "honor"):
        settings = settings.moved("AB", key, 2)
        side.change(settings)
    side.looks(), side.crowd(), side.ties()
    measure(side)
