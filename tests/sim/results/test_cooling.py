"""Who left first: shown, shown not to matter, or not known."""

import math

import pandas as pd
import pytest

from shequn.sim.results.cooling import AT_LEAST, CLEAR, RANK_SD, SMALL, LeftFirst, decide, left_first

MANY = 10**9


@pytest.mark.parametrize(
    ("rank", "error", "expected"),
    [
        (0.5 + CLEAR * 0.02 + 0.001, 0.02, LeftFirst.BETTER),  # the interval ends just above 0.5
        (0.5 + CLEAR * 0.02 - 0.001, 0.02, LeftFirst.UNKNOWN),
        (0.5 - CLEAR * 0.02 - 0.001, 0.02, LeftFirst.WORSE),
        (0.5 - CLEAR * 0.02 + 0.001, 0.02, LeftFirst.UNKNOWN),
        (0.562, 0.062 / 2.41, LeftFirst.UNKNOWN),  # z = 2.41: neither shown nor shown not to matter
        (0.5, SMALL / CLEAR - 1e-4, LeftFirst.ALIKE),
        (0.5, SMALL / CLEAR + 1e-4, LeftFirst.UNKNOWN),
        (0.51, (SMALL - 0.01) / CLEAR - 1e-4, LeftFirst.ALIKE),  # clear of 0.5 or not: too small to matter
        (0.52, 0.005, LeftFirst.BETTER),  # 0.507 … 0.533
        (math.nan, 0.1, LeftFirst.UNKNOWN),
    ],
)
def test_the_answer_goes_by_the_interval(rank: float, error: float, expected: LeftFirst) -> None:
    assert decide(rank, error, MANY) is expected


def test_few_departures_show_nothing_however_clear_they_look() -> None:
    assert decide(0.99, 0.001, AT_LEAST - 1) is LeftFirst.UNKNOWN
    assert decide(0.99, 0.001, AT_LEAST) is LeftFirst.BETTER
    assert decide(0.5, 0.0, 2) is LeftFirst.UNKNOWN


def test_the_error_is_at_least_that_of_uniform_ranks() -> None:
    n = 100
    least = RANK_SD / math.sqrt(n)
    assert least == pytest.approx(1 / math.sqrt(12 * n))
    for error in (0.0, math.nan):
        assert decide(0.5 + CLEAR * least + 0.001, error, n) is LeftFirst.BETTER
        assert decide(0.5 + CLEAR * least - 0.001, error, n) is LeftFirst.UNKNOWN


def _runs(rank: list[float], error: list[float], departures: int = 1000) -> pd.DataFrame:
    return pd.DataFrame(
        {"matched_rank": rank, "matched_rank_error": error, "compared_departures": departures}
    )


def test_two_runs_are_judged_by_the_errors_within_them() -> None:
    assert left_first(_runs([0.57, 0.59], [0.03, 0.04])) is LeftFirst.BETTER  # error 0.05 / 2, distance 0.08
    assert left_first(_runs([0.57, 0.59], [0.06, 0.06])) is LeftFirst.UNKNOWN  # error 0.042


def test_three_runs_are_judged_by_their_spread_alone() -> None:
    assert left_first(_runs([0.57, 0.58, 0.59], [0.5] * 3)) is LeftFirst.BETTER
    assert left_first(_runs([0.4, 0.58, 0.76], [0.5] * 3)) is LeftFirst.UNKNOWN


def test_three_runs_that_happen_to_agree_are_no_surer_than_their_departures_allow() -> None:
    assert left_first(_runs([0.58, 0.58, 0.58], [0.1] * 3, 8)) is LeftFirst.UNKNOWN  # 1/√(12·24) = 0.059


def test_runs_without_a_rank_do_not_count() -> None:
    assert left_first(_runs([0.9, math.nan], [0.1, math.nan])) is LeftFirst.BETTER
    assert left_first(_runs([math.nan, math.nan], [math.nan, math.nan], 0)) is LeftFirst.UNKNOWN
