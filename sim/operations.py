"""The operator's operations: what each kind does to the machine, between two segments.

An :class:`Operator` knows the scenario's calendar, the campaigns and hot events now on, and the
conditions it watches. The Mesa model calls it; nothing here keeps time.
"""

import math
from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from pydantic import TypeAdapter

from shequn.sim.graphs.graph import key_of
from shequn.sim.kernel.chance import Purpose, exponentials, fresh_keys, uniforms
from shequn.sim.kernel.state import State
from shequn.sim.machine import Machine, fresh_people
from shequn.sim.population import draw_traits
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.operations import (
    Arrivals,
    Campaign,
    Condition,
    HotEvent,
    Operation,
    Remove,
    SetGates,
    SetOpenness,
    Shock,
    Timed,
)

_OPERATION: TypeAdapter[Any] = TypeAdapter(Operation)
_FORGOTTEN = 12.0  # a hot event older than so many of its durations counts e^-12: nothing


class Due(NamedTuple):
    """An operation of the calendar: when, and its place in the scenario's list."""

    at: float
    operation: int


def operation_keys(operations: Iterable[Timed]) -> list[int]:
    """What names each operation in draws: its own name, or its kind and number among its kind.

    Not its place in the list: there an operation more, in one arm of a comparison, would rename the
    people whom the others bring.
    """
    seen: Counter[str] = Counter()
    keys = []
    for operation in operations:
        kind = operation.do  # type: ignore[attr-defined]  # every kind has one
        seen[kind] += operation.name is None
        own = f"kind {kind} {seen[kind]}" if operation.name is None else f"name {operation.name}"
        keys.append(key_of(own))
    return keys


