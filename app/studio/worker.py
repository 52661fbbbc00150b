"""A process that runs or compares the scenario of the studio, and writes its report.

It reads one job as a line of JSON from stdin, and writes messages as lines of JSON to stdout: how far it is, and at
the end the report's path or why there is none. It ends when stdin does, that is with the studio. Results and report
are those of `shequn run`, `shequn compare` and `shequn report` with the same file in the same folder.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shequn.app.interrupts import raise_interrupt, remember_interrupts
from shequn.app.user_errors import UserError
from shequn.sim.language import set_language

if TYPE_CHECKING:
    from shequn.sim.scenario import Scenario

_SECONDS = 0.1  # between two messages about progress


class _Progress:
    """Says how much of the work is done, but not too often."""

    def __init__(self, total: float) -> None:
        self._total, self._said_at = max(total, 1.0), 0.0

    def __call__(self, done: float) -> None:
        raise_interrupt()
        now = time.monotonic()
        if now - self._said_at > _SECONDS or done >= self._total:
            self._said_at = now
            _say(share=min(done / self._total, 1.0))


def main() -> None:
    """Do the job of stdin."""
    remember_interrupts()
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    set_language(job["language"])
    try:
        report = _report(job)
    except KeyboardInterrupt:
        _say(stopped=True)
    except Exception as error:  # whatever it is, the page says it
        _say(error=error.format_message() if isinstance(error, UserError) else str(error) or repr(error))
    else:
        _say(report=str(report))


def _end_with_stdin() -> None:
    while sys.stdin.readline():
        pass
    os._exit(1)


def _say(**message: Any) -> None:
    print(json.dumps(message), flush=True)


def _report(job: dict[str, Any]) -> Path:
    from shequn.app.execution import show_failures
    from shequn.app.report.command import make
    from shequn.app.user_errors import show_user_errors

    with show_user_errors(), show_failures(Path("results")):
        folder = _run(job) if job["do"] == "run" else _compare(job)
        _say(writing=True)
        return make(folder)


def _run(job: dict[str, Any]) -> Path:
    """Run the scenario as `shequn run` does; returns the folder of the results."""
    from shequn.app.answers.run import present
    from shequn.app.studio.review import scenario_of
    from shequn.experiments.replicates.course import WHOLE
    from shequn.experiments.replicates.replicates import write_run
    from shequn.experiments.replicates.workers import Workers
    from shequn.sim.processes import processors
    from shequn.sim.results.folder import is_complete, result_folder
    from shequn.sim.running import simulate

    scenario = scenario_of(job["text"], Path(job["file"]), job["arms"][0] or None)
    final = result_folder(scenario, Path("results"), WHOLE.key())
    if is_complete(final):
        return final
    progress = _days_of_runs(scenario)
    n_workers = min(processors(), scenario.runs) - 1  # this process works too
    with Workers(
        n_workers, progress, "shequn.sim.running", "shequn.experiments.replicates.replicates"
    ) as workers:
        write_run(scenario, final, simulate, progress, False, workers, WHOLE, (), present)
    return final


def _days_of_runs(scenario: "Scenario") -> Callable[[int, float], None]:
    """The progress of all runs by the day that each has reached."""
    days: dict[int, float] = {}
    progress = _Progress(scenario.runs * scenario.days)

    def reach(run: int, day: float) -> None:
        days[run] = day
        progress(sum(days.values()))

    return reach


def _compare(job: dict[str, Any]) -> Path:
    """Compare the scenario and its variants as `shequn compare` does; returns the folder of the results."""
    from shequn.app import compare as command
    from shequn.app.studio.review import scenario_of
    from shequn.experiments.sweeps.folder import holds_results

    text, file = job["text"], Path(job["file"])
    scenarios = {
        f"{file}:{arm}" if arm else str(file): scenario_of(text, file, arm or None) for arm in job["arms"]
    }
    base = scenario_of(text, file, None)
    asked = command.Asked(base.title, base.question)
    question = command.question_of(scenarios, asked, (), job["pairs"], None, job["assumed"], None)
    final = command.folder_of(question)
    inputs, make_results = command.begin(question, final)
    if holds_results(final, inputs):
        return final

    def watch(runs: int, n_finished: int) -> Callable[[Any], None]:
        progress, done = _Progress(runs), [n_finished]

        def finished(_run: Any) -> None:
            done[0] += 1
            progress(done[0])

        return finished

    make_results(watch, "processes", None, False, restart=False)
    return final


if __name__ == "__main__":
    main()
