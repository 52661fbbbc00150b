"""The twin's door: how strangers find it, the gates in their order, the waiting line, a room."""

import math
from bisect import insort
from typing import Any

from shequn.agents import interest, joining
from shequn.agents.curves import circle_distance
from shequn.sim.kernel.chance import Purpose
from shequn.sim.kernel.gates.kinds import GateKind
from shequn.sim.kernel.state import Channel, EventKind, JournalKind, State
from tests.reference.twin_people import Person
from tests.reference.twin_records import Room

NO_ROOM = 255  # refused because every room is full


class Door:
    """What lies between outside and inside."""

    # ---- discovery -------------------------------------------------------------------------------

    def appeal_to(self, person: Person) -> float:
        """Appeal of the community's topic."""
        match = interest.topic_match(person.topic, self.scenario.population.topic.centre, self.p)
        return joining.appeal(match, self.p)

    def found_now(self) -> float:
        """The hazard cumulated so far."""
        return self.found + self.found_rate * (self.now - self.found_at)

    def set_discovery_rate(self) -> None:
        """Openness × reach × campaigns × reputation."""
        rate = self.openness * self.reach * self.operator.discovery_factor * self.reputation
        if rate != self.found_rate:
            self.found, self.found_at, self.found_rate = self.found_now(), self.now, rate
            self.plan_discovery()

    def plan_discovery(self) -> None:
        """The next to find the door is who has the smallest threshold."""
        self.cancel(self.discovery)
        waiting = [person for person in self.people if person.threshold is not None]
        if waiting and self.found_rate > 0.0:
            person = min(waiting, key=lambda person: (person.threshold, person.number))
            at = self.found_at + (person.threshold - self.found) / self.found_rate
            self.discovery = self.schedule(
                max(self.now, at), EventKind.DISCOVERY, None, lambda: self.discover(person)
            )

    def discover(self, person: Person) -> None:
        """A stranger finds the door."""
        if person.threshold is not None:
            person.threshold = None
            if person.may_come():
                self.write(JournalKind.FIND, person, None, None, 0, 0.0)
                self.come_to_door(person, Channel.STRANGER, None)
            else:
                self.wait_outside(person)
        self.plan_discovery()

    def wait_outside(self, person: Person) -> None:
        """Outside again: a new threshold."""
        person.door += 1
        if person.state == State.LEFT and self.scenario.community.return_after == math.inf:
            return
        unit = person.exponential(Purpose.DISCOVERY, person.door)
        person.threshold = self.found_now() + unit / self.appeal_to(person)
        self.plan_discovery()

    def meet(self, asker: Person) -> None:
        """Complete mixing: whose threshold is next is asked; each of the others is as likely."""
        while True:
            reached, number, times = self.met.pop(0)
            self.threshold_of_meeting(self.people[number], reached, times + 1)
            if self.people[number] is not asker:
                break
        if self.people[number].may_come():
            asker.ask(self.people[number], asker.n_invites + 1, 0, 1.0)

    def threshold_of_meeting(self, person: Person, reached: float, times: int) -> None:
        """A new threshold, above the last that was reached."""
        self.reached = reached
        insort(self.met, (reached + person.exponential(Purpose.MIXING, times), person.number, times))

    # ---- the door --------------------------------------------------------------------------------

    def come_to_door(self, person: Person, channel: Channel, inviter: Person | None) -> None:
        """Somebody wants to come in."""
        person.door, person.threshold = person.door + 1, None
        person.at_gate, person.commitment = 0, 0.0
        person.channel, person.inviter = channel, inviter
        self.pass_gates(person)

    def pass_gates(self, person: Person) -> None:
        """From the gate one stands at to the last, and into a room."""
        stranger = person.channel == Channel.STRANGER
        slips = stranger and person.uniform(Purpose.OPENNESS, person.door) < self.openness
        while person.at_gate < len(self.gates):
            gate = self.gates[person.at_gate]
            if not slips or gate.kind == "capacity":
                if not self.lets_through(gate, person):
                    self.refuse(person, person.at_gate)
                    return
                if gate.kind == "quota" and self.must_wait(gate, person):
                    return
                self.take_cost(gate, person)
            person.at_gate += 1
        room = self.choose_room(person)
        if room is None:
            self.refuse(person, NO_ROOM)
        else:
            person.join(room)

    def lets_through(self, gate: Any, person: Person) -> bool:
        """Willing to bear the cost, and not refused."""
        invited = person.channel == Channel.INVITATION
        among = [other.kind for other in self.gates[: person.at_gate]].count(gate.kind)
        count = 256 * person.door + 16 * GateKind[gate.kind.upper()] + among
        if not invited and person.uniform(Purpose.GATE, count) >= joining.not_deterred(gate.cost):
            return False
        if gate.kind == "capacity":
            return self.members < gate.members
        if gate.kind == "invitation":
            return invited
        if gate.kind == "purchase":
            return person.uniform(Purpose.GATE, 1 << 24) < gate.share
        if gate.kind == "task":
            seen = person.quality + gate.noise * person.normal(Purpose.GATE_SEES, count)
            return seen >= gate.at_least
        if gate.kind == "identity" and gate.sees == "topic":
            centre = self.scenario.population.topic.centre
            return circle_distance(person.topic, centre) <= gate.within
        if gate.kind == "identity":
            middle = 0.5 * self.scenario.population.places.city_km
            dx, dy = person.x - middle, person.y - middle
            return math.sqrt(dx * dx + dy * dy) <= gate.within
        return True

    def take_cost(self, gate: Any, person: Person) -> None:
        """What was paid binds."""
        person.commitment += joining.commitment_of(gate.cost, self.p)

    def refuse(self, person: Person, position: int) -> None:
        """Turned away."""
        self.write(JournalKind.REFUSE, person, None, None, position, 0.0)
        person.state = State.OUTSIDE
        self.wait_outside(person)

    def choose_room(self, person: Person) -> Room | None:
        """The inviter's room, or one by the setting; a full one leads on to the next with space."""
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

    # ---- the waiting line ------------------------------------------------------------------------

    def must_wait(self, gate: Any, person: Person) -> bool:
        """One passes each 1/k day; the others stand in line."""
        if not self.line and self.now >= self.free_at:
            self.free_at = self.now + 1.0 / gate.per_day
            self.write(JournalKind.PASS_LINE, person, None, None, person.at_gate, 0.0)
            return False
        person.state = State.WAITING
        person.waiting_since = self.now
        self.line.append(person)
        if gate.patience < math.inf:
            waits = person.exponential(Purpose.PATIENCE, person.door) * gate.patience
            bored = person.in_this_stay(lambda: self.give_up(person))
            self.schedule(self.now + waits, EventKind.GIVING_UP, person, bored)
        self.write(JournalKind.WAIT, person, None, None, person.at_gate, 0.0)
        if self.admission is None:
            self.plan_admission(max(self.now, self.free_at))
        return True

    def plan_admission(self, at: float) -> None:
        """The gate lets the next one pass then."""
        self.cancel(self.admission)
        self.admission = self.schedule(at, EventKind.ADMISSION, None, self.admit)

    def admit(self) -> None:
        """The first in line passes and goes on."""
        self.admission = None
        if self.now < self.free_at:  # somebody passed at once since this was planned
            self.plan_admission(self.free_at)
        if self.now < self.free_at or not self.line:
            return
        person = self.line.pop(0)
        gate = self.gates[person.at_gate]
        self.free_at = self.now + 1.0 / gate.per_day
        if self.line:
            self.plan_admission(self.free_at)
        self.write(JournalKind.PASS_LINE, person, None, None, person.at_gate, self.now - person.waiting_since)
        self.take_cost(gate, person)
        person.state, person.at_gate = State.OUTSIDE, person.at_gate + 1
        self.pass_gates(person)

    def give_up(self, person: Person) -> None:
        """Somebody has waited long enough."""
        if person.state == State.WAITING:
            self.line.remove(person)
            waited = self.now - person.waiting_since
            self.write(JournalKind.GIVE_UP, person, None, None, person.at_gate, waited)
            person.state = State.OUTSIDE
            self.wait_outside(person)

    def replace_gates(self, gates: Any) -> None:
        """Other gates: those in line keep what they have passed, and stand at the new quota gate.

        Without one they go on behind the last gate of a kind they have passed.
        """
        old = [gate.kind for gate in self.gates].index("quota") if self.line else 0
        passed, before = {gate.kind for gate in self.gates[:old]}, self.gates
        self.gates = gates
        self.cancel(self.admission)
        self.admission = None
        for position, gate in enumerate(gates):
            if gate.kind == "quota":
                self.stand_at(position, [was for was in before if was.kind == "quota"])
                return
        behind = max([n + 1 for n, gate in enumerate(gates) if gate.kind in passed], default=0)
        line, self.line = self.line, []
        for person in line:
            waited = self.now - person.waiting_since
            self.write(JournalKind.PASS_LINE, person, None, None, person.at_gate, waited)
            person.state, person.at_gate = State.OUTSIDE, behind
            self.pass_gates(person)

    def stand_at(self, position: int, before: list[Any]) -> None:
        """The line is that of the quota gate at this position; shut, it opens as its own pace says."""
        gate = self.gates[position]
        if not before:
            self.free_at = self.now
        elif self.now < self.free_at and gate.per_day != before[0].per_day:
            self.free_at = self.free_at - 1.0 / before[0].per_day + 1.0 / gate.per_day
        for person in self.line:
            person.at_gate = position
        if self.line:
            self.plan_admission(max(self.now, self.free_at))