class Operator:
    """Carries out the operations of a scenario on a machine."""

    def __init__(self, scenario: Scenario, machine: Machine) -> None:
        self._scenario = scenario
        self._machine = machine
        self._campaigns: list[tuple[float, Campaign]] = []  # (end, campaign)
        self._events: list[tuple[float, HotEvent]] = []  # (start, event)
        self._keys = operation_keys(scenario.operations)
        self._occurrences = [0] * len(scenario.operations)
        self._held = [0] * len(scenario.operations)  # days in a row a condition has held
        self._done = [False] * len(scenario.operations)

    def kept(self) -> dict[str, Any]:
        """What must be kept of it to go on, in plain values: see `resume`."""
        write = partial(_OPERATION.dump_python, by_alias=True, mode="json")
        return {
            "campaigns": [[end, write(campaign)] for end, campaign in self._campaigns],
            "events": [[start, write(event)] for start, event in self._events],
            "occurrences": {str(key): n for key, n in zip(self._keys, self._occurrences, strict=True) if n},
            "held": self._held,
            "done": self._done,
        }

    def resume(self, kept: dict[str, Any], before: Scenario) -> None:
        """Go on from what was kept with the operations of ``before``; those of now may be others.

        What has begun (a campaign, a hot event) lasts as long as it was to. An operation that was there
        before knows how often it has happened, and how long its condition has held. A new one whose chance
        has an old one's name goes on counting where that one was: it brings other people.
        """
        self._campaigns = [(end, _OPERATION.validate_python(c)) for end, c in kept["campaigns"]]
        self._events = [(start, _OPERATION.validate_python(e)) for start, e in kept["events"]]
        self._occurrences = [kept["occurrences"].get(str(key), 0) for key in self._keys]
        places = list(range(len(before.operations)))
        for number, operation in enumerate(self._scenario.operations):
            same = [place for place in places if before.operations[place] == operation]
            if same:
                places.remove(same[0])
                self._held[number] = int(kept["held"][same[0]])
                self._done[number] = bool(kept["done"][same[0]])

    def calendar(self) -> list[Due]:
        """All dated and repeated operations, in order of time, then of the scenario's list."""
        scenario = self._scenario
        found = [
            Due(at, number)
            for number, operation in enumerate(scenario.operations)
            for at in operation.instants(scenario.start, float(scenario.days))
        ]
        return sorted(found)

    def conditional(self) -> list[int]:
        """Operations whose condition has come true with the day that has just ended."""
        due = []
        for number, operation in enumerate(self._scenario.operations):
            condition = operation.if_
            if condition is None or (condition.once and self._done[number]):
                continue
            self._held[number] = self._held[number] + 1 if self._holds(condition) else 0
            if self._held[number] == condition.for_:
                self._done[number] = True
                due.append(number)
        return due

    def _holds(self, condition: Condition) -> bool:
        value = float(self._machine.days[-1][condition.measure])
        above = condition.above is None or value > condition.above
        below = condition.below is None or value < condition.below
        return above and below and not math.isnan(value)

    def carry_out(self, number: int) -> float | None:
        """Do one operation now. Returns the instant at which it must be ended, if it has an end."""
        operation = self._scenario.operations[number]
        occurrence = self._occurrences[number]
        self._occurrences[number] += 1
        match operation:
            case SetOpenness():
                self._machine.params["openness"] = operation.to
                self._machine.parameters_changed()
            case SetGates():
                self._machine.replace_gates(operation.gates)
            case Campaign():
                self._campaigns.append((self._machine.time + operation.days, operation))
                self.set_factors()
                return self._machine.time + operation.days
            case HotEvent():
                self._begin_event(operation)
            case Shock() | Arrivals():
                self._bring(operation, self._keys[number], occurrence)
            case Remove():
                self._remove(operation, self._keys[number], occurrence)
        return None

    def set_factors(self) -> None:
        """Recompute what campaigns and hot events now on multiply, and tell everybody's clocks."""
        now = self._machine.time
        self._campaigns = [(end, c) for end, c in self._campaigns if end > now]
        params = self._machine.params
        discovery = math.prod(c.discovery for _, c in self._campaigns)
        for start, event in self._events:
            discovery *= 1.0 + (event.discovery - 1.0) * math.exp(-(now - start) / event.days)
        params["discovery_factor"] = discovery
        params["invitation_factor"] = math.prod(c.invitations for _, c in self._campaigns)
        params["reward_inviter"] = sum(c.reward_inviter for _, c in self._campaigns)
        params["reward_invited"] = sum(c.reward_invited for _, c in self._campaigns)
        params["reward_money"] = sum(c.budget_per_join for _, c in self._campaigns)
        self._machine.parameters_changed()

    @property
    def follows_events(self) -> bool:
        """Whether visits and discovery must follow hot events as they fade (once a day)."""
        now = self._machine.time
        return any(
            (e.discovery != 1.0 or e.boost > 0.0) and now - s < _FORGOTTEN * e.days for s, e in self._events
        )

    def _begin_event(self, operation: HotEvent) -> None:
        machine = self._machine
        now = machine.time
        self._events = [(s, e) for s, e in self._events if now - s < _FORGOTTEN * e.days]
        self._events.append((now, operation))
        machine.totals["n_happenings"] = len(self._events)
        machine.make_room()
        for k, (start, event) in enumerate(self._events):
            machine.world.happenings[k] = (start, event.days, event.intensity, event.boost)
        self.set_factors()

    def _bring(self, operation: Shock | Arrivals, key: int, occurrence: int) -> None:
        machine, scenario = self._machine, self._scenario
        seed, now = int(machine.totals["seed"]), machine.time
        if isinstance(operation, Shock):
            times = now + operation.over * np.arange(operation.people) / operation.people
        else:
            last = scenario.days if operation.days is None else min(scenario.days, now + operation.days)
            times = _poisson(seed, key, occurrence, now, float(last), operation.per_day)
        people = fresh_people(fresh_keys(key, occurrence, len(times)))
        draw_traits(people, seed, scenario.population, operation.quality, operation.topic, operation.drivers)
        machine.add_people(people, times)

    def _remove(self, operation: Remove, key: int, occurrence: int) -> None:
        machine = self._machine
        people = machine.world.people
        members = np.flatnonzero(people["state"] == State.MEMBER)
        if operation.who == "inactive":
            unseen = machine.time - people["last_visit_at"][members]
            members = members[unseen > operation.unseen]
            order = np.argsort(people["last_visit_at"][members], kind="stable")
        elif operation.who == "lowest_quality":
            order = np.argsort(people["quality"][members], kind="stable")
        else:
            keys = np.ascontiguousarray(people["key"][members])
            seed = int(machine.totals["seed"])
            order = np.argsort(uniforms(seed, Purpose.OPERATION, keys, key ^ occurrence), kind="stable")
        machine.remove(members[order][: round(operation.share * len(members))])


def _poisson(seed: int, key: int, occurrence: int, begin: float, end: float, rate: float) -> np.ndarray:
    """Instants of a Poisson process from ``begin`` to ``end``, by keyed exponential gaps."""
    times: list[np.ndarray] = []
    last, drawn = begin, 0
    while last < end:
        counts = np.arange(drawn, drawn + 1024, dtype=np.uint64)
        keys = np.full(1024, key ^ occurrence, dtype=np.uint64)
        gaps = exponentials(seed, Purpose.ARRIVAL, keys, counts)
        times.append(last + np.cumsum(gaps) / rate)
        last, drawn = float(times[-1][-1]), drawn + 1024
    found = np.concatenate(times) if times else np.zeros(0)
    return found[found < end]
