"""Options and messages of commands that make many runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

import click

from shequn.app.interrupts import exit_code
from shequn.app.output import note
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.experiments.designs.design import Design

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--out",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Folder to write; default: a folder in results/.",
    ),
    click.option(
        "--jobs", metavar="N", type=click.IntRange(1, 1024), help="Processes; default: all processors."
    ),
    click.option(
        "--on",
        metavar="PLACE",
        default="processes",
        show_default=True,
        help="Where to run: processes, here (one process), dask:ADDRESS or mpi.",
    ),
    click.option("--force", is_flag=True, help="Delete earlier results and start again."),
    click.option("--csv", is_flag=True, help="Write the tables as CSV too."),
)

#: Writes a folder and returns remarks; takes ``watch``, place, processes, ``csv`` and ``restart``.
MakeResults = Callable[..., list[str]]


class ExecutionOptions(NamedTuple):
    """Values of the options that `execution_options` adds."""

    out: Path | None
    jobs: int | None
    on: str
    force: bool
    csv: bool


def execution_options(command: Command) -> Command:
    """Add ``--out``, ``--jobs``, ``--on``, ``--force`` and ``--csv``, the fields of `ExecutionOptions`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def make(
    final: Path,
    where: ExecutionOptions,
    begin: Callable[[], tuple[dict[str, Any], MakeResults]],
    already_made: str,
) -> None:
    """Make results and write them to ``final``, with a progress bar, unless the same results already exist.

    Parameters
    ----------
    final : Path
        Folder of the results.
    where : ExecutionOptions
    begin : callable
        Returns everything that the results depend on, and the function that makes them. It is called late
        because its imports are slow.
    already_made : str
        Message if the results already exist.

    Raises
    ------
    UserError
        The results cannot be made; the message says why, and how to continue.
    SystemExit
        The command was interrupted.
    """
    try:
        with show_user_errors(), show_failures(final):
            _make(final, where, begin, already_made)
    except KeyboardInterrupt:
        exit_interrupted(final)


def _make(
    final: Path,
    where: ExecutionOptions,
    begin: Callable[[], tuple[dict[str, Any], MakeResults]],
    already_made: str,
) -> None:
    from shequn.app.progress import Runs
    from shequn.experiments.replicates.replicates import add_csv
    from shequn.experiments.sweeps.folder import holds_results

    inputs, make_results = begin()
    if not where.force and holds_results(final, inputs):
        click.echo(already_made, err=True)
        if where.csv:
            add_csv(final)
        return
    with Runs() as bar:

        def watch(runs: int, n_finished: int) -> Runs:
            bar.begin(runs, n_finished)
            return bar

        remarks = make_results(watch, where.on, where.jobs, where.csv, restart=where.force)
    for remark in remarks:
        note(remark)


def named_design(name_or_path: str) -> "Design":
    """Read and check a design; notes about it go to stderr.

    Raises
    ------
    UserError
        The design cannot be used.
    """
    with show_user_errors():
        from shequn.experiments.designs.reading import read_design

        design = read_design(name_or_path)
    for remark in design.notes:
        note(remark)
    return design


@contextmanager
def show_failures(final: Path) -> Iterator[None]:
    """Turn failures to make or write runs into a `UserError`."""
    from concurrent.futures import BrokenExecutor

    from shequn.experiments.sweeps.executors import ExecutorError
    from shequn.experiments.sweeps.plan import MismatchError
    from shequn.sim.graphs.graph import GraphError
    from shequn.sim.results.folder import InUseError, is_disk_full

    try:
        yield
    except (ExecutorError, MismatchError, InUseError, GraphError) as error:
        raise UserError(str(error)) from None
    except BrokenExecutor as error:
        raise UserError(
            _("the workers have stopped ({error}); the same command continues").format(error=error)
        ) from None
    except MemoryError:
        raise UserError(_("there is not enough memory; use fewer processes (--jobs)")) from None
    except OSError as error:
        if not is_disk_full(error):
            raise
        raise UserError(
            _(
                "the disk is full ({parent}). Free some space; the same command continues after the finished "
                "runs"
            ).format(parent=final.parent)
        ) from None


def exit_interrupted(final: Path) -> NoReturn:
    """Print how to continue, and exit with the code of an interrupted program."""
    from shequn.experiments.sweeps.folder import holds_runs
    from shequn.sim.results.folder import unfinished_folder

    message = (
        _("Interrupted: no result was written. The same command continues after the finished runs.")
        if holds_runs(unfinished_folder(final))
        else _("Interrupted: no result was written. The same command starts from the beginning.")
    )
    click.echo("\n" + message, err=True)
    raise SystemExit(exit_code())
