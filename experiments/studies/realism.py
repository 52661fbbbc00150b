"""Realism: the shipped scenarios chat, forum and list, beside the ranges of real communities of their kind.

``python -m shequn.experiments.studies.realism`` runs each scenario ten times, on seeds that the search for its
numbers did not use. It prints the statistics whose mean lies outside the range, then those inside, then the effect
of replies and facts about invitations. An event is a post or a reply; people join with their first event.
"""

from collections.abc import Mapping, Sequence
from functools import cache
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
from shequn.experiments.logs.shared_luck import REAL, shared_luck
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
    """The 44 statistics of one run, and the two of shared luck."""
    activity = activity_of(*simulate_posts(scenario, seed), scenario)
    return dict(of_activity(activity)) | shared_luck(activity)


@cache
def statistics_of_runs(kind: str, runs: int = RUNS, seed: int = SEED) -> tuple[Mapping[str, float], ...]:
    """The same of runs of the shipped scenario of a kind, on seeds that follow from one."""
    scenario = Scenario.load(kind)
    return tuple(statistics_of_run(scenario, run_seed(seed, k)) for k in range(runs))


def luck(kind: str, runs: int = RUNS, seed: int = SEED) -> Mapping[str, float]:
    """Means over runs of the two statistics of shared luck; runs in which one is not known do not count for it."""
    by_run = statistics_of_runs(kind, runs, seed)
    return {name: float(np.nanmean([run.get(name, np.nan) for run in by_run])) for name in REAL}


class Lurking(NamedTuple):
    """Shares of people who only read, and of days with writing."""

    never_wrote: float  # share of all who ever visited
    writes: float  # share of pairs of person and day with a visit in which the person wrote


def lurking(scenario: Scenario, seed: int) -> Lurking:
    """The shares of reading and writing in one run."""
    visits, posts = PersonDays(JournalKind.VISIT), PersonDays(JournalKind.POST, JournalKind.REPLY)

    def sink(rows: Any) -> None:
        visits(rows)
        posts(rows)

    simulate(scenario, seed, sink=sink)
    writers = len(np.unique(posts.person)) / max(1, len(np.unique(visits.person)))
    return Lurking(1.0 - writers, len(posts.days) / max(1, len(visits.days)))


class PersonDays:
    """A sink that collects the pairs of person and day with an event of these kinds."""

    def __init__(self, *kinds: JournalKind) -> None:
        self._kinds = kinds
        self._chunks: list[Integers] = []

    def __call__(self, rows: Any) -> None:
        """Take a chunk of the journal."""
        events = rows[np.isin(rows["kind"], self._kinds)]
        pairs = events["person"].astype(np.int64) << 20 | events["time"].astype(np.int64)
        self._chunks.append(np.unique(pairs))

    @property
    def days(self) -> Integers:
        """Each pair of person and day once, as one number: person × 2^20 + day."""
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
        chat, forum or list, which is also the name of the scenario.
    runs : int
        Replicates, at least 2.
    seed : int
        The replicates' seeds follow from it.
    """
    by_run = statistics_of_runs(kind, runs, seed)
    own, every = ranges(kind), ranges("all")
    rows = []
    for name in own:
        values = np.array([statistics[name] for statistics in by_run])
        rows.append(Comparison(name, float(values.mean()), float(values.std(ddof=1)), own[name], every[name]))
    return rows


def answers_and_invitations(kind: str, runs: int = RUNS, seed: int = SEED) -> pd.DataFrame:
    """The effect of replies and facts about invitations, in runs of the shipped scenario of a kind.

    Returns
    -------
    DataFrame
        A row for each run; columns as in `replies.reply_effect` and `invitations.invitation_facts`.
    """
    scenario = Scenario.load(kind)
    rows = []
    for k in range(runs):
        journal = simulate(scenario, run_seed(seed, k)).journal
        log = log_of_journal(journal, scenario.start, scenario.days)
        rows.append(reply_effect(log) | invitation_facts(log))
    return pd.DataFrame(rows)


def _print_answers_and_invitations(kinds: Sequence[str], runs: int, seed: int) -> None:
    by_kind = {kind: answers_and_invitations(kind, runs, seed) for kind in kinds}
    print("\n## answers to newcomers, and invitations: mean of runs (sd)\n")
    print(f"| | {' | '.join(kinds)} |\n| --- |{' --- |' * len(kinds)}")
    for name in next(iter(by_kind.values())):
        cells = [f"{rows[name].mean():.3g} ({rows[name].std():.2g})" for rows in by_kind.values()]
        print(f"| {name} | {' | '.join(cells)} |")


@click.command(help=__doc__)
@click.argument("kinds", nargs=-1, type=click.Choice(KINDS))
@click.option("--runs", default=RUNS, show_default=True, type=click.IntRange(2), help="Replicates.")
@click.option("--seed", default=SEED, show_default=True, help="Seed of the replicates.")
def main(kinds: tuple[str, ...], runs: int, seed: int) -> None:
    """Print a table for each kind, with statistics outside the range first."""
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
        for name, value in luck(kind, runs, seed).items():
            low, high = REAL[name]
            print(
                f"| {name} | {value:.3g} | | {low:g} – {high:g}{'' if low <= value <= high else ' **miss**'} |"
            )
    _print_answers_and_invitations(kinds or KINDS, runs, seed)


if __name__ == "__main__":
    main()
