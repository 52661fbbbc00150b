"""The command `discover`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.app.execution import show_failures
from shequn.app.finished_runs import finished_run
from shequn.app.output import list_results, note, read_parquet
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.extras import require
from shequn.sim.language import _
from shequn.sim.text_width import fold

if TYPE_CHECKING:
    from shequn.app.report.result_folder import ResultFolder
    from shequn.experiments.discovery.cases import Cases, Outcome

_WIDTH = 88  # columns of the summary


@click.command()
@click.argument("results", metavar="RESULTS", type=click.Path(path_type=Path))
@click.argument("outcome", metavar="OUTCOME")
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder to write; default: a folder in results/discovery.",
)
@click.option("--force", is_flag=True, help="Delete earlier results and start again.")
def discover(results: Path, outcome: str, out: Path | None, force: bool) -> None:
    """Say for which parameter sets of a finished sweep an OUTCOME was found.

    RESULTS is the folder of a sweep or sensitivity analysis. OUTCOME is a bound on one of its responses, such
    as "end>=100" or "evaporation<=-0.05": it counts for a parameter set if the mean over its runs keeps it.

    The answer is boxes: ranges of at most three factors in which the outcome is found more often than
    elsewhere (scenario discovery, with CART). A box is only shown if reshuffled outcomes rarely give one as
    good. Sweeps over ranges (design: sobol or latin_hypercube) suit it best.
    """
    require("discover")
    with show_user_errors():
        folder = _sweep(results)
        rows = folder.table("responses")
    wanted, cases = _cases(rows, outcome)
    inputs = {"results": folder.manifest["sha256"]["tables/responses.parquet"], "outcome": str(wanted)}
    final = out or _default_folder(folder, inputs)
    with show_user_errors(), show_failures(final):
        _make(final, inputs, wanted, cases, force)
    click.echo((final / "summary.txt").read_text(encoding="utf-8"))
    list_results(
        final,
        tables=f"tables/boxes.csv   {read_parquet(final / 'tables/boxes.parquet')}",
        figure="figures/boxes.png, .svg",
    )


def _sweep(path: Path) -> "ResultFolder":
    """The finished sweep in a folder."""
    from shequn.app.report.result_folder import SENSITIVITY, SWEEP, ResultFolder, UnknownFolderError

    folder = finished_run(path)
    try:
        contents = ResultFolder(folder)
    except UnknownFolderError as error:
        raise UserError(str(error)) from None
    if contents.kind not in (SWEEP, SENSITIVITY):
        text = _("{folder} is no sweep and no sensitivity analysis: boxes need many parameter sets")
        raise UserError(text.format(folder=folder))
    return contents


def _cases(rows: Any, text: str) -> "tuple[Outcome, Cases]":
    from shequn.experiments.discovery.boxes import NothingToFindError
    from shequn.experiments.discovery.cases import cases_of, outcome

    try:
        wanted = outcome(text, rows)
        return wanted, cases_of(rows, wanted)
    except NothingToFindError as error:
        raise UserError(str(error)) from None
    except ValueError as error:
        raise UserError(f"OUTCOME: {error}") from None


def _default_folder(folder: "ResultFolder", inputs: dict[str, str]) -> Path:
    """A folder named by all that the answer depends on."""
    from shequn.experiments.sweeps.plan import provenance
    from shequn.sim.results.folder import folder_name, run_key

    name = folder_name(folder.folder.resolve().name)
    return Path("results") / "discovery" / name / run_key(*inputs.values(), *provenance().values())


def _make(final: Path, inputs: dict[str, str], wanted: "Outcome", cases: "Cases", force: bool) -> None:
    """Find the boxes and write the folder, complete or not at all, unless the same results already exist."""
    from shequn.app.answers.discovery import sentences
    from shequn.app.figures.discovery import draw_boxes
    from shequn.experiments.discovery.boxes import discover
    from shequn.experiments.discovery.tables import write_boxes
    from shequn.experiments.replicates.replicates import add_csv
    from shequn.experiments.sweeps.folder import holds_results, writing
    from shequn.sim.results.manifest import write_manifest

    if not force and holds_results(final, inputs):
        click.echo(_("These boxes already exist (--force looks for them again)."), err=True)
        return
    found = discover(cases.factors, cases.has)
    with writing(final, inputs, restart=True) as folder:
        write_boxes(folder, found)
        add_csv(folder)
        lines = [line for text in sentences(wanted, found, cases.unknown) for line in fold(text, _WIDTH)]
        text = "\n".join(lines) + "\n"
        (folder / "summary.txt").write_text(text, encoding="utf-8", newline="\n")
        remarks = draw_boxes(folder / "figures", cases, found)
        write_manifest(folder, title=str(wanted), boxes=len(found.boxes))
    for remark in remarks:
        note(remark)
