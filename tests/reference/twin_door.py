"""The twin's door: discovery by strangers, the gates in order, the waiting list, the choice of a room."""

import math
from bisect import insort
from typing import Any

from shequn.agents import interest, joining, paying
from shequn.agents.curves import circle_distance
from shequn.agents.drivers import Driver
from shequn.sim.kernel.chance import Purpose
from shequn.sim.kernel.discovery import Source
from shequn.sim.kernel.gates.kinds import GateKind
from shequn.sim.kernel.state import Channel, EventKind, JournalKind, Reach, State
from tests.reference.twin_people import Person
from tests.reference.twin_records import Room

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
        base = self.visibility * self.reach * self.operator.season * self.reputation
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
        """A candidate comes to the first gate."""
        person.door += 1
        person.thresholds.clear()
        person.at_gate, person.owed, person.commitment_so_far = 0, 0.0, 0.0
        person.channel, person.inviter = channel, inviter
        self.pass_gates(person)

    def pass_gates(self, person: Person) -> None:
        """Pass the gates from the current one on, and join a room."""
        stranger = person.channel == Channel.STRANGER
        skips = stranger and person.uniform(Purpose.BYPASS, person.door) < self.bypass
        while person.at_gate < len(self.gates):
            gate = self.gates[person.at_gate]
            if not skips or gate.kind == "capacity":
                if not self.lets_through(gate, person):
                    self.refuse(person, person.at_gate)
                    return
                if gate.kind == "quota" and self.must_wait(gate, person):
                    return
                self.pay(gate, person)
            person.at_gate += 1
        room = self.choose_room(person)
        if room is None:
            self.refuse(person, NO_ROOM)
            return
        if person.owed > 0.0:
            person.pay(person.owed)
        person.commitment = person.commitment_so_far
        person.join(room)

    def lets_through(self, gate: Any, person: Person) -> bool:
        """Whether a candidate accepts the gate's cost and meets its condition."""
        invited = person.channel == Channel.INVITATION
        earlier = [other.kind for other in self.gates[: person.at_gate]].count(gate.kind)
        count = 256 * person.door + 16 * GateKind[gate.kind.upper()] + earlier
        if not invited and person.uniform(Purpose.GATE, count) >= joining.cost_acceptance(gate.cost):
            return False
        if gate.price() > 0.0 and not paying.can_pay(person.owed + gate.price(), person.left_in_purse()):
            return False
        if gate.kind == "capacity":
            return self.members < gate.members
        if gate.kind == "invitation":
            return invited
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

    def refuse(self, person: Person, position: int) -> None:
        """Refuse a candidate."""
        self.write(JournalKind.REFUSE, person, None, None, position, 0.0)
        person.state = State.OUTSIDE
        self.wait_outside(person)

    def choose_room(self, person: Person) -> Room | None:
        """The inviter's room, or one by the setting; if it is full, the next one with space."""
        placing, n = self.scenario.community.placing, len(self.rooms)
        if person.inviter is not None and person.inviter.room is not None:
            first = person.inviter.room.number
        elif placing == "topic":
            first = min(n - 1, int(person.topic * n))
        elif placing == "random" and n > 1:
            first = min(n - 1, int(person.uniform(Purpose.ROOM, person.n_joins) * n))
        else:
            first = 0
        with_space = [r for r in self.rooms[first:] + self.rooms[:first] if r.members < r.capacity]
        return with_space[0] if with_space else None

    # ---- the waiting list ------------------------------------------------------------------------

    def must_wait(self, gate: Any, person: Person) -> bool:
        """Whether a candidate must wait; one passes every 1/k days."""
        if not self.waiting_list and self.now >= self.free_at:
            self.free_at = self.now + 1.0 / gate.per_day
            self.write(JournalKind.PASS_LINE, person, None, None, person.at_gate, 0.0)
            return False
        person.state = State.WAITING
        person.waiting_since = self.now
        self.waiting_list.append(person)
        if gate.patience < math.inf:
            patience = person.exponential(Purpose.PATIENCE, person.door) * gate.patience
            give_up = person.in_this_stay(lambda: self.give_up(person))
            self.schedule(self.now + patience, EventKind.GIVING_UP, person, give_up)
        self.write(JournalKind.WAIT, person, None, None, person.at_gate, 0.0)
        if self.admission is None:
            self.plan_admission(max(self.now, self.free_at))
        return True

    def plan_admission(self, at: float) -> None:
        """Schedule the next admission from the waiting list."""
        self.cancel(self.admission)
        self.admission = self.schedule(at, EventKind.ADMISSION, None, self.admit)

    def admit(self) -> None:
        """Admit the first person on the waiting list."""
        self.admission = None
        if self.now < self.free_at:  # somebody passed without waiting since this was planned
            self.plan_admission(self.free_at)
        if self.now < self.free_at or not self.waiting_list:
            return
        person = self.waiting_list.pop(0)
        gate = self.gates[person.at_gate]
        self.free_at = self.now + 1.0 / gate.per_day
        if self.waiting_list:
            self.plan_admission(self.free_at)
        self.write(JournalKind.PASS_LINE, person, None, None, person.at_gate, self.now - person.waiting_since)
        self.pay(gate, person)
        person.state, person.at_gate = State.OUTSIDE, person.at_gate + 1
        self.pass_gates(person)

    def give_up(self, person: Person) -> None:
        """A person on the waiting list stops waiting."""
        if person.state == State.WAITING:
            self.waiting_list.remove(person)
            waited = self.now - person.waiting_since
            self.write(JournalKind.GIVE_UP, person, None, None, person.at_gate, waited)
            person.state = State.OUTSIDE
            self.wait_outside(person)

    def replace_gates(self, gates: Any) -> None:
        """Replace the gates: people waiting keep what they have passed, and wait at the new quota gate.

        Without one they go on behind the last gate of a kind that they have passed.
        """
        old = [gate.kind for gate in self.gates].index("quota") if self.waiting_list else 0
        passed, before = {gate.kind for gate in self.gates[:old]}, self.gates
        self.gates = gates
        self.cancel(self.admission)
        self.admission = None
        for position, gate in enumerate(gates):
            if gate.kind == "quota":
                self.move_waiting_list(position, [old for old in before if old.kind == "quota"])
                return
        behind = max([n + 1 for n, gate in enumerate(gates) if gate.kind in passed], default=0)
        waiting, self.waiting_list = self.waiting_list, []
        for person in waiting:
            waited = self.now - person.waiting_since
            self.write(JournalKind.PASS_LINE, person, None, None, person.at_gate, waited)
            person.state, person.at_gate = State.OUTSIDE, behind
            self.pass_gates(person)

    def move_waiting_list(self, position: int, before: list[Any]) -> None:
        """Move the waiting list to the quota gate at this position, which opens at its own interval."""
        gate = self.gates[position]
        if not before:
            self.free_at = self.now
        elif self.now < self.free_at and gate.per_day != before[0].per_day:
            self.free_at = self.free_at - 1.0 / before[0].per_day + 1.0 / gate.per_day
        for person in self.waiting_list:
            person.at_gate = position
        if self.waiting_list:
            self.plan_admission(max(self.now, self.free_at))
