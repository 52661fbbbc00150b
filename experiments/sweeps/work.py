"""One run in a worker: it is simulated, and its responses are returned."""

import os
import threading
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from shequn.experiments.designs.responses import measure
from shequn.experiments.sweeps.custom_model import model_values
from shequn.experiments.sweeps.plan import MismatchError, Run, provenance
from shequn.sim.language import _, in_language

if TYPE_CHECKING:
    from shequn.sim.result import Result
    from shequn.sim.scenario import Scenario

#: A worker may have threads (dask). Only one of them may compile, and a run holds the GIL anyway.
_ONE_AT_A_TIME = threading.Lock()


class RunOutcome(NamedTuple):
    """The outcome of a run: its responses, or why it failed; what was requested besides."""

    number: int
    values: list[float] | None
    failure: str = ""
    trace: str = ""  # a checksum of each day, from day 0: eight hexadecimal digits
    series: bytes = b""  # the measures of every day: see `packed_days.py`


def perform_run(run: Run) -> RunOutcome:
    """Perform a run. An exception of the run is not raised but returned as a failure.

    Raises
    ------
    MismatchError
        This worker has other sources than the command.
    """
    if (ours := provenance()["sources"]) != run.sources:
        raise MismatchError(
            _("a worker has other sources of shequn ({ours}) than this command ({sources})").format(
                ours=ours, sources=run.sources
            )
        )
    try:
        with _ONE_AT_A_TIME, in_language("en"):  # tables are the same in every language, failures too
            return _outcome(run)
    except Exception as error:  # the other runs continue
        return RunOutcome(run.number, None, f"{type(error).__name__}: {error}")


def _outcome(run: Run) -> RunOutcome:
    from shequn.sim.running import simulate
    from shequn.sim.scenario import Scenario

    scenario = run.scenario
    if not isinstance(scenario, Scenario):
        return RunOutcome(run.number, model_values(scenario, run.seed, run.responses))
    can_change = scenario.journal == "full" or run.past is None  # the journal of a state can only get shorter
    if can_change and not any(response.needs_journal for response in run.responses):
        scenario = scenario.with_({"journal": "membership"})  # no response needs the rest
    past = None if run.past is None else run.past.read()
    result = simulate(scenario, run.seed, sink=_discard, past=past)
    return RunOutcome(
        run.number,
        measure(result, run.responses),
        trace=_trace(result.outcome.days) if run.with_trace else "",
        series=_series(result) if run.with_series else b"",
    )


def _series(result: "Result") -> bytes:
    from shequn.experiments.sweeps.packed_days import packed

    return packed(result.days)


def _discard(rows: Any) -> None:
    """A sink that discards the journal."""


def _trace(days: Any) -> str:
    """The checksum (CRC-32) of each day's record, as eight hexadecimal digits."""
    return "".join(f"{zlib.crc32(row.tobytes()):08x}" for row in days)


def warm_up(scenario: "Scenario", founding: bool = True) -> None:
    """Compile the engine once, so that the worker processes do not each compile it.

    Does nothing if these sources have been compiled before, with the features of this scenario. Runs that continue
    saved states have no ``founding``.
    """
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        return
    from shequn.sim import warmup
    from shequn.sim.running import simulate

    if not founding:
        if not warmup.is_compiled(scenario):
            warmup.compile_loop(scenario)
        return
    mark = warmup.mark("run", scenario)
    if not mark.exists():
        simulate(scenario.with_({"days": 1, "journal": "membership"}))
        mark.touch()
