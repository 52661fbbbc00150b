"""The command `compare`."""

from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from shequn.app.branches import branches, is_state, pairs_of_states
from shequn.app.execution import ExecutionOptions, MakeResults, execution_options, make
from shequn.app.output import format_table, list_results, read_parquet
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.language import _

if TYPE_CHECKING:
    import pandas as pd

    from shequn.experiments.comparison.question import Question
    from shequn.experiments.designs.responses import Response
    from shequn.experiments.replicates.saved_run import SavedRun
    from shequn.sim.scenario import Scenario
    from shequn.sim.scenario.question import Question as ScenarioQuestion

PAIRS = 60  # unless another number is asked for
_MOST_STATED = 4  # responses in a sentence


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
    help="What is compared: a column of `runs`, of `days` at a day (temperature@180), or of what the scenario "
    "names (spaces.hall.retention); may be repeated.",
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
    """Compare B (and more) with A, run by run; if only A is given, compare its variants with it.

    Each is SCENARIO or SCENARIO:VARIANT, or STATE or STATE:VARIANT with a saved run's folder (`run
    --save`): then all continue from the same states. SCENARIO:VARIANT alone is compared with SCENARIO. The
    same people have the same luck in every arm, so a difference is caused by the scenario, and fewer runs
    are needed to show it. The answer is a sentence for each arm, what it costs, how sure it is and what
    it depends on.
    """
    scenario_changes: dict[str, Any] = {"assignments": assignments, "days": days, "seed": seed}
    past, arms, asked = _arms(scenarios, scenario_changes)
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
    question = question_of(arms, asked, responses, pairs, until, min(assumed or 0, pairs), past)
    where = ExecutionOptions(**execution)
    final = where.out or folder_of(question)
    already_made = _("This comparison already exists (--force runs it again).")
    make(final, where, partial(begin, question, final), already_made)
    _show(final)


class Asked(NamedTuple):
    """The scenario whose question is answered: its title, and what the question says."""

    title: str
    question: "ScenarioQuestion | None"


def _arms(
    names: tuple[str, ...], scenario_changes: dict[str, Any]
) -> "tuple[SavedRun | None, dict[str, Scenario], Asked]":
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
        past, arms = branches(names, scenario_changes)
        base = past.settings()
        return past, arms, Asked(base.title, base.question)
    from shequn.sim.scenario import Scenario
    from shequn.sim.scenario.locations import split_variant

    file = split_variant(names[0])[0]
    with show_user_errors():
        base = Scenario.load(file)
    if len(names) == 1:
        names = _with_others(names[0], base)
    asked = Asked("", None)
    if len({split_variant(name)[0] for name in names}) == 1:
        asked = Asked(base.title, base.question)
    return None, {name: resolved_scenario(name, **scenario_changes) for name in names}, asked


def _with_others(argument: str, base: "Scenario") -> tuple[str, ...]:
    """The arms of one argument: a variant after its scenario, or a scenario before the arms of its question."""
    from shequn.sim.scenario.locations import split_variant

    name, variant = split_variant(argument)
    if variant is not None:
        return name, argument
    return name, *(f"{name}:{other}" for other in base.question.arms or base.variants)


def question_of(
    arms: "dict[str, Scenario]",
    asked: Asked,
    responses: tuple[str, ...],
    runs: int,
    until: float | None,
    assumed: int,
    past: "SavedRun | None",
) -> "Question":
    """What is asked of these arms: the responses that were named, or that the question names, or the usual ones."""
    from shequn.app.answers.comparison import HEADLINE
    from shequn.experiments.comparison.curves import curves_of
    from shequn.experiments.comparison.question import Question

    wanted = asked.question.responses if asked.question is not None and not responses else []
    named = _responses(responses, arms, "--response") or _responses(tuple(wanted), arms, "question.responses")
    default = _default_responses(arms)
    headline = named[:_MOST_STATED] or tuple(r for r in default if str(r) in HEADLINE)
    money = tuple(response for response in default if str(response) == "balance")
    return Question(
        arms,
        named if responses else tuple(dict.fromkeys((*named, *default))),
        runs,
        next(iter(arms.values())).seed,
        until,
        assumed,
        past,
        title=asked.title,
        text="" if asked.question is None else str(asked.question),
        headline=tuple(dict.fromkeys((*headline, *money))),
        curves=curves_of(arms.values()),
    )


def _responses(texts: tuple[str, ...], arms: "dict[str, Scenario]", where: str) -> "tuple[Response, ...]":
    """The responses of these names."""
    from shequn.experiments.designs.responses import named_responses, response

    days = min(scenario.days for scenario in arms.values())
    named = named_responses(arms.values())
    try:
        return tuple(dict.fromkeys(response(text, days, named) for text in texts))
    except ValueError as error:
        raise UserError(f"{where}: {error}") from None


