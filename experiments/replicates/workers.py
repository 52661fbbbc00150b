"""Worker processes besides the main process.

A worker does one job at a time and reports its progress. A pool of the standard library
(:func:`shequn.sim.processes.pool`) reports only the end of a job, and waits for it after an interrupt.
"""

import importlib
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Self

from shequn.sim.processes import SPAWNING, begin_worker

#: ``job(*arguments, progress)``: importable by name, with arguments that can be pickled.
Job = Callable[..., None]


class WorkerDiedError(RuntimeError):
    """A worker process ended during a job."""


def _work(connection: Connection, modules: tuple[str, ...]) -> None:
    """The main loop of a worker: take a job, report its progress, report how it ended."""
    begin_worker()
    for name in modules:
        importlib.import_module(name)

    def progress(*values: Any) -> None:
        connection.send(("progress", values))

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
        pass  # the main process has ended


class Workers:
    """Worker processes that start immediately and end with the ``with`` block.

    Parameters
    ----------
    count : int
        Number of workers; with 0, methods do nothing.
    progress : callable
        Called in this process with the progress that jobs report.
    modules : str
        Modules that a worker imports immediately, before its first job.
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
            there.close()  # so that this process notices when the worker ends
            self._processes.append(process)
            self._idle.append(here)

    @property
    def n_idle(self) -> int:
        """Number of workers that wait for a job."""
        return len(self._idle)

    def begin(self, job: Job, *arguments: Any) -> None:
        """Give a job to an idle worker; there must be one."""
        connection = self._idle.pop()
        self._busy.append(connection)
        try:
            connection.send((job, arguments))
        except OSError:
            raise WorkerDiedError from None

    def listen(self, timeout: float | None = 0.0) -> None:
        """Process the workers' messages, waiting up to ``timeout`` seconds (None: without limit) for one.

        Raises
        ------
        WorkerDiedError
            A worker has ended.
        Exception
            The exception of a job that failed.
        """
        ready: list[Any] = wait(self._busy, timeout) if self._busy else []
        for connection in ready:
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
        """Wait until every job is finished; raises the exceptions of :meth:`listen`."""
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
