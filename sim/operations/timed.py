"""When an operation happens: on a day, repeatedly, or on a condition."""

import datetime
import math
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from shequn.sim.fields import Day, DaysOrNone, Fault, OneOf, Period, StageNames, Strict, WholeNumber
from shequn.sim.kernel.state import day_dtype
from shequn.sim.language import _

#: What a condition may watch: the daily measures.
MEASURES: tuple[str, ...] = tuple(name for name in day_dtype.names or () if name != "day")


class Bound(Strict):
    """A bound that a daily measure must be above, or below, for some days."""

    above: Annotated[float, Field(ge=-1e12, le=1e12)] | None = Field(None, description="True above this.")
    below: Annotated[float, Field(ge=-1e12, le=1e12)] | None = Field(None, description="True below this.")
    for_: Annotated[int, WholeNumber(1, 36_500)] = Field(
        1, alias="for", description="Number of days in a row for which it must hold."
    )

    def holds(self, value: float) -> bool:
        """Whether a value is on the right side; a missing one (nan) never is."""
        above = self.above is None or value > self.above
        below = self.below is None or value < self.below
        return above and below and not math.isnan(value)


class Condition(Bound):
    """A condition, checked at the end of each day; the operation follows at once."""

    measure: Annotated[str, OneOf(MEASURES)] = Field(description="The daily measure to watch.")
    once: bool = Field(True, description="Act only the first time; else each time it begins to hold again.")


class Timed(Strict):
    """When an operation happens: exactly one of day, date, every, if, at_stage."""

    day: DaysOrNone | None = Field(None, description="Day of the run, from 0.")
    date: Day | None = Field(None, description="Date, not before the start.")
    every: Period | None = Field(None, description="Repeat after this number of days.")
    first: DaysOrNone | None = Field(
        None, description="With every: the first day (default: after `every` days)."
    )
    until: DaysOrNone | None = Field(
        None, description="With every: the last possible day (default: to the end)."
    )
    if_: Condition | None = Field(None, alias="if", description="On a condition.")
    at_stage: str | None = Field(None, description="When this stage begins.")
    during: StageNames | None = Field(None, description="Not in other stages than these; null = in all.")

    def instants(self, start: datetime.date, days: float) -> tuple[float, ...]:
        """Times in days at which it happens, before ``days``; empty for a condition.

        Parameters
        ----------
        start : datetime.date
            The scenario's start.
        days : float
            Length of the run.
        """
        if self.date is not None:
            return tuple(t for t in (float((self.date - start).days),) if t < days)
        if self.day is not None:
            return (self.day,) if self.day < days else ()
        if self.every is None:
            return ()
        first = self.every if self.first is None else self.first
        last = days if self.until is None else self.until
        times: list[float] = []
        while (time := first + len(times) * self.every) < days and time <= last:
            times.append(time)
        return tuple(times)

    def timing_faults(self, start: datetime.date) -> Iterator[Fault]:
        """Contradictions in its timing."""
        timing = {
            "day": self.day, "date": self.date, "every": self.every, "if": self.if_, "at_stage": self.at_stage,
        }  # fmt: skip
        keys = [key for key, value in timing.items() if value is not None]
        if len(keys) != 1:
            listed = _(" and ").join(keys) if keys else _("none")
            yield (
                (keys[-1],) if keys else (),
                _("exactly one of day, date, every, if, at_stage must say when; given: {found}").format(
                    found=listed
                ),
            )
        if self.every is None:
            for key in ("first", "until"):
                if getattr(self, key) is not None:
                    yield (key,), _("{key} is only possible with every").format(key=key)
        elif self.until is not None and self.first is not None and self.until < self.first:
            yield (
                ("until",),
                _("until ({until:g}) is before first ({first:g})").format(until=self.until, first=self.first),
            )
        if self.date is not None and self.date < start:
            yield ("date",), _("{date} is before the start ({start})").format(date=self.date, start=start)
        if self.if_ is not None and (self.if_.above is None) == (self.if_.below is None):
            yield ("if",), _("a condition needs either above or below")

    def is_given(self, key: str) -> bool:
        """Whether the scenario gives a value for a key."""
        return key in self.model_fields_set
