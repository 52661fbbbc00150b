"""The command `compare`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.app.branches import branches, is_state, pairs_of_states
from shequn.app.execution import ExecutionOptions, MakeResults, execution_options, make
from shequn.app.output import format_table, list_results, read_parquet
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.experiments.comparison.question import Question
    from shequn.experiments.replicates.saved_run import SavedRun
    from shequn.sim.scenario import Scenario

PAIRS = 60  # unless another number is asked for


@click.command()
@click.argument("scenarios", metavar="A [B]...", nargs=-1, required=True)
@click.option(
    "--runs",
    metavar="N",
    type=click.IntRange(2, 20_000),
    help=f"Pairs; default: {PAIRS}, or as many as there are saved states.",
)
@click.option(
    "--until-half-width",
    "until",
    metavar="X",
    type=click.FloatRange(0.0, min_open=True),
    help="Continue until the first response's interval is at most ± X.",
)
@click.option(
    "--response",
    "responses",
    metavar="NAME",
    multiple=True,
    help="What is compared: a column of `runs`, or of `days` at a day (temperature@180); may be repeated.",
)
@click.option(
    "--assumed",
    metavar="[PAIRS]",
    type=click.IntRange(1, 1000),
    is_flag=False,
    flag_value=3,
    default=None,
    help="Also try each assumed number at 0.5 and 1.5 times its value, in this many pairs [3]; "
    "about 300 runs per pair.",
)
@click.option(
    "--set", "assignments", metavar="KEY=VALUE", multiple=True, help="Change one value in all arms."
)
@click.option("--days", metavar="N", help="Length of a run in days.")
@click.option("--seed", metavar="N", help="Seed of all random draws; default: that of A.")
@execution_options
def compare(
    scenarios: tuple[str, ...],
    runs: int | None,
    until: float | None,
    responses: tuple[str, ...],
    assumed: int | None,
    assignments: tuple[str, ...],
    days: str | None,
    seed: str | None,
    **execution: Any,
) -> None:
    """Compare B (and more) with A, run by run; if only A is given, compare all its variants with it.

    Each is SCENARIO or SCENARIO:VARIANT, or STATE or STATE:VARIANT with a saved run's folder (`run
    --save`): then all continue from the same states. The same people have the same luck in every arm,
    so a difference is caused by the scenario, and fewer runs are needed to show it. The answer says
    what differs, how certain that is, and how many more runs would make it clearer.
    """
    scenario_changes: dict[str, Any] = {"assignments": assignments, "days": days, "seed": seed}
    past, arms = _arms(scenarios, scenario_changes)
    if len(arms) < 2:
        raise UserError(
            _("{scenarios} has no variants; name a scenario to compare it with").format(
                scenarios=scenarios[0]
            )
        )
    if assumed is not None and len(arms) > 2:
        raise UserError(_("--assumed takes two arms, not {n}").format(n=len(arms)))
    if assumed is not None and past is not None:
        raise UserError(_("--assumed moves numbers from the founding on: it takes no saved states"))
    pairs = (runs or PAIRS) if past is None else pairs_of_states(past, runs)
    question = _question(arms, responses, pairs, until, min(assumed or 0, pairs), past)
    where = ExecutionOptions(**execution)
    final = where.out or _folder(question)
    already_made = _("This comparison already exists (--force runs it again).")
    make(final, where, partial(_begin, question, final), already_made)
    _show(final)


def _arms(
    names: tuple[str, ...], scenario_changes: dict[str, Any]
) -> "tuple[SavedRun | None, dict[str, Scenario]]":
    """The arms by name, as they were given, or a scenario and its variants; and where all go on from."""
    from shequn.app.options import resolved_scenario

    duplicates = {name for name in names if names.count(name) > 1}
    if duplicates:
        raise UserError(
            _("{arms} is named twice; with the same seeds both give the same result").format(
                arms=", ".join(sorted(duplicates))
            )
        )
    if any(is_state(name) for name in names):
        return branches(names, scenario_changes)
    if len(names) == 1:
        names = (*names, *_variants(names[0]))
    return None, {name: resolved_scenario(name, **scenario_changes) for name in names}


def _variants(argument: str) -> list[str]:
    """The other variants of a scenario, by their full names."""
    from shequn.sim.scenario import Scenario
    from shequn.sim.scenario.locations import split_variant

    name, variant = split_variant(argument)
    with show_user_errors():
        others = Scenario.load(name, variant).variants
    return [f"{name}:{other}" for other in others if other != variant]


def _question(
    arms: "dict[str, Scenario]",
    responses: tuple[str, ...],
    runs: int,
    until: float | None,
    assumed: int,
    past: "SavedRun | None",
) -> "Question":
    from shequn.experiments.comparison.question import Question
    from shequn.experiments.designs.model import RESPONSES
    from shequn.experiments.designs.responses import named_responses, response

    shortest_days = min(scenario.days for scenario in arms.values())
    money = ("balance",) if any(scenario.has_money for scenario in arms.values()) else ()
    named = named_responses(arms.values())
    tasks = tuple(name for name in named if name.startswith("tasks."))
    try:
        active = (
            f"active_week@{shortest_days}"  # members alone would praise whoever leaves the silent in peace
        )
        texts = responses or (RESPONSES[0], active, *RESPONSES[1:], *money, *tasks)
        names = tuple(dict.fromkeys(response(text, shortest_days, named) for text in texts))
    except ValueError as error:
        raise UserError(_("--response: {error}").format(error=error)) from None
    first = next(iter(arms.values()))
    return Question(arms, names, runs, first.seed, until, assumed, past)


def _folder(question: "Question") -> Path:
    """A folder named by all that the answer depends on."""
    import json

    from shequn.experiments.sweeps.plan import provenance
    from shequn.sim.results.folder import folder_name, run_key

    name = folder_name("-".join(question.arms))
    return Path("results") / "compare" / name / run_key(json.dumps(question.inputs()), *provenance().values())


def _begin(question: "Question", final: Path) -> tuple[dict[str, Any], MakeResults]:
    from shequn.app.answers.comparison import present
    from shequn.experiments.comparison.comparison import compare

    return question.inputs(), partial(compare, question, final, present=present)


def _show(final: Path) -> None:
    """The table, the sentences, and where the rest is."""
    import pandas as pd

    from shequn.app.answers.comparison import gain
    from shequn.experiments.comparison.paired import Difference
    from shequn.sim.presentation.formats import number

    rows = pd.read_parquet(final / "tables" / "comparisons.parquet")
    failures = pd.read_parquet(final / "tables" / "failures.parquet")
    differences = [
        (
            row,
            Difference(
                row["n"],
                row["mean_a"],
                row["mean_b"],
                row["difference"],
                *(row[key] for key in _DIFFERENCE_COLUMNS),
            ),
        )
        for row in rows.to_dict("records")
    ]
    shown = pd.DataFrame(
        {
            "B": row["b"],
            _("response"): row["response"],
            "A": number(d.a, d.half_width),
            _("with B"): number(d.b, d.half_width),
            "B - A": number(d.mean, d.half_width),
            _("95 % interval"): f"{number(d.low, d.half_width)} … {number(d.high, d.half_width)}",
            "": "*" if d.is_different else "",
            _("B higher"): f"{d.b_higher:.0%}" if d.n else "",
            _("pairing gain"): gain(d),
        }
        for row, d in differences
    )
    click.echo(
        _("A = {a}, {n} pairs of runs (* = the interval excludes 0)").format(
            a=rows["a"].iloc[0], n=int(rows["n"].max())
        )
    )
    click.echo("\n" + format_table(shown))
    click.echo()
    click.echo((final / "summary.txt").read_text(encoding="utf-8"))
    if (final / "tables/assumed.parquet").exists():
        _show_assumed(final / "tables/assumed.parquet", str(rows["response"].iloc[0]))
    for row in failures.head(5).to_dict("records"):
        click.echo(
            _("A run failed: {arm}, seed {seed}: {message}").format(
                arm=row["arm"], seed=row["seed"], message=row["message"]
            ),
            err=True,
        )
    list_results(
        final,
        tables=read_parquet(final / "tables/comparisons.parquet"),
        figure="figures/differences.png, .svg",
    )
    if len(failures):
        click.echo(_("{n} runs failed; their pairs are left out.").format(n=len(failures)), err=True)
        raise SystemExit(1)


def _show_assumed(table: Path, response: str) -> None:
    """The assumed numbers that move the first response's difference most."""
    import pandas as pd

    from shequn.app.answers.comparison import N_NAMED

    rows = pd.read_parquet(table)
    shown = rows[rows["response"] == response].head(N_NAMED).drop(columns=["response", "largest"])
    click.echo(
        _("B - A in {response} with an assumed number at 0.5 and at 1.5 times its value").format(
            response=response
        )
    )
    click.echo("\n" + format_table(shown, float_format="{:.4g}".format))
    click.echo()


_DIFFERENCE_COLUMNS = (
    "low",
    "high",
    "sd",
    "b_higher",
    "equal",
    "reduction",
    "reduction_low",
    "reduction_high",
)
