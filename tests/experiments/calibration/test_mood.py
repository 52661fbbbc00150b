"""The mood of a group, read from a log: planted ones are found, and none is seen where there is none."""

import math

import numpy as np
import pytest

from shequn.experiments.calibration import mood
from shequn.experiments.calibration.fitting import NoSimilarRunError
from shequn.experiments.calibration.forecast import inflow
from shequn.experiments.calibration.members import donors
from shequn.experiments.calibration.mood import GroupMood, estimate
from shequn.experiments.calibration.trials import Posts, activity_of, simulate_posts
from shequn.experiments.logs.activity import DAY, Activity
from shequn.sim.course import run_to_the_end
from shequn.sim.scenario import Scenario

WEEKS, RUNS, ACTIVE = 120, 6, 100.0


def process(rng: np.random.Generator, sd: float, half_life: float) -> np.ndarray:
    """An Ornstein–Uhlenbeck process, week by week."""
    kept = 0.5 ** (7 / half_life)
    path = [rng.normal(0, sd)]
    for _ in range(WEEKS - 1):
        path.append(kept * path[-1] + math.sqrt(1 - kept**2) * rng.normal(0, sd))
    return np.array(path)


def separated(rng: np.random.Generator, sd: float, half_life: float) -> tuple[float, float, float]:
    """Size, half-life and error now of what is found beside the drift of people, which runs without a mood have too."""
    chance = np.full(WEEKS, 1 / ACTIVE)

    def of_people() -> np.ndarray:
        return process(rng, 0.1, 120) + rng.normal(0, math.sqrt(1 / ACTIVE), WEEKS)

    planted = process(rng, sd, half_life) if sd else np.zeros(WEEKS)
    alike = np.array([of_people() for _ in range(RUNS)])
    found_sd, found_half_life, path = mood._separated(0.3 + planted + of_people(), alike, chance)
    return found_sd, found_half_life, float(path[-1] - planted[-1])


def test_a_planted_mood_is_found_beside_the_drift_of_people() -> None:
    rng = np.random.default_rng(20261127)
    found = np.array([separated(rng, 0.4, 21) for _ in range(12)])
    for column, planted in ((0, 0.4), (1, 21.0)):
        off = np.log(found[:, column] / planted)
        # Student's t with 11 degrees of freedom is beyond 6 with probability 9e-5; 10 % of bias are allowed
        assert abs(off.mean()) < 0.1 + 6 * off.std(ddof=1) / math.sqrt(12)
    assert np.sqrt((found[:, 2] ** 2).mean()) < 0.2  # of a mood of .4, with chance of .1 a week


def test_none_is_seen_where_there_is_none() -> None:
    rng = np.random.default_rng(20261128)
    found = np.array([separated(rng, 0.0, 21)[0] for _ in range(12)])
    assert np.median(found) < 0.05 and found.max() < 0.2


MODEL = {
    "format": 2, "title": "t", "days": 900, "start": "2021-01-01",
    "population": {"people": 4000, "founders": 40, "pace": {"mean": 0.4}, "graph": {"generator": "none"}},
    "community": {"openness": 1, "strangers_per_day": 3},
}  # fmt: skip
LIVELY = {"log_sd": 0.5, "half_life": 40}


def log_of(scenario: Scenario, seed: int) -> Activity:
    return activity_of(*simulate_posts(scenario, seed), scenario)


def test_the_mood_of_a_simulated_log_is_read_in_the_unit_of_the_scenario() -> None:
    model = Scenario.from_mapping(MODEL)
    posts = Posts()
    machine = run_to_the_end(model.with_({"community.mood": LIVELY}), 3, posts)
    found = estimate(activity_of(*posts.log(), model), model, 1.0, range(8))
    assert found is not None
    assert 0.3 < found.response < 1.2
    assert 0.25 < found.log_sd < 1.0 and 10 < found.half_life < 160
    days = np.log(machine.world.moods["factor"][: model.days])
    true = days[-7 * len(found.path) :].reshape(-1, 7).mean(axis=1)
    assert np.corrcoef(found.path, true)[0, 1] > 0.7
    assert found.from_now["now"] == pytest.approx(found.path[-1], rel=0.01)


def test_a_log_without_a_mood_has_next_to_none_whatever_that_of_the_model() -> None:
    model = Scenario.from_mapping(MODEL)
    log = log_of(model, 4)
    found, same = (
        estimate(log, one, 1.0, range(8)) for one in (model, model.with_({"community.mood": LIVELY}))
    )
    assert found is not None and same is not None
    assert found.log_sd < 0.15
    assert (found.log_sd, found.half_life, found.path.tolist()) == (
        same.log_sd,
        same.half_life,
        same.path.tolist(),
    )


def test_a_run_that_writes_far_more_than_the_log_does_not_count() -> None:
    model = Scenario.from_mapping(MODEL)
    log = log_of(model, 4)
    posts = [len(simulate_posts(model, seed)[0]) for seed in range(4)]
    assert estimate(log, model, 1.0, range(4), max_events=1) is None
    assert estimate(log, model, 1.0, range(4), max_events=min(posts)) is not None
    with pytest.raises(NoSimilarRunError, match="far more than in the log"):
        donors(model, range(2), max_events=1)
    some = donors(model, range(4), max_events=min(posts))
    alone = donors(model, [posts.index(min(posts))])
    np.testing.assert_array_equal(some.facts, alone.facts)


def test_too_short_a_log_has_no_mood() -> None:
    model = Scenario.from_mapping({**MODEL, "days": 300})
    assert estimate(log_of(model, 3), model, 1.0, range(4)) is None


def test_busier_weeks_by_hand() -> None:
    # factor e^(.5) in the last week, response .6, usual logarithm .4² / 2 = .08
    found = GroupMood(0.4, 30.0, 0.6, np.array([0.08, 0.5]))
    assert found.busier(3).tolist() == pytest.approx([1.0, 1.0, math.exp(0.6 * 0.42)])
    assert found.lasting == {"log_sd": 0.4, "half_life": 30.0, "now": None}
    assert found.from_now == {"log_sd": 0.4, "half_life": 30.0, "now": 0.5}
    none = GroupMood(0.0, 30.0, 0.6, np.zeros(0))
    assert none.from_now == none.lasting == {"log_sd": 0.0, "now": None} and none.busier(2).tolist() == [
        1.0,
        1.0,
    ]


def test_first_posts_are_counted_as_if_the_mood_had_been_the_usual_one() -> None:
    # two people from the start, four new ones in the last week, in which twice as many came as usual
    start = 19_000 * DAY
    person = np.array([0, 1, 2, 3, 4, 5])
    time = np.array([0, 1, 8, 9, 10, 13]) * float(DAY) + start
    log = Activity.of(person, time, float(start + 14 * DAY))
    assert inflow(log, np.array([1.0, 1.0])) == pytest.approx(6 / 14)
    assert inflow(log, np.array([1.0, 2.0])) == pytest.approx(4 / 14)
    assert inflow(log, np.array([2.0])) == pytest.approx(2 / 7)
