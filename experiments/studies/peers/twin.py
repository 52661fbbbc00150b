"""The readable twin as a peer: a separate process in plain Python, which runs as far as it is asked to.

``NUMBA_DISABLE_JIT=1 python -m shequn.experiments.studies.peers.twin`` reads a line of JSON at a time:
first a scenario (what ``Scenario.from_mapping`` takes), then ``{"until": day}`` to go on and be
timed, or ``{"split": day}`` to go on and say what of a visit's time is spent where. It answers
each with a line.

Nothing may slow the twin that is not its own doing, so its draws are compiled here, by the same hash
to the same bit, in a fiftieth of the time that NumPy's scalars take; and what was built is taken out of
the garbage collector's sight.
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

_TRIED = 20_000  # events without content, to time the event list


class TwinPeer:
    """The twin of one scenario, timed.

    Parameters
    ----------
    scenario : Scenario
    """

    def __init__(self, scenario: Scenario) -> None:
        # the twin belongs to the tests, which no floor may import; as a peer it is a program like EoN
        module = importlib.import_module("tests.reference.twin")
        use_compiled_draws()
        self.twin = module.Twin(scenario)
        gc.collect()
        gc.freeze()

    def go(self, until: float) -> dict[str, float]:
        """Go on to ``until``.

        Returns
        -------
        dict
            ``seconds``, and the ``visits`` and ``rows`` of the journal in that time; ``members`` and
            ``temperature`` after it.
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
        """Where the time of a visit goes, in µs.

        Rules and draws are pure: their calls are noted while the twin goes on, and some are then
        repeated alone. Events and rows are timed without content, in the same heap.

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
            seen = self.go(until)
        events = next(twin.serial) - scheduled - 1
        visits = max(1.0, seen["visits"])
        spent = {what: 1e6 * seconds / visits for what, seconds in alone.seconds().items()}
        calls = {f"{what[:-1]}_calls": n / visits for what, n in alone.calls().items()}
        rows = len(twin.rows)
        machinery = events * _seconds_of(self._event) + seen["rows"] * _seconds_of(self._row)
        del twin.rows[rows:]
        return {**spent, **calls, "events": 1e6 * machinery / visits}

    def _event(self, number: int) -> None:
        """Schedule something for the present instant and handle it, leaving the others where they are."""
        twin = self.twin
        twin.schedule(twin.now, 0.0, None, self._nothing, number)
        twin.advance(math.nextafter(twin.now, math.inf))

    def _row(self, number: int) -> None:
        self.twin.write(JournalKind.VISIT, None, None, None, number, 0.0)

    def _nothing(self) -> None:
        pass


def _seconds_of(action: Callable[[int], None]) -> float:
    """Mean time of one of these."""
    start = time.perf_counter()
    for number in range(_TRIED):
        action(number)
    return (time.perf_counter() - start) / _TRIED


def main() -> None:
    """Read requests, answer them."""
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
