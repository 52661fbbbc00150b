"""A calibration in words: what the log does not identify."""

import numpy as np

from shequn.app.answers.calibration import not_identified
from shequn.experiments.calibration.parameters import Parameter
from shequn.experiments.calibration.posterior import Posterior

PARAMETERS = (Parameter("a", 0, 1), Parameter("b", 0, 1), Parameter("c", 0, 1))
SPREAD = np.linspace(0.0, 1.0, 101)
NARROW = 0.5 + 0.1 * (SPREAD - 0.5)


def posterior(b: np.ndarray, c: np.ndarray) -> Posterior:
    return Posterior(PARAMETERS, np.column_stack((NARROW, b, c)), np.full(101, 1 / 101))


def test_a_wide_interval_and_a_pair_in_a_sum_are_reported_as_not_identified() -> None:
    scattered = np.random.default_rng(1).permutation(SPREAD)
    output = not_identified(posterior(1.0 - NARROW, scattered))
    assert output[0].startswith("c is not identified: its 90% interval covers 9")
    assert output[1:] == [
        "a and b cannot be distinguished: the log is fitted equally well by more of one and less of the "
        "other (correlation -1.00)"
    ]


def test_two_that_rise_together_are_met_by_more_of_both() -> None:
    (output,) = not_identified(posterior(NARROW, np.random.default_rng(1).permutation(NARROW)))
    assert "equally well by more of both (correlation +1.00)" in output
