"""The operator: the scenario's calendar, current campaigns and hot events, and the conditions to check.

The course calls the operator between two segments of the loop and keeps the time. What a kind of
operation does is in its file in ``operations/``; here is what several kinds need.
"""

import math
from collections.abc import Iterable
from functools import partial, reduce
from typing import Any, NamedTuple, assert_never

import numpy as np
from pydantic import TypeAdapter

from shequn.sim.boards import publish_boards
from shequn.sim.graphs.graph import key_of
from shequn.sim.incentives import unit_names
from shequn.sim.kernel.chance import Draws, Purpose, fresh_keys, uniforms
from shequn.sim.kernel.duties.duty import Duty, InRounds
from shequn.sim.kernel.state import NOBODY, State
from shequn.sim.machine import Machine
from shequn.sim.operations.campaign import Campaign
from shequn.sim.operations.fresh_people import FreshPeople
from shequn.sim.operations.hot_event import HotEvent
from shequn.sim.operations.kinds import AnyOperation
from shequn.sim.operations.operation import Operation
from shequn.sim.operations.season import Season
from shequn.sim.operations.set import Set
from shequn.sim.operations.set_staff import SetStaff
from shequn.sim.operations.timed import Condition
from shequn.sim.policy import change_policy
from shequn.sim.population import distributions_of, draw_traits, fresh_people, groups_of
from shequn.sim.scenario import Scenario
from shequn.sim.staffing import duty_order
from shequn.sim.stages import StageClock

_OPERATION: TypeAdapter[Any] = TypeAdapter(AnyOperation)


class Due(NamedTuple):
    """An entry of the calendar: its time and its number.

    Operations come first, in the order of the scenario, then rounds of duties, then terms of jobs.
    """

    at: float
    number: int


def operation_keys(operations: Iterable[Operation]) -> list[int]:
    """The key of each operation in draws, from its name.

    The position would not do: one operation more, in one arm of a comparison, would change the people whom
    the other operations bring.
    """
    return [key_of(operation.name_in_draws) for operation in operations]


