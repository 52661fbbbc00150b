"""The twin's accounts: units and money that members earn by what they do, and offers that they take."""

import math
from collections import defaultdict
from typing import Any

from shequn.agents import benefit, buying, earning, paying
from shequn.agents.curves import exponential_wait, halving
from shequn.agents.drivers import Driver
from shequn.sim.graphs.graph import key_of
from shequn.sim.kernel.chance import Purpose, pair, uniform
from shequn.sim.kernel.state import Act, EventKind, JournalKind, Payment, State
from tests.reference.twin_records import Room, Space
from tests.reference.twin_staff import Desk, Job


class Lot:
    """Units that were earned together."""

    def __init__(self, left: float) -> None:
        self.left = left


class Account:
    """What a member has of one unit in this stay."""

    def __init__(self) -> None:
        self.lots: list[Lot] = []  # the oldest first
        self.got: dict[int, float] = defaultdict(float)  # by day
        self.earned = 0.0

    def balance(self) -> float:
        """All that is on it."""
        return sum(lot.left for lot in self.lots)

    def take(self, amount: float) -> None:
        """Take the oldest units off."""
        for lot in self.lots:
            part = min(lot.left, amount)
            lot.left, amount = lot.left - part, amount - part
        self.lots = [lot for lot in self.lots if lot.left > 0]


class Deeds:
    """What a member has done that one rule is about, in this stay."""

    def __init__(self) -> None:
        self.days: list[int] = []  # of each deed

    def on(self, day: int) -> int:
        """How many of them on a day."""
        return self.days.count(day)

    def in_a_row(self, day: int) -> int:
        """How many days without a gap, up to a day."""
        n = 0
        while day - n in self.days:
            n += 1
        return n


class Unit:
    """Money, points, coins."""

    def __init__(self, model: Any, number: int, name: str) -> None:
        self.model, self.number, self.name = model, number, name
        spec = model.scenario.units.get(name)
        self.expires = spec.expires if spec else None
        self.most_per_day = math.inf if spec is None or spec.most_per_day is None else spec.most_per_day
        self.left = math.inf if spec is None or spec.budget is None else spec.budget  # of the budget

    def give(self, member: Any, amount: float) -> None:
        """Put some on a member's account, or pay money out."""
        account = member.accounts[self]
        account.got[math.floor(self.model.now)] += amount
        self.left -= amount
        if self.name == "money":
            member.be_rewarded(amount)
            return
        account.earned += amount
        self.model.market.update_levels(member, self)
        lot = Lot(amount)
        account.lots.append(lot)
        if self.expires is not None:
            due = self.model.now + self.expires
            self.model.schedule(
                due, EventKind.EXPIRY, None, lambda: self.expire(member, account, lot.left), self.number
            )

    def expire(self, member: Any, account: Account, amount: float) -> None:
        """What is left of the oldest units is lost."""
        if amount > 0.0:
            account.take(amount)
            self.model.write(JournalKind.EXPIRE, member, None, None, self.number, amount)

    def worth(self, member: Any) -> float:
        """What one is worth to a member: its gains, or its part of the best offer that takes it and will be open."""
        worth, nearer = float(member.drivers[Driver.BENEFIT] * self.gains()), 0.0
        if self.name == "money":
            return worth
        for mark in self.model.market.marks:
            nearer += mark.honor_of(self, member.accounts[self].earned)
        return worth + member.drivers[Driver.HONOR] * nearer

    def gains(self) -> float:
        """Gains of one."""
        if self.name == "money":
            mean = self.model.scenario.population.purse.mean
            return float(benefit.gain_of_money(1.0, mean, self.model.p))
        offers = [o for o in self.model.market.offers if o.takes is self and self.model.now < o.closes]
        return max((offer.gains() / offer.price_in_units for offer in offers), default=0.0)


