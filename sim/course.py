"""The course of a community: a machine, and the operator who acts between the segments of its loop.

`simulate`, calibration and the class page run one; `Community` shows one to Mesa.
"""

import heapq
import itertools
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shequn.sim.features import features_of
from shequn.sim.kernel.state import NEVER
from shequn.sim.language import _
from shequn.sim.machine import Machine, Sink
from shequn.sim.operator import Due, Operator
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.errors import scenario_error
from shequn.sim.scenario.model import MAX_SEED

if TYPE_CHECKING:
    from shequn.sim.saving.state_file import SavedState


class Course:
    """A community that goes on in time, with the operations of its scenario.

    Parameters
    ----------
    scenario : Scenario
    seed : int, optional
        Seed of the run; default: the scenario's.
    graph : networkx.Graph, optional
        Used instead of the scenario's graph.
    sink : callable, optional
        Receives the journal, chunk by chunk.
    until : float, optional
        Day on which it will be saved: operations from then on are left to the run that continues.
    past : SavedState, optional
        A state from which to continue, instead of founding; its seed is that of the run.

    Attributes
    ----------
    settings : Scenario
    run_seed : int
        Seed of this run.
    machine : Machine
        The machine that runs the world.
    operator : Operator

    Raises
    ------
    ScenarioError, GraphError, StateError
        The run is not possible; the message says why.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int | None = None,
        graph: Any = None,
        sink: Sink | None = None,
        until: float | None = None,
        past: "SavedState | None" = None,
    ) -> None:
        self.settings = scenario
        self._until = NEVER if until is None else float(until)
        self._order = itertools.count()
        #: What comes: its time, its order among what comes at one instant, and the number of an operation, a round
        #: or a term; None for the end of a campaign.
        self._coming: list[tuple[float, int, int | None]] = []
        if past is None:
            self.run_seed = scenario.seed if seed is None else checked_seed(seed)
            self.machine = Machine(scenario, self.run_seed, graph, sink)
            self.operator = Operator(scenario, self.machine)
            self.operator.stages.begin()
            self._expect(self.operator.calendar(), [])
        else:
            self._resume(past, sink)

    def _expect(self, calendar: list[Due], ends: list[float]) -> None:
        """Take up operations to come, and the ends of campaigns."""
        for due in calendar:
            if due.at < self._until:
                heapq.heappush(self._coming, (due.at, next(self._order), due.number))
        self._ends: list[float] = []  # times at which current campaigns end
        for end in ends:
            self._will_end(end)

    def _will_end(self, end: float) -> None:
        self._ends.append(end)
        if end < self._until:
            heapq.heappush(self._coming, (end, next(self._order), None))

    def _resume(self, past: "SavedState", sink: Sink | None) -> None:
        """Continue from a state with the scenario in :attr:`settings`."""
        from shequn.sim.saving.branching import check_changes
        from shequn.sim.saving.snapshot import machine_of, scenario_of, seed_of
        from shequn.sim.saving.state_file import refusing_forgeries

        self.run_seed = seed_of(past.about)
        before = scenario_of(past.about)
        features = features_of(before) | features_of(self.settings)
        self.machine = machine_of(past, before, features, sink)
        now = self.time
        check_changes(before, self.settings, now)
        self.operator = Operator(self.settings, self.machine)
        with refusing_forgeries():
            self.operator.resume(past.about["operator"], past.about["ends"], before)
        self.operator.change_policy(before)
        done = bool(past.about["instant_is_done"])
        calendar = [
            due
            for due in self.operator.calendar()
            if due.at > now or (due.at == now and (not done or self.operator.is_new(due, before)))
        ]
        self._expect(calendar, past.about["ends"])

    @property
    def time(self) -> float:
        """Everything before this instant has been handled, in days."""
        return self.machine.time

    @property
    def next_due(self) -> float:
        """Time at which something is due next; NEVER if nothing is."""
        return self._coming[0][0] if self._coming else NEVER

    def step(self) -> None:
        """Run one day."""
        self.run_until(self.time + 1.0)

    def run_until(self, time: float, *, operations_then: bool = True) -> None:
        """Run to an instant, which may lie within a day.

        At one instant the order is end of day, operations in the order of the scenario, then members' events.

        Parameters
        ----------
        time : float
            In days.
        operations_then : bool
            False leaves operations at exactly this instant to the next call.
        """
        while True:
            evening = math.floor(self.time) + 1.0 if self.operator.acts_daily else NEVER
            if evening <= min(self.next_due, time):
                self._end_day(evening)
            elif self.next_due < time or (self.next_due == time and operations_then):
                self._carry_out_next()
            else:
                break
        self.machine.run_until(float(time))

    def _end_day(self, evening: float) -> None:
        self.machine.run_until(evening)
        for end in self.operator.end_day():
            self._will_end(end)

    def _carry_out_next(self) -> None:
        at, _order, number = heapq.heappop(self._coming)
        self.machine.run_until(at)
        if number is None:
            self._ends.remove(at)
            self.operator.update_effects()
        elif (end := self.operator.carry_out(number)) is not None:
            self._will_end(end)

    def set_openness(self, openness: float) -> None:
        """Set visibility and bypass now, in [0, 1], as the operation ``set_openness`` does."""
        self.machine.params["visibility"] = self.machine.params["bypass"] = openness
        self.machine.parameters_changed()

    def save(self, path: Path, recorded: Mapping[str, Any] | None = None) -> str:
        """Save the whole state now; see :meth:`shequn.sim.community.Community.save`."""
        from shequn.sim.saving.snapshot import save_course

        return save_course(self, path, self.time < self._until, self._ends, recorded or {})


def checked_seed(seed: Any) -> int:
    """The seed of a run.

    Parameters
    ----------
    seed : int, float or NumPy number

    Raises
    ------
    ScenarioError
        It is not one that a scenario may have.
    """
    is_whole = isinstance(seed, int | np.integer) or float(seed).is_integer()
    if not is_whole or not 0 <= int(seed) <= MAX_SEED:
        raise scenario_error(
            _("seed is {seed}; allowed: a whole number from 0 to {most}").format(seed=seed, most=MAX_SEED)
        )
    return int(seed)


def run_to_the_end(scenario: Scenario, seed: int, sink: Sink | None = None) -> Machine:
    """Run a scenario to its last day, where only the journal and the world at the end are of interest.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    sink : callable, optional
        Receives the journal, chunk by chunk.
    """
    course = Course(scenario, seed, sink=sink)
    course.run_until(scenario.days)
    course.machine.empty_journal()
    return course.machine
