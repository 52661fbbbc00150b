"""A made-up outcome of the engine: naive Python, random events, rows that are consistent.

It knows nothing of drivers or rules: at random instants random people visit, post, ask, join
and leave. What counts is that the journal, the people and the days belong together, so that
the tables and the identities can be tested without the engine.
"""

import datetime
import random
from collections import Counter
from typing import Any, NamedTuple

import numpy as np

from shequn.sim.kernel.everybody import everybody_dtype
from shequn.sim.kernel.state import (
    NEVER,
    NOBODY,
    Channel,
    JournalKind,
    Reason,
    State,
    batch_dtype,
    day_dtype,
    duty_day_dtype,
    journal_dtype,
    offer_day_dtype,
    rule_day_dtype,
    space_day_dtype,
    task_day_dtype,
    unit_day_dtype,
)
from shequn.sim.scenario import Scenario

K = JournalKind


class SyntheticOutcome(NamedTuple):
    """The same fields as the engine's outcome, and the full journal."""

    scenario: Scenario
    seed: int
    people: Any
    labels: list[str] | None
    days: Any
    space_days: Any
    duty_days: Any
    task_days: Any
    unit_days: Any
    rule_days: Any
    offer_days: Any
    buyers: Any
    duties: tuple[str, ...]
    membership: Any
    notes: list[str]
    journal: Any
    groups: Any = np.zeros(0, dtype=np.int8)
    batches: Any = np.zeros(0, dtype=batch_dtype)
    room_spaces: Any = np.zeros(1, dtype=np.int32)
    stages: tuple[tuple[float, str], ...] = ()

    def edges(self) -> tuple[Any, Any, Any]:
        """A ring of ties."""
        a = np.arange(len(self.people))
        return a, (a + 1) % len(a), np.full(len(a), 0.5)


def scenario(days: int, runs: int = 1, journal: str = "full", title: str = "Made up") -> Scenario:
    """A scenario of which only the title, the days, the runs and the journal count."""
    return Scenario.from_mapping(
        {"format": 2, "title": title, "question": "What would happen?", "start": datetime.date(2026, 1, 1),
         "days": days, "runs": runs, "seed": 1, "journal": journal}
    )  # fmt: skip


