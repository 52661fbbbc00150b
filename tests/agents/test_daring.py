"""Daring: what it takes to write for the first time."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.daring import daring, likeness
from tests.agents.given import coefficients, examples

NUMBER = st.floats(0.0, 100.0)


def test_alone_few_dare_and_as_many_models_as_the_half_close_half_of_the_gap() -> None:
    p = coefficients(daring_alone=0.2, daring_models=3.0)
    assert [daring(models, p) for models in (0.0, 3.0, 9.0)] == pytest.approx([0.2, 0.6, 0.8])


def test_where_everybody_dares_models_change_nothing() -> None:
    p = coefficients(daring_alone=1.0, daring_models=3.0)
    assert [daring(models, p) for models in (0.0, 3.0, 1e9)] == [1.0, 1.0, 1.0]


@examples
@given(st.floats(0, 1), NUMBER, NUMBER)
def test_more_models_never_discourage(alone: float, models: float, more: float) -> None:
    p = coefficients(daring_alone=alone, daring_models=1.0)
    assert alone <= daring(models, p) <= daring(models + more, p) <= 1.0 + 1e-12


def test_a_model_counts_by_likeness_in_either_direction() -> None:
    p = coefficients(daring_likeness=0.25)
    assert likeness(0.5, 0.5, p) == 1.0
    assert likeness(0.5, 0.75, p) == likeness(0.75, 0.5, p) == pytest.approx(math.exp(-1.0))
