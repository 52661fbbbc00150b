"""Every field of a saved record has a range, and chains of records lead through everything once."""

import numpy as np
import pytest

from shequn.sim.kernel.state import journal_dtype
from shequn.sim.kernel.world import World
from shequn.sim.saving.checks.ranges import MEMBERSHIP_ROWS, RANGES, check_ranges
from shequn.sim.saving.checks.records import check_chain
from shequn.sim.saving.restoring import _DTYPES, _HEAPS, _MADE_AGAIN


def fields(dtype: np.dtype) -> set[str]:  # type: ignore[type-arg]
    return set(dtype.names or ("",))


def test_every_field_of_every_record_has_a_range_and_no_range_is_left_over() -> None:
    """A new field of a record needs a line in ``sim/saving/checks/ranges.py``."""
    declared = {name: set(ranges) for name, ranges in RANGES.items()}
    due = {name: fields(dtype) for name, dtype in _DTYPES.items()}
    due |= {f"{heap}.values": {""} for heap in _HEAPS}
    assert declared == due
    assert set(MEMBERSHIP_ROWS) == fields(journal_dtype)


def test_every_array_of_a_world_is_read_or_made_again() -> None:
    assert set(World._fields) == {*_DTYPES, *_HEAPS, *_MADE_AGAIN, "features"}


def test_a_range_refuses_what_lies_outside_and_what_is_no_number() -> None:
    for value in (-0.1, 1.1, np.nan, np.inf):
        with pytest.raises(ValueError, match=r"members\.need"):
            check_ranges(
                np.array([(0.5,), (value,)], dtype=[("need", "f4")]), RANGES["members"], {}, "members"
            )
    check_ranges(
        np.array([(np.nan,), (2.0,)], dtype=[("x", "f4")]), RANGES["members"], {"city": 2.0}, "members"
    )


@pytest.mark.parametrize(
    ("head", "after"),
    [(0, [1, 2, 0]), (0, [1, -1, 2]), (0, [-1, -1, -1]), (-1, [1, 2, -1]), (1, [1, 0, -1]), (0, [2, 1, -1])],
    ids=["circle", "circle beside it", "cut", "no head", "head in a circle", "left out"],
)
def test_a_chain_leads_through_everything_once(head: int, after: list[int]) -> None:
    with pytest.raises(ValueError, match="chain"):
        check_chain(head, np.array(after), np.arange(3), "chain")
    check_chain(2, np.array([-1, 0, 1]), np.arange(3), "chain")
    check_chain(-1, np.array([5, 7]), np.arange(0), "chain")
