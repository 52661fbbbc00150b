"""The numbers of a search: its tables, and the scenarios of the best trials."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.experiments.designs.factors import Factor
from shequn.experiments.policy_search.aims import dominates
from shequn.experiments.policy_search.question import Search
from shequn.experiments.policy_search.study import FinishedTrial, means
from shequn.sim.results.parquet import write_table
from shequn.sim.results.schema import Column, Table

Numbers = npt.NDArray[np.float64]

WINNER = "winner.yaml"

_TRIAL = Column("trial", "int64", "number", "Trial, from 0.")
_UNKNOWN = "the trial failed, or the response is unknown in all its runs"


def factor(name: str, is_number: bool) -> Column:
    """The column of a factor."""
    kind = "double" if is_number else "string"
    return Column(name, kind, "", "Level of this factor.", "the trial did not set it")


def _mean_and_error(response: str, end: str, where: str) -> tuple[Column, Column]:
    return (
        Column(f"{response}{end}", "double", "", f"Mean of this response {where}.", _UNKNOWN),
        Column(f"{response}{end}_sem", "double", "", "Standard error of that mean.", _UNKNOWN),
    )


def trials_table(factors: Iterable[Column], responses: Iterable[str]) -> Table:
    """The table of all trials."""
    return Table(
        "trials",
        "One row for each trial, by number.",
        (
            _TRIAL,
            *factors,
            *(column for name in responses for column in _mean_and_error(name, "", "over its runs")),
            Column("feasible", "bool", "", "Whether all constraints hold."),
            Column("best", "bool", "", "Whether no trial is better in one aim and worse in none."),
            Column("message", "string", "", "Why it failed.", "it succeeded"),
        ),
    )


def best_table(factors: Iterable[Column], responses: Iterable[str]) -> Table:
    """The table of the best trials."""
    return Table(
        "best",
        "One row for each of the best trials, the best in the first aim first.",
        (
            _TRIAL,
            *factors,
            *(
                column
                for name in responses
                for end, where in (("", "in the search"), ("_fresh", "on fresh seeds"))
                for column in _mean_and_error(name, end, where)
            ),
            Column("keeps", "bool", "", "Whether its constraints hold on the fresh seeds."),
            Column("stays", "bool", "", "Whether it is still one of the best there."),
            Column("winner", "bool", "", "Whether it is the one recommended."),
        ),
    )


RESPONSES = Table(
    "responses",
    "One row for each trial, run and response.",
    (
        _TRIAL,
        Column("run", "int64", "number", "Replicate, from 0."),
        Column("seed", "int64", "", "Seed of this run."),
        Column("response", "string", "", "Name of the response."),
        Column("value", "double", "", "Its value in this run.", "unknown in this run"),
    ),
)


@dataclass(frozen=True)
class Best:
    """One of the best trials, in the search and on fresh seeds."""

    trial: FinishedTrial
    means: Numbers  # (response)
    errors: Numbers
    fresh: Numbers
    fresh_errors: Numbers
    feasible: bool  # whether all constraints hold on the fresh seeds
    stays: bool  # whether it is still one of the best on the fresh seeds


class Answer(NamedTuple):
    """The numbers of a search, from which sentences and figures are made.

    Attributes
    ----------
    search : Search
    finished : sequence of FinishedTrial
        All trials, by number.
    front : list of Best
        The trials that no other dominates.
    winner : Best or None
        The one recommended.
    trials, best : DataFrame
        The tables of these names.
    """

    search: Search
    finished: Sequence[FinishedTrial]
    front: list[Best]
    winner: Best | None
    trials: pd.DataFrame
    best: pd.DataFrame


def write_answer(
    search: Search, folder: Path, finished: Sequence[FinishedTrial], best: Sequence[int], fresh: Numbers
) -> Answer:
    """Write the tables, and the scenarios of the best trials.

    Parameters
    ----------
    search : Search
    folder : Path
        With a folder ``tables``.
    finished : sequence of FinishedTrial
        All trials, by number.
    best : sequence of int
        Numbers of the trials that no other dominates.
    fresh : f8 array (best, run, response)
        Their responses on fresh seeds.
    """
    front = _best(search, finished, best, fresh)
    winner = recommend(search, front)
    factors = [factor(one.name, not _is_text(one)) for one in search.design.factors]
    all_trials = trials_table(factors, map(str, search.responses))
    best_trials = best_table(factors, map(str, search.aim_responses))
    trials = _trials(search, finished, set(best), all_trials)
    best_frame = _front(search, front, winner, best_trials)
    for table, frame in (
        (all_trials, trials),
        (RESPONSES, _responses(search, finished)),
        (best_trials, best_frame),
    ):
        write_table(folder, table, frame)
    scenarios = folder / "scenarios"
    scenarios.mkdir(exist_ok=True)
    for one in front:
        text = search.scenario(one.trial.params).dump()
        (scenarios / f"trial-{one.trial.number:04d}.yaml").write_text(text, encoding="utf-8", newline="\n")
        if winner is one:
            (folder / WINNER).write_text(text, encoding="utf-8", newline="\n")
    return Answer(search, finished, front, winner, trials, best_frame)


def _best(
    search: Search, finished: Sequence[FinishedTrial], best: Sequence[int], fresh: Numbers
) -> list[Best]:
    by_number = {one.number: one for one in finished}
    seen = [means(values) for values in fresh]
    places = [search.responses.index(aim.response) for aim in search.objectives]
    feasible = [
        all(c.violation(float(mean[search.responses.index(c.response)])) <= 0.0 for c in search.constraints)
        for mean, _error in seen
    ]
    front = []
    for i, number in enumerate(best):
        others = [list(seen[j][0][places]) for j in range(len(best)) if j != i and feasible[j]]
        is_dominated = any(dominates(o, list(seen[i][0][places]), search.objectives) for o in others)
        trial = by_number[number]
        stays = feasible[i] and not is_dominated
        front.append(Best(trial, *means(trial.values), *seen[i], feasible[i], stays))
    return front


def recommend(search: Search, front: Sequence[Best]) -> Best | None:
    """The recommended trial: with several objectives, the nearest to the best value of each on the fresh seeds.

    Distances are in units of the range of the front. A trial that violates a constraint on the fresh seeds is
    recommended only if all do.
    """
    if not front:
        return None
    candidates = [one for one in front if one.feasible] or list(front)
    places = [search.responses.index(aim.response) for aim in search.objectives]
    signs = np.array([aim.sign for aim in search.objectives])
    values = signs * np.array([one.fresh[places] for one in candidates])
    if not np.isfinite(values).all():  # no distances: take the first
        return candidates[0]
    span = np.ptp(values, axis=0)
    distance = ((values.max(axis=0) - values) / np.where(span > 0.0, span, 1.0)) ** 2
    return candidates[int(distance.sum(axis=1).argmin())]


def _is_text(factor: Factor) -> bool:
    return any(isinstance(level.value, str) for level in factor.levels)


def _factors(search: Search, one: FinishedTrial) -> dict[str, float | str | None]:
    return {
        factor.name: None
        if factor.name not in one.params
        else str(one.params[factor.name])
        if _is_text(factor)
        else float(one.params[factor.name])
        for factor in search.design.factors
    }


def _trials(search: Search, finished: Sequence[FinishedTrial], best: set[int], table: Table) -> pd.DataFrame:
    rows = []
    for one in finished:
        mean, error = means(one.values)
        row: dict[str, object] = {"trial": one.number, **_factors(search, one)}
        for place, response in enumerate(search.responses):
            row[str(response)] = np.nan if one.values is None else mean[place]
            row[f"{response}_sem"] = np.nan if one.values is None else error[place]
        row["feasible"] = one.values is not None and all(
            c.violation(float(mean[search.responses.index(c.response)])) <= 0.0 for c in search.constraints
        )
        rows.append(row | {"best": one.number in best, "message": one.message or None})
    return table.frame(pd.DataFrame(rows, columns=list(table.names)))


def _responses(search: Search, finished: Sequence[FinishedTrial]) -> pd.DataFrame:
    plan = search.plan([one.params for one in finished])
    rows = [
        (one.number, run, plan.seed_of(run * plan.points), str(response), float(one.values[run, place]))
        for one in finished
        if one.values is not None
        for run in range(len(one.values))
        for place, response in enumerate(search.responses)
    ]
    return pd.DataFrame(rows, columns=list(RESPONSES.names))


def _front(search: Search, front: Sequence[Best], winner: Best | None, table: Table) -> pd.DataFrame:
    rows = []
    for one in front:
        row: dict[str, object] = {"trial": one.trial.number, **_factors(search, one.trial)}
        for response in search.aim_responses:
            place = search.responses.index(response)
            row[str(response)], row[f"{response}_sem"] = one.means[place], one.errors[place]
            row[f"{response}_fresh"] = one.fresh[place]
            row[f"{response}_fresh_sem"] = one.fresh_errors[place]
        rows.append(row | {"keeps": one.feasible, "stays": one.stays, "winner": one is winner})
    frame = table.frame(pd.DataFrame(rows, columns=list(table.names)))
    first = search.objectives[0]
    return frame.sort_values(str(first.response), ascending=first.sign < 0, kind="stable", ignore_index=True)
