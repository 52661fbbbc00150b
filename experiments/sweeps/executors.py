"""Executors of runs, from one process to a cluster, with the interface of ``concurrent.futures``."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any, NamedTuple

from shequn.agents.compiled import source_digest
from shequn.sim.extras import EXTRAS, require
from shequn.sim.language import _
from shequn.sim.processes import pool, processors

#: The values of ``--on``.
PLACES = ("processes", "here", "dask:ADDRESS", "mpi")


class ExecutorError(ValueError):
    """Runs cannot be executed in the requested place; the message says why."""


class Backend(NamedTuple):
    """An executor, and the number of runs that it performs at the same time."""

    executor: Executor
    width: int


class InProcess(Executor):
    """Performs each run immediately, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Call ``fn`` now; the future is done when this returns."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # stored in the future, as by every executor
            future.set_exception(error)
        return future


@contextlib.contextmanager
def executor(on: str = "processes", jobs: int | None = None) -> Iterator[Backend]:
    """The executor that ``on`` names, shut down after the block.

    Parameters
    ----------
    on : str
        ``processes`` of this machine, ``here`` (this process), ``dask:ADDRESS`` (a scheduler of
        dask.distributed), ``mpi`` (the other ranks of ``mpiexec -n N python -m mpi4py.futures``).
    jobs : int, optional
        Number of processes; default: all processors.

    Raises
    ------
    ExecutorError
        There is no such place, or nothing answers there.
    """
    check_backend(on)
    if on == "here":
        yield Backend(InProcess(), 1)
    elif on == "processes":
        yield from _processes(jobs or processors())
    elif on == "mpi":
        yield from _mpi()
    else:
        yield from _dask(on.partition(":")[2])


def check_backend(on: str) -> None:
    """Check the value of ``--on``, and that the package it needs is installed.

    Raises
    ------
    ExecutorError
        There is no such place.
    MissingExtraError
        Its package is not installed.
    """
    kind, __, address = on.partition(":")
    if on not in PLACES[:2] and on != "mpi" and not (kind == "dask" and address):
        raise ExecutorError(
            _("runs cannot be executed on {on!r} (allowed: {places})").format(on=on, places=", ".join(PLACES))
        )
    if kind in EXTRAS:
        require(kind)


def _processes(jobs: int) -> Iterator[Backend]:
    workers = pool(jobs)
    try:
        yield Backend(workers, jobs)
    finally:
        workers.shutdown(cancel_futures=True)


def _dask(address: str) -> Iterator[Backend]:
    from distributed import Client

    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise ExecutorError(
            _("no dask scheduler answers at {address}: {error}").format(address=address, error=error)
        ) from None
    with client:
        width = sum(client.nthreads().values())
        if not width:
            raise ExecutorError(_("the dask scheduler at {address} has no workers").format(address=address))
        try:
            client.submit(source_digest, pure=False).result()
        except Exception as error:  # any fault between this process and the workers
            raise ExecutorError(
                _(
                    "scheduler or workers at {address} cannot import shequn: "
                    "start them where it is installed ({name})"
                ).format(address=address, name=type(error).__name__)
            ) from None
        # pure=False: equal calls are separate runs, whose results are not cached by the scheduler
        with client.get_executor(pure=False) as pool:
            yield Backend(pool, width)


def _mpi() -> Iterator[Backend]:
    from mpi4py import MPI
    from mpi4py.futures import MPIPoolExecutor

    ranks = MPI.COMM_WORLD.Get_size()
    if ranks < 2:
        raise ExecutorError(
            _(
                "mpi needs at least two ranks; start with: mpiexec -n 3 python -m mpi4py.futures -m shequn.app.cli "
                "sweep DESIGN --on mpi"
            )
        )
    with MPIPoolExecutor() as pool:
        yield Backend(pool, ranks - 1)
