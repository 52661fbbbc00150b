"""The twin's other records: ties, posts, rooms and the weekly rhythm; and how it rounds."""

import math
from bisect import bisect_right
from collections.abc import Iterable
from ctypes import Structure, c_float
from itertools import accumulate
from typing import Any

from shequn.agents import relationship
from shequn.agents.curves import halving
from shequn.sim.kernel.state import PostKind


def add(numbers: Iterable[float]) -> float:
    """Sum in order, with rounding at each step as in the machine (``sum`` of Python 3.12 is more exact)."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def singles(*names: str) -> list[tuple[str, type]]:
    """Fields of a record that are 32-bit floats.

    The machine holds millions of people, so most of their fields have 32 bits. The twin rounds where
    the records round, and nowhere else, so that both agree to the last bit.
    """
    return [(name, c_float) for name in names]


def single(number: float) -> float:
    """A number rounded to 32 bits."""
    return c_float(number).value


class Tie(Structure):
    """A tie between two people: the initial strength stays, the strength grown in the run fades."""

    _fields_ = singles("base", "grown", "used_at")

    def __init__(self, base: float, now: float) -> None:
        self.base = base
        self.grown = 0.0
        self.used_at = now
        self.invitations: dict[Any, int] = {}  # number of invitations along it, by inviter

    def grown_now(self, now: float, p: Any) -> float:
        """What is left now of the strength grown in the run."""
        if self.grown <= 0.0:
            return 0.0
        return self.grown * halving(now - self.used_at, p["relationship_half_life"])

    def strength(self, now: float, p: Any) -> float:
        """Strength now: initial + grown."""
        return self.base + self.grown_now(now, p)

    def grow(self, now: float, p: Any) -> float:
        """Grow by one interaction; returns the strength added."""
        grown = self.grown_now(now, p)
        more: float = relationship.tie_growth(self.base + grown, p)
        self.grown = grown + more
        self.used_at = now
        return more


class Post:
    """A post in a room."""

    __slots__ = (
        "answers",
        "author",
        "hot",
        "kind",
        "number",
        "own",
        "quality",
        "reported",
        "room",
        "serial",
        "topic",
    )

    def __init__(
        self, author: Any, room: "Room", serial: int, answers: Any, own: int, traits: Any, kind: PostKind
    ) -> None:
        self.author = author
        self.room = room
        self.number = len(room.posts)
        self.serial = serial
        self.quality, self.topic = traits
        self.hot = 0.0  # reactions and replies
        self.own = own  # its number among the author's posts
        self.answers = answers  # the author whom it answers, or None
        self.kind = kind
        self.reported = False

    def is_of_staff(self) -> bool:
        """Whether it is official, or a lesson."""
        return PostKind.OFFICIAL <= self.kind <= PostKind.LESSON


class Progress:
    """What a member has done of a task in this stay."""

    def __init__(self) -> None:
        self.last, self.done, self.answered = -1, 0, 0


class Space:
    """A space: its gates, its line and its rooms."""

    def __init__(self, number: int, spec: Any, parent: "Space | None") -> None:
        self.number, self.spec, self.parent, self.gates = number, spec, parent, tuple(spec.gates.values())
        self.child: Space | None = None  # the first space in it
        if parent is not None and parent.child is None:
            parent.child = self
        self.rooms: list[Room] = []
        self.line: list[Any] = []  # people waiting at its quota gate
        self.free_at = 0.0
        self.admission: Any = None
        self.members = 0

    def leaf(self) -> "Space":
        """The leaf where those who enter it sit."""
        return self.child.leaf() if self.child else self

    def path(self) -> "list[Space]":
        """The spaces around it and itself, from outside to inside."""
        return [*(self.parent.path() if self.parent else []), self]


class Room:
    """A room: its posts, its level, and the recognition its members hold."""

    def __init__(self, number: int, space: "Space", parent: "Room | None") -> None:
        self.number, self.space, self.parent = number, space, parent
        self.position = len(space.rooms)
        self.desk = self.position  # of the staff who look after it; that of the room it was divided from
        space.rooms.append(self)
        spec = space.spec
        self.capacity = math.inf if spec.seats is None else spec.seats
        self.open = spec.talk and spec.may_post == "members"
        # where those who sit here write, and in which room they compare themselves
        self.home: Room | None = self if self.open else parent.home if parent else None
        self.ranked: Room | None = self if spec.ranks else parent.ranked if parent else None
        self.members = 0
        self.level = 0.0  # mean quality of its members
        self.posts: list[Post] = []
        self.pinned: Post | None = None
        # by day: number of members last seen on it, and the recognition they hold
        self.seen: dict[int, int] = {}
        self.recognition: dict[int, float] = {}
        self.recognition_at = 0.0
        self.near: dict[tuple[int, int], float] = {}  # active members near the middle of each cell

    @property
    def pond(self) -> "Room":
        """The room in which those who sit here compare themselves."""
        return self.ranked or self

    def path(self) -> "list[Room]":
        """The room and the rooms around it, from inside to outside."""
        return [self, *(self.parent.path() if self.parent else [])]

    def in_view(self, shown: int) -> list[Post]:
        """The newest posts, which can be read."""
        return self.posts[-shown:]

    def talks(self) -> bool:
        """Whether it has posts of its own."""
        return bool(self.space.spec.talk)

    def count_member(self, quality: float, sign: int) -> None:
        """Count a member in or out here, and bring the level up to date."""
        self.members += sign
        if self.members > 0:
            self.level += sign * (quality - self.level) / self.members

    def fade(self, now: float, p: Any) -> None:
        """Fade the recognition to its values now, and drop days that are no longer current."""
        if now > self.recognition_at:
            left, first = halving(now - self.recognition_at, p["satisfaction_stock_half_life"]), int(now) - 6
            self.recognition = {day: r * left for day, r in self.recognition.items() if day >= first}
            self.recognition_at = now

    def count(self, day: int, number: int, recognition: float) -> None:
        """Add members, and the recognition they hold, to those last seen on a day."""
        self.seen[day] = self.seen.get(day, 0) + number
        self.recognition[day] = self.recognition.get(day, 0.0) + recognition

    def active(self, today: int) -> tuple[int, float]:
        """Number of members seen in the last 7 days, and the sum of their recognition."""
        number, held = 0, 0.0
        for day in range(today, today - 7, -1):
            if day in self.seen:
                number, held = number + self.seen[day], held + self.recognition.get(day, 0.0)
        return number, held


class Rhythm:
    """The rhythm of the week: rhythm days pass faster in busy hours; ``passed[h]`` have passed after h hours.

    With a mood each day has a factor on the speed at which they pass.
    """

    def __init__(self, passed: Any, moods: Any) -> None:
        self.passed = passed.tolist()
        self.factors = moods["factor"].tolist()
        weekdays = [self.passed[hour + 24] - self.passed[hour] for hour in range(0, 168, 24)]
        whole = [factor * weekdays[day % 7] for day, factor in enumerate(self.factors)]
        self.before = [0.0, *accumulate(whole)]

    def factor(self, now: float) -> float:
        """The mood of a day."""
        return self.factors[int(now)] if self.factors else 1.0

    def at(self, time: float) -> float:
        """Rhythm days passed since the start, as the mood stretches them."""
        if not self.factors:
            return self.in_week(time)
        day = int(time)
        return self.before[day] + self.factors[day] * (self.in_week(time) - self.in_week(float(day)))

    def when(self, time: float, days: float) -> float:
        """The instant at which ``days`` more of them have passed."""
        if not self.factors:
            return self.when_in_week(time, days)
        target = self.at(time) + days
        day = bisect_right(self.before, target) - 1
        return max(time, self.when_in_week(float(day), (target - self.before[day]) / self.factors[day]))

    def in_week(self, time: float) -> float:
        """Rhythm days passed since the start without a mood."""
        week = time // 7.0
        hours = (time - 7.0 * week) * 24.0
        hour = min(167, int(hours))
        in_hour = self.passed[hour + 1] - self.passed[hour]
        return 7.0 * week + (self.passed[hour] + (hours - hour) * in_hour)

    def when_in_week(self, time: float, rhythm_days: float) -> float:
        """The instant at which ``rhythm_days`` more rhythm days have passed, without a mood."""
        target = self.in_week(time) + rhythm_days
        week = target // 7.0
        rest = target - 7.0 * week
        hour = bisect_right(self.passed, rest, 0, 168) - 1
        width = self.passed[hour + 1] - self.passed[hour]
        part = (rest - self.passed[hour]) / width if width > 0.0 else 0.0
        return max(time, 7.0 * week + (hour + part) / 24.0)
