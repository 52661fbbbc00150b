"""Daily measures: declared once; compiled code copies and clears the same fields as plain code."""

import math
from typing import Any

import numpy as np
import pytest

from shequn.agents.compiled import compiled
from shequn.sim.kernel.measures import MEASURES, OF_THE_DAY, Kind, clear_counters, copy_measures
from shequn.sim.kernel.state import day_dtype
from shequn.sim.kernel.world import totals_dtype


@compiled
def _copy(row: Any, total: Any, visits: int) -> None:
    copy_measures(row[0], total[0], visits)


@compiled
def _clear(total: Any) -> None:
    clear_counters(total[0])


def _filled() -> Any:
    total = np.zeros(1, dtype=totals_dtype)
    for number, name in enumerate(totals_dtype.names or ()):
        total[name] = number + 1
    return total


def test_a_days_row_has_every_measure_once_in_order() -> None:
    names = [measure.name for measure in MEASURES]
    assert ["day", *names] == list(day_dtype.names or ())
    assert len(set(names)) == len(names)


def test_totals_hold_every_measure_but_the_computed_ones() -> None:
    for measure in MEASURES:
        assert (measure.name in (totals_dtype.names or ())) == (measure.kind is not Kind.COMPUTED), measure


@pytest.mark.parametrize("visits", [0, 4])
def test_compiled_and_plain_code_write_the_same_row(visits: int) -> None:
    rows = [np.zeros(1, dtype=day_dtype) for _ in range(2)]
    _copy(rows[0], _filled(), visits)
    copy_measures(rows[1][0], _filled()[0], visits)
    assert rows[0].tobytes() == rows[1].tobytes()
    total = _filled()[0]
    for measure in MEASURES:
        written = rows[0][0][measure.name]
        if measure.kind is Kind.MEAN:
            assert written == total[measure.name] / 4 if visits else math.isnan(written)
        elif measure.kind is not Kind.COMPUTED:
            assert written == total[measure.name] != 0


def test_only_counts_and_sums_of_the_day_start_at_0_again() -> None:
    totals = [_filled(), _filled()]
    _clear(totals[0])
    clear_counters(totals[1][0])
    assert totals[0].tobytes() == totals[1].tobytes()
    cleared = {name for name in totals_dtype.names or () if np.all(totals[0][0][name] == 0)}
    assert cleared == set(OF_THE_DAY)
