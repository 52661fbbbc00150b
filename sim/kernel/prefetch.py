"""Records that will be read soon are asked for early: memory is slow, and their places are known in time."""

from typing import Any

from shequn.agents.compiled import extends_numba


def will_read(records: Any, position: Any) -> None:
    """Ask memory for the first cache line of a record, and go on without waiting for it.

    Changes nothing: a hint that a processor may follow, and that plain Python leaves be.

    Parameters
    ----------
    records : record array
    position : int
        Of the record; one that does not exist is asked for in vain.
    """


extends_numba("shequn.sim.kernel.prefetch_code")