def _default_responses(arms: "dict[str, Scenario]") -> "tuple[Response, ...]":
    """What is measured if nobody asks for anything else; money and tasks where there are any."""
    from shequn.experiments.designs.model import RESPONSES
    from shequn.experiments.designs.responses import named_responses
    from shequn.sim.results.key_figures import MONEY

    days = min(scenario.days for scenario in arms.values())
    active = f"active_week@{days}"  # members alone would praise whoever leaves the silent in peace
    money = MONEY if any(scenario.has_money for scenario in arms.values()) else ()
    tasks = (name for name in named_responses(arms.values()) if name.startswith("tasks."))
    return _responses((RESPONSES[0], active, *RESPONSES[1:], *money, *tasks), arms, "--response")


def folder_of(question: "Question") -> Path:
    """A folder named by all that the answer depends on."""
    import json

    from shequn.experiments.sweeps.plan import provenance
    from shequn.sim.results.folder import folder_name, run_key

    name = folder_name("-".join(question.arms))
    return Path("results") / "compare" / name / run_key(json.dumps(question.inputs()), *provenance().values())


def begin(question: "Question", final: Path) -> tuple[dict[str, Any], MakeResults]:
    """What the results depend on, and what makes them."""
    from shequn.app.answers.comparison import present
    from shequn.experiments.comparison.comparison import compare

    return question.inputs(), partial(compare, question, final, present=present)


def _show(final: Path) -> None:
    """The sentences, the table, and where the rest is."""
    import pandas as pd

    from shequn.app.answers.comparison import in_pairs
    from shequn.app.answers.values import value_texts
    from shequn.experiments.comparison.tables import arm_comparisons
    from shequn.experiments.sweeps.folder import INPUTS
    from shequn.sim.presentation.formats import number
    from shequn.sim.results.manifest import read_json

    rows = arm_comparisons(pd.read_parquet(final / "tables" / "comparisons.parquet"))
    failures = pd.read_parquet(final / "tables" / "failures.parquet")
    errors = _standard_errors(pd.read_parquet(final / "tables" / "differences.parquet"))
    click.echo((final / "summary.txt").read_text(encoding="utf-8"))
    several = len({row.b for row in rows}) > 1
    shown = []
    for row in rows:
        d = row.difference
        if d.is_nothing:
            continue
        error_a, error_b = errors[row.b, row.response]
        a, b = value_texts(row.response, d.a, d.b)
        half = f" ± {number(d.half_width, d.half_width)}" if d.n > 1 else ""
        shown.append(
            {
                **({"B": row.b} if several else {}),
                _("response"): row.response,
                "A": f"{number(d.a, error_a)} ± {number(error_a, error_a)}" if error_a else a,
                "B " if several else "B": f"{number(d.b, error_b)} ± {number(error_b, error_b)}"
                if error_b
                else b,
                "B - A": f"{number(d.mean, d.half_width)}{half}",
                "": "*" if d.is_different else "",
                _("B higher"): in_pairs(d),
            }
        )
    a, *others = dict.fromkeys([rows[0].a, *(row.b for row in rows)])
    click.echo(
        _(
            "A = {a}, B = {b}; means ± one standard error; B - A ± half of its 95 % interval (* = it excludes 0)"
        ).format(a=a, b=_(", ").join(others))
    )
    click.echo("\n" + format_table(pd.DataFrame(shown)))
    click.echo()
    if (final / "tables/assumed.parquet").exists():
        for response in read_json(final / INPUTS)["headline"]:
            _show_assumed(final / "tables/assumed.parquet", response)
    for failure in failures.head(5).to_dict("records"):
        click.echo(
            _("A run failed: {arm}, seed {seed}: {message}").format(
                arm=failure["arm"], seed=failure["seed"], message=failure["message"]
            ),
            err=True,
        )
    list_results(
        final,
        tables=read_parquet(final / "tables/comparisons.parquet"),
        figures="figures/*.png, *.svg",
        next=f"shequn report {final.as_posix()}",
    )
    if len(failures):
        click.echo(_("{n} runs failed; their pairs are left out.").format(n=len(failures)), err=True)
        raise SystemExit(1)


def _standard_errors(pairs: "pd.DataFrame") -> dict[tuple[str, str], tuple[float, float]]:
    """Standard errors of the means of A and of B, by arm and response; 0 where all runs agree, or only one is known."""
    known = pairs[pairs["difference"].notna()]
    errors = known.groupby(["b", "response"])[["value_a", "value_b"]].sem().fillna(0.0)
    known_errors = {
        (str(arm), str(response)): (float(a), float(b))
        for (arm, response), a, b in zip(errors.index, errors["value_a"], errors["value_b"], strict=True)
    }
    return defaultdict(lambda: (0.0, 0.0), known_errors)


def _show_assumed(table: Path, response: str) -> None:
    """The assumed numbers that move the difference in a response most."""
    import pandas as pd

    from shequn.app.answers.comparison import N_NAMED
    from shequn.experiments.comparison.assumed import is_known

    rows = pd.read_parquet(table)
    rows = rows[rows["response"] == response]
    unknown = [] if is_known(rows) else ["error", "clear", "turns"]
    shown = rows.head(N_NAMED).drop(columns=["response", "largest", *unknown])
    click.echo(
        _("B - A in {response} with an assumed number at 0.5 and at 1.5 times its value").format(
            response=response
        )
    )
    click.echo("\n" + format_table(shown, float_format="{:.4g}".format))
    click.echo()
