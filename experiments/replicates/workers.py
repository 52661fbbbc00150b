"""Worker processes beside the one that the user started.

A worker does one job at a time and tells how far it is; a pool of the standard library's
(:func:`shequn.sim.processes.pool`) would tell only the end of a job, and wait for it after an interrupt.
"""

import importlib
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Self

from shequn.sim.processes import SPAWNING, begin_worker

#: ``job(*arguments, progress)``: importable by its name, with arguments that can be pickled.
Job = Callable[..., None]


class WorkerDiedError(RuntimeError):
    """A worker process ended in the middle of a job."""


def _work(connection: Connection, modules: tuple[str, ...]) -> None:
    """Life of a worker: take a job, tell how it goes, and how it ended."""
    begin_worker()
    for name in modules:
        importlib.import_module(name)

    def progress(*told: Any) -> None:
        connection.send(("progress", told))

    try:
        while True:
            job, arguments = connection.recv()
            try:
                job(*arguments, progress)
            except Exception as error:
                connection.send(("failed", error))
            else:
                connection.send(("done", None))
    except (EOFError, OSError):
        pass  # the first process has ended


class Workers:
    """Worker processes, started at once and ended with the block.

    Parameters
    ----------
    count : int
        How many; with 0 every method is there and does nothing.
    progress : callable
        Called here with what jobs tell.
    modules : str
        What a worker imports at once, before it has a job.
    """

    def __init__(self, count: int = 0, progress: Callable[..., None] = print, *modules: str) -> None:
        self._progress = progress
        self._processes: list[Any] = []
        self._idle: list[Connection] = []
        self._busy: list[Connection] = []
        for _ in range(count):
            here, there = SPAWNING.Pipe()
            process = SPAWNING.Process(target=_work, args=(there, modules), daemon=True)
            process.start()
            there.close()  # so that the worker's end shows here
            self._processes.append(process)
            self._idle.append(here)

    @property
    def n_idle(self) -> int:
        """Workers that wait for a job."""
        return len(self._idle)

    def begin(self, job: Job, *arguments: Any) -> None:
        """Give the job to an idle worker (there must be one)."""
        connection = self._idle.pop()
        self._busy.append(connection)
        try:
            connection.send((job, arguments))
        except OSError:
            raise WorkerDiedError from None

    def listen(self, timeout: float | None = 0.0) -> None:
        """Hear what was told meanwhile; with a timeout, wait so many seconds (None: any time) for it.

        Raises
        ------
        WorkerDiedError
            A worker is no more.
        Exception
            What a job failed with.
        """
        heard: list[Any] = wait(self._busy, timeout) if self._busy else []
        for connection in heard:
            try:
                kind, value = connection.recv()
            except (EOFError, OSError):
                raise WorkerDiedError from None
            if kind == "failed":
                raise value
            if kind == "progress":
                self._progress(*value)
            else:
                self._busy.remove(connection)
                self._idle.append(connection)

    def finish(self) -> None:
        """Wait until every job is done; raises as :meth:`listen`."""
        while self._busy:
            self.listen(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.join()
