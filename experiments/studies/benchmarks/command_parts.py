"""The command line with a stopwatch, which measures its parts.

``python -m shequn.experiments.studies.benchmarks.command_parts REPORT run open-group …`` runs the command and writes
seconds by part into the file REPORT. The time of a part does not include that of other parts within it. With several
processes, only the first is measured.
"""

import builtins
import functools
import importlib
import json
import runpy
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: (module, attribute, name of the part); only the entries of numba are private.
_WATCHED = (
    ("numba.core.dispatcher", "Dispatcher.compile", "loading compiled code"),
    ("numba.core.dispatcher", "_FunctionCompiler.compile", "compiling"),
    ("numba.core.caching", "Cache.save_overload", "compiling"),
    ("shequn.sim.machine", "build_world", "building the worlds"),
    ("shequn.sim.machine", "Machine.run_until", "the engine"),
    ("shequn.sim.course", "Course.step", "operations"),
    ("shequn.sim.results.collecting", "Collector.__call__", "reading the journal as it streams by"),
    ("shequn.sim.results.parquet", "JournalFile.__call__", "writing the journal (Parquet)"),
    ("shequn.sim.results.parquet", "JournalFile.close", "writing the journal (Parquet)"),
    ("shequn.experiments.replicates.replicates", "_run_one", "tables"),
    ("shequn.experiments.replicates.replicates", "_combine", "tables"),
    ("shequn.app.answers.run", "summary", "summary"),
    ("shequn.sim.presentation.figures", "write_figures", "figures"),
    ("shequn.experiments.replicates.workers", "Workers.finish", "waiting for the other process"),
)


class Watch:
    """A stopwatch for nested parts."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()
        self._parts = ["everything else"]

    def _turn(self) -> None:
        now = time.perf_counter()
        part = self._parts[-1]
        self.seconds[part] = self.seconds.get(part, 0.0) + now - self._since
        self._since = now

    def timed(self, function: Callable[..., Any], part: str) -> Callable[..., Any]:
        """The same function, with its time counted for a part."""

        @functools.wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            if self._parts[-1] == part:
                return function(*args, **kwargs)
            self._turn()
            self._parts.append(part)
            try:
                return function(*args, **kwargs)
            finally:
                self._turn()
                self._parts.pop()

        return watched

    def stop(self) -> dict[str, float]:
        """Seconds by part, so far."""
        self._turn()
        return self.seconds


def main(report: Path) -> None:
    """Run the command line with the remaining arguments, and write the report."""
    watch = Watch()
    builtins.__import__ = watch.timed(builtins.__import__, "importing packages")
    importlib.import_module = watch.timed(importlib.import_module, "importing packages")
    for module, attribute, part in _WATCHED:
        owner: Any = importlib.import_module(module)
        *path, name = attribute.split(".")
        for step in path:
            owner = getattr(owner, step)
        setattr(owner, name, watch.timed(getattr(owner, name), part))
    try:
        runpy.run_module("shequn.app.cli", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code not in (0, None):
            raise
    report.write_text(json.dumps(watch.stop()), encoding="utf-8")


if __name__ == "__main__":
    target = Path(sys.argv.pop(1))
    main(target)
