"""The answer of a search in sentences: the best trial, in the search and on fresh seeds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from shequn.app.answers.response_names import response_name
from shequn.experiments.policy_search.tables import Answer
from shequn.sim.language import _
from shequn.sim.presentation.formats import number


class Aims(NamedTuple):
    """What a search aimed at.

    Attributes
    ----------
    objectives, constraints : sequences of str
        As on the command line: ``max:end``, ``k>=1``.
    responses : sequence of str
        Their responses.
    factors : sequence of str
        What was varied.
    fresh : int
        Runs of each of the best trials on fresh seeds.
    """

    objectives: Sequence[str]
    constraints: Sequence[str]
    responses: Sequence[str]
    factors: Sequence[str]
    fresh: int


def aims_of(answer: Answer) -> Aims:
    """The aims of a search that has just finished."""
    search = answer.search
    return Aims(
        list(map(str, search.objectives)),
        list(map(str, search.constraints)),
        list(map(str, search.aim_responses)),
        [factor.name for factor in search.design.factors],
        search.fresh,
    )


def present(answer: Answer, folder: Path) -> list[str]:
    """Write ``summary.txt`` and the figure of a search; return remarks about the figure.

    Parameters
    ----------
    answer : Answer
    folder : Path
        The unfinished folder of results, with a folder ``figures``.
    """
    from shequn.app.figures.search import draw_search

    lines = sentences(aims_of(answer), answer.trials, answer.best)
    (folder / "summary.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return draw_search(folder / "figures", answer.search.objectives, answer.trials, answer.best)


def sentences(aims: Aims, trials: pd.DataFrame, best: pd.DataFrame) -> list[str]:
    """Say what the search found, and what remains of it on fresh seeds.

    Parameters
    ----------
    aims : Aims
    trials, best : DataFrame
        The tables of these names.
    """
    failed = trials[trials["message"].notna()]
    lines = []
    if len(failed):
        lines.append(
            _("{failed} of {n} trials failed; trial {number}: {message}.").format(
                failed=len(failed),
                n=len(trials),
                number=failed["trial"].iloc[0],
                message=failed["message"].iloc[0],
            )
        )
    if not len(best):
        bounds = _(" and ").join(aims.constraints)
        lines.append(
            _("No trial satisfies {bounds}.").format(bounds=bounds) if bounds else _("No trial succeeded.")
        )
        return lines
    winner = best[best["winner"]].iloc[0]
    levels = level_text(winner, aims.factors)
    if len(aims.objectives) == 1:
        lines.append(
            _("The best of {n} trials is trial {number}: {levels}.").format(
                n=len(trials), number=winner["trial"], levels=levels
            )
        )
    else:
        lines.append(
            _(
                "Of {n} trials, {found} are Pareto-optimal: no other is better in one objective without "
                "being worse in another. On fresh seeds, {stays} of them still are."
            ).format(found=len(best), n=len(trials), stays=int(best["stays"].sum()))
        )
        lines.append(
            _(
                "The compromise, closest to the best value of every objective, is trial {number}: {levels}."
            ).format(number=winner["trial"], levels=levels)
        )
    for response in aims.responses:
        mean, error = winner[response], winner[f"{response}_sem"]
        fresh, fresh_error = winner[f"{response}_fresh"], winner[f"{response}_fresh_sem"]
        lines.append(
            _(
                "Its {response}: {fresh} ± {fresh_error} in {runs} runs on fresh seeds, {mean} ± {error} in the search."
            ).format(
                response=response_name(response),
                mean=number(mean, error),
                error=number(error, error),
                fresh=number(fresh, fresh_error),
                fresh_error=number(fresh_error, fresh_error),
                runs=aims.fresh,
            )
        )
    lines.append(
        _(
            "Quote the numbers on fresh seeds (± one standard error): the trial was chosen as the best on those "
            "of the search, which are too optimistic."
        )
    )
    if not winner["keeps"]:
        lines.append(
            _(
                "On the fresh seeds it violates a constraint: add a margin to the bound, or use more "
                "replicates."
            )
        )
    return lines


def level_text(row: "pd.Series[Any]", factors: Sequence[str]) -> str:
    """The levels of a trial: ``community.openness = 0.5, gate = task``."""
    shown = [(name, row[name]) for name in factors if pd.notna(row[name])]
    return ", ".join(
        f"{name} = {value:.4g}" if isinstance(value, float) else f"{name} = {value}" for name, value in shown
    )
