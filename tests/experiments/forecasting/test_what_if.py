"""What a change does: both arms on the same seeds; every mistake in a change a message."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from shequn.experiments.forecasting.bands import LEVELS, Errors, band
from shequn.experiments.forecasting.forecast import Forecast
from shequn.experiments.forecasting.what_if import Effect, effect, n_known, read_change
from shequn.sim.scenario import Scenario, ScenarioError

SMALL = {
    "format": 2,
    "title": "small",
    "days": 30,
    "population": {"people": 200, "founders": 20, "pace": {"mean": 0.5}},
    "community": {"openness": 1, "strangers_per_day": 2},
}


def change(tmp_path: Path, text: str) -> Scenario:
    path = tmp_path / "change.yaml"
    path.write_text(text, encoding="utf-8")
    return read_change(Scenario.from_mapping(SMALL), str(path))


def test_a_change_that_lets_fewer_in_lowers_first_posts_on_every_seed(tmp_path: Path) -> None:
    base, changed = Scenario.from_mapping(SMALL), change(tmp_path, "community: {strangers_per_day: 0.2}\n")
    with ThreadPoolExecutor(1) as executor:
        found = effect(base, changed, 4, 3, 1, executor)
        again = effect(base, changed, 4, 3, 1, executor)
    assert found.active.shape == found.joins.shape == (3, 4)
    np.testing.assert_array_equal(found.active, again.active)
    assert (found.joins.sum(axis=1) < 0).all()
    assert (found.factors.joins[LEVELS.index(0.5)] <= 1).all()


def test_no_effect_leaves_the_forecast_as_it_is() -> None:
    quantiles = band(np.full(3, 40.0), Errors(np.zeros((0, 3)), np.zeros((0, 3)), 0))
    none = np.zeros((10, 3))
    found = Effect(none, none).on(Forecast(quantiles, quantiles))
    np.testing.assert_allclose(found.active, quantiles, rtol=0.03)
    double = np.full((10, 3), np.log(2.0))
    np.testing.assert_allclose(
        Effect(double, double).on(Forecast(quantiles, quantiles)).active + 1, 2 * (quantiles + 1), rtol=0.03
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("comunity: {openness: 0.5}\n", "did you mean community"),
        ("community: {opennes: 0.5}\n", "did you mean openness"),
        ("community: {openness: 7}\n", "openness"),
        ("days: 10\n", "days cannot be changed"),
        ("population: {people: 10}\n", "population cannot be changed"),
        ("population.pace.mean: 1\n", "population.pace.mean cannot be changed"),
        ("journal: memberships\n", "journal cannot be changed: it says what is recorded"),
        ("community: {openness: 1}\n", r"^\S+change.yaml changes nothing$"),
        ("title: with other words\n", "changes nothing"),
        ("- 1\n", "mapping"),
        ("", "is empty; a change needs at least one key"),
        ("# nothing\n", "is empty; a change needs at least one key"),
    ],
)
def test_a_change_that_cannot_be_used_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        change(tmp_path, text)


def test_a_change_may_have_a_title_as_a_variant_has(tmp_path: Path) -> None:
    assert change(tmp_path, "title: a narrow door\ncommunity: {openness: 0.5}\n").title == "a narrow door"


def test_a_change_that_is_not_there_is_said() -> None:
    with pytest.raises(ScenarioError, match="there is no file"):
        read_change(Scenario.from_mapping(SMALL), "nowhere.yaml")


def test_a_gate_may_be_added_by_name(tmp_path: Path) -> None:
    assert len(change(tmp_path, "gates: {fee: {kind: fee, amount: 10}}\n").gates) == 1


def test_without_a_group_nobody_is_known() -> None:
    assert n_known(Scenario.from_mapping(SMALL)) == 0
