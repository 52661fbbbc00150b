"""The community as a Mesa model: a facade over the compiled machine.

``step()`` is one day. The operator's operations are events of Mesa's scheduler, carried out
between two segments of the loop; members' events never leave compiled code.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import mesa
import numpy as np

from shequn.sim.kernel.state import NEVER, State, day_dtype
from shequn.sim.machine import Machine, Sink
from shequn.sim.mesa_time import ScheduledModel, count_days_for_batch_run, is_made_by_batch_run
from shequn.sim.operator import Due, Operator
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.model import MAX_SEED
from shequn.sim.views import DayCollector, Member

if TYPE_CHECKING:
    from shequn.sim.saving.state_file import SavedState

_SCENARIO_SEED: Final = object()  # no seed given: None means another one each time, as in Mesa


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
        another seed each time; :attr:`run_seed` is the number that repeats the run.
    graph : networkx.Graph, optional
        Used instead of the scenario's graph.
    sink : callable, optional
        Gets the journal, chunk by chunk.
    until : float, optional
        Day on which it will be saved: operations due from then on are left to what goes on from there.
    past : Saved, optional
        A state to go on from instead of founding: see :meth:`load`.
    **overrides
        Scenario values by dotted key, ``__`` for the dot: ``community__openness=0.5``; so a
        parameter sweep of Mesa's ``batch_run`` works.

    Attributes
    ----------
    machine : Machine
        The world beneath.
    run_seed : int
        Seed of this run.
    datacollector : mesa.DataCollector
        The daily measures (``shequn.sim.kernel.state.day_dtype``), one row a day from day 0.

    Notes
    -----
    Changes between two steps: change ``machine.params`` and call ``machine.parameters_changed()``,
    or use :meth:`set_openness`. Nothing is drawn from Mesa's random generators.

    Under ``mesa.batch_run`` a run whose seed is not given has another seed each time, as other Mesa models
    have, so iterations differ. Mesa from 3.5 on overwrites the model's own parameter (here ``rng``) with its
    argument ``rng=``, so ``seed`` is not in the signature: ``parameters={"seed": [1, 2, 3]}`` then works on
    every version.

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
        given = _one_seed(rng, overrides.pop("seed", _SCENARIO_SEED))
        is_batch = is_made_by_batch_run(self)
        if not isinstance(scenario, Scenario):
            scenario = Scenario.load(scenario, variant)
        if overrides:
            scenario = scenario.with_(_dotted(overrides))
        if past is not None:
            run = int(past.about["seed"])
        elif given is _SCENARIO_SEED and not is_batch:
            run = scenario.seed
        else:
            run = _as_number(None if given is _SCENARIO_SEED else given)
        super().__init__(rng=run)
        if is_batch:
            count_days_for_batch_run(self)
        self.settings = scenario
        self.run_seed = run
        self._until = NEVER if until is None else float(until)
        self._ends: list[float] = []  # of campaigns, to come
        self._members: dict[int, Member] = {}
        names = [name for name in day_dtype.names or () if name != "day"]
        self.datacollector = DayCollector(model_reporters={name: partial(_today, name) for name in names})
        self._is_passing = past is not None
        if past is None:
            self.machine = Machine(scenario, run, graph, sink)
            self.operator = Operator(scenario, self.machine)
            self._schedule(self.operator.calendar(), [])
            self.datacollector.collect(self)
        else:
            self._resume(past, sink)

    def _schedule(self, calendar: list[Due], ends: list[float]) -> None:
        """Enter operations to come, and the ends of campaigns, into Mesa's calendar."""
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
        """Go on from a state as :attr:`settings` says."""
        from shequn.sim.saving.branching import change_policy, check_changes, is_new
        from shequn.sim.saving.snapshot import machine_of, scenario_of

        before, now = scenario_of(past.about), float(past.about["time"])
        check_changes(before, self.settings, now)
        self.machine = machine_of(past, sink)
        self.operator = Operator(self.settings, self.machine)
        self.operator.resume(past.about["operator"], before)
        for day in self.machine.days:
            self.datacollector.collect_day(day)
        if now > 0.0:
            self.run_until(now)  # Mesa's own steps, which have passed already
        self._is_passing = False
        self.running = self.time < self.settings.days
        change_policy(self.machine, before, self.settings)
        done = bool(past.about["instant_is_done"])
        calendar = [
            due
            for due in self.operator.calendar()
            if due.at > now
            or (due.at == now and (not done or is_new(self.settings.operations[due.operation], before)))
        ]
        self._schedule(calendar, past.about["ends"])

    def save(self, path: str | Path, recorded: Mapping[str, Any] | None = None) -> str:
        """Save the whole state now, between two steps: see :meth:`load`.

        Parameters
        ----------
        path : str or Path
            Of the file, which ends in ``.npz``; one that is there is replaced.
        recorded : mapping, optional
            More arrays, of who has recorded this run.

        Returns
        -------
        str
            Digest of the state.

        Raises
        ------
        OSError
            It cannot be written; nothing is left.
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
        """A community that goes on from a saved state, under the same policy or another.

        Left alone, it goes on to the byte as if it had never been saved.

        Parameters
        ----------
        path : str, Path or Saved
            From :meth:`save`, or what :func:`shequn.sim.saving.state_file.read_state` has read of it.
        scenario : Scenario or str, optional
            What is run from now on; default: what was run so far.
        variant : str, optional
            Without ``scenario``: a variant of the scenario that was run so far.
        sink, until, **overrides
            As of a new community. The sink gets the journal from now on.

        Raises
        ------
        StateError
            The file is no state of this version, or damaged.
        ScenarioError
            What cannot differ from what was run so far does.
        """
        from shequn.sim.saving.snapshot import scenario_of
        from shequn.sim.saving.state_file import read_state

        past = read_state(Path(path)) if isinstance(path, str | Path) else path
        if scenario is None:
            scenario = scenario_of(past.about, variant)
            variant = None
        return cls(scenario, variant, sink=sink, until=until, past=past, **overrides)

    def step(self) -> None:
        """One day: everything up to the end of it, then the conditions the operator watches."""
        if self._is_passing:
            return
        self._catch_up()
        for number in self.operator.conditional():
            self._carry_out(number)
        if self.operator.follows_events:
            self.operator.set_factors()
        self.datacollector.collect(self)
        self.running = self.time < self.settings.days

    def _repr_html_(self) -> str:
        from shequn.sim.presentation.notebook import community_html

        return community_html(self)

    def set_openness(self, openness: float) -> None:
        """Open or close the community now, as the operation ``set_openness`` does."""
        self._catch_up()
        self.machine.params["openness"] = openness
        self.machine.parameters_changed()

    def _catch_up(self) -> None:
        self.machine.run_until(float(self.time))

    def _carry_out_due(self) -> None:
        self._catch_up()
        self._carry_out(self._calendar.pop().operation)

    def _carry_out(self, number: int) -> None:
        end = self.operator.carry_out(number)
        if end is not None:
            self._end_at(end)

    def _end_campaign(self) -> None:
        self._catch_up()
        self._ends.remove(float(self.time))
        self.operator.set_factors()

    def member(self, person: int) -> Member:
        """The view on one person; the same object each time."""
        if person not in self._members:
            self._members[person] = Member(self, person)
        return self._members[person]

    @property
    def agents(self) -> Any:
        """Views on everybody who is a member now, as a Mesa ``AgentSet``.

        Views are made when asked for and then held: the set holds its agents weakly.
        """
        return self._agent_set(self._present())

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], Any]:
        """The members, under their one type."""
        return {Member: self.agents}

    @property
    def agent_types(self) -> list[type[mesa.Agent]]:
        """The one type of agents."""
        return [Member]

    def _present(self) -> Iterator[Member]:
        state = self.machine.world.people["state"]
        return (self.member(int(person)) for person in (state == State.MEMBER).nonzero()[0])

    def _agent_set(self, members: Iterator[Member]) -> Any:
        from mesa.agent import AgentSet

        return AgentSet(list(members), random=self.random)


def _one_seed(rng: Any, seed: Any) -> Any:
    """The seed that was given under one of its two names."""
    given = [one for one in (rng, seed) if one is not _SCENARIO_SEED and one is not None]
    if len(given) > 1:
        raise ValueError("you have to pass either rng or seed, not both")
    if given:
        return given[0]
    return None if rng is None or seed is None else _SCENARIO_SEED


def _as_number(seed: Any) -> int:
    """A seed of the kinds that Mesa takes as the number that names a run."""
    if isinstance(seed, int | np.integer):
        return int(seed)
    return int(np.random.default_rng(seed).integers(MAX_SEED))


def _dotted(overrides: dict[str, Any]) -> dict[str, Any]:
    """Scenario values by dotted key, from keywords."""
    return {key.replace("__", "."): _plain(value) for key, value in overrides.items()}


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _today(name: str, community: Community) -> float:
    """A measure of the day that has just ended."""
    return community.machine.days[-1][name].item()  # type: ignore[no-any-return]