class Rule:
    """An earn rule."""

    def __init__(self, market: "Market", number: int, name: str, spec: Any) -> None:
        self.market, self.model, self.number, self.spec = market, market.model, number, spec
        self.key, self.unit = key_of(name), market.unit(spec.unit)
        self.most = math.inf if spec.most is None else spec.most
        self.newcomers = math.inf if spec.newcomers is None else spec.newcomers
        self.space: Space | None = None if spec.of is None else self.model.operator.space(spec.of)
        self.job: Job | None = market.job(spec.from_)
        self.paid: dict[tuple[Room | None, int], int] = defaultdict(int)  # acts, by room and window

    def is_for(self, act: Act, task: str | None) -> bool:
        """Whether it rewards this."""
        return bool(self.spec.for_ == act.name.lower() and self.spec.task in (None, task))

    def room(self, member: Any) -> Room | None:
        """The room of its space that a member sits in or below."""
        return next((room for room in member.room.path() if room.space is self.space), None)

    def concerns(self, member: Any) -> bool:
        """Whether it pays in this stage, to a member in their first days, in its space."""
        here = self.space is None or self.room(member) is not None
        is_on = self.model.operator.is_on(self.spec.during)
        return is_on and here and self.model.now - member.joined_at <= self.newcomers

    def window(self, member: Any) -> tuple[Room | None, int]:
        """The room and the window of time in which the first are counted."""
        return self.room(member), math.floor(self.model.now / self.spec.each)

    def comes_too_late(self, member: Any) -> bool:
        """Whether enough acts have been paid here and now."""
        return self.spec.first is not None and self.paid[self.window(member)] >= self.spec.first

    def reward(self, member: Any) -> None:
        """A member has done what it is for: it pays, promises, or does not."""
        now, spec = self.model.now, self.spec
        if member.state != State.MEMBER or not self.concerns(member):
            return
        today, deeds = math.floor(now), member.deeds[self]
        deeds.days.append(today)
        if deeds.on(today) > self.most:
            return
        if spec.streak and (deeds.on(today) > 1 or deeds.in_a_row(today) % spec.streak):
            return
        if self.comes_too_late(member):
            return
        if spec.chance < 1.0:
            count = (member.n_joins << 32) | len(deeds.days)
            key = pair(member.key, self.key)
            if uniform(self.model.run_seed, Purpose.EARN, key, count) >= spec.chance:
                return
        if spec.delay == 0:
            pays = self.pay(member) > 0.0
        else:
            stay = member.n_joins
            self.model.schedule(
                now + spec.delay, EventKind.PAYOUT, None, lambda: self.keep_promise(member, stay)
            )
            pays = True
        if pays:
            self.paid[self.window(member)] += 1

    def keep_promise(self, member: Any, stay: int) -> None:
        """Pay what was promised to a member who has not left since."""
        if member.state == State.MEMBER and member.n_joins == stay:
            self.pay(member)

    def pay(self, member: Any) -> float:
        """Pay as much as the limits leave; returns how much."""
        amount, desk = self.left_for(member), self.desk(member)
        if amount > 0.0:
            if desk is not None:
                self.market.purses[desk] -= amount
            self.model.write(JournalKind.EARN, member, None, None, self.number, amount)
            self.unit.give(member, amount)
        return amount

    def desk(self, member: Any) -> Desk | None:
        """The desk whose purse pays, if somebody is there."""
        desk = self.job.desk_of(member.room) if self.job else None
        return desk if desk and any(worker.person for worker in desk.workers) else None

    def left_for(self, member: Any) -> float:
        """What the day's limit of the member, the budget of the unit and the purse of the staff leave."""
        today = member.accounts[self.unit].got[math.floor(self.model.now)]
        limits = [self.spec.amount, self.unit.most_per_day - today, self.unit.left]
        if self.job is not None:
            desk = self.desk(member)
            limits.append(self.market.purses[desk] if desk else 0.0)
        return max(0.0, min(limits))

    def worth(self, member: Any) -> float:
        """What one more act would bring a member now, by their weights."""
        done = member.deeds[self].on(math.floor(self.model.now))
        if not self.concerns(member) or done >= self.most or self.comes_too_late(member):
            return 0.0
        part = 1.0
        if self.spec.streak:
            part = 0.0 if done else 1.0 / self.spec.streak
        value = self.spec.chance * self.left_for(member) * part * self.unit.worth(member)
        return float(earning.delayed(value, float(self.spec.delay), self.model.p))

    def promise_for_joining(self) -> float:
        """Gains that somebody outside expects for joining."""
        spec = self.spec
        if spec.for_ != "joined" or spec.of or spec.from_ or spec.streak:
            return 0.0
        if not self.model.operator.is_on(spec.during):
            return 0.0
        window = (None, math.floor(self.model.now / spec.each))
        if spec.first is not None and self.paid[window] >= spec.first:
            return 0.0
        amount = max(0.0, min(spec.amount, self.unit.most_per_day, self.unit.left))
        value = spec.chance * amount * self.unit.gains()
        return float(earning.delayed(value, float(spec.delay), self.model.p))


