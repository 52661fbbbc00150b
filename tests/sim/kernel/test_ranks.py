"""Quality ranks from the tree of classes against sorting."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequn.sim.kernel.ranks import CLASSES, count, quality_class, rank

QUALITIES = st.lists(st.integers(0, CLASSES - 1), min_size=2, max_size=60)


@settings(deadline=None)
@given(QUALITIES, st.data())
def test_a_rank_is_that_of_sorting_with_equal_ones_half(classes: list[int], data: st.DataObject) -> None:
    tree = np.zeros(CLASSES + 1, dtype=np.int64)
    present = [(c + 0.5) / CLASSES for c in classes]
    for quality in present:
        count(tree, quality, 1)
    while len(present) > 1:
        leaver = present[data.draw(st.integers(0, len(present) - 1))]
        others = np.array(present)
        others = np.delete(others, present.index(leaver))
        expected = ((others < leaver).sum() + 0.5 * (others == leaver).sum()) / len(others)
        assert rank(tree, leaver, len(present)) == pytest.approx(expected, abs=1e-12)
        count(tree, leaver, -1)
        present.remove(leaver)
    assert math.isnan(rank(tree, present[0], 1))


def test_the_ends_of_quality_have_classes_too() -> None:
    tree = np.zeros(CLASSES + 1, dtype=np.int64)
    for quality in (0.0, float(np.nextafter(np.float32(1), np.float32(0)))):
        count(tree, quality, 1)
    assert (rank(tree, 0.0, 2), rank(tree, 0.9999999, 2)) == (0.0, 1.0)


def test_the_lowest_quality_is_in_the_first_class_and_the_highest_in_the_last() -> None:
    classify = getattr(quality_class, "py_func", quality_class)
    assert [classify(quality) for quality in (0.0, 0.5, 1.0)] == [1, CLASSES // 2 + 1, CLASSES]
