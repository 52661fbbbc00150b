"""(c) Time per visit in a large community compared with small ones, with rooms of the same size."""

from collections.abc import Callable
from typing import Any

from shequn.experiments.studies.benchmarks import worlds
from shequn.experiments.studies.benchmarks.against_twin import run_machine
from shequn.experiments.studies.benchmarks.timing import Part, Row, in_turn, judged, middle, ratios, say
from shequn.sim.kernel.world import memory
from shequn.sim.machine import Machine
from shequn.sim.scenario import Scenario


def machine_of(people: int, days: int, seed: int) -> Machine:
    """A full community at time 0."""
    return Machine(Scenario.from_mapping(worlds.full(people, days)), seed)


def measure(quick: bool) -> Part:
    """Rows and notes of part (c).

    Visits change as a community ages, so both sizes are timed over the same days. Several small communities are run in
    turn, so that their time is long enough to measure.
    """
    small, large, few, rounds = (500, 2_000, 2, 2) if quick else (10_000, 1_000_000, 20, 5)
    days = 2 + 2 * rounds
    say("building")
    smalls = [machine_of(small, days, seed + 1) for seed in range(few)]
    big = machine_of(large, days, 1)
    for machine in (*smalls, big):
        machine.run_until(2.0)

    def timed(machines: list[Machine]) -> Callable[[int], float]:
        def round_of(number: int) -> float:
            """µs a visit, over two days."""
            found: list[dict[str, Any]] = [run_machine(machine, 4.0 + 2 * number) for machine in machines]
            seconds, visits = (float(sum(run[key] for run in found)) for key in ("seconds", "visits"))
            return 1e6 * seconds / visits

        return round_of

    found = in_turn(rounds, {"small": timed(smalls), "large": timed([big])})
    times = ratios(found["large"], found["small"])
    rows = [
        judged("c", f"time per visit at {large:,} members, times that at {small:,}", times, "×", at_most=3),
        Row("c", f"time per visit at {small:,}", middle(found["small"], "µs")),
        Row("c", f"time per visit at {large:,}", middle(found["large"], "µs")),
    ]
    megabytes = {
        name: sum(memory(m.world).values()) / 1e6 for name, m in (("small", smalls[0]), ("large", big))
    }
    notes = [
        f"The arrays of the small world are {megabytes['small']:.3g} MB, of the large one "
        f"{megabytes['large']:,.0f} MB. A visit touches some dozens of records here and there in them "
        "(oneself, the queue, the room's posts and their authors, ties).",
    ]
    return Part(rows, notes)
