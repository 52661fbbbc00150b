"""Responses: the measured values of each run, named by the columns of its tables."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from shequn.sim.hints import did_you_mean
from shequn.sim.language import _
from shequn.sim.operations.fresh_people import FreshPeople
from shequn.sim.results.funnel import STEPS
from shequn.sim.results.key_figures import KEY_FIGURES
from shequn.sim.results.tables import DAILY

if TYPE_CHECKING:
    from shequn.sim.result import Result
    from shequn.sim.scenario import Scenario

#: What can be measured of things that a scenario names, such as ``tasks.homework``; with a day, on or up to that day.
NAMED = {
    "tasks": "share of the members who did it on a day on which it was open",
    "duties": "share of the pieces of work that were done",
    "earned": "units, or money, that the rule paid",
    "units": "units earned",
    "offers": "pieces sold",
    "spaces": "members",
    "groups": "members",
    "channels": "people who joined, the first time by this channel",
}
STAFF_MINUTES = "staff.minutes"  # minutes that the staff spent on their duties, in the whole run
#: Key figures that need every visit of the journal; all others are the same without.
NEED_VISITS = frozenset({"seen_week_4"})


class Response(NamedTuple):
    """A measured value of a run.

    ``column`` is a column of ``runs``; with a day, a column of ``days`` at the end of that day; or what a scenario
    names: see :data:`NAMED`.
    """

    column: str
    day: int | None = None

    def __str__(self) -> str:
        return self.column if self.day is None else f"{self.column}@{self.day}"

    @property
    def needs_visits(self) -> bool:
        """Whether it is known only if the journal has all visits."""
        return self.day is None and self.column in NEED_VISITS


def named_responses(scenarios: Iterable["Scenario"]) -> tuple[str, ...]:
    """What these scenarios name that can be a response: ``tasks.homework``, ``offers.cash``, ``funnel.bought``."""
    names: dict[str, None] = {}
    for scenario in scenarios:
        own: dict[str, Iterable[str]] = {
            "tasks": scenario.tasks,
            "duties": scenario.duties,
            "earned": scenario.earn,
            "units": scenario.units,
            "offers": scenario.offers,
            "spaces": [place.name for place in scenario.places] if len(scenario.places) > 1 else [],
            "groups": scenario.population.groups,
            "channels": [o.name for o in scenario.operations if isinstance(o, FreshPeople)],
        }
        names |= dict.fromkeys(f"{kind}.{name}" for kind in NAMED for name in own[kind])
    return (*names, *(f"funnel.{step}" for step in STEPS), STAFF_MINUTES)


def response(text: str, days: int, named: Sequence[str] = ()) -> Response:
    """The response with a name such as ``evaporation``, ``temperature@180`` or ``tasks.homework@20``.

    Parameters
    ----------
    text : str
        As written.
    days : int
        Length of the runs.
    named : sequence of str
        What the scenarios name: see `named_responses`.

    Raises
    ------
    ValueError
        There is no such column, or the day lies outside the runs; the message suggests a similar name.
    """
    column, at, day = text.partition("@")
    if not at:
        if column in KEY_FIGURES or column in named:
            return Response(column)
        if column in DAILY:
            raise ValueError(
                _("{column} is a daily measure: add a day, such as {column}@{days}").format(
                    column=column, days=days
                )
            )
        raise ValueError(
            _("there is no response {text!r}{column}").format(
                text=text, column=did_you_mean(column, (*KEY_FIGURES, *DAILY, *named))
            )
        )
    whole_run = column.startswith(("funnel.", "channels.", "staff."))
    if column not in DAILY and (column not in named or whole_run):
        raise ValueError(
            _("there is no daily measure {column!r}{column2}").format(
                column=column, column2=did_you_mean(column, (*DAILY, *named))
            )
        )
    # no run has days of ten digits, and int() refuses thousands of digits with an error of its own
    if not day.isdecimal() or len(day) > 9 or int(day) > days:
        raise ValueError(
            _("{text} is not within the run (allowed: {column}@0 to {column}@{days})").format(
                text=text, column=column, days=days
            )
        )
    return Response(column, int(day))


def measure(result: "Result", responses: Sequence[Response]) -> list[float]:
    """The responses of one run, in order; computes only the tables that they need."""
    return [_measured(result, column, day) for column, day in responses]


def _measured(result: "Result", column: str, day: int | None) -> float:
    if column == STAFF_MINUTES:
        return float(result.duties["minutes"].sum())
    kind, dot, name = column.partition(".")
    if not dot:
        table, row = (result.runs, 0) if day is None else (result.days, day)
        return float(table[column].to_numpy()[row])
    table = getattr(result, kind)
    if kind == "funnel":
        return float(table["people"][table["step"] == name].sum())
    if kind == "channels":
        return float(table["joined"][table["channel"] == name].sum())
    of = {
        "tasks": "task",
        "duties": "duty",
        "earned": "rule",
        "units": "unit",
        "offers": "offer",
        "spaces": "space",
        "groups": "group",
    }
    rows = table[table[of[kind]] == name]
    on_day = rows if day is None else rows[rows["day"] == day]
    up_to = rows if day is None else rows[rows["day"] <= day]
    match kind:
        case "tasks":
            return _share(on_day["done"][on_day["open"]], on_day["members"][on_day["open"]])
        case "duties":
            return _share(on_day["done"], on_day["done"] + on_day["missed"])
        case "earned":
            return float(up_to["sum"].sum())
        case "units":
            return float(up_to["earned"].sum())
        case "offers":
            return float(up_to["sold"].sum())
        case "spaces" | "groups":
            return float(on_day["members"].iloc[-1]) if len(on_day) else math.nan
    raise AssertionError(kind)


def _share(part: Any, whole: Any) -> float:
    total = float(whole.sum())
    return float(part.sum()) / total if total > 0 else math.nan
