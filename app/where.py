"""Options and messages of the commands that make many runs."""

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from app.faults import Fault
from app.interrupts import INTERRUPTED
from sim.language import _

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
        help="Where runs are made: processes, here (one process), dask:ADDRESS or mpi.",
    ),
    click.option("--force", is_flag=True, help="Throw away what is there and begin anew."),
)


def where_options(command: Command) -> Command:
    """Add ``--out``, ``--jobs``, ``--on`` and ``--force`` to a click command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def needs_package(package: str, extra: str) -> None:
    """See that an optional package is installed.

    Raises
    ------
    Fault
        It is not; the message says how to get it.
    """
    if importlib.util.find_spec(package) is None:
        raise Fault(
            _("this needs the package {package}: pip install 'shequn[{extra}]'").format(
                package=package, extra=extra
            )
        )


@contextmanager
def making_shown(final: Path) -> Iterator[None]:
    """Turn what can go wrong with making and keeping runs into a `Fault`."""
    from concurrent.futures import BrokenExecutor

    from experiments.sweeps.executors import PlaceError
    from experiments.sweeps.plan import MixedError
    from sim.graphs import GraphError
    from sim.results.folder import InUseError, out_of_room

    try:
        yield
    except (PlaceError, MixedError, InUseError, GraphError) as error:
        raise Fault(str(error)) from None
    except BrokenExecutor as error:
        raise Fault(
            _("the workers are gone ({error}); the same command goes on").format(error=error)
        ) from None
    except MemoryError:
        raise Fault(_("there is not enough memory; take fewer processes (--jobs)")) from None
    except OSError as error:
        if not out_of_room(error):
            raise
        raise Fault(
            _(
                "the disk is full. Make room; the same command goes on after the runs that finished "
                "({parent})"
            ).format(parent=final.parent)
        ) from None


def interrupted(final: Path) -> NoReturn:
    """Say how to go on, and end as an interrupted program does."""
    from experiments.sweeps.folder import kept
    from sim.results.folder import unfinished_folder

    words = (
        _("Interrupted: no result was written. The same command goes on after the runs that finished.")
        if kept(unfinished_folder(final))
        else _("Interrupted: no result was written. The same command starts again.")
    )
    click.echo("\n" + words, err=True)
    raise SystemExit(INTERRUPTED)