class Pass:
    """What a member has taken whose worth comes over time."""

    def __init__(self, since: float = 0.0, until: float = 0.0) -> None:
        self.since, self.until = since, until  # up to when it has come, and will come


class Group:
    """Members who want an offer together."""

    def __init__(self, model: Any, opening: int) -> None:
        self.since, self.opening = model.now, opening
        self.members: list[tuple[Any, int]] = []  # and their stay


class Offer:
    """An offer."""

    def __init__(self, market: "Market", number: int, name: str, spec: Any) -> None:
        self.market, self.model, self.number, self.spec = market, market.model, number, spec
        self.name, self.key = name, key_of(name)
        self.space: Space | None = None if spec.in_ is None else self.model.operator.space(spec.in_)
        self.seller: Job | None = market.job(spec.from_)
        self.takes, self.price_in_units = market.not_money(spec.takes)
        self.gives, self.n_given = market.not_money(spec.gives)
        self.money = spec.gives.get("money", 0.0)
        self.stays_open = spec.every if spec.open is None else spec.open
        self.closes = math.inf  # for good
        if spec.until is not None:
            last = math.floor((spec.until - spec.first) / spec.every)
            self.closes = spec.first + last * spec.every + self.stays_open
        self.gone: dict[int, int] = defaultdict(int)  # by opening
        self.mark = None if spec.mark is None else market.marks[market.mark_names.index(spec.mark)]
        self.seat: Space | None = None if spec.seat is None else self.model.operator.space(spec.seat)
        self.group: Group | None = None

    def opening(self) -> int | None:
        """Number of the opening that is open now."""
        now, spec = self.model.now, self.spec
        this = math.floor((now - spec.first) / spec.every)
        is_open = this >= 0 and now < spec.first + this * spec.every + self.stays_open
        return this if is_open and now < self.closes else None

    def gains(self) -> float:
        """Gains of the money that it gives, and of what else it is worth."""
        mean = self.model.scenario.population.purse.mean
        return float(benefit.gain_of_money(self.money + self.spec.worth, mean, self.model.p))

    def can_be_taken(self, member: Any, opening: int) -> bool:
        """Whether it is seen and left, and the member has what it takes."""
        spec = self.spec
        if self.space is not None and self.space not in member.room.space.path():
            return False
        if not self.model.operator.is_on(spec.during) or not self.market.allows(member, self.name):
            return False
        if spec.stock is not None and self.gone[opening] + spec.buyers > spec.stock:
            return False
        if spec.most is not None and member.taken[self, opening] >= spec.most:
            return False
        if member.passes[self].until > self.model.now or member in self.waiting():
            return False
        if self.seat is not None:
            if self.seat in member.room.space.path() or member.application is not None:
                return False
            if self.model.choose_room(member, self.seat.leaf()) is None:
                return False
        if spec.buyers * self.money > self.market.unit("money").left:
            return False
        if self.gives and spec.buyers * self.n_given > self.gives.left:
            return False
        return self.can_afford(member)

    def can_afford(self, member: Any) -> bool:
        """Whether a member has the units and the money."""
        least = max(self.price_in_units, self.spec.at_least)
        if self.takes and member.accounts[self.takes].balance() < least:
            return False
        return bool(paying.can_pay(self.spec.price, member.left_in_purse()))

    def waiting(self) -> list[Any]:
        """Who waits for more buyers now."""
        group = self.group
        if group is None or self.model.now > group.since + self.spec.wait or self.opening() != group.opening:
            return []
        return [member for member, stay in group.members if member.n_joins == stay]

    def sign(self, member: Any, opening: int) -> None:
        """A member wants it with others."""
        group, now = self.group, self.model.now
        if group is None or now > group.since + self.spec.wait or group.opening != opening:
            group = self.group = Group(self.model, opening)
        still = [
            (other, stay)
            for other, stay in group.members
            if other.state == State.MEMBER and other.n_joins == stay and self.can_afford(other)
        ]
        group.members = [*still, (member, member.n_joins)]
        n = len(group.members)
        self.model.write(JournalKind.SIGN, member, None, None, self.number, float(n))
        if n == self.spec.buyers:
            for other, _stay in group.members:
                self.sell(other, opening)
            self.group = None
        else:
            member.update_invitation()

    def worth_of_a_buyer(self, member: Any) -> float:
        """What one more buyer brings a member who waits."""
        if member not in self.waiting() or self.group is None:
            return 0.0
        cost = buying.cost_of_price(self.spec.price, member.purse(), self.model.p)
        missing = self.spec.buyers - len(self.group.members)
        return float(max(0.0, self.gains() - cost) / missing)

    def show(self, member: Any) -> None:
        """A member looks at it, and perhaps takes it."""
        opening, p = self.opening(), self.model.p
        if opening is None or not self.can_be_taken(member, opening):
            return
        gains = self.gains()
        if self.seller is not None:
            tie = member.ties.get(self.who_sells(member))
            strength = tie.strength(self.model.now, p) if tie else 0.0
            gains = buying.believed(gains, strength, float(self.gone[opening]), p)
        cost = buying.cost_of_price(self.spec.price, member.purse(), p)
        worth = member.drivers[Driver.BENEFIT] * (gains - cost)
        if self.mark is not None and member.levels[self.mark] == 0:
            worth += member.drivers[Driver.HONOR] * self.mark.spec.honor
        chance = buying.buying_probability(worth, p)
        count = (member.n_joins << 40) | member.n_visits
        if uniform(self.model.run_seed, Purpose.BUY, pair(member.key, self.key), count) < chance:
            if self.spec.buyers == 1:
                self.sell(member, opening)
            else:
                self.sign(member, opening)

    def who_sells(self, member: Any) -> Any:
        """The seller where a member sits."""
        desk = self.seller.desk_of(member.room) if self.seller else None
        return next((w.person for w in desk.workers if w.person), None) if desk else None

    def sell(self, member: Any, opening: int) -> None:
        """The member pays, and gets what it gives."""
        seller = self.who_sells(member)
        self.gone[opening] += 1
        member.taken[self, opening] += 1
        if self.takes:
            member.accounts[self.takes].take(self.price_in_units)
        self.model.write(JournalKind.BUY, member, seller, None, self.number, self.price_in_units)
        if self.spec.price > 0.0:
            member.pay(self.spec.price, Payment.PURCHASE)
        if self.money > 0.0:
            self.market.unit("money").give(member, self.money)
        if self.gives:
            self.gives.give(member, self.n_given)
        if self.spec.lasts is not None:
            member.passes[self] = Pass(self.model.now, self.model.now + self.spec.lasts)
        elif self.spec.worth > 0.0:
            mean = self.model.scenario.population.purse.mean
            member.add_gains(benefit.gain_of_money(self.spec.worth, mean, self.model.p))
        if self.mark is not None:
            self.mark.give(member, 1)
        if self.seat is not None:
            member.move(self.model.choose_room(member, self.seat.leaf()))
        self.market.note(Act.BOUGHT, member)


