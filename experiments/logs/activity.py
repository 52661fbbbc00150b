"""An activity log in order: events and active days, person by person."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

DAY = 86_400  # seconds

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Activity:
    """Who did something when. Sorted by person, then time; people are numbered 0 … n_people − 1.

    Attributes
    ----------
    person : integers (n_events,)
        Person of each event.
    time : floats or integers (n_events,)
        Instant of each event in seconds.
    day : integers (n_events,)
        Day of each event, counted from the log's first day. A day ends at midnight UTC.
    days : int
        Days from the first event's day to the last day of watching, both included.
    epoch_day : int
        Day 0 of this log, in days since 1970-01-01.
    """

    person: Integers
    time: npt.NDArray[Any]
    day: Integers
    days: int
    epoch_day: int

    @classmethod
    def of(cls, person: npt.ArrayLike, time: npt.ArrayLike, end: float | None = None) -> Self:
        """Put events in order.

        Parameters
        ----------
        person : integers (n,)
            Any number for each person.
        time : numbers (n,)
            Seconds since 1970-01-01 UTC, in any order.
        end : float, optional
            Instant at which watching ended, in the same seconds; without it the last event's day is the last.

        Raises
        ------
        ValueError
            No event, shapes that differ, an instant that is no finite number, or an event after the end.
        """
        who, when = np.asarray(person), np.asarray(time)
        if who.ndim != 1 or who.shape != when.shape:
            raise ValueError(f"person and time: one row for each event; found {who.shape} and {when.shape}")
        if len(who) == 0:
            raise ValueError("a log without events has no statistics")
        if when.dtype.kind == "f" and not np.isfinite(when).all():
            raise ValueError("times must be finite numbers of seconds")
        order = np.lexsort((when, who))
        who, when = who[order], when[order]
        number = np.concatenate(([0], np.cumsum(who[1:] != who[:-1]))).astype(np.int64)
        day = np.floor_divide(when, DAY).astype(np.int64)
        first, last = int(day.min()), int(day.max())
        if end is not None:
            if end < when.max():
                raise ValueError(f"end {end} lies before the last event ({when.max()})")
            last = max(last, int(np.ceil(end / DAY)) - 1)  # ended at midnight: the day before was the last
        return cls(number, when, day - first, last - first + 1, first)

    @cached_property
    def n_people(self) -> int:
        """People who ever acted."""
        return int(self.person[-1]) + 1

    @cached_property
    def events(self) -> Integers:
        """Events of each person (n_people,)."""
        return np.bincount(self.person)

    @cached_property
    def _first_of_day(self) -> Flags:
        step = (np.diff(self.person) != 0) | (np.diff(self.day) != 0)
        return np.concatenate(([True], step))

    @cached_property
    def active_person(self) -> Integers:
        """Person of each active day: a row for each day on which somebody did something."""
        return self.person[self._first_of_day]

    @cached_property
    def active_day(self) -> Integers:
        """Day of each active day, rows as `active_person`."""
        return self.day[self._first_of_day]

    @cached_property
    def active_days(self) -> Integers:
        """Number of active days of each person (n_people,)."""
        return np.bincount(self.active_person)

    @cached_property
    def first_day(self) -> Integers:
        """First active day of each person (n_people,): the day of joining."""
        first: Integers = self.active_day[np.cumsum(self.active_days) - self.active_days]
        return first

    @cached_property
    def last_day(self) -> Integers:
        """Last active day of each person (n_people,)."""
        return self.active_day[np.cumsum(self.active_days) - 1]

    @cached_property
    def watched(self) -> Integers:
        """Days from each person's first day to the end (n_people,)."""
        return self.days - 1 - self.first_day

    @cached_property
    def gaps(self) -> Integers:
        """Days between one person's successive active days, pooled."""
        days: Integers = np.diff(self.active_day)[np.diff(self.active_person) == 0]
        return days

    @cached_property
    def waits(self) -> npt.NDArray[Any]:
        """Seconds between one person's successive events, pooled."""
        seconds: npt.NDArray[Any] = np.diff(self.time)[np.diff(self.person) == 0]
        return seconds

    def has_left(self, silence: int) -> Flags:
        """Whether each person's last day lies at least ``silence`` days before the end (n_people,)."""
        left: Flags = self.days - 1 - self.last_day >= silence
        return left
