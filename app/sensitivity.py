"""The command `sensitivity`."""

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
    from shequn.experiments.designs.design import Design
    from shequn.experiments.global_sensitivity.sampling import UnitSample


@click.command()
@click.argument("design", metavar="DESIGN")
@click.option(
    "--method",
    type=click.Choice(["morris", "sobol"]),
    default="morris",
    show_default=True,
    help="morris: a cheap ranking; sobol: shares of the variance.",
)
@click.option(
    "--points",
    "n",
    metavar="N",
    type=click.IntRange(2, 100_000),
    help="Trajectories of morris [default: 20], or base points of sobol, a power of two [default: 128].",
)
@click.option("--replicates", metavar="N", type=click.IntRange(1, 100_000), help="Runs of each point.")
@execution_options
@click.option("--check", "check_only", is_flag=True, help="Only check DESIGN and say what it would run.")
def sensitivity(
    design: str,
    method: str,
    n: int | None,
    replicates: int | None,
    check_only: bool,
    **execution: Any,
) -> None:
    """Say which factors of DESIGN move its responses most, over their whole ranges.

    DESIGN is as for `shequn sweep`, with ranges or levels as factors (`design: space`); morris takes N
    × (factors + 1) points, sobol N × (factors + 2). Replicate k has the same seed at every point, so a
    factor without any effect has exactly 0. Each finished run is saved at once: interrupted or killed,
    the same command continues.
    """
    require("sensitivity")
    plan, sampled = _sampled(named_design(design), method, n, replicates)
    runs = len(plan.points) * plan.replicates
    text = _("{title}: {method}, {n} factors, {n2:,} points × {replicates:,} runs = {runs:,} runs").format(
        title=plan.title,
        method=method,
        n=len(plan.factors),
        n2=len(plan.points),
        replicates=plan.replicates,
        runs=runs,
    )
    if check_only:
        click.echo(text)
        return
    click.echo(text, err=True)
    where = ExecutionOptions(**execution)
    final = where.out or Path("results") / "sensitivity" / f"{plan.name}-{method}"
    already_made = _("This analysis already exists (--force runs it again).")
    make(final, where, partial(_begin, plan, sampled, final), already_made)
    _show(final, plan)


def _sampled(
    plan: "Design", method: str, n: int | None, replicates: int | None
) -> tuple["Design", "UnitSample"]:
    from dataclasses import replace

    from shequn.experiments.global_sensitivity.analysis import FewFactorsError, sample_design
    from shequn.experiments.global_sensitivity.sampling import DEFAULT_N

    n = DEFAULT_N[method] if n is None else n
    if method == "sobol" and n & (n - 1):
        lower = 1 << (n.bit_length() - 1)
        raise UserError(
            _("--points is {n}; sobol takes a power of two ({below} or {below2})").format(
                n=n, below=lower, below2=2 * lower
            )
        )
    if replicates is not None:
        plan = replace(plan, replicates=replicates)
    try:
        return sample_design(plan, method, n)
    except FewFactorsError as error:
        raise UserError(str(error)) from None


def _begin(plan: "Design", sampled: "UnitSample", final: Path) -> tuple[dict[str, Any], MakeResults]:
    from shequn.app.answers.sensitivity import present
    from shequn.experiments.global_sensitivity.analysis import analyse
    from shequn.experiments.sweeps.sweep import inputs

    return inputs(plan), partial(analyse, plan, sampled, final, present=present)


def _show(final: Path, plan: "Design") -> None:
    """The indices, the sentences, failures, and where the rest is."""
    import pandas as pd

    from shequn.app.answers.sensitivity import unordered_factors

    tables = final / "tables"
    failures = pd.read_parquet(tables / "failures.parquet")
    rows = pd.read_parquet(tables / "indices.parquet")
    is_shown = rows["measure"] != "sigma"
    if (rows["measure"] == "mu_star").any():
        is_shown &= ~rows["factor"].isin(unordered_factors(plan.content))
    shown = rows[is_shown].drop(columns="clear")
    shown[""] = rows["clear"].map({True: "*", False: ""})
    click.echo(
        _(
            "* = distinguishable from 0: the interval lies above 0 and above what chance alone produces (noise)"
        )
    )
    click.echo("\n" + format_table(shown, na_rep="", float_format="{:.3g}".format))
    click.echo()
    click.echo((final / "summary.txt").read_text(encoding="utf-8"))
    list_results(
        final,
        tables=read_parquet(tables / "indices.parquet"),
        figure="figures/indices.png, .svg",
        next=f"shequn report {final.as_posix()}",
    )
    if len(failures):
        row = failures.iloc[0]
        click.echo(
            _("{n} runs failed; the first, seed {seed}: {message}").format(
                n=len(failures), seed=row["seed"], message=row["message"]
            ),
            err=True,
        )
        raise SystemExit(1)
