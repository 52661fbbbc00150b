"""A run without Mesa: only the journal, and the world at the end.

Mesa counts days, collects each day's measures and can stop between any two, which takes more time than the events of
a small community. Fits and forecasts run thousands of those and need none of it.
"""

import heapq
import itertools

from shequn.sim.machine import Machine, Sink
from shequn.sim.operator import Operator
from shequn.sim.scenario import Scenario


def run_headless(scenario: Scenario, seed: int, sink: Sink | None = None) -> Machine:
    """Run a scenario to its last day; the journal and the world are those of a `Community`.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    sink : callable, optional
        Receives the journal, chunk by chunk.

    Returns
    -------
    Machine
        At the end of the last day.

    Raises
    ------
    ScenarioError, GraphError
        The run is not possible; the message says why.
    """
    machine = Machine(scenario, seed, sink=sink)
    operator = Operator(scenario, machine)
    operator.stages.begin()
    order = itertools.count()
    coming: list[tuple[float, int, int | None]] = [
        (due.at, next(order), due.number) for due in operator.calendar()
    ]

    def will_end(at: float) -> None:
        heapq.heappush(coming, (at, next(order), None))

    def carry_out_next() -> None:
        at, _order, number = heapq.heappop(coming)
        machine.run_until(at)
        if number is None:
            operator.update_effects()
        elif (end := operator.carry_out(number)) is not None:
            will_end(end)

    last = scenario.days
    for day in range(1, last + 1) if operator.acts_daily else (last,):
        while coming and coming[0][0] < day:  # at one instant the end of a day comes first
            carry_out_next()
        machine.run_until(float(day))
        for end in operator.end_day():
            will_end(end)
    while coming and coming[0][0] <= last:
        carry_out_next()
    machine.empty_journal()
    return machine
