"""A person of the twin: a plain Mesa agent who joins, visits, invites and leaves."""

import math
from array import array
from collections.abc import Callable
from ctypes import Structure
from typing import Any

import mesa

from shequn.agents import benefit, leaving, paying
from shequn.sim.kernel import chance
from shequn.sim.kernel.chance import Purpose
from shequn.sim.kernel.discovery import Source
from shequn.sim.kernel.membership import CASCADE_DAYS
from shequn.sim.kernel.state import Act, Channel, EventKind, JournalKind, Occasion, Payment, Reason, State
from tests.reference.twin_accounts import Earner
from tests.reference.twin_inviting import Inviter
from tests.reference.twin_records import Progress, Room, Tie, add, singles
from tests.reference.twin_ties import Tied
from tests.reference.twin_visits import Visitor

TRAITS = ("quality", "topic", "x", "y", "talkativeness", "pace", "contentment")


class Person(Visitor, Tied, Inviter, Earner, mesa.Agent, Structure):
    """A person inside or outside."""

    _fields_ = singles(
        "satisfaction", "need", "habit", "commitment", "recognition", "answers", "gains", "aspiration",
        "grown_inside", "visit_rate", "invite_rate", "saw_leaving_at", "level",
    )  # fmt: skip
    __hash__ = object.__hash__  # ctypes structures have no hash

    def __init__(self, model: Any, number: int, record: Any) -> None:
        super().__init__(model)
        self.number, self.key = number, int(record["key"])
        self.group = self.draw_group()
        for trait in TRAITS:
            setattr(self, trait, float(record[trait]))
        self.drivers = record["drivers"].tolist()
        self.weight = add(self.drivers[driver] for driver in model.possible)
        self.ties: dict[Person, Tie] = {}
        self.state, self.lapsed = State.OUTSIDE, False
        self.commitment, self.inviter, self.channel = 0.0, None, Channel.FOUNDER
        # at the door: the gate where they are, the money due, and the commitment from the gates so far
        self.at_gate, self.owed, self.commitment_so_far = 0, 0.0, 0.0
        self.target: Any = None  # the space they want to enter
        self.application: Any = None  # the space in whose line they wait
        self.spent: dict[int, float] = {}  # money, by period of the purse
        self.door = 0  # version: counts comings to the door, joins and returns outside
        self.thresholds: dict[Source, float] = {}  # of discovery, while outside
        self.room: Room | None = None
        self.left_at = math.inf
        self.n_joins = self.n_visits = self.n_posts = self.n_invites = self.n_applications = 0
        self.ties_inside, self.base_inside, self.grown_inside, self.friends_at = 0, 0.0, 0.0, 0.0
        self.recognition = self.answers = self.gains = 0.0
        self.stocks_at = 0.0
        self.next_visit: Any = None
        self.next_invitation: Any = None

    def draw_group(self) -> str | None:
        """The group of the population that this person's key gives."""
        draw, below = self.uniform(Purpose.GROUP, 0), 0.0
        for name, group in self.model.scenario.population.groups.items():
            below += group.share
            if draw < below:
                return str(name)
        return None

    def may_come(self) -> bool:
        """Whether this person is outside, and did not leave too recently."""
        p, now = self.model.scenario.community, self.model.now
        return self.state == State.OUTSIDE or (
            self.state == State.LEFT and now >= self.left_at + p.return_after
        )

    def join(self, room: Room) -> None:
        """Become a member of a room."""
        model, p, now = self.model, self.model.p, self.model.now
        change = model.add_quality(self.quality)
        for around in room.path():
            around.count_member(self.quality, 1)
        for space in room.space.path():
            space.members += 1
        model.note_if_full(room)
        self.state, self.room, self.n_joins, self.door = State.MEMBER, room, self.n_joins + 1, self.door + 1
        self.thresholds.clear()
        self.joined_at = self.last_visit_at = self.stocks_at = now
        self.satisfaction, self.need, self.habit = p["satisfaction_start"], 1.0, 0.0
        self.recognition = self.answers = self.gains = self.aspiration = 0.0
        self.lapsed, self.saw_leaving = False, None
        # posts read or passed over; posts ever read
        self.known = {around: max(0, len(around.posts) - model.shown) for around in room.path()}
        self.n_read = 0
        self.progress = [Progress() for _ in model.scenario.tasks]
        self.open_accounts()
        self.rank = -1.0
        self.level = model.reputation * model.population_level
        self.usual: array[float] | None = None
        self.count_seen(int(now), 1)
        self.update_neighbours(1)
        self.update_inviters()
        self.add_presence(1.0)
        model.write(JournalKind.JOIN, self, self.inviter, room, self.channel, change)
        if self.inviter is not None:
            self.inviter.be_rewarded(model.operator.pay_inviter)
            self.be_rewarded(model.operator.pay_invited)
        if p["leaving_mode"] == leaving.CLOCK and (hazard := leaving.leaving_hazard(self.quality, p)) > 0.0:
            self.left_at = now + self.exponential(Purpose.DEPARTURE, self.n_joins) / hazard
        else:
            self.left_at = now + p["leaving_stay_days"] if p["leaving_mode"] == leaving.STAY else math.inf
        if self.left_at < math.inf:
            model.schedule(
                self.left_at, EventKind.DEPARTURE, self, self.in_this_stay(lambda: self.leave(Reason.CLOCK))
            )
        if self.channel == Channel.FOUNDER:
            self.plan_visit()
        else:
            self.visit_at_once()
        self.plan_invitation()
        self.start_tie_clocks()
        if self.channel != Channel.FOUNDER:
            model.staff.give(Occasion.JOIN, self, room)
            model.market.note(Act.JOINED, self)
            if self.inviter is not None:
                model.market.note(Act.INVITED, self.inviter)

    def move(self, room: Room) -> None:
        """Take a seat in another room."""
        model, old, now = self.model, self.room, self.model.now
        assert old is not None
        if not self.lapsed:
            self.add_presence(-1.0)
        self.fade_stocks()
        old.pond.fade(now, model.p)
        old.pond.count(int(self.last_visit_at), -1, -self.recognition)
        common = [around for around in old.path() if around in room.path()]
        for around in old.path():
            if around not in common:
                around.count_member(self.quality, -1)
        for around in room.path():
            if around not in common:
                around.count_member(self.quality, 1)
        for space in old.space.path():
            space.members -= 1
        for space in room.space.path():
            space.members += 1
        model.note_if_full(room)
        if room.pond is not old.pond:
            self.rank = -1.0
        self.room = room
        room.pond.fade(now, model.p)
        if int(now) - int(self.last_visit_at) < 7:
            room.pond.count(int(self.last_visit_at), 1, self.recognition)
        if not self.lapsed:
            self.add_presence(1.0)
        self.known = {
            around: self.known.get(around, max(0, len(around.posts) - model.shown)) for around in room.path()
        }
        model.staff.sits_in(self, room)
        model.write(JournalKind.MOVE, self, None, room, old.number, 0.0)

    def in_this_stay(self, action: Callable[[], None]) -> Callable[[], None]:
        """An action that does nothing if the person has left or been to the door since."""
        door = self.door
        return lambda: action() if self.door == door else None

    def leave(self, reason: int) -> None:
        """Leave of one's own accord, or be removed; those tied to the person see it."""
        model, room, now = self.model, self.room, self.model.now
        assert room is not None
        change = model.remove_quality(self.quality)
        for around in room.path():
            around.count_member(self.quality, -1)
        for space in room.space.path():
            space.members -= 1
        if self.application is not None:
            model.withdraw(self)
        model.staff.sits_in(self, None)
        self.close_accounts()
        self.fade_stocks()
        room.pond.fade(now, model.p)
        self.count_seen(int(self.last_visit_at), -1)
        if not self.lapsed:
            self.add_presence(-1.0)
        recent = self.saw_leaving is not None and now - self.saw_leaving_at <= CASCADE_DAYS
        self.left_at, self.room = now, None
        model.cancel(self.next_visit, self.next_invitation)
        self.update_neighbours(-1)
        self.update_inviters()
        if reason == Reason.REMOVAL:
            self.state, self.door = State.REMOVED, self.door + 1
            model.write(JournalKind.REMOVE, self, None, room, reason, change)
            return
        self.state, self.is_graduate = State.LEFT, reason == Reason.TERM
        if self.is_graduate:
            model.write(JournalKind.REMOVE, self, None, room, reason, change)
        else:
            model.write(JournalKind.LEAVE, self, self.saw_leaving if recent else None, room, reason, change)
        model.wait_outside(self)

    def purse(self) -> float:
        """Money to spend per period."""
        purse = self.model.scenario.population.purse
        return float(paying.purse(self.normal(Purpose.PURSE, 0), purse.mean, purse.log_sd))

    def left_in_purse(self) -> float:
        """Money still to spend in this period."""
        return self.purse() - self.spent.get(self.period(), 0.0)

    def period(self) -> int:
        """Number of the current period of the purse."""
        days = self.model.scenario.population.purse.days
        return math.floor(self.model.now / days + self.uniform(Purpose.PURSE, 1))

    def pay(self, amount: float, what_for: Payment = Payment.FEE) -> None:
        """Pay the operator."""
        self.spent[self.period()] = self.spent.get(self.period(), 0.0) + amount
        self.model.write(JournalKind.PAY, self, None, None, what_for, amount)

    def be_rewarded(self, amount: float) -> None:
        """Get money from the operator."""
        if amount > 0.0:
            mean = self.model.scenario.population.purse.mean
            self.add_gains(benefit.gain_of_money(amount, mean, self.model.p))
            self.model.write(JournalKind.PAY, self, None, None, Payment.REWARD, -amount)

    def uniform(self, purpose: Purpose, count: int) -> float:
        """This person's uniform draw for a purpose and a count."""
        return chance.uniform(self.model.run_seed, purpose, self.key, count)

    def exponential(self, purpose: Purpose, count: int) -> float:
        """This person's Exp(1) draw."""
        return chance.exponential(self.model.run_seed, purpose, self.key, count)

    def normal(self, purpose: Purpose, count: int) -> float:
        """This person's standard normal draw."""
        return chance.normal(self.model.run_seed, purpose, self.key, count)
