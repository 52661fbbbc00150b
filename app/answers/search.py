"""The answer of a search in sentences: the best trial, in the search and on fresh seeds."""

from collections.abc import Sequence
from pathlib import Path

from shequn.app.answers.response_names import response_name
from shequn.experiments.policy_search.question import Search
from shequn.experiments.policy_search.study import FinishedTrial
from shequn.experiments.policy_search.tables import Answer, Best
from shequn.sim.language import _
from shequn.sim.presentation.formats import number


def present(answer: Answer, folder: Path) -> list[str]:
    """Write ``summary.txt`` and the figure of a search; return remarks about the figure.

    Parameters
    ----------
    answer : Answer
    folder : Path
        The unfinished folder of results, with a folder ``figures``.
    """
    from shequn.app.figures.search import draw_search

    lines = sentences(answer.search, answer.finished, answer.front, answer.winner)
    (folder / "summary.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return draw_search(folder / "figures", answer.search.objectives, answer.trials, answer.best)


def sentences(
    search: Search, trials: Sequence[FinishedTrial], best_trials: Sequence[Best], winner: Best | None
) -> list[str]:
    """Say what the search found, and what remains of it on fresh seeds."""
    failed = [trial for trial in trials if trial.values is None]
    lines = []
    if failed:
        lines.append(
            _("{failed} of {n} trials failed; trial {number}: {message}.").format(
                failed=len(failed), n=len(trials), number=failed[0].number, message=failed[0].message
            )
        )
    if winner is None:
        bounds = _(" and ").join(map(str, search.constraints))
        lines.append(
            _("No trial satisfies {bounds}.").format(bounds=bounds) if bounds else _("No trial succeeded.")
        )
        return lines
    levels = ", ".join(
        f"{k} = {v:.4g}" if isinstance(v, float) else f"{k} = {v}" for k, v in winner.trial.params.items()
    )
    if len(search.objectives) == 1:
        lines.append(
            _("The best of {n} trials is trial {number}: {levels}.").format(
                n=len(trials), number=winner.trial.number, levels=levels
            )
        )
    else:
        lines.append(
            _(
                "Of {n} trials, {found} are Pareto-optimal: no other is better in one objective without "
                "being worse in another. On fresh seeds, {stays} of them still are."
            ).format(found=len(best_trials), n=len(trials), stays=sum(trial.stays for trial in best_trials))
        )
        lines.append(
            _(
                "The compromise, closest to the best value of every objective, is trial {number}: {levels}."
            ).format(number=winner.trial.number, levels=levels)
        )
    for response in search.aim_responses:
        position = search.responses.index(response)
        mean, error = winner.means[position], winner.errors[position]
        fresh, fresh_error = winner.fresh[position], winner.fresh_errors[position]
        lines.append(
            _(
                "Its {response}: {mean} (± {error}) in the search, {fresh} (± {fresh_error}) in {runs} "
                "runs on fresh seeds."
            ).format(
                response=response_name(str(response)),
                mean=number(mean, error),
                error=number(error, error),
                fresh=number(fresh, fresh_error),
                fresh_error=number(fresh_error, fresh_error),
                runs=search.fresh,
            )
        )
    lines.append(
        _(
            "The first number is too optimistic, because the trial was chosen as the best on those "
            "seeds; quote the second (± one standard error)."
        )
    )
    if not winner.feasible:
        lines.append(
            _(
                "On the fresh seeds it violates a constraint: add a margin to the bound, or use more "
                "replicates."
            )
        )
    return lines
