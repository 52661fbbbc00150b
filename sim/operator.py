"""The operator: the scenario's calendar, what is going on now, and the conditions that are watched.

The Mesa model calls it between two segments of the loop; nothing here keeps time. What each kind of operation
does is in its file in ``operations/``; here is what several kinds need.
"""

import math
from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from shequn.sim.graphs.graph import key_of
from shequn.sim.kernel.chance import Draws, fresh_keys
from shequn.sim.machine import Machine, fresh_people
from shequn.sim.operations.campaign import Campaign
from shequn.sim.operations.fresh_people import FreshPeople
from shequn.sim.operations.hot_event import HotEvent
from shequn.sim.operations.kinds import AnyOperation
from shequn.sim.operations.operation import Operation
from shequn.sim.operations.timed import Condition
from shequn.sim.population import draw_traits
from shequn.sim.scenario import Scenario

_OPERATION: TypeAdapter[Any] = TypeAdapter(AnyOperation)


class Due(NamedTuple):
    """An operation of the calendar: when, and its place in the scenario's list."""

    at: float
    operation: int


def operation_keys(operations: Iterable[Operation]) -> list[int]:
    """What names each operation in draws: its own name, or its kind and number among its kind.

    Not its place in the list: there an operation more, in one arm of a comparison, would rename the
    people whom the others bring.
    """
    seen: Counter[str] = Counter()
    keys = []
    for operation in operations:
        seen[operation.do] += operation.name is None
        own = (
            f"kind {operation.do} {seen[operation.do]}"
            if operation.name is None
            else f"name {operation.name}"
        )
        keys.append(key_of(own))
    return keys


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
        for number, operation in enumerate(self.scenario.operations):
            same = [place for place in places if before.operations[place] == operation]
            if same:
                places.remove(same[0])
                self._held[number] = int(kept["held"][same[0]])
                self._done[number] = bool(kept["done"][same[0]])

    def calendar(self) -> list[Due]:
        """All dated and repeated operations, in order of time, then of the scenario's list."""
        scenario = self.scenario
        found = [
            Due(at, number)
            for number, operation in enumerate(scenario.operations)
            for at in operation.instants(scenario.start, float(scenario.days))
        ]
        return sorted(found)

    def conditional(self) -> list[int]:
        """Operations whose condition has come true with the day that has just ended."""
        due = []
        for number, operation in enumerate(self.scenario.operations):
            condition = operation.if_
            if condition is None or (condition.once and self._done[number]):
                continue
            self._held[number] = self._held[number] + 1 if self._holds(condition) else 0
            if self._held[number] == condition.for_:
                self._done[number] = True
                due.append(number)
        return due

    def _holds(self, condition: Condition) -> bool:
        value = float(self.machine.days[-1][condition.measure])
        above = condition.above is None or value > condition.above
        below = condition.below is None or value < condition.below
        return above and below and not math.isnan(value)

    def carry_out(self, number: int) -> float | None:
        """Do one operation now. Returns the instant at which it must be ended, if it has an end."""
        occurrence = self._occurrences[number]
        self._occurrences[number] += 1
        return self.scenario.operations[number].carry_out(self, self._keys[number], occurrence)

    def begin_campaign(self, campaign: Campaign) -> float:
        """Have a campaign act from now on. Returns the instant at which it must be ended."""
        end = self.machine.time + campaign.days
        self._campaigns.append((end, campaign))
        self.set_factors()
        return end

    def begin_event(self, event: HotEvent) -> None:
        """Have a hot event act from now on."""
        machine = self.machine
        now = machine.time
        self._events = [(s, e) for s, e in self._events if not e.is_forgotten(now - s)]
        self._events.append((now, event))
        machine.totals["n_happenings"] = len(self._events)
        machine.make_room()
        for k, (start, e) in enumerate(self._events):
            machine.world.happenings[k] = (start, e.days, e.intensity, e.boost)
        self.set_factors()

    def bring(self, operation: FreshPeople, key: int, occurrence: int, times: Draws) -> None:
        """Have fresh people come to the door at these times."""
        people = fresh_people(fresh_keys(key, occurrence, len(times)))
        seed, population = int(self.machine.totals["seed"]), self.scenario.population
        draw_traits(people, seed, population, operation.quality, operation.topic, operation.drivers)
        self.machine.add_people(people, times)

    def set_factors(self) -> None:
        """Recompute what campaigns and hot events now on multiply, and tell everybody's clocks."""
        now = self.machine.time
        self._campaigns = [(end, c) for end, c in self._campaigns if end > now]
        params = self.machine.params
        discovery = math.prod(c.discovery for _, c in self._campaigns)
        for start, event in self._events:
            discovery *= event.discovery_factor(now - start)
        params["discovery_factor"] = discovery
        params["invitation_factor"] = math.prod(c.invitations for _, c in self._campaigns)
        params["reward_inviter"] = sum(c.reward_inviter for _, c in self._campaigns)
        params["reward_invited"] = sum(c.reward_invited for _, c in self._campaigns)
        params["reward_money"] = sum(c.budget_per_join for _, c in self._campaigns)
        self.machine.parameters_changed()

    @property
    def follows_events(self) -> bool:
        """Whether visits and discovery must follow hot events as they fade (once a day)."""
        now = self.machine.time
        return any(
            (e.discovery != 1.0 or e.boost > 0.0) and not e.is_forgotten(now - s) for s, e in self._events
        )
