"""Verdicts, each by hand."""

import math

import numpy as np
import pytest

from shequn.experiments.claims.design import Range
from shequn.experiments.claims.reading import read_claims
from shequn.experiments.claims.verdicts import (
    Effect,
    Finding,
    Outcome,
    Verdict,
    effect,
    finding,
    outcome_of,
    pairs_to_decide,
)

CLAIMS = {claim.name: claim for claim in read_claims().claims}
MORE = CLAIMS["c03"]  # the second arm lies above the first by .02 or more
INFERRED = CLAIMS["c30"]
INFINITY = math.inf
HOLDS, FAILS, OPEN = Outcome


def _effect(setting: str, outcome: Outcome, agreement: float = 1.0, **other: object) -> Effect:
    usual = Effect(
        setting, "a", "b", 10, 0.1, 0.2, 0.1, 0.05, 0.15, 0.1, Range(0.02, INFINITY), outcome, 20, agreement, 1.0,
        0.0 if outcome is FAILS else 1.0, 30 if outcome is OPEN else None,
    )  # fmt: skip
    return usual._replace(**other)


def _found(*outcomes: Outcome, claim: object = MORE, **other: object) -> Finding:
    names = ("article", "forum", "graph", "log")
    effects = [_effect(name, outcome, **other) for name, outcome in zip(names, outcomes, strict=True)]  # type: ignore[arg-type]
    return finding(claim, effects)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "claimed", "outcome"),
    [
        (0.03, 0.09, Range(0.02, INFINITY), HOLDS),
        (0.01, 0.09, Range(0.02, INFINITY), OPEN),
        (-0.05, 0.01, Range(0.02, INFINITY), FAILS),
        (-0.05, -0.03, Range(-INFINITY, -0.02), HOLDS),
        (-0.01, 0.03, Range(-INFINITY, -0.02), FAILS),
        (-9.0, 0.01, Range(-INFINITY, 0.02), HOLDS),
        (0.03, 0.04, Range(-INFINITY, 0.02), FAILS),
        (25.0, 29.0, Range(24.0, 30.0), HOLDS),
        (23.0, 29.0, Range(24.0, 30.0), OPEN),
        (31.0, 40.0, Range(24.0, 30.0), FAILS),
        (10.0, 20.0, Range(24.0, 30.0), FAILS),
        (0.0, 0.0, Range(0.0, INFINITY), OPEN),  # nothing happens in either arm
    ],
)
def test_an_interval_lies_inside_outside_or_across(
    low: float, high: float, claimed: Range, outcome: Outcome
) -> None:
    assert outcome_of(low, high, claimed) is outcome


def test_holds_in_every_setting_and_nine_draws_of_ten() -> None:
    assert _found(HOLDS, HOLDS, HOLDS, HOLDS, agreement=0.9).verdict is Verdict.HOLDS


def test_depends_where_too_few_draws_are_on_its_side() -> None:
    found = _found(HOLDS, HOLDS, HOLDS, HOLDS, agreement=0.6)
    assert found.verdict is Verdict.DEPENDS
    assert found.by_numbers is not None


def test_undecided_where_luck_alone_explains_the_draws() -> None:
    found = _found(HOLDS, HOLDS, HOLDS, HOLDS, agreement=0.75, by_luck=0.8)
    assert found.verdict is Verdict.UNDECIDED
    assert found.by_numbers is not None


def test_undecided_without_draws() -> None:
    assert _found(HOLDS, HOLDS, HOLDS, HOLDS, draws=0, agreement=math.nan).verdict is Verdict.UNDECIDED


def test_does_not_hold_if_it_fails_in_every_setting() -> None:
    assert _found(FAILS, FAILS, FAILS, FAILS).verdict is Verdict.DOES_NOT


def test_an_inferred_claim_refutes_no_article() -> None:
    assert _found(FAILS, FAILS, FAILS, FAILS, claim=INFERRED).verdict is Verdict.NOT_THE_ARTICLES


def test_depends_if_it_fails_but_most_draws_reach_it() -> None:
    assert _found(FAILS, FAILS, FAILS, FAILS, reach=0.6).verdict is Verdict.DEPENDS


def test_depends_on_the_setting_even_if_others_are_open() -> None:
    found = _found(HOLDS, FAILS, OPEN, OPEN)
    assert found[:4] == (Verdict.DEPENDS, ("article",), ("forum",), ("graph", "log"))


@pytest.mark.parametrize("others", [HOLDS, FAILS, OPEN])
def test_undecided_with_the_pairs_that_would_decide(others: Outcome) -> None:
    found = _found(OPEN, others, others, others)
    assert (found.verdict, found.more) == (Verdict.UNDECIDED, 30)


def test_no_number_of_pairs_is_said_if_one_setting_takes_too_many() -> None:
    effects = [_effect("forum", OPEN), _effect("log", OPEN, needed=None)]
    assert finding(MORE, effects).more is None


def test_what_cannot_fail_and_what_is_not_tried() -> None:
    assert finding(CLAIMS["c04"], []).verdict is Verdict.CANNOT_FAIL
    assert finding(CLAIMS["c06"], []).verdict is Verdict.NOT_TRIED


def test_of_several_contrasts_one_that_fails_is_enough() -> None:
    effects = [_effect(name, outcome) for name in ("forum", "log") for outcome in (HOLDS, FAILS, OPEN)]
    assert finding(CLAIMS["c01"], effects).verdict is Verdict.DOES_NOT


def test_an_effect_by_hand() -> None:
    a, b = np.array([0.1, 0.2, 0.3, np.nan]), np.array([0.2, 0.4, 0.6, 0.9])
    found = effect(MORE, "forum", ("a", "b"), (a, b), np.array([0.1, -0.1, 0.01, np.nan]), 1, 0.95)
    assert (found.n, found.effect, found.sd) == (3, pytest.approx(0.2), pytest.approx(0.1))
    half = 4.302653 * 0.1 / math.sqrt(3.0)  # Student's t, two degrees of freedom
    assert (found.low, found.high) == (pytest.approx(0.2 - half), pytest.approx(0.2 + half))
    assert found.outcome is OPEN
    assert (found.draws, found.agreement, found.reach) == (3, pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert found.by_luck == pytest.approx(0.97725, abs=1e-5)  # two standard deviations above 0
    assert found.needed == pairs_to_decide(0.2, 0.1, Range(0.02, INFINITY), 0.95)


def test_pairs_to_decide_are_the_fewest() -> None:
    from scipy import stats

    claimed, level = Range(0.02, INFINITY), 0.999
    n = pairs_to_decide(0.1, 0.2, claimed, level)
    assert n is not None
    half = [stats.t.ppf(0.5 + level / 2, k - 1) * 0.2 / math.sqrt(k) for k in (n - 1, n)]
    assert half[1] < 0.08 <= half[0]
    assert pairs_to_decide(0.02, 0.2, claimed, level) is None
