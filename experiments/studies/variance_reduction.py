"""Variance reduction by pairing: the variance of a difference with independent runs over that with the same seeds.

Three questions in worlds fixed beforehand (``variance_reduction.yaml``), then every shipped variant against its
scenario. The ratio is the factor by which more independent runs would be needed for the same interval; its own
interval is from a percentile bootstrap over pairs.

``python -m shequn.experiments.studies.variance_reduction`` prints the table; ``--pairs`` and ``--shipped-pairs`` say
how many pairs (0: none), ``--days`` shortens the shipped scenarios, ``--jobs`` names the processes.
"""

import math
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from shequn.experiments.comparison.comparison import differences
from shequn.experiments.comparison.paired import Difference
from shequn.experiments.comparison.question import ArmComparison, Question
from shequn.experiments.designs.responses import response
from shequn.sim.presentation.formats import number
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.locations import shipped

FILE = Path(__file__).with_name("variance_reduction.yaml")

#: Two arms (variants of the file, or its base) and the response that is compared.
QUESTIONS = (
    ("open", "gated", "temperature@180"),
    ("quota-5", "quota-20", "members@180"),
    ("openness-20", "openness-60", "evaporation"),
)
#: Responses of every shipped variant.
OF_VARIANTS = ("end", "temperature_end")


def fixed(pairs: int | None = None) -> Iterator[Question]:
    """The three questions, with as many pairs as the file has runs unless another number is given."""
    for a, b, named in QUESTIONS:
        arms = {name: Scenario.load(FILE, None if name == "open" else name) for name in (a, b)}
        base = arms[a]
        yield Question(arms, (response(named, base.days),), pairs or base.runs, base.seed)


def of_variants(pairs: int, days: int | None = None) -> Iterator[Question]:
    """A question for each shipped scenario with variants, about all of them; runs last at most ``days`` days."""
    for name in shipped():
        base = Scenario.load(name)
        if base.variants:
            named: dict[str, str | None] = {name: None, **{f"{name}:{v}": v for v in base.variants}}
            arms = {label: Scenario.load(name, variant) for label, variant in named.items()}
            if days is not None:
                arms = {k: s.with_({"days": min(days, s.days)}) for k, s in arms.items()}
            responses = tuple(response(text, base.days) for text in OF_VARIANTS)
            yield Question(arms, responses, pairs, base.seed)


def answer(question: Question, jobs: int | None = None) -> list[ArmComparison]:
    """Run a question and return its differences; nothing is stored."""
    with tempfile.TemporaryDirectory() as folder:
        return differences(question, Path(folder), "processes" if jobs != 1 else "here", jobs)


def _ratio(found: Difference) -> str:
    """Format the factor by which pairing reduces the variance, with its interval."""
    if math.isnan(found.reduction):
        return "unknown"
    if math.isinf(found.reduction):
        return "exact"
    return f"{found.reduction:.1f} ({found.reduction_low:.1f}–{found.reduction_high:.1f})"


@click.command()
@click.option(
    "--pairs", type=click.IntRange(0), default=40, show_default=True, help="Of the three questions."
)
@click.option("--shipped-pairs", type=click.IntRange(0), default=40, show_default=True, help="Of variants.")
@click.option("--days", type=click.IntRange(1), help="Longest run of a shipped scenario.")
@click.option("--jobs", type=click.IntRange(1), help="Processes; default: all processors.")
def main(pairs: int, shipped_pairs: int, days: int | None, jobs: int | None) -> None:
    """Print the variance reduction for each pair of arms."""
    questions = [
        *(fixed(pairs) if pairs else ()),
        *(of_variants(shipped_pairs, days) if shipped_pairs else ()),
    ]
    click.echo("| A | B | response | pairs | B − A, 95 % | independent : paired, 95 % |")
    click.echo("| --- | --- | --- | --- | --- | --- |")
    for question in questions:
        for a, b, named, found in answer(question, jobs):
            shown = " … ".join(number(x, found.half_width) for x in (found.low, found.high))
            click.echo(f"| {a} | {b} | {named} | {found.n} | {shown} | {_ratio(found)} |")


if __name__ == "__main__":
    main()
