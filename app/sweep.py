"""The command `sweep`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.app.execution import ExecutionOptions, MakeResults, execution_options, make, named_design
from shequn.app.output import format_table, list_results, read_parquet
from shequn.app.user_errors import UserError
from shequn.sim.language import _

if TYPE_CHECKING:
    import pandas as pd

    from shequn.experiments.designs.design import Design

_SHOWN = 24  # parameter sets up to which their means are printed
_FAILURES = 5  # failed runs that are reported one by one


@click.command()
@click.argument("design", metavar="DESIGN")
@execution_options
@click.option(
    "--series", is_flag=True, help="Write the measures of every day of every run too: tables/series.parquet."
)
@click.option("--check", "check_only", is_flag=True, help="Only check DESIGN and say what it would run.")
def sweep(design: str, series: bool, check_only: bool, **inputs: Any) -> None:
    """Run DESIGN: many parameter sets, each many times, and write the tables.

    DESIGN is the path of a YAML file, or the name of one that comes with shequn. Each finished run is
    saved at once: interrupted or killed, the same command continues. Replicate k has the same seed in
    every parameter set.

    \b
      format: 1
      title: Openness and a task at the door
      scenario: open-group                   # or SCENARIO:VARIANT, or a path
      set: {days: 180}                       # what all runs share
      design: grid                           # or list, one_at_a_time, latin_hypercube, sobol
      factors:
        community.openness: [0, 0.3, 0.6]
        gate: {key: gates, levels: {none: null, task: {task: {kind: task}}}}
      replicates: 20
      responses: [end, evaporation, temperature@180]
      figures: [{response: evaporation, along: community.openness, by: gate}]
    """
    plan = named_design(design)
    from shequn.experiments.designs.model import SAMPLED, SPACE

    if plan.content.get("design") == SPACE:
        raise UserError(
            _(
                "{design} is a space, which has no points of its own: see shequn search and shequn "
                "sensitivity, or write design: {sampled} and points: 64"
            ).format(design=design, sampled=SAMPLED[1])
        )
    runs = len(plan.points) * plan.replicates
    text = _("{title}: {n:,} parameter sets × {replicates:,} runs = {runs:,} runs").format(
        title=plan.title, n=len(plan.points), replicates=plan.replicates, runs=runs
    )
    if series:
        _check_names(plan)
    if check_only:
        click.echo(text)
        return
    click.echo(text, err=True)
    where = ExecutionOptions(**inputs)
    final = where.out or Path("results") / "sweeps" / plan.name
    already_made = _("This sweep already exists (--force runs it again).")
    make(final, where, partial(_begin, plan, final, series), already_made)
    failed = _show(final, plan)
    if failed:
        raise SystemExit(1)


def _with_errors(means: "pd.DataFrame", responses: Path) -> "pd.DataFrame":
    """Means as text with their standard errors, for a table of few parameter sets."""
    import pandas as pd

    from shequn.sim.presentation.formats import number

    rows = pd.read_parquet(responses, columns=["point", "response", "value"])
    errors = rows.groupby(["point", "response"])["value"].sem().unstack("response")

    def text(mean: float, error: float) -> str:
        return f"{number(mean, error)} ± {number(error, error)}" if error > 0.0 else f"{mean:.4g}"

    columns = {
        name: [text(m, e) for m, e in zip(means[name], errors[name], strict=True)] for name in means.columns
    }
    return pd.DataFrame(columns, index=means.index)


def _check_names(plan: "Design") -> None:
    from shequn.experiments.sweeps.series import NameTakenError, check_names

    try:
        check_names(plan)
    except NameTakenError as error:
        raise UserError(str(error)) from None


def _begin(plan: "Design", final: Path, series: bool) -> tuple[dict[str, Any], MakeResults]:
    from shequn.app.answers.sweep import present
    from shequn.experiments.sweeps.sweep import inputs, sweep

    return inputs(plan, series), partial(sweep, plan, final, series=series, present=present)


def _show(final: Path, plan: "Design") -> int:
    """Means in a table, failures, and where the rest is; the number of failures."""
    import pandas as pd

    tables = final / "tables"
    failures = pd.read_parquet(tables / "failures.parquet")
    if len(plan.points) <= _SHOWN and len(failures) < len(plan.points) * plan.replicates:
        from shequn.experiments.sweeps.tables import means

        shown = _with_errors(means(tables / "responses.parquet"), tables / "responses.parquet")
        for position, factor in reversed(list(enumerate(plan.factors))):
            shown.insert(0, factor.name, [plan.values(point)[position] for point in shown.index])
        click.echo(_("Means over {replicates} runs ± one standard error").format(replicates=plan.replicates))
        click.echo("\n" + format_table(shown, float_format="{:.4g}".format))
        click.echo()
    if len(failures):
        click.echo(
            _("{n} of {n2} runs failed:").format(n=len(failures), n2=len(plan.points) * plan.replicates),
            err=True,
        )
        for row in failures.head(_FAILURES).to_dict("records"):
            levels = ", ".join(f"{factor.name} = {row[factor.name]}" for factor in plan.factors)
            click.echo(
                "  "
                + _("{levels}, seed {seed}: {message}").format(
                    levels=levels, seed=row["seed"], message=row["message"]
                ),
                err=True,
            )
        if len(failures) > _FAILURES:
            click.echo("  " + _("… all in {tables}").format(tables=tables / "failures.parquet"), err=True)
    parts = {
        "tables": read_parquet(tables / "responses.parquet"),
        "next": f"shequn report {final.as_posix()}",
    }
    if plan.figures:
        parts["figures"] = "figures/*.png, *.svg"
    list_results(final, **parts)
    return len(failures)
