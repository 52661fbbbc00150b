"""A task at a visit: what it is worth through each driver, and the chance that it is done."""

import math

import numpy as np
import pytest

from shequn.agents.task import expected_answers, task_probability, worth
from tests.agents.given import coefficients

GIVES = np.array([2.0, 1.0, 3.0, 4.0, 0.0, 0.0])  # honor, interest, benefit, relationship, event, locality


@pytest.mark.parametrize(
    ("weights", "answered", "done", "expected"),
    [
        ([0.5, 0.5, 0, 0, 0, 0], 0, 0, 0.5 * 2 + 0.5 * 1),  # nothing handed in yet: everything is expected
        ([0.5, 0.5, 0, 0, 0, 0], 0, 3, 0.5 * 2 / 4 + 0.5 * 1),
        ([0.5, 0.5, 0, 0, 0, 0], 3, 3, 0.5 * 2 + 0.5 * 1),
        ([0, 0, 0.25, 0.75, 0, 0], 0, 9, 0.25 * 3 + 0.75 * 4),  # only honor depends on answers
        ([0, 0, 0, 0, 0.5, 0.5], 0, 0, 0.0),
    ],
)
def test_a_task_is_worth_what_it_gives_by_weight_and_honor_counts_by_answers(
    weights: list[float], answered: int, done: int, expected: float
) -> None:
    share = expected_answers(float(done), float(answered))
    assert worth(GIVES, np.array(weights, dtype=np.float32), share) == pytest.approx(expected)


@pytest.mark.parametrize(("gain", "chance"), [(0.2, 0.0), (0.3, 0.0), (2.3, 1 - math.exp(-1)), (1000.0, 1.0)])
def test_nobody_does_a_task_that_is_worth_no_more_than_its_effort(gain: float, chance: float) -> None:
    assert task_probability(gain, 0.3, coefficients(task_scale=2.0)) == pytest.approx(chance)
