"""The command `playbook`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.app.execution import ExecutionOptions, MakeResults, execution_options, make
from shequn.app.output import format_table, list_results, read_parquet
from shequn.app.user_errors import show_user_errors
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.experiments.playbook.study import Study
    from shequn.experiments.sweeps.execution import Watch


@click.command()
@click.option("--quick", is_flag=True, help="Few pairs, in a few minutes; the page is marked so.")
@click.option("--only", metavar="KIND", multiple=True, help="Only this kind, such as chat; may be repeated.")
@click.option("--pairs", metavar="N", type=click.IntRange(2, 100_000), help="Pairs of runs of each lever.")
@click.option(
    "--mix-pairs", metavar="N", type=click.IntRange(0, 100_000), help="Pairs with each other mix of drivers."
)
@execution_options
@click.option("--check", "check_only", is_flag=True, help="Only check the designs and say what would run.")
def playbook(
    quick: bool,
    only: tuple[str, ...],
    pairs: int | None,
    mix_pairs: int | None,
    check_only: bool,
    **execution: Any,
) -> None:
    """Rank the operator's levers in five kinds of community: what to do first, for what.

    Kinds: chat, forum, list, camp, selling-group. Levers are compared with the community as it is, in retention,
    quality, growth and income, in all, per yuan and per hour of the staff's work; with the drivers' mix as shipped,
    and with the weight of each driver raised. All arms of a pair have the same people with the same luck. Intervals
    are corrected for the number of all effects, also with --only. Each finished run is saved at once: interrupted or
    killed, the same command continues.
    """
    with show_user_errors():
        study = _study(quick, only, pairs, mix_pairs)
        runs, mixed = study.plan().runs, study.mixed_plan().runs if study.size.mix_pairs else 0
    text = _("{n} kinds, {n2} levers: {n3:,} runs, and {n4:,} with other mixes of drivers").format(
        n=len(study.chosen), n2=sum(len(kind.levers) for kind in study.chosen), n3=runs, n4=mixed
    )
    if check_only:
        click.echo(text)
        return
    click.echo(text, err=True)
    where = ExecutionOptions(**execution)
    final = where.out or Path("results") / "playbook" / "-".join(
        ["quick" if quick else "full", *sorted(only)]
    )
    already_made = _("This playbook already exists (--force runs everything again).")
    make(final, where, partial(_begin, study, final), already_made)
    _show(final)


def _study(quick: bool, only: tuple[str, ...], pairs: int | None, mix_pairs: int | None) -> "Study":
    from shequn.experiments.playbook.reading import read_playbook
    from shequn.experiments.playbook.study import FULL, QUICK, Study

    size = QUICK if quick else FULL
    size = size._replace(
        pairs=size.pairs if pairs is None else pairs,
        mix_pairs=size.mix_pairs if mix_pairs is None else mix_pairs,
    )
    known = read_playbook()
    return Study(known, known.chosen(only), size)


def _begin(study: "Study", final: Path) -> tuple[dict[str, Any], MakeResults]:
    from shequn.app.playbook_page import present
    from shequn.experiments.playbook.running import rank_levers
    from shequn.experiments.sweeps.studies import Where

    def make_results(watch: "Watch", on: str, jobs: int | None, csv: bool, restart: bool) -> list[str]:
        return rank_levers(study, final, Where(watch, on, jobs, csv, restart), present)

    return study.inputs(), make_results


def _show(final: Path) -> None:
    """What to do first in each kind, and where the rest is."""
    from shequn.app.answers.playbook import Answer
    from shequn.app.answers.playbook_tables import first_table
    from shequn.app.answers.rows import in_words

    answer = Answer.read(final)
    for kind in answer.kinds:
        click.echo(f"{in_words(kind, 'title')}\n{format_table(first_table(answer, kind))}\n")
    list_results(
        final,
        tables=read_parquet(final / "tables" / "ranks.parquet"),
        page="playbook.en.md, playbook.zh.md",
        next=f"shequn report {final.as_posix()}",
    )
