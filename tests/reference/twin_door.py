"""The twin's door: discovery by strangers, the gates in order, the waiting list, the choice of a room."""

import math
from bisect import insort
from typing import Any

from shequn.agents import interest, joining, paying
from shequn.agents.curves import circle_distance, halving
from shequn.agents.drivers import Driver
from shequn.sim.kernel.chance import Purpose
from shequn.sim.kernel.discovery import Source
from shequn.sim.kernel.gates.kinds import GateKind
from shequn.sim.kernel.state import Channel, EventKind, JournalKind, Reach, State
from tests.reference.twin_people import Person
from tests.reference.twin_records import Room, Space

NO_ROOM = 255  # position written when all rooms are full


class Hazard:
    """A cumulative hazard of discovery, and the event of the next one."""

    def __init__(self) -> None:
        self.value = self.at = self.rate = 0.0
        self.next: Any = None

    def until(self, now: float) -> float:
        """The hazard at ``now``."""
        return self.value + self.rate * (now - self.at)


class Door:
    """Everything between outside and inside."""

    # ---- discovery -------------------------------------------------------------------------------

    def appeal_to(self, person: Person) -> float:
        """Appeal of the community's topic to a person."""
        match = interest.topic_match(person.topic, self.scenario.population.topic.centre, self.p)
        return joining.appeal(match, self.p)

    def set_discovery_rate(self) -> None:
        """Visibility × reach × reputation, with what campaigns have bought, and what hot events add."""
        base = (
            self.visibility
            * self.reach
            * self.operator.season
            * self.reputation
            * self.rhythm.factor(self.now)
        )
        self.set_rate(Source.OPEN, base * (1.0 + self.operator.bought_reach))
        self.set_rate(Source.EVENTS, base * self.operator.event_reach)

    def set_rate(self, source: Source, rate: float) -> None:
        """Let the hazard of a source grow at this rate from now on."""
        hazard = self.hazards[source]
        if rate != hazard.rate:
            hazard.value, hazard.at, hazard.rate = hazard.until(self.now), self.now, rate
            self.plan_discovery(source)

    def plan_discovery(self, source: Source) -> None:
        """Schedule the next discovery of a source: by the person with the smallest threshold."""
        hazard = self.hazards[source]
        self.cancel(hazard.next)
        waiting = [person for person in self.people if source in person.thresholds]
        if waiting and hazard.rate > 0.0:
            person = min(waiting, key=lambda person: (person.thresholds[source], person.number))
            at = hazard.at + (person.thresholds[source] - hazard.value) / hazard.rate
            hazard.next = self.schedule(
                max(self.now, at), EventKind.DISCOVERY, None, lambda: self.discover(person, source)
            )

    def discover(self, person: Person, source: Source) -> None:
        """A stranger finds the community."""
        if source in person.thresholds:
            del person.thresholds[source]
            if person.may_come():
                self.write(JournalKind.FIND, person, None, None, self.how_found(person, source), 0.0)
                self.come_to_door(person, Channel.STRANGER, None)
            else:
                self.wait_outside(person)
        self.plan_discovery(source)

    def how_found(self, person: Person, source: Source) -> Reach:
        """By the community's own reach, because of an event, or by bought reach."""
        if source == Source.EVENTS:
            return Reach.EVENT
        bought = self.operator.bought_reach
        if bought and person.uniform(Purpose.REACHED, person.door) < bought / (1.0 + bought):
            return Reach.BOUGHT
        return Reach.OWN

    def wait_outside(self, person: Person) -> None:
        """Draw new thresholds for a person who is outside again."""
        person.door += 1
        person.thresholds.clear()
        if person.state == State.LEFT and self.scenario.community.return_after == math.inf:
            return
        unit, cares = person.exponential(Purpose.DISCOVERY, person.door), person.drivers[Driver.EVENT]
        person.thresholds[Source.OPEN] = self.hazards[Source.OPEN].until(self.now) + unit / self.appeal_to(
            person
        )
        self.plan_discovery(Source.OPEN)
        if cares > 0.0:
            unit = person.exponential(Purpose.EVENT_DISCOVERY, person.door)
            so_far = self.hazards[Source.EVENTS].until(self.now)
            person.thresholds[Source.EVENTS] = so_far + unit / (self.appeal_to(person) * cares)
            self.plan_discovery(Source.EVENTS)

    def invite_anybody(self, inviter: Person) -> None:
        """Complete mixing: invite the person with the smallest threshold; all others are equally likely."""
        while True:
            reached, number, times = self.thresholds.pop(0)
            self.set_mixing_threshold(self.people[number], reached, times + 1)
            if self.people[number] is not inviter:
                break
        if self.people[number].may_come():
            inviter.send_invitation(self.people[number], inviter.n_invites + 1, 0, 1.0)

    def set_mixing_threshold(self, person: Person, reached: float, times: int) -> None:
        """Draw a person's threshold, above the last one that was reached."""
        self.reached = reached
        insort(self.thresholds, (reached + person.exponential(Purpose.MIXING, times), person.number, times))

    # ---- the door --------------------------------------------------------------------------------

    def come_to_door(self, person: Person, channel: Channel, inviter: Person | None) -> None:
        """A candidate comes to the first gate of the space that is entered from outside."""
        person.door += 1
        person.thresholds.clear()
        person.owed, person.commitment_so_far = 0.0, 0.0
        person.channel, person.inviter = channel, inviter
        person.target = self.spaces[0]
        self.pass_gates(person, self.spaces[0], 0)

    def send(self, person: Person, target: Space) -> None:
        """A member comes to the door of another space; they stay where they are until they are let in."""
        assert person.room is not None
        here = person.room.space.path()
        if person.application is not None or target in here:
            return
        person.target, person.owed, person.commitment_so_far = target, 0.0, 0.0
        self.pass_gates(person, next(space for space in target.path() if space not in here), 0)

    def pass_gates(self, person: Person, space: Space, position: int) -> None:
        """Pass the gates from one of ``space`` on, to a seat in a leaf of the target."""
        outside = person.state != State.MEMBER
        skips = (
            outside
            and person.channel == Channel.STRANGER
            and person.uniform(Purpose.BYPASS, person.door) < self.bypass
        )
        leaf = person.target.leaf()
        way = leaf.path()
        for inner in way[way.index(space) :]:
            for number in range(position, len(inner.gates)):
                gate = inner.gates[number]
                if skips and gate.kind != "capacity":
                    continue
                if not self.lets_through(inner, number, person):
                    self.refuse(person, 256 * inner.number + number)
                    return
                if gate.kind == "quota" and self.must_wait(inner, number, person):
                    return
                self.pay(gate, person)
            position = 0
        room = self.choose_room(person, leaf)
        if room is None:
            self.refuse(person, NO_ROOM)
            return
        if person.owed > 0.0:
            person.pay(person.owed)
        if outside:
            person.commitment = person.commitment_so_far
            person.join(room)
        else:
            person.commitment += person.commitment_so_far
            person.move(room)

    def lets_through(self, space: Space, number: int, person: Person) -> bool:
        """Whether a candidate accepts the gate's cost and meets its condition."""
        gate, inside = space.gates[number], person.state == State.MEMBER
        invited = person.channel == Channel.INVITATION and not inside
        earlier = [other.kind for other in space.gates[:number]].count(gate.kind)
        count = 256 * person.door + 16 * GateKind[gate.kind.upper()] + earlier + (space.number << 48)
        if not invited and person.uniform(Purpose.GATE, count) >= joining.cost_acceptance(gate.cost):
            return False
        if gate.price() > 0.0 and not paying.can_pay(person.owed + gate.price(), person.left_in_purse()):
            return False
        if gate.kind == "capacity":
            return space.members < gate.members
        if gate.kind == "invitation":
            return invited or inside
        if gate.kind == "purchase":
            return person.uniform(Purpose.GATE, 1 << 24) < gate.share
        if gate.kind == "task":
            quality = person.quality + gate.noise * person.normal(Purpose.GATE_SEES, count)
            return quality >= gate.at_least
        if gate.kind == "identity" and gate.sees == "topic":
            centre = self.scenario.population.topic.centre
            return circle_distance(person.topic, centre) <= gate.within
        if gate.kind == "identity":
            middle = 0.5 * self.scenario.population.places.city_km
            dx, dy = person.x - middle, person.y - middle
            return math.sqrt(dx * dx + dy * dy) <= gate.within
        return True

    def pay(self, gate: Any, person: Person) -> None:
        """What a gate that was passed takes: its price at admission; its cost creates commitment."""
        person.owed += gate.price()
        person.commitment_so_far += joining.commitment_of(gate.cost, self.p)

    def refuse(self, person: Person, number: int) -> None:
        """Refuse a candidate."""
        self.write(JournalKind.REFUSE, person, None, None, number, 0.0)
        if person.state != State.MEMBER:
            person.state = State.OUTSIDE
            self.wait_outside(person)

    def choose_room(self, person: Person, leaf: Space) -> Room | None:
        """The inviter's room, or one by the placing of the spaces; if it is full, the next one with space."""
        rooms, inviter = leaf.rooms, person.inviter
        if inviter is not None and inviter.room is not None and inviter.room.space is leaf:
            first = inviter.room.position
        elif leaf.spec.splits is not None:
            first = self.place_among(person, leaf, len(rooms))
        else:
            first = 0
            for space in leaf.path():
                first = first * space.spec.copies + self.place_among(person, space, space.spec.copies)
        with_space = [r for r in rooms[first:] + rooms[:first] if r.members < r.capacity]
        return with_space[0] if with_space else None

    def place_among(self, person: Person, space: Space, n: int) -> int:
        """One of n rooms, by the placing of a space."""
        fill = space.spec.fill
        if n == 1 or fill == "first":
            return 0
        if fill == "topic":
            return min(n - 1, int(person.topic * n))
        if fill == "place":
            return min(n - 1, int(person.x / self.scenario.population.places.city_km * n))
        return min(n - 1, int(person.uniform(Purpose.ROOM, (space.number << 32) | person.n_joins) * n))

    # ---- the waiting lists -----------------------------------------------------------------------

    def must_wait(self, space: Space, number: int, person: Person) -> bool:
        """Whether a candidate must wait; one passes every 1/k days."""
        gate, name = space.gates[number], 256 * space.number + number
        if not space.line and self.now >= space.free_at:
            space.free_at = self.now + 1.0 / gate.per_day
            self.write(JournalKind.PASS_LINE, person, None, None, name, 0.0)
            return False
        if person.state != State.MEMBER:
            person.state = State.WAITING
        person.application, person.at_gate, person.waiting_since = space, number, self.now
        person.n_applications += 1
        space.line.append(person)
        if gate.patience < math.inf:
            patience = person.exponential(Purpose.PATIENCE, person.door) * gate.patience
            this = person.n_applications
            self.schedule(
                self.now + patience,
                EventKind.GIVING_UP,
                person,
                lambda: self.give_up(person) if person.n_applications == this else None,
            )
        self.write(JournalKind.WAIT, person, None, None, name, 0.0)
        if space.admission is None:
            self.plan_admission(space, max(self.now, space.free_at))
        return True

    def withdraw(self, person: Person) -> None:
        """Take a person out of the line."""
        person.application.line.remove(person)
        person.application = None
        if person.state == State.WAITING:
            person.state = State.OUTSIDE

    def plan_admission(self, space: Space, at: float) -> None:
        """Schedule the next admission from a space's waiting list."""
        self.cancel(space.admission)
        space.admission = self.schedule(at, EventKind.ADMISSION, None, lambda: self.admit(space))

    def admit(self, space: Space) -> None:
        """Admit the first person on a space's waiting list."""
        space.admission = None
        if self.now < space.free_at:  # somebody passed without waiting since this was planned
            self.plan_admission(space, space.free_at)
        if self.now < space.free_at or not space.line:
            return
        person = space.line[0]
        self.withdraw(person)
        gate = space.gates[person.at_gate]
        space.free_at = self.now + 1.0 / gate.per_day
        if space.line:
            self.plan_admission(space, space.free_at)
        waited, name = self.now - person.waiting_since, 256 * space.number + person.at_gate
        self.write(JournalKind.PASS_LINE, person, None, None, name, waited)
        self.pay(gate, person)
        self.pass_gates(person, space, person.at_gate + 1)

    def give_up(self, person: Person) -> None:
        """A person on the waiting list stops waiting."""
        if person.application is not None:
            name = 256 * person.application.number + person.at_gate
            self.withdraw(person)
            self.write(JournalKind.GIVE_UP, person, None, None, name, self.now - person.waiting_since)
            if person.state != State.MEMBER:
                self.wait_outside(person)

    def replace_gates(self, gates: Any, space: Space) -> None:
        """Replace a space's gates: people waiting keep what they have passed, and wait at the new quota gate.

        Without one they go on behind the last gate of a kind that they have passed.
        """
        old = [gate.kind for gate in space.gates].index("quota") if space.line else 0
        passed, before = {gate.kind for gate in space.gates[:old]}, space.gates
        space.gates = gates
        self.cancel(space.admission)
        space.admission = None
        for position, gate in enumerate(gates):
            if gate.kind == "quota":
                self.move_waiting_list(space, position, [old for old in before if old.kind == "quota"])
                return
        behind = max([n + 1 for n, gate in enumerate(gates) if gate.kind in passed], default=0)
        for person in [*space.line]:
            self.withdraw(person)
            waited, name = self.now - person.waiting_since, 256 * space.number + person.at_gate
            self.write(JournalKind.PASS_LINE, person, None, None, name, waited)
            self.pass_gates(person, space, behind)
            self.divide_full_rooms()

    def move_waiting_list(self, space: Space, position: int, before: list[Any]) -> None:
        """Move the waiting list to the quota gate at this position, which opens at its own interval."""
        gate = space.gates[position]
        if not before:
            space.free_at = self.now
        elif self.now < space.free_at and gate.per_day != before[0].per_day:
            space.free_at = space.free_at - 1.0 / before[0].per_day + 1.0 / gate.per_day
        for person in space.line:
            person.at_gate = position
        if space.line:
            self.plan_admission(space, max(self.now, space.free_at))

    # ---- rooms that are divided ------------------------------------------------------------------

    def note_if_full(self, room: Room) -> None:
        """A room that has become full is divided after this event, if its space divides full rooms."""
        if room.members == room.capacity and room.space.spec.splits is not None:
            self.full.append(room)

    def divide_full_rooms(self) -> None:
        """Divide the rooms that have become full, in order of their numbers."""
        full, self.full = sorted(self.full, key=lambda room: room.number), []
        for room in full:
            if room.members >= room.capacity:
                self.divide(room)

    def divide(self, room: Room) -> None:
        """Divide a room: half of its members move to a new one beside it."""
        splits = room.space.spec.splits
        members = sorted((p for p in self.people if p.room is room), key=lambda p: p.number)
        draw = {p: p.uniform(Purpose.SPLIT, len(room.posts)) for p in members}
        life = self.p["satisfaction_stock_half_life"]
        held = {p: p.recognition * halving(self.now - p.stocks_at, life) for p in members}
        core = sorted(members, key=lambda p: (-held[p], draw[p]))[: splits.core]
        by = (lambda p: (p.topic, draw[p])) if splits.by == "topic" else (lambda p: draw[p])
        others = sorted((p for p in members if p not in core), key=by)
        going = {*core[1::2], *others[len(others) // 2 :]}
        new = Room(len(self.rooms), room.space, room.parent)
        new.desk = room.desk
        new.recognition_at = room.recognition_at
        self.rooms.append(new)
        for person in members:
            if person in going:
                person.move(new)
