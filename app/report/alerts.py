"""What looks wrong in a run, or is too thin to say."""

from collections.abc import Iterator

import pandas as pd

from shequn.app.report.operations import Mark
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _, ngettext
from shequn.sim.presentation import formats as say
from shequn.sim.results.cooling import LeftFirst, left_first
from shequn.sim.scenario import Scenario

FEW_RUNS = 10
WIDE = 0.5  # of the middle run: lowest to highest
FEW_DEPARTURES = 30  # in a run
EXHAUSTED = 0.8  # of the population joined
NARROW_DOOR = 0.95  # of those at the gates refused
FEW_MEMBERS = 20  # whose mean quality jumps with each one
STILL_MOVING = 0.05  # of members, within the last 30 days


def alerts(found: ResultFolder, scenario: Scenario, marks: list[Mark]) -> list[str]:
    """Everything that a reader should know before believing the numbers, in sentences."""
    runs, days = found.table("runs"), found.table("days")
    said = [*_luck(runs), *_people(found, scenario), *_door(runs), *_departures(runs)]
    said += [*_few(days), *_end(days, runs), *_journal(found, runs), *_conditions(scenario, marks)]
    return said


def _luck(runs: pd.DataFrame) -> Iterator[str]:
    n = len(runs)
    if n < FEW_RUNS:
        yield ngettext(
            "There is only one run: nothing here says how much is luck. Run it with --runs 20.",
            "There are only {n} runs; the lowest and highest of so few hide how much is luck. "
            "Run it with --runs 20.",
            n,
        ).format(n=n)
    middle = float(runs["end"].median())
    if n > 1 and middle > 0 and runs["end"].max() - runs["end"].min() > WIDE * middle:
        yield _(
            "The runs differ widely: between {low} and {high} members at the end. A single number says "
            "little here."
        ).format(low=say.count(runs["end"].min()), high=say.count(runs["end"].max()))
    died = int(runs["empty_day"].notna().sum())
    if 0 < died < n:
        yield _("It died out in {died} of {n} runs: medians hide that there are two fates.").format(
            died=died, n=n
        )


def _people(found: ResultFolder, scenario: Scenario) -> Iterator[str]:
    members = found.table("members")
    people = scenario.population.people
    if not people or found.names_a_lost_file or not len(members):
        return
    operations = sum(getattr(operation, "people", 0) for operation in scenario.operations)
    share = len(members) / members["run"].nunique() / (people + operations)
    if share > EXHAUSTED:
        yield _(
            "{share} of all people there are have joined: growth ends for want of people, which is the "
            "scenario's size, "
            "not the community's doing. Try population.people = {more:,}."
        ).format(share=say.percent(share), more=3 * people)


def _door(runs: pd.DataFrame) -> Iterator[str]:
    refused, joins = float(runs["refused"].sum()), float(runs["joins"].sum())
    if refused and not joins:
        yield _("Nobody passed the gates: {n} were refused, none joined.").format(
            n=say.count(runs["refused"].median())
        )
    elif refused and refused / (refused + joins) > NARROW_DOOR:
        yield _("The gates refuse {share} of those who come to them.").format(
            share=say.percent(refused / (refused + joins))
        )


def _departures(runs: pd.DataFrame) -> Iterator[str]:
    middle = float(runs["departures"].median())
    if middle < FEW_DEPARTURES:
        yield _("Only {n} left in the middle run: too few to speak of evaporation.").format(
            n=say.count(middle)
        )
    elif left_first(runs) in (LeftFirst.UNCERTAIN, LeftFirst.TOO_FEW):
        yield _("Whether the better ones leave first cannot be told from these runs: the spread is too wide.")
    if runs["k"].isna().all() and runs["invitations"].any():
        yield _("K is not known: no week's members have all left or are 90 days past. Run it longer.")


def _few(days: pd.DataFrame) -> Iterator[str]:
    few = days[(days["members"] < FEW_MEMBERS) & (days["members"] > 0)]
    share = len(few) / max(len(days), 1)
    if share > 0.1:
        yield _(
            "On {share} of the days there were fewer than {n} members: the temperature then moves with each "
            "single one."
        ).format(share=say.percent(share), n=FEW_MEMBERS)


def _end(days: pd.DataFrame, runs: pd.DataFrame) -> Iterator[str]:
    last = int(days["day"].max())
    if last < 60 or runs["end"].median() == 0:
        return
    before = float(days.loc[days["day"] == last - 30, "members"].median())
    change = float(runs["end"].median()) / before - 1 if before else 0.0
    if abs(change) > STILL_MOVING:
        yield _(
            "At the end it is still moving: members changed by {change} in the last 30 days. What is read "
            "off at the end "
            "depends on when one stops."
        ).format(change=f"{100 * change:+.0f} %")


def _journal(found: ResultFolder, runs: pd.DataFrame) -> Iterator[str]:
    kept = str(found.manifest.get("journal", "full"))
    if kept == "none":
        yield _("The journal was not kept: hours, ties, rooms and the replay are not known.")
    elif kept == "membership":
        yield _(
            "The journal keeps comings and goings only: hours of visits, and who answered whom, are not "
            "known."
        )
    if len(runs) > 1 and kept != "none":
        first = runs[runs["run"] == 0]["end"]
        yield _(
            "Hours, ties, rooms and the replay are of run 0 alone, which ended with {end} members (middle "
            "run: {middle})."
        ).format(end=say.count(float(first.iloc[0])), middle=say.count(runs["end"].median()))
    members = found.table("members")
    if members["run"].nunique() < len(runs):
        yield _("So many people joined that they were kept one by one for run 0 only.")


def _conditions(scenario: Scenario, marks: list[Mark]) -> Iterator[str]:
    done = {mark.number for mark in marks}
    never = [str(number) for number in range(1, len(scenario.operations) + 1) if number not in done]
    if never:
        yield _("Operations that never came about in run 0: {numbers}.").format(numbers=", ".join(never))
    if any(operation.if_ is not None for operation in scenario.operations):
        yield _("Operations on a condition come on other days in other runs; those of run 0 are marked.")
