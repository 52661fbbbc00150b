"""The readable twin: the community as plain Mesa agents and a list of future events.

It calls the rules of ``agents/`` and uses the same keys of draws as the machine. Everything else is
written from the model, with objects, lists and dictionaries. On small worlds both write the same journal,
row by row. Run it with NUMBA_DISABLE_JIT=1, so that the rules are plain Python too.
"""

import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np

from shequn.agents import joining
from shequn.agents.drivers import Driver
from shequn.agents.rules import GROUPS
from shequn.sim.building import build_world, graph_of
from shequn.sim.kernel import chance
from shequn.sim.kernel.chance import Purpose
from shequn.sim.kernel.discovery import Source
from shequn.sim.kernel.state import EventKind, PostKind, State, journal_dtype
from shequn.sim.population import mean_quality
from shequn.sim.scenario import Scenario
from tests.reference.twin_accounts import Market
from tests.reference.twin_door import Door, Hazard
from tests.reference.twin_operator import TwinOperator
from tests.reference.twin_people import Person
from tests.reference.twin_records import Post, Rhythm, Room, Space, Tie
from tests.reference.twin_staff import Staff
from tests.sim.traits import everybody_of

#: A future event: time, kind, person, other person, serial number, and action (None if cancelled).
Event = list[Any]


