"""Responses: the measured values of each run, named by the columns of its tables."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from shequn.sim.hints import did_you_mean
from shequn.sim.language import _
from shequn.sim.operations.fresh_people import FreshPeople
from shequn.sim.results.channels import CHANNELS
from shequn.sim.results.funnel import STEPS
from shequn.sim.results.groups import GROUPS
from shequn.sim.results.incentives import EARNED, OFFERS, UNITS
from shequn.sim.results.key_figures import KEY_FIGURES, RUNS
from shequn.sim.results.marks import MARKS
from shequn.sim.results.schema import Column, Table
from shequn.sim.results.spaces import SPACES
from shequn.sim.results.staff import DUTIES, TASKS
from shequn.sim.results.tables import DAILY, DAYS

if TYPE_CHECKING:
    from shequn.sim.result import Result
    from shequn.sim.scenario import Scenario


class Named(NamedTuple):
    """What can be measured of things that a scenario names: ``KIND.NAME``, or any column, ``KIND.NAME.COLUMN``.

    Attributes
    ----------
    table : Table
        Its name is the kind's.
    names : str
        The column of names.
    default : str
        The column that ``KIND.NAME`` means; empty for a share: of members who do a task, of work that is done.
    """

    table: Table
    names: str
    default: str

    @property
    def columns(self) -> dict[str, Column]:
        """The columns that count or measure, by name."""
        return {c.name: c for c in self.table.columns if c.is_number and c.name not in ("run", "day")}


NAMED = {
    named.table.name: named
    for named in (
        Named(TASKS, "task", ""),
        Named(DUTIES, "duty", ""),
        Named(EARNED, "rule", "sum"),
        Named(UNITS, "unit", "earned"),
        Named(OFFERS, "offer", "sold"),
        Named(MARKS, "mark", "holders"),
        Named(SPACES, "space", "members"),
        Named(GROUPS, "group", "members"),
        Named(CHANNELS, "channel", "joined"),
    )
}
_FUNNEL, _WROTE_WITHIN = "funnel", "wrote_within"
_SHARE = Column("", "double", "share", "Of the members on open days, or of the work.")


class Response(NamedTuple):
    """A measured value of a run.

    ``column`` is a column of ``runs``; with a day, a column of ``days`` at the end of that day; what a scenario names
    (see :data:`NAMED`); a step of the funnel; or ``wrote_within.7``.
    """

    column: str
    day: int | None = None

    def __str__(self) -> str:
        return self.column if self.day is None else f"{self.column}@{self.day}"

    @property
    def needs_journal(self) -> bool:
        """Whether it is known only if the journal is full."""
        column = declared(str(self))
        return column is not None and column.needs_journal


def split_name(response: str) -> tuple[str, str, str]:
    """Kind, name and column of a response that a scenario names; the column is empty for the usual one.

    The kind is empty for any other response.

    >>> split_name("spaces.hall.retention@30"), split_name("offers.cash"), split_name("temperature@30")
    (('spaces', 'hall', 'retention'), ('offers', 'cash', ''), ('', 'temperature', ''))
    """
    text = response.partition("@")[0]
    kind, _dot, name = text.partition(".")
    if kind not in NAMED:
        return "", text, ""
    head, _dot, column = name.rpartition(".")
    return (kind, head, column) if head and column in NAMED[kind].columns else (kind, name, "")


def declared(response: str) -> Column | None:
    """The declared column that a response reads: its unit and its meaning; None if there is no such column."""
    kind, name, column = split_name(response)
    if kind:
        named = NAMED[kind]
        return named.columns.get(column or named.default, _SHARE)
    if name.startswith(f"{_WROTE_WITHIN}."):
        return _SHARE._replace(needs_journal=True)
    return next((column for column in (*RUNS.columns, *DAYS.columns) if column.name == name), None)


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
            "marks": scenario.marks,
            "spaces": [place.name for place in scenario.places] if len(scenario.places) > 1 else [],
            "groups": scenario.population.groups,
            "channels": [
                "stranger",
                "invitation",
                *(o.name for o in scenario.operations if isinstance(o, FreshPeople)),
            ],
        }
        names |= dict.fromkeys(f"{kind}.{name}" for kind in NAMED for name in own[kind])
    return (*names, *(f"{_FUNNEL}.{step}" for step in STEPS))


def response(text: str, days: int, named: Sequence[str] = ()) -> Response:
    """The response with a name such as ``evaporation``, ``temperature@180`` or ``spaces.hall.retention@90``.

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
    kind, name, _column = split_name(column)
    is_named = column in named or f"{kind}.{name}" in named
    if not at:
        if column.startswith(f"{_WROTE_WITHIN}."):
            return _wrote_within(column, days)
        if column in KEY_FIGURES or is_named:
            return Response(column)
        if column in DAILY:
            raise ValueError(
                _("{column} is a daily measure: add a day, such as {column}@{days}").format(
                    column=column, days=days
                )
            )
        raise ValueError(
            _("there is no response {text!r}{column}").format(
                text=text,
                column=did_you_mean(
                    column, (*KEY_FIGURES, *DAILY, *_with_columns(column, named), f"{_WROTE_WITHIN}.7")
                ),
            )
        )
    if column not in DAILY and not (is_named and kind and "day" in NAMED[kind].table.names):
        raise ValueError(
            _("there is no daily measure {column!r}{column2}").format(
                column=column, column2=did_you_mean(column, (*DAILY, *_with_columns(column, named)))
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


def _with_columns(text: str, named: Sequence[str]) -> Iterable[str]:
    """What the scenarios name; of what ``text`` begins with, the columns as well."""
    for name in named:
        yield name
        if text.startswith(f"{name}."):
            yield from (f"{name}.{column}" for column in NAMED[name.partition(".")[0]].columns)


def _wrote_within(text: str, days: int) -> Response:
    within = text.removeprefix(f"{_WROTE_WITHIN}.")
    if not within.isdecimal() or len(within) > 9 or not 1 <= int(within) <= days:
        raise ValueError(
            _("{text} does not name days of the run (allowed: {first} to {last})").format(
                text=text, first=f"{_WROTE_WITHIN}.1", last=f"{_WROTE_WITHIN}.{days}"
            )
        )
    return Response(f"{_WROTE_WITHIN}.{int(within)}")


def measure(result: "Result", responses: Sequence[Response]) -> list[float]:
    """The responses of one run, in order; computes only the tables that they need."""
    return [_measured(result, response) for response in responses]


def _measured(result: "Result", response: Response) -> float:
    column, day = response
    kind, dot, name = column.partition(".")
    if not dot:
        table, row = (result.runs, 0) if day is None else (result.days, day)
        return float(table[column].to_numpy()[row])
    if kind == _FUNNEL:
        return float(result.funnel["people"][result.funnel["step"] == name].sum())
    if kind == _WROTE_WITHIN:
        return result.wrote_within(int(name))
    named, table = NAMED[kind], getattr(result, kind)
    of = table[named.names]
    chosen = named.default
    if name not in set(of):  # a name may itself end like a column
        _kind, name, chosen = split_name(column)
        chosen = chosen or named.default
    rows = table[of == name]
    on_day = rows if day is None else rows[rows["day"] == day]
    if not chosen:
        return _share_of_members(on_day) if kind == TASKS.name else _share_done(on_day)
    what = named.columns[chosen]
    if what.adds_up:
        up_to = rows if day is None else rows[rows["day"] <= day]
        return float(up_to[chosen].sum(skipna=False))
    if what.weight:
        return _ratio((on_day[chosen] * on_day[what.weight]).sum(), on_day[what.weight].sum())
    return float(on_day[chosen].iloc[-1]) if len(on_day) else math.nan


def _share_of_members(tasks: Any) -> float:
    """Share of the members who did a task on a day on which it was open."""
    opens = tasks[tasks["open"]]
    return _ratio(opens["done"].sum(), opens["members"].sum())


def _share_done(duties: Any) -> float:
    """Share of the pieces of work that were done."""
    return _ratio(duties["done"].sum(), (duties["done"] + duties["missed"]).sum())


def _ratio(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole > 0 else math.nan
