"""Realism: chat, forum and list as shipped, beside the ranges of real communities of their kind.

``python -m shequn.experiments.studies.realism`` runs each scenario ten times, on seeds that the search for its
numbers did not use, and prints the statistics whose mean falls outside, then those inside; then what
an answer goes with, and who brings others. One event is a post or a reply; people join with their first.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import click
import numpy as np
import pandas as pd

from shequn.experiments.calibration.trials import activity_of, simulate_posts
from shequn.experiments.logs.activity import Integers
from shequn.experiments.logs.invitations import invitation_facts
from shequn.experiments.logs.ranges import Range, ranges
from shequn.experiments.logs.replies import reply_effect
from shequn.experiments.logs.runs import log_of_journal
from shequn.experiments.logs.statistics import of_activity
from shequn.sim.kernel.chance import run_seed
from shequn.sim.kernel.state import JournalKind
from shequn.sim.running import simulate
from shequn.sim.scenario import Scenario

KINDS = ("chat", "forum", "list")
SEED = 20261122  # of the ten runs; the search used seeds below 100,000
RUNS = 10


class Comparison(NamedTuple):
    """One statistic of a scenario: mean and standard deviation over runs, beside real communities."""

    name: str
    mean: float
    sd: float
    own: Range  # of real communities of the same kind
    every: Range  # of all real communities

    @property
    def inside_own(self) -> bool:
        """Whether the mean lies within the range of its own kind."""
        return self.own.low <= self.mean <= self.own.high

    @property
    def inside_every(self) -> bool:
        """Whether the mean lies within the range of all real communities."""
        return self.every.low <= self.mean <= self.every.high


def statistics_of_run(scenario: Scenario, seed: int) -> Mapping[str, float]:
    """The 44 statistics of one run."""
    person, days = simulate_posts(scenario, seed)
    return of_activity(activity_of(person, days, scenario))


class Lurking(NamedTuple):
    """How much is only read."""

    never_wrote: float  # share of all who ever visited
    writes: float  # share of days of a visit (person and day) on which something was written


def lurking(scenario: Scenario, seed: int) -> Lurking:
    """Who reads and never writes, in one run."""
    visited, wrote = DaysSeen(JournalKind.VISIT), DaysSeen(JournalKind.POST, JournalKind.REPLY)

    def sink(rows: Any) -> None:
        visited(rows)
        wrote(rows)

    simulate(scenario, seed, sink=sink)
    writers = len(np.unique(wrote.person)) / max(1, len(np.unique(visited.person)))
    return Lurking(1.0 - writers, len(wrote.days) / max(1, len(visited.days)))


class DaysSeen:
    """Reads a journal for the days on which people did something of these kinds."""

    def __init__(self, *kinds: JournalKind) -> None:
        self._kinds = kinds
        self._chunks: list[Integers] = []

    def __call__(self, rows: Any) -> None:
        """Take a chunk of the journal."""
        did = rows[np.isin(rows["kind"], self._kinds)]
        self._chunks.append(np.unique(did["person"].astype(np.int64) << 20 | did["time"].astype(np.int64)))

    @property
    def days(self) -> Integers:
        """Each pair of person and day once, as one number."""
        return np.unique(np.concatenate(self._chunks))

    @property
    def person(self) -> Integers:
        """The person of each such pair."""
        return self.days >> 20


def comparisons(kind: str, runs: int = RUNS, seed: int = SEED) -> list[Comparison]:
    """All statistics of the shipped scenario of a kind, in the order of the ranges.

    Parameters
    ----------
    kind : str
        chat, forum or list: the name of the scenario, too.
    runs : int
        Replicates, at least 2.
    seed : int
        The replicates' seeds follow from it.
    """
    scenario = Scenario.load(kind)
    found = [statistics_of_run(scenario, run_seed(seed, k)) for k in range(runs)]
    own, every = ranges(kind), ranges("all")
    rows = []
    for name in own:
        values = np.array([one[name] for one in found])
        rows.append(Comparison(name, float(values.mean()), float(values.std(ddof=1)), own[name], every[name]))
    return rows


def answers_and_invitations(kind: str, runs: int = RUNS, seed: int = SEED) -> pd.DataFrame:
    """What an answer goes with, and who brings others, in runs of the shipped scenario of a kind.

    Returns
    -------
    DataFrame
        A row for each run; columns as in `replies.reply_effect` and `invitations.invitation_facts`.
    """
    scenario = Scenario.load(kind)
    found = []
    for k in range(runs):
        journal = simulate(scenario, run_seed(seed, k)).journal
        log = log_of_journal(journal, scenario.start, scenario.days)
        found.append(reply_effect(log) | invitation_facts(log))
    return pd.DataFrame(found)


def _print_answers_and_invitations(kinds: Sequence[str], runs: int, seed: int) -> None:
    found = {kind: answers_and_invitations(kind, runs, seed) for kind in kinds}
    print("\n## answers to newcomers, and invitations: mean of runs (sd)\n")
    print(f"| | {' | '.join(kinds)} |\n| --- |{' --- |' * len(kinds)}")
    for name in next(iter(found.values())):
        cells = [f"{rows[name].mean():.3g} ({rows[name].std():.2g})" for rows in found.values()]
        print(f"| {name} | {' | '.join(cells)} |")


@click.command(help=__doc__)
@click.argument("kinds", nargs=-1, type=click.Choice(KINDS))
@click.option("--runs", default=RUNS, show_default=True, type=click.IntRange(2), help="Replicates.")
@click.option("--seed", default=SEED, show_default=True, help="Seed of the replicates.")
def main(kinds: tuple[str, ...], runs: int, seed: int) -> None:
    """Print a table for each kind, misses first."""
    for kind in kinds or KINDS:
        rows = sorted(comparisons(kind, runs, seed), key=lambda row: (row.inside_own, row.inside_every))
        own, every = sum(row.inside_own for row in rows), sum(row.inside_every for row in rows)
        print(f"\n## {kind}: {own} of {len(rows)} inside the range of its kind, {every} of all kinds\n")
        print("| statistic | mean of runs (sd) | own kind | all kinds |\n| --- | --- | --- | --- |")
        for row in rows:
            spans = [f"{r.low:.4g} – {r.high:.4g}" for r in (row.own, row.every)]
            marks = ["" if inside else " **miss**" for inside in (row.inside_own, row.inside_every)]
            cells = [f"{row.mean:.4g} ({row.sd:.2g})", *(a + b for a, b in zip(spans, marks, strict=True))]
            print(f"| {row.name} | {' | '.join(cells)} |")
    _print_answers_and_invitations(kinds or KINDS, runs, seed)


if __name__ == "__main__":
    main()
