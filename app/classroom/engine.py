"""Warm-up of the simulator in a thread beside the server: compile it or load its compiled code."""

import threading
from concurrent.futures import Future

from shequn.app.classroom.bases import Bases
from shequn.app.classroom.settings import Settings


def warm_up(bases: Bases) -> "Future[None]":
    """Start the warm-up; the returned future is done when everything that the page uses is compiled.

    A short run does once whatever a visitor can do: a flood, a hot event, each live knob.
    """
    ready: Future[None] = Future()

    def warm_up_and_report() -> None:
        try:
            _run_everything(bases)
        except BaseException as error:
            ready.set_exception(error)
            raise
        ready.set_result(None)

    # a daemon, so that Ctrl-C works while it compiles
    threading.Thread(target=warm_up_and_report, name="compiling", daemon=True).start()
    return ready


def _run_everything(bases: Bases) -> None:
    from shequn.app.classroom.side import Side

    settings = Settings.of_file("open-group")
    for key, position in (("people", 1), ("founders", 7), ("days", 10), ("flood", 2), ("events", 5)):
        settings = settings.with_position("AB", key, position)
    side = Side(bases, settings, "A")
    for _ in range(side.scenario.days):
        side.step()
    for key in ("openness", "gate", "limit", "invitations", "honor"):
        settings = settings.with_position("AB", key, 3)
        side.change(settings)
    side.appearance_codes(), side.positions_and_qualities(), side.ties()
    side.measures()
