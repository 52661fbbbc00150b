"""Warnings about a run: what looks wrong, and where the evidence is too thin."""

from collections.abc import Iterator

import pandas as pd

from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _, ngettext
from shequn.sim.presentation import formats
from shequn.sim.presentation.marks import Mark
from shequn.sim.results.cooling import LeftFirst, left_first
from shequn.sim.scenario import Scenario

FEW_RUNS = 10
WIDE_SPREAD = 0.5  # range over runs relative to the median run
FEW_DEPARTURES = 30  # in a run
POPULATION_EXHAUSTED = 0.8  # share of the population that has joined
STRICT_GATES = 0.95  # share of candidates that the gates refuse
FEW_MEMBERS = 20  # below this, the mean quality jumps with every single member
STILL_MOVING = 0.05  # relative change of members within the last 30 days


def alerts(results: ResultFolder, scenario: Scenario, marks: list[Mark]) -> list[str]:
    """Everything a reader should know before trusting the numbers, one sentence each."""
    runs, days = results.table("runs"), results.table("days")
    sentences = [
        *_spread_alerts(runs),
        *_population_alerts(results, scenario),
        *_gate_alerts(runs),
        *_departure_alerts(runs),
    ]
    sentences += [
        *_small_community_alerts(days),
        *_trend_alerts(days, runs),
        *_journal_alerts(results, runs),
        *_operation_alerts(scenario, marks),
    ]
    return sentences


def _spread_alerts(runs: pd.DataFrame) -> Iterator[str]:
    n = len(runs)
    if n < FEW_RUNS:
        yield ngettext(
            "There is only one run: nothing here says how much is luck. Run it with --runs 20.",
            "There are only {n} runs, too few to show how much is luck. Run it with --runs 20.",
            n,
        ).format(n=n)
    middle = float(runs["end"].median())
    if n > 1 and middle > 0 and runs["end"].max() - runs["end"].min() > WIDE_SPREAD * middle:
        yield _(
            "The runs differ widely: between {low} and {high} members at the end. A single number says "
            "little here."
        ).format(low=formats.count(runs["end"].min()), high=formats.count(runs["end"].max()))
    n_died = int(runs["empty_day"].notna().sum())
    if 0 < n_died < n:
        yield _("It died out in {died} of {n} runs: medians hide that there are two outcomes.").format(
            died=n_died, n=n
        )


def _population_alerts(results: ResultFolder, scenario: Scenario) -> Iterator[str]:
    members = results.table("members")
    people = scenario.population.people
    if not people or results.lacks_a_file or not len(members):
        return
    operations = sum(getattr(operation, "people", 0) for operation in scenario.operations)
    share = len(members) / members["run"].nunique() / (people + operations)
    if share > POPULATION_EXHAUSTED:
        yield _(
            "{share} of the whole population have joined: growth ends because nobody is left to join, "
            "which is due to the size of the scenario, not to the community. Try population.people = "
            "{more:,}."
        ).format(share=formats.percent(share), more=3 * people)


def _gate_alerts(runs: pd.DataFrame) -> Iterator[str]:
    refused, joins = float(runs["refused"].sum()), float(runs["joins"].sum())
    if refused and not joins:
        yield _("Nobody passed the gates: {n} were refused, none joined.").format(
            n=formats.count(runs["refused"].median())
        )
    elif refused and refused / (refused + joins) > STRICT_GATES:
        yield _("The gates refuse {share} of the candidates.").format(
            share=formats.percent(refused / (refused + joins))
        )


def _departure_alerts(runs: pd.DataFrame) -> Iterator[str]:
    middle = float(runs["departures"].median())
    if middle < FEW_DEPARTURES:
        yield _("Only {n} members left in the median run: too few to speak of evaporation.").format(
            n=formats.count(middle)
        )
    elif left_first(runs) is LeftFirst.UNKNOWN:
        yield _("These runs do not show whether the better members leave first: the spread is too wide.")
    if runs["k"].isna().all() and runs["invitations"].any():
        yield _(
            "K is unknown: there is no week whose members have all left or that is 90 days past. Run it "
            "longer."
        )


def _small_community_alerts(days: pd.DataFrame) -> Iterator[str]:
    small_days = days[(days["members"] < FEW_MEMBERS) & (days["members"] > 0)]
    share = len(small_days) / max(len(days), 1)
    if share > 0.1:
        yield _(
            "On {share} of the days there were fewer than {n} members: the temperature then changes with "
            "every single member."
        ).format(share=formats.percent(share), n=FEW_MEMBERS)


def _trend_alerts(days: pd.DataFrame, runs: pd.DataFrame) -> Iterator[str]:
    last = int(days["day"].max())
    if last < 60 or runs["end"].median() == 0:
        return
    before = float(days.loc[days["day"] == last - 30, "members"].median())
    change = float(runs["end"].median()) / before - 1 if before else 0.0
    if abs(change) > STILL_MOVING:
        yield _(
            "The community is still changing at the end: the number of members changed by {change} in the"
            " last 30 days. Values at the end depend on when the run stops."
        ).format(change=f"{100 * change:+.0f} %")


def _journal_alerts(results: ResultFolder, runs: pd.DataFrame) -> Iterator[str]:
    journal = str(results.manifest.get("journal", "full"))
    if journal == "none":
        yield _("The journal was not recorded: hours, ties, rooms and the replay are unknown.")
    elif journal == "membership":
        yield _(
            "The journal records joins and departures only: hours of visits, and who replied to whom, are"
            " unknown."
        )
    if len(runs) > 1 and journal != "none":
        first = runs[runs["run"] == 0]["end"]
        yield _(
            "Hours, ties, rooms and the replay come from run 0 alone, which ended with {end} members "
            "(median run: {middle})."
        ).format(end=formats.count(float(first.iloc[0])), middle=formats.count(runs["end"].median()))
    members = results.table("members")
    if members["run"].nunique() < len(runs):
        yield _("Because many people joined, individual records were kept for run 0 only.")


def _operation_alerts(scenario: Scenario, marks: list[Mark]) -> Iterator[str]:
    executed = {mark.number for mark in marks}
    missed = [str(number) for number in range(1, len(scenario.operations) + 1) if number not in executed]
    if missed:
        yield _("Operations that never happened in run 0: {numbers}.").format(numbers=", ".join(missed))
    if any(operation.if_ is not None for operation in scenario.operations):
        yield _(
            "Conditional operations happen on different days in different runs; those of run 0 are marked."
        )
