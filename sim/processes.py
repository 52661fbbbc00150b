"""Processes beside the first: how they are started, and how each of them ends with it.

Everything that runs in several processes (a run's replicates, sweeps, calibration) starts them by these
rules; what a process is then given to do is for the pools to say.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

#: Started anew, said explicitly: forked, a process with threads may hang, and importing mesa 3.3 changes
#: the default.
SPAWNING = multiprocessing.get_context("spawn")


def processors() -> int:
    """Number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def begin_worker() -> None:
    """What every worker does first: it leaves Ctrl-C to its parent, and ends when that has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def pool(jobs: int, begin: Callable[..., None] | None = None, *arguments: Any) -> ProcessPoolExecutor:
    """So many workers for jobs that only return something.

    Parameters
    ----------
    jobs : int
        Processes.
    begin : callable, optional
        Called in each before its first job, with these arguments; importable by its name.
    """
    return ProcessPoolExecutor(jobs, SPAWNING, initializer=_begin, initargs=(begin, arguments))


def _begin(begin: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    begin_worker()
    if begin is not None:
        begin(*arguments)
