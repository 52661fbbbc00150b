"""The command `claims`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.app.execution import ExecutionOptions, MakeResults, execution_options, make
from shequn.app.output import format_table, list_results, read_parquet
from shequn.app.user_errors import show_user_errors
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.experiments.claims.study import Study


@click.command()
@click.option("--quick", is_flag=True, help="Few pairs and draws, in three minutes; verdicts are marked so.")
@click.option("--only", metavar="CLAIM", multiple=True, help="Only this claim, such as c05; may be repeated.")
@click.option(
    "--data",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the real graph email-eu-core.txt; without it a small one takes its place.",
)
@click.option("--pairs", metavar="N", type=click.IntRange(2, 100_000), help="Pairs of runs in each setting.")
@click.option("--draws", metavar="N", type=click.IntRange(0, 100_000), help="Draws of the assumed numbers.")
@click.option("--draw-pairs", metavar="N", type=click.IntRange(1, 1000), help="Pairs of runs in each draw.")
@execution_options
@click.option("--check", "check_only", is_flag=True, help="Only check the designs and say what would run.")
def claims(
    quick: bool,
    only: tuple[str, ...],
    data: Path | None,
    pairs: int | None,
    draws: int | None,
    draw_pairs: int | None,
    check_only: bool,
    **execution: Any,
) -> None:
    """Put the claims C1 to C35 of the articles to the test, and say which hold.

    Each claim is tried in four communities: an article's own case, the default forum, a real graph, and a
    community fitted to a real log. All arms of a pair have the same people with the same luck. All assumed
    numbers are moved at once within ± 50 %. Intervals are corrected for their number, that of all claims, also
    with --only. Each finished run is saved at once: interrupted or killed, the same command continues.
    """
    with show_user_errors():
        study = _study(quick, only, data, pairs, draws, draw_pairs)
        cells = study.cells
    runs = sum(len(cell.arms) for cell in cells)
    size = study.size
    text = _("{n} claims, {n2} settings: {n3:,} runs, and {n4:,} with other assumed numbers").format(
        n=len(study.chosen), n2=len(cells), n3=runs * size.pairs, n4=runs * size.draws * size.draw_pairs
    )
    if check_only:
        click.echo(text)
        return
    click.echo(text, err=True)
    where = ExecutionOptions(**execution)
    final = where.out or Path("results") / "claims" / _name(quick, only)
    already_made = _("These verdicts already exist (--force runs everything again).")
    make(final, where, partial(_begin, study, final), already_made)
    _show(final)


def _name(quick: bool, only: tuple[str, ...]) -> str:
    """Name of the folder of results: ``full``, ``quick``, ``quick-c05-c22``."""
    return "-".join(["quick" if quick else "full", *sorted(name.lower() for name in only)])


def _study(
    quick: bool,
    only: tuple[str, ...],
    data: Path | None,
    pairs: int | None,
    draws: int | None,
    draw_pairs: int | None,
) -> "Study":
    from shequn.experiments.claims.reading import read_claims
    from shequn.experiments.claims.study import FULL, QUICK, Study

    size = QUICK if quick else FULL
    size = size._replace(
        pairs=size.pairs if pairs is None else pairs,
        draws=size.draws if draws is None else draws,
        draw_pairs=size.draw_pairs if draw_pairs is None else draw_pairs,
    )
    all_claims = read_claims()
    return Study(all_claims, all_claims.chosen(only), data, size)


def _begin(study: "Study", final: Path) -> tuple[dict[str, Any], MakeResults]:
    from shequn.app.claims_page import present
    from shequn.experiments.claims.running import try_claims

    return study.inputs(), partial(try_claims, study, final, present=present)


def _show(final: Path) -> None:
    """The verdicts in a table, and where the rest is."""
    from shequn.app.answers.claims import Answer, summary_table

    answer = Answer.read(final)
    click.echo(format_table(summary_table(answer)))
    list_results(
        final,
        tables=read_parquet(final / "tables" / "claims.parquet"),
        page="claims.en.md, claims.zh.md",
        next=f"shequn report {final.as_posix()}",
    )
