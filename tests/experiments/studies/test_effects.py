"""The study of known effects: what a pair of runs has in common, and where its luck begins."""

from typing import Any

import numpy as np
import pytest

from shequn import Scenario
from shequn.experiments.calibration.trials import Posts, simulate_posts
from shequn.experiments.forecasting.forecast import SERIES
from shequn.experiments.forecasting.weeks import WEEK
from shequn.experiments.studies.calibration import effects
from shequn.experiments.studies.calibration.effects import WEEKS, changed, last_week, with_other_luck
from shequn.sim.kernel.state import JournalKind

DAY, SEED = 60, 5


@pytest.fixture(scope="module")
def base() -> Scenario:
    values = {
        "format": 2,
        "title": "A community",
        "days": DAY + WEEK * WEEKS,
        "population": {"people": 400, "founders": 60},
        "community": {"openness": 1, "strangers_per_day": 3},
    }
    return Scenario.from_mapping(values)


@pytest.mark.parametrize("change", [None, "half as many strangers", "a third of the members removed"])
def test_with_the_luck_of_its_own_seed_it_is_the_run_itself(base: Scenario, change: str | None) -> None:
    arm = base if change is None else changed(base, change, DAY)
    counts = last_week(*simulate_posts(arm, SEED), DAY + WEEK * (WEEKS - 1))
    expected = np.log1p([counts[name] for name in SERIES])
    np.testing.assert_array_equal(with_other_luck(arm, SEED, DAY, SEED), expected)


def test_other_luck_is_another_run(base: Scenario) -> None:
    found = {tuple(with_other_luck(base, SEED, DAY, luck)) for luck in range(6)}
    assert len(found) > 3


def test_the_change_has_other_luck_too(base: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    removed: dict[int, set[int]] = {}

    class Removed(Posts):
        def __call__(self, rows: Any) -> None:
            super().__call__(rows)
            removed[luck].update(rows["person"][rows["kind"] == JournalKind.REMOVE].tolist())

    monkeypatch.setattr(effects, "Posts", Removed)
    for luck in (1, 2):
        removed[luck] = set()
        with_other_luck(changed(base, "a third of the members removed", DAY), SEED, DAY, luck)
    assert removed[1] and removed[2]
    assert removed[1] != removed[2]


def test_first_posts_are_of_those_who_never_wrote_before() -> None:
    person, time = np.array([1, 2, 2, 3, 3, 4]), np.array([0.5, 3.0, 9.0, 9.5, 10.0, 15.0])
    assert last_week(person, time, 8) == {"active": 2, "joins": 1}  # 2 and 3; 3 for the first time
