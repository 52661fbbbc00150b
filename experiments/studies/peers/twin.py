"""The readable twin as a peer: a separate process in plain Python that runs on request.

``NUMBA_DISABLE_JIT=1 python -m shequn.experiments.studies.peers.twin`` reads requests as lines of JSON and answers
each with a line. The first is a scenario (the argument of ``Scenario.from_mapping``). Then ``{"until": day}`` runs
until that day and returns the time, and ``{"split": day}`` also returns how the time of a visit is divided.

Only the twin's own code should count. So its draws are compiled, with identical results in a fiftieth of the time of
NumPy scalars, and the objects of the built world are exempt from garbage collection.
"""

import gc
import importlib
import json
import math
import sys
import time
from collections.abc import Callable
from typing import Any

from shequn.experiments.studies.peers.compiled_draws import use_compiled_draws
from shequn.experiments.studies.peers.rules_alone import RulesAlone
from shequn.sim.kernel.state import JournalKind
from shequn.sim.scenario import Scenario

_REPEATS = 20_000  # empty events, to time the event list


class TwinPeer:
    """The twin of one scenario, timed.

    Parameters
    ----------
    scenario : Scenario
    """

    def __init__(self, scenario: Scenario) -> None:
        # the twin belongs to the tests, which no package may import; here it is an external program, like EoN
        module = importlib.import_module("tests.reference.twin")
        use_compiled_draws()
        self.twin = module.Twin(scenario)
        gc.collect()
        gc.freeze()

    def go(self, until: float) -> dict[str, float]:
        """Run until ``until``, and measure the time.

        Returns
        -------
        dict
            ``seconds``, the number of ``visits`` and of journal ``rows`` meanwhile, and the ``members`` and
            ``temperature`` at the end.
        """
        twin = self.twin
        before = len(twin.rows)
        start = time.perf_counter()
        twin.advance(until)
        seconds = time.perf_counter() - start
        rows = twin.rows[before:]
        visits = sum(row[-1] == JournalKind.VISIT for row in rows)
        state = {"members": twin.members, "temperature": twin.temperature}
        return {"seconds": seconds, "visits": visits, "rows": len(rows), **state}

    def split(self, until: float) -> dict[str, float]:
        """Run until ``until``, and measure how the time of a visit is divided.

        Rules and draws are pure: their calls are recorded during the run, and some are then repeated alone. Empty
        events and rows are timed afterwards, with the same heap.

        Returns
        -------
        dict
            ``rules``, ``draws``, ``events`` (event list and journal), µs per visit; ``rule_calls``
            and ``draw_calls`` per visit.
        """
        twin = self.twin
        scheduled = next(twin.serial)
        with RulesAlone(
            "tests.reference.twin", {"agents": "rules", "shequn.sim.kernel.chance": "draws"}
        ) as alone:
            run = self.go(until)
        events = next(twin.serial) - scheduled - 1
        visits = max(1.0, run["visits"])
        spent = {what: 1e6 * seconds / visits for what, seconds in alone.seconds().items()}
        calls = {f"{what[:-1]}_calls": n / visits for what, n in alone.calls().items()}
        rows = len(twin.rows)
        machinery = events * _seconds_of(self._event) + run["rows"] * _seconds_of(self._row)
        del twin.rows[rows:]
        return {**spent, **calls, "events": 1e6 * machinery / visits}

    def _event(self, number: int) -> None:
        """Schedule an empty event for the present instant and handle it, without the events after it."""
        twin = self.twin
        twin.schedule(twin.now, 0.0, None, self._nothing, number)
        twin.advance(math.nextafter(twin.now, math.inf))

    def _row(self, number: int) -> None:
        self.twin.write(JournalKind.VISIT, None, None, None, number, 0.0)

    def _nothing(self) -> None:
        pass


def _seconds_of(action: Callable[[int], None]) -> float:
    """Mean time of one action, in seconds."""
    start = time.perf_counter()
    for number in range(_REPEATS):
        action(number)
    return (time.perf_counter() - start) / _REPEATS


def main() -> None:
    """Read requests and answer them."""
    peer: TwinPeer | None = None
    for line in sys.stdin:
        request: dict[str, Any] = json.loads(line)
        if peer is None:
            peer = TwinPeer(Scenario.from_mapping(request))
            answer: dict[str, Any] = {"people": len(peer.twin.people)}
        elif "split" in request:
            answer = peer.split(request["split"])
        else:
            answer = peer.go(request["until"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
