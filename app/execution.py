"""Options and messages of the commands that make many runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

import click

from shequn.app.interrupts import INTERRUPTED
from shequn.app.output import note
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.experiments.designs.design import Design

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--out", metavar="DIR", type=click.Path(path_type=Path), help="Folder to write; default: in results/."
    ),
    click.option(
        "--jobs", metavar="N", type=click.IntRange(1, 1024), help="Processes; default: all processors."
    ),
    click.option(
        "--on",
        metavar="PLACE",
        default="processes",
        show_default=True,
        help="ExecutionOptions runs are made: processes, here (one process), dask:ADDRESS or mpi.",
    ),
    click.option("--force", is_flag=True, help="Throw away what is there and begin anew."),
    click.option("--csv", is_flag=True, help="Write the tables as CSV too."),
)

#: Writes the folder, given `Watch`, place, processes, whether as CSV too and whether anew; returns remarks.
CarryOut = Callable[..., list[str]]


class ExecutionOptions(NamedTuple):
    """Values of `where_options`."""

    out: Path | None
    jobs: int | None
    on: str
    force: bool
    csv: bool


def where_options(command: Command) -> Command:
    """Add the options ``--out``, ``--jobs``, ``--on``, ``--force`` and ``--csv``: the fields of `Where`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def make(
    final: Path, where: ExecutionOptions, begin: Callable[[], tuple[dict[str, Any], CarryOut]], there: str
) -> None:
    """Make results and keep them in ``final``, unless exactly these are there; with a bar of progress.

    Parameters
    ----------
    final : Path
        Their folder.
    where : Where
    begin : callable
        Gives all that the results depend on, and what makes them. Called late, for what it imports.
    there : str
        What is said when they are there.

    Raises
    ------
    Fault
        They cannot be made; the message says why, and what was kept.
    SystemExit
        The command was interrupted.
    """
    try:
        with show_user_errors(), show_failures(final):
            _make(final, where, begin, there)
    except KeyboardInterrupt:
        interrupted(final)


def _make(
    final: Path, where: ExecutionOptions, begin: Callable[[], tuple[dict[str, Any], CarryOut]], there: str
) -> None:
    from shequn.app.progress import Runs
    from shequn.experiments.replicates.replicates import add_csv
    from shequn.experiments.sweeps.folder import is_there

    asked, carry_out = begin()
    if not where.force and is_there(final, asked):
        click.echo(there, err=True)
        if where.csv:
            add_csv(final)
        return
    with Runs() as bar:

        def watch(runs: int, n_finished: int) -> Runs:
            bar.begin(runs, n_finished)
            return bar

        remarks = carry_out(watch, where.on, where.jobs, where.csv, anew=where.force)
    for remark in remarks:
        note(remark)


def named_design(named: str) -> "Design":
    """The design of a name or path, read and checked; notes about it go to stderr.

    Raises
    ------
    Fault
        It cannot be used.
    """
    with show_user_errors():
        from shequn.experiments.designs.reading import read_design

        found = read_design(named)
    for remark in found.notes:
        note(remark)
    return found


@contextmanager
def show_failures(final: Path) -> Iterator[None]:
    """Turn what can go wrong with making and keeping runs into a `Fault`."""
    from concurrent.futures import BrokenExecutor

    from shequn.experiments.sweeps.executors import ExecutorError
    from shequn.experiments.sweeps.plan import MismatchError
    from shequn.sim.graphs.graph import GraphError
    from shequn.sim.results.folder import InUseError, out_of_room

    try:
        yield
    except (ExecutorError, MismatchError, InUseError, GraphError) as error:
        raise UserError(str(error)) from None
    except BrokenExecutor as error:
        raise UserError(
            _("the workers are gone ({error}); the same command goes on").format(error=error)
        ) from None
    except MemoryError:
        raise UserError(_("there is not enough memory; take fewer processes (--jobs)")) from None
    except OSError as error:
        if not out_of_room(error):
            raise
        raise UserError(
            _(
                "the disk is full. Make room; the same command goes on after the runs that finished "
                "({parent})"
            ).format(parent=final.parent)
        ) from None


def interrupted(final: Path) -> NoReturn:
    """Say how to go on, and end as an interrupted program does."""
    from shequn.experiments.sweeps.folder import kept
    from shequn.sim.results.folder import unfinished_folder

    words = (
        _("Interrupted: no result was written. The same command goes on after the runs that finished.")
        if kept(unfinished_folder(final))
        else _("Interrupted: no result was written. The same command starts again.")
    )
    click.echo("\n" + words, err=True)
    raise SystemExit(INTERRUPTED)
