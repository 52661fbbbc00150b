"""A log described: its statistics and facts, side by side with others and with real communities."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from shequn.experiments.logs.activity import DAY, Activity
from shequn.experiments.logs.invitations import invitation_facts
from shequn.experiments.logs.log import Log
from shequn.experiments.logs.ranges import ranges
from shequn.experiments.logs.replies import reply_effect
from shequn.experiments.logs.statistic_names import GROUPS, KINDS, PUBLISHED, Line, written
from shequn.experiments.logs.statistics import SILENCE, of_activity
from shequn.sim.language import _
from shequn.sim.results.schema import Column, Table

_OUTSIDE = {"below": "<", "above": ">"}


@dataclass(frozen=True)
class Description:
    """A log with what is measured of it.

    Parameters
    ----------
    log : Log
    silence : int
        Days without an event after which somebody counts as having left.
    """

    log: Log
    silence: int = SILENCE

    @cached_property
    def activity(self) -> Activity:
        """The log in order, person by person."""
        return Activity.of(self.log.person, self.log.time, self.log.end)

    @cached_property
    def values(self) -> dict[str, float]:
        """The 44 statistics, and what is known of replies and invitations."""
        return of_activity(self.activity, self.silence) | reply_effect(self.log) | invitation_facts(self.log)

    @property
    def size(self) -> str:
        """How much there is, in words."""
        first = pd.Timestamp(self.activity.epoch_day * DAY, unit="s").date()
        last = pd.Timestamp((self.activity.epoch_day + self.activity.days - 1) * DAY, unit="s").date()
        return _("{n:,} events of {n_people:,} people, {first} to {last}").format(
            n=len(self.log.person), n_people=self.activity.n_people, first=first, last=last
        )


def statistics_table(titles: Sequence[str]) -> Table:
    """The table of what was measured, with a column for each log."""
    unknown = "the log is too short, too small or lacks a column for it"
    return Table(
        "statistics",
        "One row for each statistic that at least one log has.",
        (
            Column("group", "string", "", "What the statistic is about."),
            Column("statistic", "string", "", "Its name."),
            Column("meaning", "string", "", "What it means."),
            *(Column(title, "double", "", "Its value in this log.", unknown) for title in titles),
            Column("real_min", "double", "", "Lowest in real communities.", "not measured there"),
            Column("real_median", "double", "", "Median of them, or a published value.", "not known"),
            Column("real_max", "double", "", "Highest in real communities.", "not measured there"),
        ),
    )


def frame(described: Sequence[Description], kind: str = "all") -> pd.DataFrame:
    """Everything measured: a row for each statistic, a column for each log, and the real range.

    Parameters
    ----------
    described : sequence of Description
    kind : str
        Kind of the real communities: all, chat, forum or list.
    """
    real = ranges(kind)
    rows = []
    for group, line in lines(described):
        row: dict[str, object] = {"group": group, "statistic": line.name, "meaning": line.meaning}
        row |= {one.log.title: one.values.get(line.name) for one in described}
        if line.name in real:
            row |= {"real_min": real[line.name].low, "real_median": real[line.name].median,
                    "real_max": real[line.name].high}  # fmt: skip
        elif line.name in PUBLISHED:
            row |= {"real_median": PUBLISHED[line.name]}
        rows.append(row)
    table = statistics_table([one.log.title for one in described])
    return table.frame(pd.DataFrame(rows, columns=list(table.names)))


def lines(described: Sequence[Description]) -> list[tuple[str, Line]]:
    """(group, line) of each statistic that at least one log has."""
    known = {name for one in described for name in one.values}
    return [(group, line) for group, found in GROUPS.items() for line in found if line.name in known]


def table(described: Sequence[Description], kind: str = "all", width: int | None = None) -> str:
    """The table in print; values outside the real range are marked < or >.

    Parameters
    ----------
    described : sequence of Description
    kind : str
        Kind of the real communities: all, chat, forum or list.
    width : int, optional
        Columns of the page; as wide as needed without it.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    real = ranges(kind)
    page = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    page.add_column("")
    for one in described:
        page.add_column(Text(one.log.title), justify="right", overflow="fold")
    page.add_column(_("real: {kind}").format(kind=_(KINDS[kind])), justify="right")
    shown = ""
    for group, line in lines(described):
        if group != shown:
            page.add_row(*[""] * (len(described) + 2))
            page.add_row(Text(_(group), style="bold"))
            shown = group
        cells = [_marked(one.values.get(line.name), line, kind) for one in described]
        if line.name in real:
            low, high = real[line.name].low, real[line.name].high
            span = f"{written(low, line.unit).removesuffix(' %')} – {written(high, line.unit)}"
        else:
            span = written(PUBLISHED.get(line.name), line.unit) if line.name in PUBLISHED else ""
        page.add_row("  " + line.in_print, *cells, span)
    console = Console(width=width or 10_000, highlight=False, no_color=True, legacy_windows=False)
    with console.capture() as captured:
        console.print(page)
    return "\n".join(text.rstrip() for text in captured.get().splitlines())


def _marked(value: float | None, line: Line, kind: str) -> str:
    text = written(value, line.unit)
    real = ranges(kind).get(line.name)
    if real is None or value is None or math.isnan(value):
        return f"{text}  "
    side = "below" if value < real.low - 5e-5 else "above" if value > real.high + 5e-5 else ""
    return f"{text} {_OUTSIDE.get(side, ' ')}"
