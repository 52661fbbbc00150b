"""Worker processes: how they are started, and how they end with their parent.

Everything that uses several processes (replicates, sweeps, calibration) starts them in this way; the
pools decide what a process does.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

#: Spawn explicitly: a forked process with threads may hang, and importing Mesa 3.3 changes the default
#: start method.
SPAWNING = multiprocessing.get_context("spawn")


def processors() -> int:
    """Number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def begin_worker() -> None:
    """Prepare a worker process: it leaves Ctrl-C to its parent, and ends when its parent has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def pool(jobs: int, begin: Callable[..., None] | None = None, *arguments: Any) -> ProcessPoolExecutor:
    """A pool of worker processes for jobs whose only effect is their return value.

    Parameters
    ----------
    jobs : int
        Number of processes.
    begin : callable, optional
        Called in each process before its first job, with these arguments; importable by its name.
    """
    return ProcessPoolExecutor(jobs, SPAWNING, initializer=_begin, initargs=(begin, arguments))


def _begin(begin: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    begin_worker()
    if begin is not None:
        begin(*arguments)