class Mark:
    """A level by what was earned of a unit, or a title."""

    def __init__(self, market: "Market", number: int, spec: Any) -> None:
        self.model, self.number, self.spec = market.model, number, spec
        self.unit = None if spec.by is None else market.unit(spec.by)
        self.steps = spec.steps or ()

    def level(self, earned: float) -> int:
        """The level that so much is worth."""
        return sum(earned >= step for step in self.steps)

    def honor_of(self, unit: Unit, earned: float) -> float:
        """What one more unit brings towards the next level."""
        if self.unit is not unit or self.level(earned) == len(self.steps):
            return 0.0
        return float(self.spec.honor / (self.steps[self.level(earned)] - earned))

    def leaves_out(self, member: Any, thing: str) -> bool:
        """Whether a member has not the level that something asks for."""
        return bool(member.levels[self] < self.spec.allows.get(thing, 0))

    def give(self, member: Any, level: int) -> None:
        """Give a member a level, if it is another one."""
        if level != member.levels[self]:
            member.shown += self.spec.honor * (level - member.levels[self])
            member.levels[self] = level
            self.model.write(JournalKind.MARK, member, None, None, self.number, float(level))


class Market:
    """All units, marks, earn rules, offers and purses."""

    def __init__(self, model: Any) -> None:
        scenario, self.model = model.scenario, model
        names = ["money", *(name for name in scenario.units if name != "money")]
        self.units = {name: Unit(model, number, name) for number, name in enumerate(names)}
        self.purses = {
            desk: job.spec.people * next(iter(job.spec.purse.values()))
            for job in model.staff.jobs
            for desk in job.desks
            if job.spec.purse
        }
        self.mark_names = list(scenario.marks)
        self.marks = [Mark(self, k, spec) for k, spec in enumerate(scenario.marks.values())]
        self.rules = [Rule(self, k, name, spec) for k, (name, spec) in enumerate(scenario.earn.items())]
        self.offers = [Offer(self, k, name, spec) for k, (name, spec) in enumerate(scenario.offers.items())]

    def unit(self, name: str) -> Unit:
        """A unit by its name."""
        return self.units[name]

    def allows(self, member: Any, thing: str) -> bool:
        """Whether the marks of a member allow something."""
        return not any(mark.leaves_out(member, thing) for mark in self.marks)

    def update_levels(self, member: Any, unit: Unit) -> None:
        """A member has earned some of a unit: levels that go by it."""
        for mark in self.marks:
            if mark.unit is unit:
                mark.give(member, mark.level(member.accounts[unit].earned))

    def shown_in(self, pond: Room) -> float:
        """What the marks of the active members of a room count for."""
        if not self.marks:
            return 0.0
        today = int(self.model.now)
        members = (p for p in self.model.people if p.state == State.MEMBER and p.room.pond is pond)
        return float(sum(p.shown for p in members if today - int(p.last_visit_at) < 7))

    def award(self, spec: Any, key: int) -> None:
        """Award the best of the members, or of each room of a space."""
        operator, now = self.model.operator, self.model.now
        groups: dict[int, list[Any]] = defaultdict(list)
        for member in operator.members():
            if spec.of is None:
                groups[0].append(member)
            else:
                of = operator.space(spec.of)
                for room in member.room.path():
                    if room.space is of:
                        groups[room.number].append(member)

        def total(member: Any) -> float:
            if spec.by == "recognition":
                life = self.model.p["satisfaction_stock_half_life"]
                return float(member.recognition * halving(now - member.stocks_at, life))
            if spec.by == "quality":
                return float(member.quality)
            account = member.accounts[self.unit(spec.by)]
            return float(account.earned if spec.over == "stay" else account.got[int(now)])

        winners = []
        if spec.rooms:
            means = {n: sum(total(m) for m in inside) / len(inside) for n, inside in groups.items()}
            best_rooms = operator.ranked_rooms(means, 1.0, key)[: spec.best]
            winners = [m for n in best_rooms for m in groups[n] if total(m) > 0]
            winners.sort(key=lambda m: m.number)
        for number in sorted(groups) if not spec.rooms else ():
            best = sorted(groups[number], key=lambda m: (-total(m), m.uniform(Purpose.OPERATION, key)))
            winners += [m for m in best[: spec.best] if total(m) > 0]
        if spec.mark is not None:
            mark = self.marks[self.mark_names.index(spec.mark)]
            concerned = [m for members in groups.values() for m in members if m not in winners]
            for member in sorted(concerned, key=lambda m: m.number):
                mark.give(member, 0)
            for member in winners:
                mark.give(member, 1)
        for name, amount in spec.pay.items():
            unit = self.unit(name)
            for member in winners:
                given = min(amount, unit.left)
                if given > 0.0:
                    self.model.write(JournalKind.EARN, member, None, None, -1 - unit.number, given)
                    unit.give(member, given)

    def not_money(self, amounts: dict[str, float]) -> tuple[Unit | None, float]:
        """The unit and the amount of what is not money; 0 of None if there is none."""
        return next(((self.unit(name), n) for name, n in amounts.items() if name != "money"), (None, 0.0))

    def job(self, name: str | None) -> Job | None:
        """A job by its name."""
        return next((job for job in self.model.staff.jobs if job.name == name), None)

    def note(self, act: Act, member: Any, task: str | None = None) -> None:
        """A member has done something."""
        for rule in self.rules:
            if rule.is_for(act, task):
                rule.reward(member)

    def worth_of_joining(self, person: Any) -> float:
        """What somebody outside expects for joining."""
        worth = 0.0
        for rule in self.rules:
            worth += rule.promise_for_joining()
        return float(person.drivers[Driver.BENEFIT] * worth)

    def worth_of_a_buyer(self, member: Any) -> float:
        """What one more buyer brings a member who waits for others."""
        worth = 0.0
        for offer in self.offers:
            if offer.spec.buyers > 1:
                worth += offer.worth_of_a_buyer(member)
        return float(member.drivers[Driver.BENEFIT] * worth)

    def worth(self, act: Act, member: Any, task: str | None = None) -> float:
        """What doing something now would bring a member, by their weights."""
        worth = 0.0
        for rule in self.rules:
            if rule.is_for(act, task):
                worth += rule.worth(member)
        return worth


