"""Natural experiments: every case can be told to the model, predictions belong to cases, and scores by hand."""

import datetime

import numpy as np
import pandas as pd
import pytest

from shequn.experiments.forecasting.bands import LEVELS
from shequn.experiments.logs.activity import DAY, Activity
from shequn.experiments.studies.natural.__main__ import (
    PREDICTED,
    PREDICTIONS,
    _sums,
    before,
    read_study,
    scored,
)
from shequn.experiments.studies.real_logs import real_logs
from shequn.sim.scenario import Scenario

STUDY = read_study()


@pytest.mark.parametrize("name", STUDY.cases)
def test_a_case_is_of_a_known_log_and_the_scenario_takes_its_change(name: str) -> None:
    case = STUDY.cases[name]
    assert case.log in real_logs()
    base = Scenario.from_mapping(STUDY.scenario)
    assert base.with_({"operations": {"change": {"day": 0, **case.change}}}) != base


@pytest.mark.skipif(not PREDICTIONS.exists(), reason="no predictions yet")
def test_predictions_are_of_the_cases_as_they_stand() -> None:
    table = pd.read_csv(PREDICTIONS)
    assert list(table.columns) == list(PREDICTED.names)
    for row in table.itertuples():
        assert STUDY.cases[str(row.case)].weeks == row.weeks
        assert row.factor_low <= row.factor_middle <= row.factor_high
        assert row.changed_low <= row.changed_middle <= row.changed_high


def test_the_log_before_a_day_ends_with_the_day_before() -> None:
    first = datetime.date(2022, 1, 1)
    start = (first - datetime.date(1970, 1, 1)).days * DAY
    log = Activity.of(np.array([0, 1, 2]), start + np.array([0.5, 9.9, 10.1]) * DAY, start + 20.0 * DAY)
    past = before(log, first + datetime.timedelta(10))
    assert (past.days, past.n_people) == (10, 2)


def test_a_sum_over_weeks_has_the_sums_of_the_quantiles() -> None:
    quantiles = np.outer(np.array(LEVELS) * 10, [1.0, 2.0])
    assert _sums(quantiles).tolist() == pytest.approx([30 * LEVELS[0], 15.0, 30 * LEVELS[-1]])


@pytest.mark.parametrize(
    ("came", "factor", "in_band", "in_band_as_is", "sign"),
    [
        (130.0, 1.5, True, False, True),
        (105.0, 1.5, False, True, True),
        (95.0, 1.5, False, True, False),
        (95.0, 0.8, False, True, True),
        (105.0, 1.0, False, True, False),
    ],
)
def test_scores_by_hand(came: float, factor: float, in_band: bool, in_band_as_is: bool, sign: bool) -> None:
    row = {
        "as_is_low": 80.0, "as_is_middle": 100.0, "as_is_high": 120.0,
        "factor_middle": factor, "changed_low": 110.0, "changed_high": 190.0,
    }  # fmt: skip
    found = scored(row, came)
    assert (found["in_band"], found["in_band_as_is"], found["sign"]) == (in_band, in_band_as_is, sign)
    assert found["came_factor"] == came / 100
