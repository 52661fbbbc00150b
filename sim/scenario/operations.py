"""What the operator does, and when: on a day, again and again, or on a condition."""

import datetime
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from shequn.sim.kernel.state import day_dtype
from shequn.sim.scenario.fields import (
    Day,
    Days,
    DaysOrNone,
    NotNegative,
    OneOf,
    Period,
    Share,
    Strict,
    WholeNumber,
)
from shequn.sim.scenario.gates import Gates
from shequn.sim.scenario.population import MAX_PEOPLE, Drivers, Quality, Topic

#: What a condition may watch: the daily measures.
MEASURES: tuple[str, ...] = tuple(name for name in day_dtype.names or () if name != "day")


class Condition(Strict):
    """Read at the end of each day; the operation follows at that instant."""

    measure: Annotated[str, OneOf(MEASURES)] = Field(description="A daily measure.")
    above: Annotated[float, Field(ge=-1e12, le=1e12)] | None = Field(None, description="True above this.")
    below: Annotated[float, Field(ge=-1e12, le=1e12)] | None = Field(None, description="True below this.")
    for_: Annotated[int, WholeNumber(1, 36_500)] = Field(
        1, alias="for", description="Days in a row for which it must hold."
    )
    once: bool = Field(True, description="Act the first time only; else each time it begins to hold anew.")


class Timed(Strict):
    """When an operation happens: exactly one of day, date, every, if."""

    day: DaysOrNone | None = Field(None, description="Day of the run, from 0.")
    date: Day | None = Field(None, description="Date, not before the start.")
    every: Period | None = Field(None, description="Again every so many days.")
    first: DaysOrNone | None = Field(
        None, description="With every: first day (else the first after `every` days)."
    )
    until: DaysOrNone | None = Field(None, description="With every: not after this day (else to the end).")
    if_: Condition | None = Field(None, alias="if", description="On a condition.")
    name: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        None,
        description="Names its chance (whom it brings or removes); null = its kind and number in it.",
    )

    def instants(self, start: datetime.date, days: float) -> tuple[float, ...]:
        """Days of the run on which it happens, before ``days``; none for a condition.

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
        found: list[float] = []
        while (instant := first + len(found) * self.every) < days and instant <= last:
            found.append(instant)
        return tuple(found)


class Campaign(Timed):
    """More strangers and invitations for a while, perhaps rewards on either side."""

    do: Literal["campaign"]
    days: Days = Field(14.0, description="How long it lasts.")
    discovery: NotNegative = Field(1.0, description="Multiplies discovery by strangers.")
    invitations: NotNegative = Field(1.0, description="Multiplies invitations.")
    reward_inviter: NotNegative = Field(0.0, description="What the inviter gets for a join (gains).")
    reward_invited: NotNegative = Field(0.0, description="What the invited gets (gains).")
    budget_per_join: NotNegative = Field(
        0.0,
        description="Money that each joining of a stranger or by invitation costs while it lasts.",
    )


class HotEvent(Timed):
    """A hot topic or product event: a burst that fades."""

    do: Literal["hot_event"]
    intensity: Share = Field(0.8, description="Signal of the event driver at its start.")
    days: Days = Field(5.0, description="Duration of its fading: exp(−age/days).")
    boost: NotNegative = Field(1.0, description="Visits at its start are multiplied by 1 + boost.")
    discovery: NotNegative = Field(1.0, description="Multiplies discovery by strangers at its start.")


class SetOpenness(Timed):
    """Open or close the community."""

    do: Literal["set_openness"]
    to: Share = Field(description="The new openness.")


class SetGates(Timed):
    """Replace the list of gates."""

    do: Literal["set_gates"]
    gates: Gates = Field(description="The new list; [] = no gates.")


class FreshPeople(Timed):
    """People who were not in the population; what is not given is as in the population."""

    quality: Quality | None = Field(None, description="Their quality; null = as in the population.")
    topic: Topic | None = Field(None, description="Their topics; null = as in the population.")
    drivers: Drivers | None = Field(None, description="Their drivers; null = as in the population.")


class Shock(FreshPeople):
    """Many fresh people come to the door at once."""

    do: Literal["shock"]
    people: Annotated[int, WholeNumber(1, MAX_PEOPLE)] = Field(description="How many.")
    over: DaysOrNone = Field(3.0, description="Spread evenly over so many days; 0 = at one instant.")


class Arrivals(FreshPeople):
    """Fresh people come to the door as a Poisson process."""

    do: Literal["arrivals"]
    per_day: float = Field(gt=0, le=1e6, description="Mean arrivals a day.")
    days: Days | None = Field(None, description="For so many days; null = to the end.")


class Remove(Timed):
    """Remove members; the removed never come again."""

    do: Literal["remove"]
    who: Literal["inactive", "lowest_quality", "random"] = Field("inactive", description="Whom.")
    share: Share = Field(1.0, description="Share of those (inactive: of the inactive; else of the members).")
    unseen: Days = Field(30.0, description="inactive: not seen for so many days.")


OPERATION_KINDS: dict[str, str] = {
    "campaign": "Campaign",
    "hot_event": "HotEvent",
    "set_openness": "SetOpenness",
    "set_gates": "SetGates",
    "shock": "Shock",
    "arrivals": "Arrivals",
    "remove": "Remove",
}


def _tag(value: Any) -> str:
    word = value.get("do") if isinstance(value, dict) else getattr(value, "do", None)
    return OPERATION_KINDS.get(str(word), "?")


Operation = Annotated[
    Annotated[Campaign, Tag("Campaign")]
    | Annotated[HotEvent, Tag("HotEvent")]
    | Annotated[SetOpenness, Tag("SetOpenness")]
    | Annotated[SetGates, Tag("SetGates")]
    | Annotated[Shock, Tag("Shock")]
    | Annotated[Arrivals, Tag("Arrivals")]
    | Annotated[Remove, Tag("Remove")],
    Discriminator(_tag),
]
Operations = Annotated[tuple[Operation, ...], Field(strict=False, max_length=10_000)]
