"""The command `reproduce`."""

import tempfile
from pathlib import Path

import click

from shequn.app.finished_runs import finished_run
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.language import _, plural


@click.command()
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1, 1024), default=1, show_default=True, help="Processes."
)
def reproduce(run: Path, jobs: int) -> None:
    """Make a finished run again from its manifest, and compare the bytes.

    RUN is the run's folder, or a scenario's folder of results, of which the latest run is taken. The run is made
    again in a temporary folder; nothing in RUN changes. Exit code 0: every table is the same. 1: some differ; it
    says which, where, and how this machine differs from that of the run. 2: it cannot be made again here; it says
    why.
    """
    with show_user_errors():
        folder = finished_run(run).resolve()
        differs = _compare(folder, jobs)
    if differs:
        raise SystemExit(1)


def _compare(folder: Path, jobs: int) -> bool:
    from shequn.app.progress import Bar
    from shequn.experiments.replicates.reproducing import CannotReproduceError, recipe, reproduce
    from shequn.experiments.replicates.workers import WorkerDiedError, Workers
    from shequn.sim.graphs.graph import GraphError
    from shequn.sim.running import simulate
    from shequn.sim.saving.state_file import StateError

    try:
        made_from = recipe(folder)
        scenario, course, _manifest = made_from
        with (
            tempfile.TemporaryDirectory(prefix="shequn-") as place,
            Bar(scenario.runs, course.last_day(scenario), course.branching_day or 0) as bar,
            Workers(min(jobs, scenario.runs) - 1, bar) as workers,
        ):
            found = reproduce(folder, made_from, Path(place) / folder.name, simulate, bar, workers)
    except CannotReproduceError as error:
        reasons = "".join(f"\n  {reason}" for reason in error.reasons)
        raise UserError(
            _("{folder} cannot be made again here:{reasons}").format(folder=folder, reasons=reasons)
        ) from None
    except (GraphError, StateError, WorkerDiedError) as error:
        raise UserError(str(error)) from None
    n = len(found.same)
    if not found.differing:
        click.echo(
            plural(
                "Reproduced: {n} file of {folder} is the same to the byte.",
                "Reproduced: all {n} files of {folder} are the same to the byte.",
                n,
            ).format(n=n, folder=folder)
        )
        return False
    click.echo(_("Not reproduced: of {folder} differ").format(folder=folder))
    for name, where in found.differing.items():
        click.echo(f"  {name}: {where}")
    if found.elsewhere:
        click.echo(
            _("The run was made elsewhere: {differences}").format(differences=", ".join(found.elsewhere))
        )
    return True
