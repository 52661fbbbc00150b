"""Parameters by key: ranges, scales, and every mistake a message."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.experiments.calibration.parameters import (
    DEFAULT_PARAMETERS,
    Parameter,
    check_parameters,
    default_parameters,
    parse_parameter,
)
from shequn.experiments.studies.calibration.recovery import read_study
from shequn.sim.scenario import Scenario, ScenarioError


@given(st.floats(0, 1), st.sampled_from(["linear", "log"]))
def test_units_and_values_are_inverse(unit: float, scale: str) -> None:
    parameter = Parameter("x", 0.5, 8.0, scale)  # type: ignore[arg-type]
    assert parameter.units(parameter.values(unit)) == pytest.approx(unit, abs=1e-12)


def test_the_middle_of_a_log_range_is_the_geometric_mean() -> None:
    assert float(Parameter("x", 1, 100, "log").values(0.5)) == pytest.approx(10)
    assert float(Parameter("x", 1, 100).values(0.5)) == pytest.approx(50.5)


def test_a_wide_positive_range_is_searched_in_logarithms_unless_said_otherwise() -> None:
    assert parse_parameter("population.pace.mean=0.1..4").scale == "log"
    assert parse_parameter("population.pace.mean=0.1..4:linear").scale == "linear"
    assert parse_parameter("rules.leaving.base=-0.2..0.5") == Parameter("rules.leaving.base", -0.2, 0.5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules.leaving.base", "is not KEY=LOW..HIGH"),
        ("=0..1", "is not KEY=LOW..HIGH"),
        ("rules.leaving.base=0.1", "is not KEY=LOW..HIGH"),
        (
            "rules.leaving.base=0.5..0.1",
            "low end of a range must be below its high end, but it is 0.5 .. 0.1",
        ),
        ("rules.leaving.base=a..b", "'a' is not a number"),
        ("rules.leaving.base=0..1:logit", "'logit' is not a scale: linear or log"),
        ("rules.leaving.base=-1..1:log", "a log scale needs a range above 0"),
        ("rules.leaving.base=0..inf", "is not a number"),
    ],
)
def test_what_is_written_wrong_is_said(text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said.replace("[", r"\[").replace("..", r"\.\.")):
        parse_parameter(text)


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        (Parameter("rules.leaving.bass", 0, 1), "base"),
        (Parameter("rules.leaving.lapse", 0.5, 1.5), "lapse"),
        (Parameter("population.founders", 1, 50), "founders"),
        (Parameter("title", 0, 1), "title"),
        (Parameter("community.mood.log_sd", 0, 1), "reads the mood from the log"),
    ],
)
def test_a_key_the_scenario_does_not_take_is_said(parameter: Parameter, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        check_parameters(Scenario.load("open-group"), [parameter])


def test_a_key_given_twice_is_said() -> None:
    twice = [Parameter("rules.leaving.base", 0, 1)] * 2
    with pytest.raises(ScenarioError, match="given twice"):
        check_parameters(Scenario.load("open-group"), twice)


def test_the_defaults_are_keys_of_every_shipped_scenario_that_strangers_find() -> None:
    for name in ("open-group", "small-circle", "city-hobby"):
        check_parameters(Scenario.load(name), default_parameters(0.5))
    assert np.isclose(default_parameters(2.0)[0].low, 1.4)


def test_the_recovery_study_knows_the_defaults() -> None:
    assert set(DEFAULT_PARAMETERS) < set(read_study(defaults=True).parameters)
    assert len(read_study(defaults=True).parameters) == len(DEFAULT_PARAMETERS) + 1
    assert len(read_study().parameters) == 6


@pytest.mark.parametrize("kind", ["chat", "forum", "list"])
def test_every_range_has_the_shipped_kinds_in_it_with_room(kind: str) -> None:
    scenario = Scenario.load(kind).resolved()
    for parameter in DEFAULT_PARAMETERS:
        value = scenario
        for key in parameter.key.split("."):
            value = value[key]
        assert 0.1 < float(parameter.units(value)) < 0.9, parameter.key
