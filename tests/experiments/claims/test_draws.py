"""Draws of assumed numbers, and which of them an effect depends on."""

import numpy as np
import pytest

from shequn.experiments.claims.design import Range
from shequn.experiments.claims.draws import HIGH, LOW, factors
from shequn.experiments.claims.numbers import influences


def test_factors_are_a_latin_hypercube_keyed_by_name() -> None:
    one, other = factors("leaving.base", 50), factors("leaving.width", 50)
    assert one.min() >= LOW
    assert one.max() <= HIGH
    assert sorted(np.floor((one - LOW) * 50).astype(int)) == list(range(50))
    assert np.array_equal(one, factors("leaving.base", 50))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.4


def test_the_number_that_decides_is_found_with_its_crossing() -> None:
    names = [f"group.number{k}" for k in range(30)]
    drawn = {name: factors(name, 60) for name in names}
    noise = np.random.default_rng(1).normal(0.0, 0.02, 60)
    effect = 0.5 * (drawn["group.number7"] - 0.8) + noise
    first, second, *_rest = influences(drawn, effect, Range(0.0, float("inf")))
    assert (first.number, first.clear) == ("group.number7", True)
    assert first.crossing == pytest.approx(0.8, abs=0.03)
    assert not second.clear


def test_a_crossing_beyond_the_draws_is_extrapolated_and_one_below_zero_is_none() -> None:
    drawn = {"group.number": factors("group.number", 40)}
    line = drawn["group.number"]
    (beyond,) = influences(drawn, line - 3.0, Range(0.0, float("inf")))
    (never,) = influences(drawn, line + 2.0, Range(0.0, float("inf")))
    (nearest,) = influences(drawn, line, Range(0.9, 4.0))
    assert beyond.crossing == pytest.approx(3.0)
    assert never.crossing is None
    assert nearest.crossing == pytest.approx(0.9)


def test_a_number_is_clear_less_easily_among_more_contrasts() -> None:
    drawn = {"group.number": factors("group.number", 16)}
    effect = drawn["group.number"] + np.random.default_rng(4).normal(0.0, 0.5, 16)
    clear = [influences(drawn, effect, Range(0.0, 1.0), n)[0].clear for n in (1, 1_000_000)]
    assert clear == [True, False]


def test_few_draws_say_nothing() -> None:
    assert influences({"group.number": factors("group.number", 4)}, np.arange(4.0), Range(0.0, 1.0)) == []
