"""One run in a worker: simulated, measured, and handed back as a few numbers."""

import os
import threading
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from shequn.agents.compiled import cache_folder
from shequn.experiments.designs.responses import measured
from shequn.experiments.sweeps.custom_model import model_values
from shequn.experiments.sweeps.plan import MismatchError, Run, provenance
from shequn.sim.language import _, in_language

if TYPE_CHECKING:
    from shequn.sim.scenario import Scenario

#: A worker may have threads (dask); compiling is for one of them, and running holds the GIL anyway.
_ONE_AT_A_TIME = threading.Lock()


class RunOutcome(NamedTuple):
    """What became of a run: its responses, or why it failed; and a sum of each day, if asked for."""

    number: int
    values: list[float] | None
    failure: str = ""
    trace: str = ""  # eight hexadecimal digits for each day, from day 0


def work(run: Run) -> RunOutcome:
    """Make a run. Whatever goes wrong in it is its own: it comes back as a failure.

    Raises
    ------
    MixedError
        This worker has other sources than whoever asks.
    """
    if (ours := provenance()["sources"]) != run.sources:
        raise MismatchError(
            _("a worker has other sources of shequn ({ours}) than this command ({sources})").format(
                ours=ours, sources=run.sources
            )
        )
    try:
        with _ONE_AT_A_TIME, in_language("en"):  # tables are the same in every language, failures too
            values, trace = _made(run)
    except Exception as error:  # of one run; the others go on
        return RunOutcome(run.number, None, f"{type(error).__name__}: {error}")
    return RunOutcome(run.number, values, trace=trace)


def _made(run: Run) -> tuple[list[float], str]:
    """The responses of a run, and its trace if one is asked for."""
    from shequn.sim.running import simulate
    from shequn.sim.scenario import Scenario

    scenario = run.scenario
    if not isinstance(scenario, Scenario):
        return model_values(scenario, run.seed, run.responses), ""
    keeps_visits = scenario.journal == "full" or run.past is None  # a state that lacks them knows no more
    if keeps_visits and not any(response.needs_visits for response in run.responses):
        scenario = scenario.with_({"journal": "membership"})  # visits would be written for nobody
    past = None if run.past is None else run.past.read()
    result = simulate(scenario, run.seed, sink=_discard, past=past)
    return measured(result, run.responses), _trace(result.outcome.days) if run.traced else ""


def _discard(rows: Any) -> None:
    """A sink that keeps nothing."""


def _trace(days: Any) -> str:
    return "".join(f"{zlib.crc32(row.tobytes()):08x}" for row in days)


def warm(scenario: "Scenario") -> None:
    """Compile once, before several processes would do so side by side.

    Nothing is done where a run of these sources has been compiled before.
    """
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        return
    mark = cache_folder() / "warmed"
    if not mark.exists():
        from shequn.sim.running import simulate

        simulate(scenario.with_({"days": 1, "journal": "membership"}))
        mark.touch()