class Operator:
    """Carries out the operations of a scenario on a machine.

    Attributes
    ----------
    scenario : Scenario
    machine : Machine
    """

    def __init__(self, scenario: Scenario, machine: Machine) -> None:
        self.scenario = scenario
        self.machine = machine
        self._in_force = scenario  # with what operations have set
        self._current: list[tuple[float, Operation]] = []  # (end, operation that lasts for a while)
        self._events: list[tuple[float, HotEvent]] = []  # (start, event)
        self._keys = operation_keys(scenario.operations)
        self._occurrences = [0] * len(scenario.operations)
        self._days_true = [0] * len(scenario.operations)  # days in a row for which a condition has held
        self._done = [False] * len(scenario.operations)
        self._duties = [scenario.duties[name] for name in duty_order(scenario)]
        self.stages = StageClock(scenario, machine)
        self._acts_daily = any(_acts_daily(one) for one in (scenario, *scenario.with_settings()))

    def snapshot(self) -> dict[str, Any]:
        """The operator's state in plain values, from which `resume` continues."""
        write = partial(_OPERATION.dump_python, by_alias=True, mode="json")
        return {
            "current": [[end, write(operation)] for end, operation in self._current],
            "events": [[start, write(event)] for start, event in self._events],
            "occurrences": {str(key): n for key, n in zip(self._keys, self._occurrences, strict=True) if n},
            "held": self._days_true,
            "done": self._done,
            "stages": self.stages.snapshot(),
        }

    def resume(self, state: dict[str, Any], ends: list[float], before: Scenario) -> None:
        """Continue from a `snapshot` taken with the operations of ``before``; they may differ from the present ones.

        Campaigns and hot events that have begun last as long as planned. An operation that also was in
        ``before`` keeps its number of occurrences, and how long its condition has held. A new operation
        with the key of an old one continues the count of that one, so it brings other people.

        Parameters
        ----------
        ends : list of float
            Times at which current campaigns and seasons end.

        Raises
        ------
        ValueError, TypeError, KeyError, AttributeError
            It is not a snapshot, or not one of the machine's state.
        """
        self._current = [(end, _OPERATION.validate_python(o)) for end, o in state["current"]]
        self._events = [(start, _OPERATION.validate_python(e)) for start, e in state["events"]]
        self._check(state, ends, before)
        self.stages.resume(state["stages"], before)
        self._occurrences = [state["occurrences"].get(str(key), 0) for key in self._keys]
        unmatched = list(range(len(before.operations)))
        for number, operation in enumerate(self.scenario.operations):
            same = [old for old in unmatched if operation.does_the_same_as(before.operations[old])]
            same.sort(key=lambda old: before.operations[old] != operation)  # that of the same name first
            if same:
                unmatched.remove(same[0])
                self._days_true[number] = int(state["held"][same[0]])
                self._done[number] = bool(state["done"][same[0]])

    def _check(self, state: dict[str, Any], ends: list[float], before: Scenario) -> None:
        """Check that what lasts, and what has happened, fits the machine."""
        machine, counts = self.machine, [*state["occurrences"].values(), *state["held"]]
        now = machine.time
        current = sorted(
            end for end, operation in self._current if end > now and not operation.lasts_for_good()
        )
        n = int(machine.totals["n_happenings"])
        events = [(start, event.days, event.intensity, event.boost) for start, event in self._events]
        fits = (
            sorted(end for end in ends if end > now) == current
            and all(type(end) is float and now <= end < math.inf for end in ends)
            and events == machine.world.happenings[:n].tolist()
            and len(state["held"]) == len(state["done"]) == len(before.operations)
            and all(type(count) is int and 0 <= count < 1 << 31 for count in counts)
        )
        if not fits:
            raise ValueError("operator")

    def is_new(self, due: Due, before: Scenario) -> bool:
        """Whether an entry is an operation that ``before`` lacks."""
        operations = self.scenario.operations
        if due.number >= len(operations):
            return False
        return not any(operations[due.number].does_the_same_as(old) for old in before.operations)

    def calendar(self) -> list[Due]:
        """All dated and repeated operations, rounds and terms, in order of time and then of their numbers."""
        scenario, days = self.scenario, float(self.scenario.days)
        instants = [
            self._first_stage(operation) or operation.instants(scenario.start, days)
            for operation in scenario.operations
        ]
        instants += [duty.rounds(days) if isinstance(duty, InRounds) else () for duty in self._duties]
        for job in scenario.staff.values():
            ends = () if job.days is None or job.first + job.days >= days else (job.first + job.days,)
            instants.append((job.first, *ends) if job.first < days else ())
        return sorted(Due(at, number) for number, times in enumerate(instants) for at in times)

    def _first_stage(self, operation: Operation) -> tuple[float, ...]:
        """The instant at which stages began, for an operation that waits for one of them."""
        begins = self.stages.begins
        return tuple(at for at, name in begins if name == operation.at_stage and at == begins[0][0])

    @property
    def acts_daily(self) -> bool:
        """Whether `end_day` may do anything on some day to come."""
        return self._acts_daily or bool(self._events)

    def end_day(self) -> list[float]:
        """End a day: boards, vacant places, conditions, hot events; returns the times at which what has begun ends."""
        publish_boards(self.machine, self.scenario)
        self.fill_places()
        ends = [self.carry_out(number) for number in self.conditional()]
        if self.follows_events:
            self.update_effects()
        return [end for end in ends if end is not None]

    def conditional(self) -> list[int]:
        """Numbers of the operations due at the end of this day: a stage begins, or a condition is met."""
        due = []
        for stage in self.stages.end_day():
            due += [n for n, operation in enumerate(self.scenario.operations) if operation.at_stage == stage]
        for number, operation in enumerate(self.scenario.operations):
            condition = operation.if_
            if condition is None or (condition.once and self._done[number]):
                continue
            is_met = self._is_during(operation) and self._holds(condition)
            self._days_true[number] = self._days_true[number] + 1 if is_met else 0
            if self._days_true[number] == condition.for_:
                self._done[number] = True
                due.append(number)
        return due

    def _is_during(self, entry: Operation | Duty) -> bool:
        """Whether an operation or a duty belongs to the present stage."""
        return entry.during is None or self.stages.name in entry.during

    def _holds(self, condition: Condition) -> bool:
        return condition.holds(float(self.machine.days[-1][condition.measure]))

    def carry_out(self, number: int) -> float | None:
        """Carry out what has this number now; returns the time at which it ends, if it has an end."""
        n_operations, n_duties = len(self.scenario.operations), len(self._duties)
        if number >= n_operations + n_duties:
            self._begin_or_end_term(number - n_operations - n_duties)
            return None
        if number >= n_operations:
            self._begin_round(number - n_operations)
            return None
        if not self._is_during(self.scenario.operations[number]):
            return None
        occurrence = self._occurrences[number]
        self._occurrences[number] += 1
        return self.scenario.operations[number].carry_out(self, self._keys[number], occurrence)

    def _begin_round(self, number: int) -> None:
        """Begin a round of a duty, if its staff are there."""
        machine, duty = self.machine, self._duties[number]
        record = machine.world.duties[number]
        key = int(record["key"]) ^ int(record["rounds"])
        record["rounds"] += 1
        if not self._is_during(duty):
            return
        if isinstance(duty, InRounds) and machine.world.jobs["present"][record["job"]] > 0:
            machine.begin_round(number, duty.work(self, number, key))

    def _begin_or_end_term(self, job: int) -> None:
        """Hire or dismiss the staff of a job, whichever is due now."""
        machine = self.machine
        of_job = np.flatnonzero(machine.world.staff["job"] == job)
        if not self._is_on(job):
            for place in of_job[machine.world.staff["person"][of_job] != NOBODY]:
                machine.dismiss(int(place))
        elif machine.world.jobs["volunteers"][job]:
            self._fill_places_of(job)
        else:
            for place in of_job[machine.world.staff["person"][of_job] == NOBODY]:
                machine.hire(int(place), int(machine.world.staff["paid"][place]))

    def _is_on(self, job: int) -> bool:
        """Whether a job has staff now: in its term, and, if it is paid at all, while it is paid."""
        record = self.machine.world.jobs[job]
        of_scenario = list(self.scenario.staff.values())[job]
        is_paid = of_scenario.pay == 0 or record["pay"] > 0
        return bool(record["from_day"] <= self.machine.time < record["to_day"] and is_paid)

    def fill_places(self) -> None:
        """Ask members to take vacant places of volunteers."""
        for number, job in enumerate(self._in_force.staff.values()):
            if job.from_ != "outside" and self._is_on(number):
                self._fill_places_of(number)

    def _fill_places_of(self, number: int) -> None:
        """Ask members to take the vacant places of a job: those of the most recognition or quality, or at random."""
        machine, job = self.machine, list(self._in_force.staff.values())[number]
        world = machine.world
        places = np.flatnonzero(world.staff["job"] == number)
        vacant = places[world.staff["person"][places] == NOBODY]
        if not len(vacant):
            return
        everybody = world.everybody
        people = np.flatnonzero((everybody["state"] == State.MEMBER) & (everybody["lapsed"] == 0))
        people = people[~np.isin(people, world.staff["person"])]
        if job.from_ == "graduates":
            people = people[world.people["n_joins"][people] > 1]
        desks = machine.desks_of_rooms(number)[world.memberships["room"][world.people["membership"][people]]]
        people, desks = people[desks != NOBODY], desks[desks != NOBODY]
        keys = np.ascontiguousarray(world.people["key"][people])
        draws = uniforms(int(machine.totals["seed"]), Purpose.VOLUNTEER, keys, int(world.jobs["key"][number]))
        match job.chosen:
            case "recognition":
                worth = machine.recognition_of(people, machine.time)
            case "quality":
                worth = world.people["quality"][people].astype(float)
            case "random":
                worth = draws
            case _:
                assert_never(job.chosen)
        order = np.lexsort((draws, -worth))
        waiting = {desk: [int(p) for p in people[order][desks[order] == desk]] for desk in np.unique(desks)}
        for place in vacant:
            candidates = waiting.get(world.staff["desk"][place])
            if candidates:
                machine.hire(int(place), candidates.pop(0))

    def begin_for_a_while(self, operation: Operation, days: float) -> float:
        """Begin an operation that lasts for ``days``; returns the time at which it ends."""
        end = self.machine.time + days
        self._current.append((end, operation))
        self.update_effects()
        return end

    def begin_event(self, event: HotEvent) -> None:
        """Begin a hot event now."""
        machine = self.machine
        now = machine.time
        self._events = [(s, e) for s, e in self._events if not e.is_forgotten(now - s)]
        self._events.append((now, event))
        machine.totals["n_happenings"] = len(self._events)
        machine.make_room()
        for k, (start, e) in enumerate(self._events):
            machine.world.happenings[k] = (start, e.days, e.intensity, e.boost)
        self.update_effects()

    def space_number(self, name: str | None) -> int:
        """Number of a space of the scenario; None = the one entered from outside."""
        names = [place.name for place in self.scenario.places]
        return 0 if name is None else names.index(name)

    def group_number(self, name: str) -> int:
        """Number of a group of the scenario's population."""
        return list(self.scenario.population.groups).index(name)

    def unit_number(self, name: str) -> int:
        """Number of a unit of the scenario."""
        return unit_names(self.scenario).index(name)

    def bring(self, operation: FreshPeople, key: int, occurrence: int, times: Draws) -> None:
        """Bring fresh people, who come to the door at these times."""
        people = fresh_people(fresh_keys(key, occurrence, len(times)))
        seed, population = int(self.machine.totals["seed"]), self.scenario.population
        group = None if operation.group is None else self.group_number(operation.group)
        draw_traits(people, seed, population, operation.quality, operation.topic, group)
        groups = groups_of(np.ascontiguousarray(people["key"]), seed, population) if group is None else group
        drivers = None if operation.drivers is None else distributions_of(population, operation.drivers)
        self.machine.add_people(people, times, groups, key, operation.cost, drivers)

    def update_effects(self) -> None:
        """Recompute what current campaigns and hot events do, and all rates that depend on them."""
        now = self.machine.time
        self._current = [(end, operation) for end, operation in self._current if end > now]
        self._update_settings()
        params = self.machine.params
        campaigns = [operation for _, operation in self._current if isinstance(operation, Campaign)]
        seasons = [operation for _, operation in self._current if isinstance(operation, Season)]
        params["season"] = reduce(lambda so_far, season: min(so_far * season.discovery, 1e6), seasons, 1.0)
        bought = sum(campaign.bought_reach() for campaign in campaigns)
        cost = sum(campaign.bought_reach() * campaign.cost_per_stranger for campaign in campaigns)
        params["bought_reach"] = bought
        params["stranger_price"] = cost / bought if bought else 0.0  # one hazard for all: their mean price
        params["event_reach"] = sum(event.reach(now - start) for start, event in self._events)
        params["reminders"] = sum(campaign.reminders for campaign in campaigns)
        params["pay_inviter"] = sum(campaign.pay_inviter for campaign in campaigns)
        params["pay_invited"] = sum(campaign.pay_invited for campaign in campaigns)
        self.update_jobs()
        self.machine.parameters_changed()

    def _update_settings(self) -> None:
        """Apply what current operations set, and take back what no longer holds."""
        before, self._in_force = self._in_force, self._with_settings(self.scenario)
        if self._in_force is not before and self._in_force != before:
            change_policy(self.machine, before, self._in_force)
        self._duties = [self._in_force.duties[name] for name in duty_order(self.scenario)]

    def _with_settings(self, scenario: Scenario) -> Scenario:
        """A scenario with what current operations set."""
        now = self.machine.time
        values = {o.key: o.to for end, o in self._current if isinstance(o, Set) and end > now}
        return scenario.with_(values) if values else scenario

    def change_policy(self, before: Scenario) -> None:
        """The machine has run ``before`` until now: from now on the present scenario holds."""
        self.stages.continue_as(self.scenario)
        self._in_force = self._with_settings(self.scenario)
        self._acts_daily |= _acts_daily(self._in_force)
        change_policy(self.machine, self._with_settings(before), self._in_force)
        self._duties = [self._in_force.duties[name] for name in duty_order(self.scenario)]
        self.update_jobs()

    def update_jobs(self) -> None:
        """Set the minutes and pay of each job: the scenario's, or those of the last current `SetStaff`."""
        changes = [operation for _, operation in self._current if isinstance(operation, SetStaff)]
        world = self.machine.world
        for number, (name, job) in enumerate(self._in_force.staff.items()):
            minutes, pay = job.minutes, job.pay
            for change in changes:
                if change.job == name:
                    minutes = minutes if change.minutes is None else change.minutes
                    pay = pay if change.pay is None else change.pay
            record = world.jobs[number]
            if record["minutes"] != minutes or record["pay"] != pay:
                was_on = self._is_on(number)
                record["minutes"], record["pay"] = minutes, pay
                if self._is_on(number) != was_on:
                    self._begin_or_end_term(number)
                self.machine.hours_changed(number)

    @property
    def follows_events(self) -> bool:
        """Whether a current hot event changes visits or discovery, so that factors need a daily update."""
        now = self.machine.time
        return any(
            (e.discovery > 1.0 or e.boost > 0.0) and not e.is_forgotten(now - s) for s, e in self._events
        )


def _acts_daily(scenario: Scenario) -> bool:
    """Whether a scenario has anything that the end of a day may bring about."""
    return bool(
        scenario.stages
        or any(place.space.ranks for place in scenario.places)
        or any(job.from_ != "outside" for job in scenario.staff.values())
        or any(operation.if_ is not None for operation in scenario.operations)
    )
