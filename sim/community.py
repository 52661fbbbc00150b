"""The community as a Mesa model: a facade over the compiled machine.

``step()`` is one day. The operator's operations are events of Mesa's scheduler and are carried out
between two segments of the loop. Members' events stay in compiled code.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import mesa
import numpy as np

from shequn.sim.features import features_of
from shequn.sim.kernel.state import NEVER, State, day_dtype
from shequn.sim.language import _
from shequn.sim.machine import Machine, Sink
from shequn.sim.mesa_time import ScheduledModel, count_days_for_batch_run, is_made_by_batch_run
from shequn.sim.operator import Due, Operator
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.errors import scenario_error
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
    graph : networkx.Graph, optional
        Used instead of the scenario's graph.
    sink : callable, optional
        Receives the journal, chunk by chunk.
    until : float, optional
        Day on which it will be saved: operations from then on are left to the run that continues.
    past : SavedState, optional
        A state from which to continue, instead of founding: see :meth:`load`.
    **overrides
        Scenario values by dotted key, with ``__`` for the dot: ``community__openness=0.5``. So they can
        be parameters of Mesa's ``batch_run``.

    Attributes
    ----------
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
        self.settings = scenario
        self.run_seed = run_seed
        self._until = NEVER if until is None else float(until)
        self._ends: list[float] = []  # times at which current campaigns end
        self._members: dict[int, Member] = {}
        names = [name for name in day_dtype.names or () if name != "day"]
        self.datacollector = DayCollector(model_reporters={name: partial(_today, name) for name in names})
        self._is_replaying = past is not None
        if past is None:
            self.machine = Machine(scenario, run_seed, graph, sink)
            self.operator = Operator(scenario, self.machine)
            self.operator.stages.begin()
            self._schedule(self.operator.calendar(), [])
            self.datacollector.collect(self)
        else:
            self._resume(past, sink)

    def _schedule(self, calendar: list[Due], ends: list[float]) -> None:
        """Schedule operations to come, and the ends of campaigns, as events of Mesa."""
        self._calendar = [due for due in calendar if due.at < self._until][::-1]
        for due in reversed(self._calendar):
            self.schedule_event(self._carry_out_due, at=due.at)
        for end in ends:
            self._end_at(end)

    def _end_at(self, end: float) -> None:
        self._ends.append(end)
        if end < self._until:
            self.schedule_event(self._end_campaign, at=end)

    def _resume(self, past: "SavedState", sink: Sink | None) -> None:
        """Continue from a state with the scenario in :attr:`settings`."""
        from shequn.sim.saving.branching import check_changes
        from shequn.sim.saving.snapshot import machine_of, scenario_of
        from shequn.sim.saving.state_file import refusing_forgeries

        before = scenario_of(past.about)
        features = features_of(before) | features_of(self.settings)
        self.machine = machine_of(past, before, features, sink)
        now = self.machine.time
        check_changes(before, self.settings, now)
        self.operator = Operator(self.settings, self.machine)
        with refusing_forgeries():
            self.operator.resume(past.about["operator"], past.about["ends"], before)
        for day in self.machine.days:
            self.datacollector.collect_day(day)
        if now > 0.0:
            self.run_until(now)  # advance Mesa's clock through the days already run
        self._is_replaying = False
        self.running = self.time < self.settings.days
        self.operator.change_policy(before)
        done = bool(past.about["instant_is_done"])
        calendar = [
            due
            for due in self.operator.calendar()
            if due.at > now or (due.at == now and (not done or self.operator.is_new(due, before)))
        ]
        self._schedule(calendar, past.about["ends"])

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
        from shequn.sim.saving.snapshot import save_community

        self._catch_up()
        return save_community(self, Path(path), self.time < self._until, self._ends, recorded or {})

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
        self._catch_up()
        for end in self.operator.end_day():
            self._end_at(end)
        self.datacollector.collect(self)
        self.running = self.time < self.settings.days

    def _repr_html_(self) -> str:
        from shequn.sim.presentation.notebook import community_html

        return community_html(self)

    def set_openness(self, openness: float) -> None:
        """Set visibility and bypass now, in [0, 1], as the operation ``set_openness`` does."""
        self._catch_up()
        self.machine.params["visibility"] = self.machine.params["bypass"] = openness
        self.machine.parameters_changed()

    def _catch_up(self) -> None:
        self.machine.run_until(float(self.time))

    def _carry_out_due(self) -> None:
        self._catch_up()
        end = self.operator.carry_out(self._calendar.pop().number)
        if end is not None:
            self._end_at(end)

    def _end_campaign(self) -> None:
        self._catch_up()
        self._ends.remove(float(self.time))
        self.operator.update_effects()

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
    """The whole number for any kind of seed that Mesa accepts.

    Raises
    ------
    ScenarioError
        It is a number, but not one that a scenario may have.
    """
    if isinstance(seed, int | float | np.number):
        is_whole = isinstance(seed, int | np.integer) or float(seed).is_integer()
        if not is_whole or not 0 <= int(seed) <= MAX_SEED:
            raise scenario_error(
                _("seed is {seed}; allowed: a whole number from 0 to {most}").format(seed=seed, most=MAX_SEED)
            )
        return int(seed)
    return int(np.random.default_rng(seed).integers(MAX_SEED))


def _dotted(overrides: dict[str, Any]) -> dict[str, Any]:
    """Scenario values by dotted key, from keyword arguments."""
    return {key.replace("__", "."): _plain(value) for key, value in overrides.items()}


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _today(name: str, community: Community) -> float:
    """Value of a measure for the day that has just ended."""
    return community.machine.days[-1][name].item()  # type: ignore[no-any-return]