class Twin(Door, mesa.Model):
    """A community of plain agents.

    Parameters
    ----------
    scenario : Scenario
    """

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(rng=scenario.seed)
        self.scenario, self.run_seed = scenario, scenario.seed
        self.p = self.coefficients()
        self.now = 0.0
        self.rows: list[tuple[Any, ...]] = []
        self.hour = 0
        self.events: list[Event] = []  # events up to this hour, as a heap
        self.later: dict[int, list[Event]] = defaultdict(list)  # later events, by their hour
        self.serial = itertools.count()
        community, population = scenario.community, scenario.population
        openness, self.shown = community.openness, community.shown
        self.visibility = openness if community.visibility is None else community.visibility
        self.bypass = openness if community.bypass is None else community.bypass
        self.everybody_meets = community.mixing == "complete"
        self.reputation, self.members, self.temperature = 1.0, 0, 0.0
        qualities = [(g.share, g.quality or population.quality) for g in population.groups.values()]
        qualities = qualities or [(1.0, population.quality)]
        self.population_level = math.fsum(share * mean_quality(quality) for share, quality in qualities)
        self.across = 0 if population.places is None else max(1, math.ceil(population.places.city_km / 0.25))
        self.seen: dict[
            int, list[float]
        ] = {}  # members by the day they were last seen: number, summed quality
        self.full: list[Room] = []  # rooms to be divided after this event
        self.n_posts = 0
        self.hazards = {source: Hazard() for source in Source}  # cumulative hazards of discovery
        self.thresholds: list[tuple[float, int, int]] = []  # complete mixing: of being invited
        self.reached = 0.0  # the last of these thresholds that was reached
        self.hot_events: list[tuple[float, Any]] = []
        self.operator = TwinOperator(self)
        self.found_community()

    def coefficients(self) -> dict[str, float]:
        """The coefficients of the scenario."""
        numbers = [(group.name, c) for group in GROUPS for c in group.coefficients]
        return {f"{name}_{c.name}": c.number(self.scenario.rules[name][c.name]) for name, c in numbers}

    def found_community(self) -> None:
        """Create the people, ties and founders with which the machine starts."""
        world, _ = build_world(self.scenario, self.scenario.seed)
        graph = graph_of(self.scenario, self.scenario.seed)
        self.rhythm, self.possible = Rhythm(world.rhythm, world.moods), self.operator.possible_signals()
        self.spaces: list[Space] = []
        self.rooms: list[Room] = []
        for number, place in enumerate(self.scenario.places):
            parent = None if place.parent < 0 else self.spaces[place.parent]
            space = Space(number, place.space, parent)
            self.spaces.append(space)
            for outer in [None] if parent is None else parent.rooms:
                for _ in range(place.space.copies):
                    self.rooms.append(Room(len(self.rooms), space, outer))
        self.people = [Person(self, number, record) for number, record in enumerate(everybody_of(world)[:])]
        n = len(graph.indptr) - 1  # the rest are people whom the operator will pay
        self.staff = Staff(self, self.people[n:])
        self.market = Market(self)
        ties = [Tie(strength, 0.0) for strength in graph.strength]
        for person in self.people[:n]:
            block = slice(*graph.indptr[person.number : person.number + 2])
            for other, tie in zip(graph.indices[block], graph.tie[block], strict=True):
                person.ties[self.people[other]] = ties[tie]
        founders = world.memberships["person"][: int(np.count_nonzero(world.everybody["founder"]))]
        for number in founders:
            self.people[number].join(self.choose_room(self.people[number], self.spaces[0].leaf()))
        self.draw_thresholds(self.people[:n])
        community = self.scenario.community
        self.reach = community.reach
        if self.reach is None:
            self.reach = (community.strangers_per_day or 0.0) / n
        self.begin_day()
        self.schedule(1.0, EventKind.END_OF_DAY, None, self.end_day)
        self.operator.make_calendar()

    def draw_thresholds(self, people: list[Person]) -> None:
        """Draw everybody's first thresholds in one array, as the machine does."""
        seed, keys = self.scenario.seed, np.array([person.key for person in people])
        for person, unit in zip(people, chance.exponentials(seed, Purpose.DISCOVERY, keys), strict=True):
            if person.state == State.OUTSIDE:
                person.thresholds[Source.OPEN] = float(unit) / self.appeal_to(person)
                if (cares := person.drivers[Driver.EVENT]) > 0.0:
                    unit_of_events = person.exponential(Purpose.EVENT_DISCOVERY, 0)
                    person.thresholds[Source.EVENTS] = unit_of_events / (self.appeal_to(person) * cares)
        if self.everybody_meets:
            units = chance.exponentials(seed, Purpose.MIXING, keys)
            self.thresholds = sorted(
                (float(unit), person.number, 0) for person, unit in zip(people, units, strict=True)
            )

    # ---- time ------------------------------------------------------------------------------------

    def schedule(
        self, at: float, kind: float, person: Person | None, action: Callable[[], None], other: int = 0
    ) -> Event:
        """Schedule an event. Events at equal times are ordered by kind, then by person."""
        event = [at, kind, person.number if person else 0, other, next(self.serial), action]
        if at == math.inf:
            return event
        if (hour := int(24.0 * at)) > self.hour:
            self.later[hour].append(event)  # one heap of all events would be deep and slow
        else:
            heapq.heappush(self.events, event)
        return event

    def cancel(self, *events: Event | None) -> None:
        """Cancel events."""
        for event in events:
            if event is not None:
                event[-1] = None

    def advance(self, until: float) -> None:
        """Handle all events before ``until``, and the end of the day at ``until`` itself."""
        last = [until, EventKind.END_OF_DAY + 0.1]
        while True:
            while self.events and self.events[0] < last:
                event = heapq.heappop(self.events)
                self.now = event[0]
                if event[-1] is not None:
                    event[-1]()
                self.divide_full_rooms()
            if self.events or self.hour >= int(24.0 * until):
                return
            self.hour += 1
            self.events = self.later.pop(self.hour, [])
            heapq.heapify(self.events)

    def end_day(self) -> None:
        """End a day: update the reputation, and check conditions of operations."""
        self.begin_day()
        self.schedule(self.now + 1.0, EventKind.END_OF_DAY, None, self.end_day)
        self.operator.end_day()

    def begin_day(self) -> None:
        """Set the reputation from the level of members active in the last 30 days."""
        if self.p["joining_reputation"] > 0.0 and any(person.n_joins for person in self.people):
            last = max(0, int(self.now) - 1)
            recent = [self.seen.get(day, (0, 0.0)) for day in range(last, max(-1, last - 30), -1)]
            number, quality = 0.0, 0.0
            for n, q in recent:
                number, quality = number + n, quality + q
            level = quality / number if number else self.temperature
            self.reputation = joining.reputation(level, self.population_level, self.p)
        self.set_discovery_rate()

    # ---- journal and counts ----------------------------------------------------------------------------

    def write(
        self, kind: int, person: Person, other: Person | None, room: Room | None, detail: int, value: float
    ) -> None:
        """Write a row of the journal."""
        self.rows.append((self.now, value, person, other, room, detail, kind))

    def lay_post(
        self, author: Person, room: Room, answers: Person | None, own: int, traits: Any, kind: PostKind
    ) -> Post:
        """Put a post with these traits (quality and topic) into a room."""
        self.n_posts += 1
        post = Post(author, room, self.n_posts, answers, own, traits, kind)
        room.posts.append(post)
        return post

    @property
    def journal(self) -> Any:
        """The rows so far, in the machine's format."""
        rows = [
            (now, value, *(-1 if one is None else one.number for one in objects), detail, kind)
            for now, value, *objects, detail, kind in self.rows
        ]
        return np.array(rows, dtype=journal_dtype)

    def add_quality(self, quality: float) -> float:
        """Update the temperature (mean quality of members) after a join; returns its change."""
        change = (quality - self.temperature) / (self.members + 1)
        self.members, self.temperature = self.members + 1, self.temperature + change
        return change

    def remove_quality(self, quality: float) -> float:
        """Update the temperature after a departure; returns its change, 0 for the last member."""
        change = -(quality - self.temperature) / (self.members - 1) if self.members > 1 else 0.0
        self.members, self.temperature = self.members - 1, self.temperature + change
        return change

    def count_seen(self, day: int, sign: int, quality: float) -> None:
        """Add a member to those last seen on a day, or remove them (``sign`` -1)."""
        number, sum_of = self.seen.get(day, (0, 0.0))
        self.seen[day] = [number + sign, sum_of + sign * quality]
