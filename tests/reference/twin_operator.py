"""The twin's operator: the calendar of operations, and what each operation does."""

import math
from collections import defaultdict
from typing import Any

import numpy as np

from shequn.agents.benefit import gain_of_money
from shequn.agents.curves import halving
from shequn.agents.drivers import Driver
from shequn.sim.kernel.chance import Purpose, exponentials, fresh_keys, uniform
from shequn.sim.kernel.everybody import Everybody
from shequn.sim.kernel.state import Channel, EventKind, Reason, State
from shequn.sim.operator import operation_keys
from tests.reference.twin_people import Person
from tests.reference.twin_records import add, single
from tests.sim.traits import traits_of

OPERATION, CAMPAIGN_END = 0.5, 0.6  # at one instant: end of day, these, then members' events


class TwinOperator:
    """Carries out a scenario's operations."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.operations = model.scenario.operations
        self.keys = operation_keys(self.operations)
        self.occurrences = [0] * len(self.operations)
        self.days_true = [0] * len(self.operations)
        self.campaigns: list[tuple[float, Any]] = []
        self.season = 1.0
        self.bought_reach = self.event_reach = self.pay_inviter = self.pay_invited = 0.0
        self.reminders = 0
        self.stage: str | None = next(iter(model.scenario.stages), None)
        self.days_of_stage = 0

    def possible_signals(self) -> list[Driver]:
        """The drivers whose signal is possible in this setting."""
        places = self.model.scenario.population.places
        return [driver for driver in Driver if driver != Driver.LOCALITY or places is not None]

    def make_calendar(self) -> None:
        """Schedule all dated operations."""
        scenario = self.model.scenario
        for number, operation in enumerate(self.operations):
            for at in operation.instants(scenario.start, float(scenario.days)):
                self.model.schedule(at, OPERATION, None, lambda n=number: self.carry_out(n), number)
        number = len(self.operations)
        for duty in self.model.staff.duties:
            rounds = duty.spec.rounds(float(scenario.days)) if hasattr(duty.spec, "rounds") else ()
            for at in rounds:
                self.model.schedule(at, OPERATION, None, duty.begin_round, number + duty.number)
        number += len(self.model.staff.duties)
        for job in self.model.staff.jobs:
            ends = math.inf if job.spec.days is None else job.spec.first + job.spec.days
            for at in (job.spec.first, ends):
                if at < scenario.days:
                    self.model.schedule(at, OPERATION, None, job.begin_or_end, number + job.number)

    def end_day(self) -> None:
        """Publish boards, fill vacant places, check conditions; update the factors while hot events fade."""
        self.publish_boards()
        for job in self.model.staff.jobs:
            job.fill()
        due = self.next_stages()
        for number, operation in enumerate(self.operations):
            if (condition := operation.if_) is not None:
                assert condition.measure == "members", "the twin watches members only"
                above = condition.above is None or self.model.members > condition.above
                below = condition.below is None or self.model.members < condition.below
                met = above and below and self.is_on(operation.during)
                self.days_true[number] = self.days_true[number] + 1 if met else 0
                if self.days_true[number] == condition.for_ and not (
                    condition.once and self.occurrences[number]
                ):
                    due.append(number)
        for number in due:
            self.carry_out(number)
        now = self.model.now
        current = [e for at, e in self.model.hot_events if now - at < 12.0 * e.days]
        if any(e.discovery > 1.0 or e.boost > 0.0 for e in current):
            self.set_factors()

    def next_stages(self) -> list[int]:
        """Go on to the stage whose time has come; returns the operations that wait for it."""
        names, due = list(self.model.scenario.stages), []
        if self.stage is None:
            return []
        end = self.model.scenario.stages[self.stage].until
        if end is not None and end.measure is not None:
            assert end.measure == "members", "the twin watches members only"
            above = end.above is None or self.model.members > end.above
            below = end.below is None or self.model.members < end.below
            self.days_of_stage = self.days_of_stage + 1 if above and below else 0
        while end is not None:
            is_due = end.day is not None and self.model.now >= end.day
            if not is_due and (end.measure is None or self.days_of_stage < end.for_):
                break
            self.stage, self.days_of_stage = names[names.index(self.stage) + 1], 0
            due += [n for n, operation in enumerate(self.operations) if operation.at_stage == self.stage]
            end = self.model.scenario.stages[self.stage].until
        return due

    def is_on(self, during: list[str] | None) -> bool:
        """Whether something belongs to the present stage."""
        return during is None or self.stage in during

    def carry_out(self, number: int) -> None:
        """Carry out one operation now, if it belongs to the present stage."""
        if not self.is_on(self.operations[number].during):
            return
        operation, occurrence, model = self.operations[number], self.occurrences[number], self.model
        self.occurrences[number] += 1
        if operation.do == "set_openness":
            if operation.to is not None:
                model.visibility = model.bypass = operation.to
            if operation.visibility is not None:
                model.visibility = operation.visibility
            if operation.bypass is not None:
                model.bypass = operation.bypass
            self.factors_changed()
        elif operation.do == "set_gates":
            model.replace_gates(tuple(operation.gates.values()), self.space(operation.space))
        elif operation.do in ("campaign", "season"):
            end = model.now + operation.days
            self.campaigns.append((end, operation))
            self.set_factors()
            model.schedule(end, CAMPAIGN_END, None, self.set_factors)
        elif operation.do in ("set_staff", "set"):
            end = model.now + (math.inf if operation.days is None else operation.days)
            self.campaigns.append((end, operation))
            self.set_factors()
            model.schedule(end, CAMPAIGN_END, None, self.set_factors)
        elif operation.do == "hot_event":
            recent = [(at, e) for at, e in model.hot_events if model.now - at < 12.0 * e.days]
            model.hot_events = [*recent, (model.now, operation)]
            self.set_factors()
        elif operation.do == "remove":
            for member in self.chosen(operation, self.keys[number], occurrence):
                member.leave(Reason.REMOVAL)
        elif operation.do == "close":
            for member in self.chosen(operation, self.keys[number], occurrence):
                member.leave(Reason.TERM)
        elif operation.do == "enrol":
            for person in [p for p in model.people if p.state == State.LEFT and p.is_graduate]:
                if person.comes_again():
                    model.come_to_door(person, Channel.ARRIVAL, None)
                model.divide_full_rooms()
        elif operation.do == "push":
            about = next((o for o in model.market.offers if o.name == operation.offer), None)
            for member in self.chosen(operation, self.keys[number], occurrence):
                member.get_message(self.keys[number], occurrence, about)
        elif operation.do == "rival":
            mean = model.scenario.population.purse.mean
            for member in self.chosen(operation, self.keys[number], occurrence):
                member.rival = single(gain_of_money(operation.pay, mean, model.p))
        elif operation.do == "award":
            model.market.award(operation, self.keys[number] ^ occurrence)
        elif operation.do == "move":
            for member in self.chosen(operation, self.keys[number], occurrence):
                model.send(member, self.space(operation.to))
                model.divide_full_rooms()
        else:
            self.bring(operation, self.keys[number], occurrence)

    def set_factors(self) -> None:
        """Recompute what current campaigns and hot events do."""
        now = self.model.now
        self.campaigns = [(end, c) for end, c in self.campaigns if end > now]
        self.model.p = self.model.coefficients()
        for operation in (o for _, o in self.campaigns if o.do == "set"):
            _rules, group, name = operation.key.split(".")
            self.model.p[f"{group}_{name}"] = float(operation.to)
        running = [operation for _, operation in self.campaigns if operation.do == "campaign"]
        self.season = math.prod(o.discovery for _, o in self.campaigns if o.do == "season")
        self.bought_reach = add(c.discovery - 1.0 for c in running)
        self.event_reach = add(
            (event.discovery - 1.0) * math.exp(-(now - at) / event.days)
            for at, event in self.model.hot_events
        )
        self.reminders = sum(c.reminders for c in running)
        self.pay_inviter = add(c.pay_inviter for c in running)
        self.pay_invited = add(c.pay_invited for c in running)
        self.model.staff.update_jobs([o for _, o in self.campaigns if o.do == "set_staff"])
        self.factors_changed()

    def factors_changed(self) -> None:
        """Continue everybody's clocks at the new rates."""
        for person in self.members():
            if not person.lapsed:
                person.reschedule_visit()
            person.update_invitation()
        self.model.set_discovery_rate()

    def members(self) -> list[Person]:
        """Current members."""
        return [person for person in self.model.people if person.state == State.MEMBER]

    def space(self, name: str | None) -> Any:
        """A space by its name; None is the first."""
        names = [place.name for place in self.model.scenario.places]
        return self.model.spaces[0 if name is None else names.index(name)]

    def chosen(self, operation: Any, key: int, occurrence: int) -> list[Person]:
        """A share of the members, or of the inactive members."""
        model, members = self.model, self.members()
        if operation.in_ is not None:
            inside = self.space(operation.in_)
            members = [m for m in members if inside in m.room.space.path()]
        if operation.group is not None:
            members = [m for m in members if m.group == operation.group]
        if operation.who == "inactive":
            members = [m for m in members if model.now - m.last_visit_at > operation.unseen]
            members.sort(key=lambda m: m.last_visit_at)
        elif operation.who == "lowest_quality":
            members.sort(key=lambda m: m.quality)
        elif operation.who == "highest_quality":
            members.sort(key=lambda m: -m.quality)
        elif operation.who == "most_recognised":
            life = model.p["satisfaction_stock_half_life"]
            members.sort(key=lambda m: -m.recognition * halving(model.now - m.stocks_at, life))
        else:
            if operation.who == "last_room":
                members = self.last_room(operation, members, key ^ occurrence)
            members.sort(key=lambda m: m.uniform(Purpose.OPERATION, key ^ occurrence))
        return members[: round(operation.share * len(members))]

    def standing(self, member: Person) -> float:
        """A member's recognition now."""
        life = self.model.p["satisfaction_stock_half_life"]
        return float(member.recognition * halving(self.model.now - member.stocks_at, life))

    def publish_boards(self) -> None:
        """Where a space ranks: the share of the others below each member who was seen in the last week."""
        for member in self.members():
            member.rank = -1.0
        boards: dict[Any, list[Person]] = defaultdict(list)
        for member in self.members():
            if member.room.ranked and self.model.now - math.floor(member.last_visit_at) <= 7:
                boards[member.room.ranked].append(member)
        for members in boards.values():
            stand = {member: self.standing(member) + member.shown for member in members}
            for member in members if len(members) > 1 else ():
                below = sum(stand[other] < stand[member] for other in members)
                equal = sum(stand[other] == stand[member] for other in members) - 1
                member.rank = (below + equal / 2) / (len(members) - 1)

    def last_room(self, operation: Any, members: list[Person], key: int) -> list[Person]:
        """The members of the room with the lowest mean of what they have earned."""
        unit, of = self.model.market.unit(operation.by), self.space(operation.of)
        rooms: dict[int, list[Person]] = defaultdict(list)
        for member in members:
            for room in member.room.path():
                if room.space is of:
                    rooms[room.number].append(member)
        means = {}
        for number, inside in rooms.items():
            accounts = [member.accounts[unit] for member in inside]
            today = math.floor(self.model.now)
            earned = [a.earned if operation.over == "stay" else a.got[today] for a in accounts]
            means[number] = sum(earned) / len(inside)
        ranked = self.ranked_rooms(means, -1.0, key)
        return rooms[ranked[0]] if ranked else []

    def ranked_rooms(self, means: dict[int, float], sign: float, key: int) -> list[int]:
        """Rooms by their mean, the highest first (sign 1) or the lowest; of equals by a draw."""
        draw = {room: uniform(self.model.run_seed, Purpose.OPERATION, room, key) for room in means}
        return sorted(means, key=lambda room: (-sign * means[room], draw[room]))

    def bring(self, operation: Any, key: int, occurrence: int) -> None:
        """Bring fresh people: evenly spread, or as a Poisson process."""
        model, now = self.model, self.model.now
        if operation.do == "shock":
            times = [now + operation.over * k / operation.people for k in range(operation.people)]
        else:
            times = self.poisson(operation, key ^ occurrence)
        keys = fresh_keys(key, occurrence, len(times))
        population = model.scenario.population
        own = (operation.quality, operation.topic, operation.drivers)
        group = None if operation.group is None else list(population.groups).index(operation.group)
        records = Everybody(*traits_of(keys, model.scenario.seed, population, *own, group))[:]
        for at, record in zip(times, records, strict=True):
            person = Person(model, len(model.people), record)
            person.group = operation.group or person.group
            model.people.append(person)
            model.schedule(at, EventKind.ARRIVAL, person, lambda person=person: self.arrive(person))

    def poisson(self, operation: Any, key: int) -> list[float]:
        """Times with keyed exponential gaps."""
        days, now, seed = self.model.scenario.days, self.model.now, self.model.scenario.seed
        end = days if operation.days is None else min(days, now + operation.days)
        keys, counts = np.full(1024, key, dtype=np.uint64), np.arange(1024, dtype=np.uint64)
        gaps = exponentials(seed, Purpose.ARRIVAL, keys, counts)
        times = now + np.cumsum(gaps) / operation.per_day
        assert times[-1] > end, "the twin draws 1024 arrivals at most"
        return [float(at) for at in times if at < end]

    def arrive(self, person: Person) -> None:
        """A fresh person comes to the door."""
        if self.model.everybody_meets:
            self.model.set_mixing_threshold(person, self.model.reached, 0)
        self.model.come_to_door(person, Channel.ARRIVAL, None)