class Earner:
    """A person's accounts, what they write for pay, and what they buy."""

    def open_accounts(self) -> None:
        """Accounts of a member who has just joined: nothing on them, nothing done."""
        self.accounts: dict[Unit, Account] = defaultdict(Account)
        self.deeds: dict[Rule, Deeds] = defaultdict(Deeds)
        self.taken: dict[tuple[Offer, int], int] = defaultdict(int)
        self.passes: dict[Offer, Pass] = defaultdict(Pass)
        self.levels: dict[Mark, int] = defaultdict(int)
        self.shown = 0.0
        self.strikes = 0

    def close_accounts(self) -> None:
        """What is on the accounts of a member who leaves is lost."""
        for unit in self.model.market.units.values():
            unit.expire(self, self.accounts[unit], self.accounts[unit].balance())

    def perhaps_write_for_pay(self, count: int) -> None:
        """Perhaps write one more post in this session, for what it would bring."""
        model, p = self.model, self.model.p
        if self.room.home is None or not model.market.allows(self, "post"):
            return
        chance = earning.paid_post_probability(model.market.worth(Act.POST, self), p)
        u = self.uniform(Purpose.PAID_POST, count)
        if u < chance:
            pause = exponential_wait(u / chance, p["posting_pause"]) / 1440.0
            action = self.in_this_stay(self.write_for_pay)
            model.schedule(model.now + pause, EventKind.WRITE_FOR_PAY, self, action)

    def write_for_pay(self) -> None:
        """Write a post that pays still, without care and about anything, and perhaps one more."""
        model, p = self.model, self.model.p
        if self.lapsed or self.room.home is None or not model.market.allows(self, "post"):
            return
        if model.market.worth(Act.POST, self) <= p["earning_effort"]:
            return
        self.put(None, self.quality * p["earning_care"], self.uniform(Purpose.OFF_TOPIC, self.n_posts))
        self.perhaps_write_for_pay(2 * self.n_posts + 1)

    def use_what_lasts(self) -> None:
        """The worth that has come since the last visit of what was taken."""
        for offer, taken in sorted(self.passes.items(), key=lambda item: item[0].number):
            if taken.since < taken.until:
                up_to = min(self.model.now, taken.until)
                worth = offer.spec.worth * (up_to - taken.since) / offer.spec.lasts
                mean = self.model.scenario.population.purse.mean
                self.add_gains(benefit.gain_of_money(worth, mean, self.model.p))
                taken.since = up_to

    def look_at_offers(self) -> None:
        """Perhaps take each offer."""
        for offer in self.model.market.offers:
            offer.show(self)