class _Toy:
    def __init__(self, people: int, founders: int, seed: int) -> None:
        self.chance = random.Random(seed)
        self.people = np.zeros(people, dtype=everybody_dtype)
        self.people["key"] = np.arange(people)
        self.people["quality"] = [round(self.chance.betavariate(2, 2), 2) for _ in range(people)]
        for name in ("joined_at", "left_at", "last_visit_at"):
            self.people[name] = NEVER
        self.people["invited_by"] = NOBODY
        self.inside: dict[int, float] = {}  # member: last seen
        self.ever: set[int] = set()
        self.line: list[int] = []
        self.posts = Counter[int]()
        self.last_post = 0.0
        self.last_leaver, self.left_at = NOBODY, -9.0
        self.sums = {"dilution": 0.0, "evaporation": 0.0, "pruning": 0.0}
        self.journal: list[tuple[Any, ...]] = []
        self.today = Counter[str]()
        self.ranks: list[float] = []
        self.satisfied: list[float] = []
        self.temperature = 0.0
        for person in range(founders):
            change = (self.quality(person) - self.temperature) / (person + 1)
            self.temperature += change  # founders come before anything is measured: no dilution
            self.write(0.0, K.JOIN, person, detail=Channel.FOUNDER, value=change)
            self.enter(0.0, person, Channel.FOUNDER, NOBODY)
        qualities = sorted((self.quality(p), -p) for p in range(founders))[::-1]
        self.top = [-p for _, p in qualities[: (founders + 9) // 10]]
        self.people["founder"][:founders] = 1
        self.people["founder"][self.top] = 2

    def quality(self, person: int) -> float:
        return float(self.people["quality"][person])

    def write(
        self, time: float, kind: int, person: int, other: int = NOBODY, detail: int = 0, value: float = 0.0
    ) -> None:
        self.journal.append((time, value, person, other, 0, detail, kind))

    def enter(self, time: float, person: int, channel: int, inviter: int) -> None:
        record = self.people[person]
        record["joined_at"], record["left_at"], record["state"] = time, NEVER, State.MEMBER
        record["channel"], record["invited_by"] = channel, inviter
        record["n_joins"] += 1
        self.inside[person] = time
        self.ever.add(person)

    def join(self, time: float, person: int, channel: int, inviter: int = NOBODY) -> None:
        change = (self.quality(person) - self.temperature) / (len(self.inside) + 1)
        self.move("dilution", change)
        self.write(time, K.JOIN, person, inviter, channel, change)
        self.enter(time, person, channel, inviter)
        self.today["joins"] += 1
        self.today[f"joins_{Channel(channel).name.lower()}"] += 1

    def move(self, part: str, change: float) -> None:
        self.temperature += change
        self.sums[part] += change

    def leave(self, time: float, person: int, removed: bool) -> None:
        n, q = len(self.inside), self.quality(person)
        change = -(q - self.temperature) / (n - 1) if n > 1 else 0.0
        if removed:
            self.move("pruning", change)
            self.write(time, K.REMOVE, person, NOBODY, Reason.REMOVAL, change)
            self.today["removals"] += 1
        else:
            others = [int(4096 * self.quality(p)) for p in self.inside if p != person]
            own = int(4096 * q)
            if others:
                lower = sum(o < own for o in others) + 0.5 * sum(o == own for o in others)
                self.ranks.append(lower / len(others))
            follows = self.last_leaver if time - self.left_at < 0.5 else NOBODY
            self.move("evaporation", change)
            self.write(
                time,
                K.LEAVE,
                person,
                follows,
                self.chance.choice([r for r in Reason if r < Reason.REMOVAL]),
                change,
            )
            self.last_leaver, self.left_at = person, time
            self.today["departures"] += 1
        del self.inside[person]
        self.people["left_at"][person] = time
        self.people["state"][person] = State.REMOVED if removed else State.LEFT

    def outside(self) -> list[int]:
        return [
            p for p in range(len(self.people))
            if p not in self.inside and p not in self.line and self.people["state"][p] != State.REMOVED
        ]  # fmt: skip

    def door(self, time: float, person: int, channel: int, inviter: int = NOBODY) -> None:
        luck = self.chance.random()
        if luck < 0.2:
            self.write(time, K.REFUSE, person, detail=0)
            self.today["refused"] += 1
        elif luck < 0.4:
            self.write(time, K.WAIT, person, detail=1)
            self.line.append(person)
        else:
            self.join(time, person, channel, inviter)

    def event(self, time: float) -> None:
        what = self.chance.choices(
            ["visit", "find", "invite", "leave", "remove", "line"], [30, 3, 4, 4, 0.3, 2]
        )[0]
        members, outside = list(self.inside), self.outside()
        if what == "find" and outside:
            person = self.chance.choice(outside)
            self.write(time, K.FIND, person)
            self.today["finds"] += 1
            self.door(time, person, Channel.STRANGER)
        elif what == "line" and self.line:
            person = self.line.pop(0)
            passes = self.chance.random() < 0.6
            self.write(time, K.PASS_LINE if passes else K.GIVE_UP, person, detail=1, value=1.0)
            if passes:
                self.join(time, person, Channel.ARRIVAL)
            else:
                self.today["given_up"] += 1
        elif not members:
            return
        elif what == "visit":
            self.visit(time, self.chance.choice(members))
        elif what == "invite" and outside:
            asker, asked = self.chance.choice(members), self.chance.choice(outside)
            self.write(time, K.INVITE, asker, asked, 1, 0.5)
            self.today["invitations"] += 1
            accepts = self.chance.random() < 0.7
            self.write(time + 1e-4, K.ACCEPT if accepts else K.DECLINE, asked, asker, 2, 0.7)
            if accepts:
                self.today["accepted"] += 1
                self.door(time + 1e-4, asked, Channel.INVITATION, asker)
        elif what in ("leave", "remove"):
            # the better leave a little sooner
            person = max(self.chance.sample(members, min(2, len(members))), key=self.quality)
            self.leave(time, person, what == "remove")

    def visit(self, time: float, person: int) -> None:
        satisfaction = self.chance.random()
        self.write(time, K.VISIT, person, detail=3, value=satisfaction)
        self.satisfied.append(satisfaction)
        self.inside[person] = time
        self.people["n_visits"][person] += 1
        self.today["visits"] += 1
        luck = self.chance.random()
        if luck < 0.3:
            reply = luck < 0.1
            self.write(time, K.REPLY if reply else K.POST, person, person, len(self.journal), 0.5)
            self.posts[person] += 1
            self.people["n_posts"][person] += 1
            self.last_post = time
            self.today["posts"] += 1
            self.today["replies"] += reply
        elif luck < 0.4:
            self.write(time, K.REACTION, person, person, 0)
            self.today["reactions"] += 1
        elif luck < 0.45:
            self.write(time, K.LAPSE, person, value=4.0)
            self.today["lapses"] += 1

    def day(self, day: int) -> Any:
        row = np.zeros(1, dtype=day_dtype)[0]
        for name, value in {**self.today, **self.sums}.items():
            if name in day_dtype.names:
                row[name] = value
        seen = {w: [p for p, last in self.inside.items() if last >= day - w] for w in (1, 7, 30)}
        row["day"], row["members"], row["waiting"] = day, len(self.inside), len(self.line)
        row["temperature"] = self.temperature
        active = [self.quality(p) for p in seen[30]]
        row["temperature_active"] = np.mean(active) if active else self.temperature
        row["leavers_rank"] = np.mean(self.ranks) if self.ranks else np.nan
        row["founders_top_share"] = np.mean([p in self.inside for p in self.top]) if self.top else np.nan
        row["active_day"], row["active_week"], row["active_month"] = (len(seen[w]) for w in (1, 7, 30))
        row["silence"] = day - self.last_post
        row["unread"] = np.nan
        row["satisfaction"] = np.mean(self.satisfied) if self.satisfied else np.nan
        row["top1_share"], row["top10_share"], row["gini"] = self.participation()
        self.today.clear()
        self.ranks.clear()
        self.satisfied.clear()
        return row

    def participation(self) -> tuple[float, float, float]:
        counts = sorted(self.posts[p] for p in self.ever)
        n, total = len(counts), sum(counts)
        if total == 0:
            return (np.nan, np.nan, np.nan)
        top1, top10 = (self.top_share(counts[::-1], share * n) / total for share in (0.01, 0.1))
        gini = sum((2 * i - n - 1) * x for i, x in enumerate(counts, 1)) / (n * total)
        return top1, top10, gini

    def top_share(self, counts: list[int], people: float) -> float:
        """Posts by the first so many people; the last one counts in part."""
        whole = int(people)
        part = (people - whole) * counts[whole] if whole < len(counts) else 0.0
        return sum(counts[:whole]) + part


def synthetic_outcome(
    seed: int = 1, people: int = 200, founders: int = 30, days: int = 60, per_day: int = 20, **kwargs: Any
) -> SyntheticOutcome:
    """A made-up run with ``per_day`` events a day; ``kwargs`` go to :func:`scenario`."""
    toy = _Toy(people, founders, seed)
    rows = [toy.day(0)]
    for day in range(1, days + 1):
        for i in range(per_day):
            toy.event(day - 1 + (i + 0.5) / per_day)
        rows.append(toy.day(day))
    journal = np.array(toy.journal, dtype=journal_dtype)
    membership = journal[journal["kind"] <= JournalKind.RETURN]
    day_rows = np.array(rows, dtype=day_dtype)
    space_days = np.zeros(len(day_rows), dtype=space_day_dtype)
    space_days["rooms"] = 1
    for name in ("day", "members", "waiting", "temperature", "dilution", "evaporation", "pruning"):
        space_days[name] = day_rows[name]
    space_days["posts"] = np.cumsum(day_rows["posts"])
    return SyntheticOutcome(
        scenario(days, **kwargs),
        seed,
        toy.people,
        None,
        day_rows,
        space_days,
        np.zeros(0, dtype=duty_day_dtype),
        np.zeros(0, dtype=task_day_dtype),
        np.zeros(0, dtype=unit_day_dtype),
        np.zeros(0, dtype=rule_day_dtype),
        np.zeros(0, dtype=offer_day_dtype),
        np.zeros((len(Channel), 2), dtype=np.int64),
        (),
        membership,
        [],
        journal,
    )
