"""The statistics of logs, side by side and beside those of real communities."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from shequn.experiments.logs.activity import Activity
from shequn.experiments.logs.evaporation import evaporation
from shequn.experiments.logs.invitations import invitation_facts
from shequn.experiments.logs.log import Log
from shequn.experiments.logs.ranges import ranges
from shequn.experiments.logs.replies import reply_effect
from shequn.experiments.logs.sample_sizes import people_behind
from shequn.experiments.logs.shared_luck import shared_luck
from shequn.experiments.logs.statistic_names import GROUPS, PUBLISHED, Line
from shequn.experiments.logs.statistics import SILENCE, of_activity
from shequn.sim.results.schema import Column, Table


@dataclass(frozen=True)
class Description:
    """A log and its statistics.

    Parameters
    ----------
    log : Log
    silence : int
        Days without an event after which a person counts as having left.
    """

    log: Log
    silence: int = SILENCE

    @cached_property
    def activity(self) -> Activity:
        """The log in order, by person."""
        return Activity.of(self.log.person, self.log.time, self.log.end)

    @cached_property
    def values(self) -> dict[str, float]:
        """The 44 statistics, shared luck, who leaves, and replies and invitations where the log has them."""
        return (
            of_activity(self.activity, self.silence)
            | shared_luck(self.activity)
            | evaporation(self.log, self.silence)
            | reply_effect(self.log)
            | invitation_facts(self.log)
        )

    @cached_property
    def people(self) -> dict[str, int]:
        """How many people each statistic is over, where that is a number of people."""
        return people_behind(self.activity, self.silence)


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
            *(
                column
                for title in titles
                for column in (
                    Column(title, "double", "", "Its value in this log.", unknown),
                    Column(
                        f"{title} n", "int64", "people", "How many people it is over.", "over windows of time"
                    ),
                )
            ),
            Column("real_min", "double", "", "Lowest in real communities.", "not measured there"),
            Column("real_median", "double", "", "Median of them, or a published value.", "not known"),
            Column("real_max", "double", "", "Highest in real communities.", "not measured there"),
        ),
    )


def frame(described: Sequence[Description], kind: str = "all") -> pd.DataFrame:
    """The statistics: a row for each, a column for each log, and the range of real communities.

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
        for one in described:
            row |= {one.log.title: one.values.get(line.name), f"{one.log.title} n": one.people.get(line.name)}
        if line.name in real:
            row |= {"real_min": real[line.name].low, "real_median": real[line.name].median,
                    "real_max": real[line.name].high}  # fmt: skip
        elif line.name in PUBLISHED:
            row |= {"real_median": PUBLISHED[line.name]}
        rows.append(row)
    table = statistics_table([one.log.title for one in described])
    return table.frame(pd.DataFrame(rows, columns=list(table.names)))


def lines(described: Sequence[Description]) -> list[tuple[str, Line]]:
    """The group and entry of each statistic that at least one log has."""
    known = {name for one in described for name in one.values}
    return [(group, line) for group, found in GROUPS.items() for line in found if line.name in known]
