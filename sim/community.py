"""The community as a Mesa model: a facade over its course.

``step()`` is one day. The operator's operations come at events of Mesa's scheduler and are carried out
between two segments of the loop. Members' events stay in compiled code.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import mesa
import numpy as np

from shequn.sim.course import Course, checked_seed
from shequn.sim.kernel.state import NEVER, State, day_dtype
from shequn.sim.machine import Sink
from shequn.sim.mesa_time import ScheduledModel, count_days_for_batch_run, is_made_by_batch_run
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.model import MAX_SEED
from shequn.sim.views import DayCollector, Member

if TYPE_CHECKING:
    from shequn.sim.saving.state_file import SavedState

#: No seed is given: the scenario's is used. (None means a different seed each time, as in Mesa.)
_SCENARIO_SEED: Final = object()


class Community(ScheduledModel):  # type: ignore[misc, valid-type]  # one of two classes, by Mesa's version
    """A community that runs day by day.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, or what :meth:`Scenario.load` takes (a shipped name, a path).
    variant : str, optional
        With a name or path: one of its variants.
    rng, seed : int, sequence of int, SeedSequence, Generator or None, optional
        Seed of the run, under either name; default: the scenario's. As in any Mesa model, None draws
        a different seed each time; the number in :attr:`run_seed` repeats the run.
    graph, sink, until, past : optional
        As for a `Course`.
    **overrides
        Scenario values by dotted key, with ``__`` for the dot: ``community__openness=0.5``. So they can
        be parameters of Mesa's ``batch_run``.

    Attributes
    ----------
    course : Course
        The community without Mesa.
    machine : Machine
        The machine that runs the world.
    run_seed : int
        Seed of this run.
    datacollector : mesa.DataCollector
        The daily measures (``shequn.sim.kernel.state.day_dtype``), one row a day from day 0.

    Notes
    -----
    To change parameters between two steps, change ``machine.params`` and call
    ``machine.parameters_changed()``, or use :meth:`set_openness`. Nothing is drawn from Mesa's random
    generators.

    Under ``mesa.batch_run`` a run without a given seed has a different seed each time, as in other Mesa
    models, so iterations differ. From 3.5 on Mesa overwrites the model's parameter (here ``rng``) with its own
    argument ``rng=``. Therefore ``seed`` is not in the signature, and ``parameters={"seed": [1, 2, 3]}`` works
    on every version.

    Raises
    ------
    ValueError
        Both ``rng`` and ``seed`` are given.
    """

    def __init__(
        self,
        scenario: Scenario | str = "open-group",
        variant: str | None = None,
        rng: Any = _SCENARIO_SEED,
        graph: Any = None,
        sink: Sink | None = None,
        until: float | None = None,
        past: "SavedState | None" = None,
        **overrides: Any,
    ) -> None:
        seed = _one_seed(rng, overrides.pop("seed", _SCENARIO_SEED))
        is_batch = is_made_by_batch_run(self)
        if not isinstance(scenario, Scenario):
            scenario = Scenario.load(scenario, variant)
        if overrides:
            scenario = scenario.with_(_dotted(overrides))
        if past is not None:
            from shequn.sim.saving.snapshot import seed_of

            run_seed = seed_of(past.about)
        elif seed is _SCENARIO_SEED and not is_batch:
            run_seed = scenario.seed
        else:
            run_seed = _as_number(None if seed is _SCENARIO_SEED else seed)
        super().__init__(rng=run_seed)
        if is_batch:
            count_days_for_batch_run(self)
        self.course = Course(scenario, run_seed, graph, sink, until, past)
        self.settings, self.run_seed = scenario, run_seed
        self.machine, self.operator = self.course.machine, self.course.operator
        self._members: dict[int, Member] = {}
        names = [name for name in day_dtype.names or () if name != "day"]
        self.datacollector = DayCollector(model_reporters={name: partial(_today, name) for name in names})
        self._is_replaying = past is not None
        if past is None:
            self.datacollector.collect(self)
        else:
            for day in self.machine.days:
                self.datacollector.collect_day(day)
            if self.machine.time > 0.0:
                self.run_until(self.machine.time)  # advance Mesa's clock through the days already run
            self._is_replaying = False
            self.running = self.time < self.settings.days
        self._expected = NEVER
        self._expect_next()

    def _expect_next(self) -> None:
        """Schedule an event of Mesa at the time at which something is due next."""
        if self.course.next_due != self._expected:
            self._expected = self.course.next_due
            if self._expected < NEVER:
                self.schedule_event(self._carry_out, at=self._expected)

    def _carry_out(self) -> None:
        self.course.run_until(self.time)
        self._expect_next()

    def save(self, path: str | Path, recorded: Mapping[str, Any] | None = None) -> str:
        """Save the whole state now, between two steps; :meth:`load` continues from it.

        Parameters
        ----------
        path : str or Path
            Path of the file, ending in ``.npz``; an existing file is replaced.
        recorded : mapping, optional
            More arrays to save, from whoever recorded this run.

        Returns
        -------
        str
            Digest of the state.

        Raises
        ------
        OSError
            The file cannot be written; no partial file is left.
        """
        self.course.run_until(self.time)
        return self.course.save(Path(path), recorded)

    @classmethod
    def load(
        cls,
        path: "str | Path | SavedState",
        scenario: Scenario | str | None = None,
        variant: str | None = None,
        sink: Sink | None = None,
        until: float | None = None,
        **overrides: Any,
    ) -> Self:
        """A community that continues from a saved state, under the same policy or another.

        With the same scenario its results equal those of an uninterrupted run to the byte.

        Parameters
        ----------
        path : str, Path or SavedState
            A file from :meth:`save`, or what :func:`shequn.sim.saving.state_file.read_state` returned for it.
        scenario : Scenario or str, optional
            The scenario from now on; default: the one run so far.
        variant : str, optional
            Without ``scenario``: a variant of the scenario run so far.
        sink, until, **overrides
            As for a new community. The sink receives the journal from now on.

        Raises
        ------
        StateError
            The file is not a saved state of this version, or it is damaged.
        ScenarioError
            The scenario differs from the one run so far in something that cannot change.
        """
        from shequn.sim.saving.snapshot import scenario_of
        from shequn.sim.saving.state_file import read_state

        past = read_state(Path(path)) if isinstance(path, str | Path) else path
        if scenario is None:
            scenario = scenario_of(past.about, variant)
            variant = None
        return cls(scenario, variant, sink=sink, until=until, past=past, **overrides)

    def step(self) -> None:
        """Run one day, then check the conditions of operations."""
        if self._is_replaying:
            return
        self.course.run_until(self.time, operations_then=False)
        self._expect_next()
        self.datacollector.collect(self)
        self.running = self.time < self.settings.days

    def _repr_html_(self) -> str:
        from shequn.sim.presentation.notebook import community_html

        return community_html(self)

    def set_openness(self, openness: float) -> None:
        """Set visibility and bypass now, in [0, 1], as the operation ``set_openness`` does."""
        self.course.run_until(self.time)
        self.course.set_openness(openness)

    def member(self, person: int) -> Member:
        """The view of one person; the same object at each call."""
        if person not in self._members:
            self._members[person] = Member(self, person)
        return self._members[person]

    @property
    def agents(self) -> Any:
        """Views of all current members, as a Mesa ``AgentSet``.

        Views are created when first used and then kept here, as the set references its agents weakly.
        """
        return self._agent_set(self._present())

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], Any]:
        """All current members, under their only type."""
        return {Member: self.agents}

    @property
    def agent_types(self) -> list[type[mesa.Agent]]:
        """The only type of agents."""
        return [Member]

    def _present(self) -> Iterator[Member]:
        state = self.machine.world.people["state"]
        return (self.member(int(person)) for person in (state == State.MEMBER).nonzero()[0])

    def _agent_set(self, members: Iterator[Member]) -> Any:
        from mesa.agent import AgentSet

        return AgentSet(list(members), random=self.random)


def _one_seed(rng: Any, seed: Any) -> Any:
    """The seed that the caller passed under either name, ``rng`` or ``seed``."""
    seeds = [value for value in (rng, seed) if value is not _SCENARIO_SEED and value is not None]
    if len(seeds) > 1:
        raise ValueError("you have to pass either rng or seed, not both")
    if seeds:
        return seeds[0]
    return None if rng is None or seed is None else _SCENARIO_SEED


def _as_number(seed: Any) -> int:
    """The whole number for any kind of seed that Mesa accepts."""
    if isinstance(seed, int | float | np.number):
        return checked_seed(seed)
    return int(np.random.default_rng(seed).integers(MAX_SEED))


def _dotted(overrides: dict[str, Any]) -> dict[str, Any]:
    """Scenario values by dotted key, from keyword arguments."""
    return {key.replace("__", "."): _plain(value) for key, value in overrides.items()}


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _today(name: str, community: Community) -> float:
    """Value of a measure for the day that has just ended."""
    return community.machine.days[-1][name].item()  # type: ignore[no-any-return]
