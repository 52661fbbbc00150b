"""Who left first is decided by the mean matched rank, its standard error and three thresholds."""

import math

import pandas as pd
import pytest

from shequn.sim.results.cooling import CLEAR, NEGLIGIBLE, PRECISE, LeftFirst, left_first


def _one_run(rank: float, error: float) -> pd.DataFrame:
    return pd.DataFrame({"matched_rank": [rank], "matched_rank_error": [error]})


@pytest.mark.parametrize(
    ("rank", "error", "expected"),
    [
        (0.5 + CLEAR * 0.02 + 0.001, 0.02, LeftFirst.BETTER),
        (0.5 + CLEAR * 0.02 - 0.001, 0.02, LeftFirst.NEITHER),
        (0.5 - CLEAR * 0.02 - 0.001, 0.02, LeftFirst.WORSE),
        (0.5 - CLEAR * 0.02 + 0.001, 0.02, LeftFirst.NEITHER),
        (0.5 + NEGLIGIBLE + 0.001, 0.001, LeftFirst.BETTER),
        (0.5 + NEGLIGIBLE - 0.001, 0.001, LeftFirst.NEITHER),
        (0.55, PRECISE - 0.001, LeftFirst.NEITHER),
        (0.55, PRECISE + 0.001, LeftFirst.UNCERTAIN),
        (0.9, 0.1, LeftFirst.BETTER),
        (math.nan, math.nan, LeftFirst.TOO_FEW),
        (0.9, math.nan, LeftFirst.TOO_FEW),
    ],
)
def test_the_answer_changes_at_each_threshold(rank: float, error: float, expected: LeftFirst) -> None:
    assert left_first(_one_run(rank, error)) is expected


def test_two_runs_are_judged_by_the_errors_within_them() -> None:
    runs = pd.DataFrame({"matched_rank": [0.57, 0.59], "matched_rank_error": [0.03, 0.04]})
    assert left_first(runs) is LeftFirst.BETTER  # error 0.05 / 2, distance 0.08
    assert left_first(runs.assign(matched_rank_error=0.06)) is LeftFirst.NEITHER  # error 0.042


def test_three_runs_are_judged_by_their_spread_alone() -> None:
    runs = pd.DataFrame({"matched_rank": [0.57, 0.58, 0.59], "matched_rank_error": 0.5})
    assert left_first(runs) is LeftFirst.BETTER
    assert left_first(runs.assign(matched_rank=[0.4, 0.58, 0.76])) is LeftFirst.UNCERTAIN


def test_runs_without_a_rank_do_not_count() -> None:
    runs = pd.DataFrame({"matched_rank": [0.9, math.nan], "matched_rank_error": [0.1, math.nan]})
    assert left_first(runs) is LeftFirst.BETTER
