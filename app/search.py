"""The command `search`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.app.execution import ExecutionOptions, MakeResults, execution_options, make, named_design
from shequn.app.output import format_table, list_results, read_parquet
from shequn.app.user_errors import UserError
from shequn.sim.extras import require
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.experiments.policy_search.question import Sampler, Search


@click.command()
@click.argument("design", metavar="DESIGN")
@click.option(
    "--objective", "objectives", metavar="AIM", multiple=True, required=True,
    help="max:RESPONSE or min:RESPONSE, such as max:members@180; several give a Pareto front.",
)  # fmt: skip
@click.option(
    "--constraint", "constraints", metavar="BOUND", multiple=True,
    help="Constraint on a mean, such as 'k>=1'; may be repeated.",
)  # fmt: skip
@click.option(
    "--trials", metavar="N", type=click.IntRange(1, 100_000), default=60, show_default=True,
    help="Parameter sets to try.",
)  # fmt: skip
@click.option(
    "--sampler", type=click.Choice(["tpe", "nsga2", "cma"]), default="tpe", show_default=True,
    help="How parameter sets are chosen.",
)  # fmt: skip
@click.option(
    "--batch", metavar="N", type=click.IntRange(1, 1000), default=1, show_default=True,
    help="Trials chosen at once, for many processors; the number affects the search.",
)  # fmt: skip
@click.option("--replicates", metavar="N", type=click.IntRange(2, 100_000), help="Runs of each trial.")
@click.option(
    "--fresh", metavar="N", type=click.IntRange(2, 100_000), default=20, show_default=True,
    help="Runs of the best on seeds that the search has not seen.",
)  # fmt: skip
@execution_options
def search(
    design: str,
    objectives: tuple[str, ...],
    constraints: tuple[str, ...],
    trials: int,
    sampler: "Sampler",
    batch: int,
    replicates: int | None,
    fresh: int,
    **execution: Any,
) -> None:
    """Search DESIGN for the parameter sets with the best means, under constraints.

    DESIGN is as for `shequn sweep`, with ranges or levels as factors (`design: space`); whole gates and
    variants are levels by name. Every trial has the same seeds. The best are run again on fresh seeds,
    because results on the seeds that selected them are too optimistic. The results do not depend on
    --jobs: the runs of a batch are made in parallel. Interrupted or killed, the same command continues.
    """
    require("search")
    question = _question(design, objectives, constraints, trials, sampler, batch, replicates, fresh)
    runs = trials * question.design.replicates
    click.echo(
        _(
            "{title}: {trials:,} trials × {replicates:,} runs = {runs:,} runs, then {fresh:,} for each "
            "of the best"
        ).format(
            title=question.design.title,
            trials=trials,
            replicates=question.design.replicates,
            runs=runs,
            fresh=fresh,
        ),
        err=True,
    )
    where = ExecutionOptions(**execution)
    final = where.out or Path("results") / "search" / question.design.name
    already_made = _("This search already exists (--force runs it again).")
    make(final, where, partial(_begin, question, final), already_made)
    _show(final, question)


def _question(
    design: str,
    objectives: tuple[str, ...],
    constraints: tuple[str, ...],
    trials: int,
    sampler: "Sampler",
    batch: int,
    replicates: int | None,
    fresh: int,
) -> "Search":
    from dataclasses import replace

    searched_design = named_design(design)
    from shequn.experiments.policy_search.question import SearchError, search_of

    if replicates is not None:
        searched_design = replace(searched_design, replicates=replicates)
    try:
        return search_of(searched_design, objectives, constraints, trials, sampler, batch, fresh)
    except SearchError as error:
        raise UserError(str(error)) from None


def _begin(question: "Search", final: Path) -> tuple[dict[str, Any], MakeResults]:
    from shequn.app.answers.search import present
    from shequn.experiments.policy_search.search import search

    return question.inputs(), partial(search, question, final, present=present)


def _show(final: Path, question: "Search") -> None:
    """The best with both their values, the sentences, and where the rest is."""
    import pandas as pd

    from shequn.sim.presentation.formats import number

    best = pd.read_parquet(final / "tables" / "best.parquet")
    if len(best):
        factors = [factor.name for factor in question.design.factors]
        shown = best[["trial", *factors]].copy()
        shown.insert(0, "", best["winner"].map({True: "*", False: ""}))
        for response in map(str, question.aim_responses):
            errors = best[f"{response}_fresh_sem"]
            shown[response] = [
                f"{number(mean, error)} → {number(fresh, error)} ± {number(error, error)}"
                for mean, fresh, error in zip(best[response], best[f"{response}_fresh"], errors, strict=True)
            ]
        click.echo(_("Means in the search → on fresh seeds, ± one standard error (* = in winner.yaml)"))
        click.echo("\n" + format_table(shown, float_format="{:.4g}".format))
        click.echo()
    click.echo((final / "summary.txt").read_text(encoding="utf-8"))
    parts = {"tables": read_parquet(final / "tables/trials.parquet"), "figure": "figures/search.png, .svg"}
    parts["next"] = f"shequn report {final.as_posix()}"
    if len(best):
        parts["scenario"] = f"shequn run {(final / 'winner.yaml').as_posix()}"
    list_results(final, **parts)
    if not len(best):
        raise SystemExit(1)
