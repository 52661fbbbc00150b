"""The command `compare`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.app.branches import branches, is_state, pairs_of_states
from shequn.app.execution import CarryOut, ExecutionOptions, execution_options, make
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
    help="Go on until the first response's interval is ± X.",
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
    help="Also halve each assumed number and raise it by half, in this many pairs [3]; about 300 runs a pair.",
)
@click.option(
    "--set", "assignments", metavar="KEY=VALUE", multiple=True, help="Change one value in all arms."
)
@click.option("--days", metavar="N", help="Length of a run in days.")
@click.option("--seed", metavar="N", help="Seed of all chance; default: that of A.")
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
    **place: Any,
) -> None:
    """Compare B (and more) with A, run by run; with A alone, all its variants with it.

    Each is SCENARIO or SCENARIO:VARIANT, or STATE or STATE:VARIANT with a saved run's folder (`run
    --save`): then all go on from the same states. The same people have the same luck in all of them, so a
    difference is the scenario's doing, and fewer runs show it. Says what differs, how sure that
    is, and how many more runs would tell more.
    """
    asked: dict[str, Any] = {"assignments": assignments, "days": days, "seed": seed}
    past, arms = _arms(scenarios, asked)
    if len(arms) < 2:
        raise UserError(
            _("{scenarios} has no variants; name what it is to be compared with").format(
                scenarios=scenarios[0]
            )
        )
    if assumed is not None and len(arms) > 2:
        raise UserError(_("--assumed takes two arms, not {n}").format(n=len(arms)))
    if assumed is not None and past is not None:
        raise UserError(_("--assumed moves numbers from the founding on: it takes no saved states"))
    pairs = (runs or PAIRS) if past is None else pairs_of_states(past, runs)
    question = _question(arms, responses, pairs, until, min(assumed or 0, pairs), past)
    where = ExecutionOptions(**place)
    final = where.out or _folder(question)
    there = _("This very comparison is there already (--force runs it again).")
    make(final, where, partial(_begin, question, final), there)
    _show(final)


def _arms(named: tuple[str, ...], asked: dict[str, Any]) -> "tuple[SavedRun | None, dict[str, Scenario]]":
    """The arms by name, as they were given, or a scenario and its variants; and where all go on from."""
    from shequn.app.options import resolved_scenario

    twice = {name for name in named if named.count(name) > 1}
    if twice:
        raise UserError(
            _("{arms} is named twice; with the same seeds it does the same").format(
                arms=", ".join(sorted(twice))
            )
        )
    if any(is_state(name) for name in named):
        return branches(named, asked)
    if len(named) == 1:
        named = (*named, *_variants(named[0]))
    return None, {name: resolved_scenario(name, **asked) for name in named}


def _variants(named: str) -> list[str]:
    """The other variants of a scenario, by their full names."""
    from shequn.sim.scenario import Scenario
    from shequn.sim.scenario.places import split_variant

    name, variant = split_variant(named)
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
    from shequn.experiments.designs.responses import response

    shortest = min(scenario.days for scenario in arms.values())
    try:
        named = tuple(dict.fromkeys(response(text, shortest) for text in responses or RESPONSES))
    except ValueError as error:
        raise UserError(_("--response: {error}").format(error=error)) from None
    first = next(iter(arms.values()))
    return Question(arms, named, runs, first.seed, until, assumed, past)


def _folder(question: "Question") -> Path:
    """A folder named by all that the answer depends on."""
    import json

    from shequn.experiments.sweeps.plan import provenance
    from shequn.sim.results.folder import folder_name, run_key

    name = folder_name("-".join(question.arms))
    return Path("results") / "compare" / name / run_key(json.dumps(question.inputs()), *provenance().values())


def _begin(question: "Question", final: Path) -> tuple[dict[str, Any], CarryOut]:
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
    found = [
        (
            row,
            Difference(
                row["n"], row["mean_a"], row["mean_b"], row["difference"], *(row[key] for key in _REST)
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
            _("pairing gains"): gain(d),
        }
        for row, d in found
    )
    click.echo(
        _("A = {a}, {n} pairs of runs (* = the interval leaves out 0)").format(
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

    from shequn.app.answers.comparison import NAMED

    rows = pd.read_parquet(table)
    shown = rows[rows["response"] == response].head(NAMED).drop(columns=["response", "largest"])
    click.echo(
        _("B - A in {response} with half of an assumed number, and with one and a half").format(
            response=response
        )
    )
    click.echo("\n" + format_table(shown, float_format="{:.4g}".format))
    click.echo()


_REST = ("low", "high", "sd", "b_higher", "equal", "reduction", "reduction_low", "reduction_high")
