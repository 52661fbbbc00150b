"""Prefetching: request records from memory before they are needed, as their positions are known early."""

from typing import Any

from shequn.agents.compiled import extends_numba


def will_read(records: Any, position: Any) -> None:
    """Request a record from memory, without waiting for it.

    It changes no results: it is a hint to the processor, and does nothing in plain Python.

    Parameters
    ----------
    records : record array
    position : int
        Position of the record; one that does not exist has no effect.
    """


extends_numba("shequn.sim.kernel.prefetch_code")
