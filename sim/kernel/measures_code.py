"""The compiled form of copying and clearing in :mod:`shequn.sim.kernel.measures`: one assignment per field.

:mod:`shequn.agents.compiled` loads this module when it loads numba.
"""

import math
from collections.abc import Callable
from typing import Any

from numba import literal_unroll
from numba.extending import overload

from shequn.sim.kernel.measures import COPIED, MEANS, OF_THE_DAY, clear_counters, copy_measures


@overload(copy_measures)
def _copy_measures(row: Any, total: Any, visits: Any) -> Callable[..., None]:
    def copy(row: Any, total: Any, visits: Any) -> None:
        for name in literal_unroll(COPIED):
            row[name] = total[name]
        for name in literal_unroll(MEANS):
            row[name] = total[name] / visits if visits > 0 else math.nan

    return copy


@overload(clear_counters)
def _clear_counters(total: Any) -> Callable[..., None]:
    def clear(total: Any) -> None:
        for name in literal_unroll(OF_THE_DAY):
            total[name] = 0

    return clear
