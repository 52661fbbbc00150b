"""The simulator made ready: compiled, or its compiled code loaded, in a thread beside the server."""

import threading
from concurrent.futures import Future

from shequn.app.classroom.settings import Bases


def warm_up(bases: Bases) -> "Future[None]":
    """Begin to make it ready. Returns what is done when everything that the page uses has been compiled.

    A short run does everything once that a visitor can: a flood, a hot event, each live knob.
    """
    ready: Future[None] = Future()

    def work() -> None:
        try:
            _everything_once(bases)
        except BaseException as error:
            ready.set_exception(error)
            raise
        ready.set_result(None)

    # a daemon: who presses Ctrl-C while it compiles need not wait
    threading.Thread(target=work, name="compiling", daemon=True).start()
    return ready


def _everything_once(bases: Bases) -> None:
    from shequn.app.classroom.measures import measured
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
    measured(side)
