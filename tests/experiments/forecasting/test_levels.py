"""Levels of a forecast: members counted as by hand, nothing of the future used, plain logs gone on with."""

from collections import Counter

import numpy as np
import pytest

from shequn.experiments.calibration.setting import truncate
from shequn.experiments.forecasting import member_table
from shequn.experiments.forecasting.forecast import SERIES, Forecasts
from shequn.experiments.forecasting.levels import FORECASTERS, Levels
from shequn.experiments.forecasting.member_table import MemberTable
from shequn.experiments.forecasting.weeks import WEEK, History
from shequn.experiments.logs.activity import DAY, Activity


def made_log(weeks: int, seed: int, joins: float = 2.0) -> Activity:
    """Members who join at random, come with a probability of their own each week, and stay some weeks."""
    rng = np.random.default_rng(seed)
    person, day = [], []
    for joined in range(weeks):
        for _ in range(rng.poisson(joins) + (joined == 0)):
            own, stay = rng.beta(1, 2), int(rng.exponential(30))
            comes = [
                joined,
                *(w for w in range(joined + 1, min(weeks, joined + stay)) if rng.uniform() < own),
            ]
            number = len(set(person))
            person += [number] * len(comes)
            day += [WEEK * w + (rng.uniform(0, WEEK) if number else 0.0) for w in comes]
    return Activity.of(np.array(person), np.array(day) * DAY, WEEK * weeks * DAY)


@pytest.mark.parametrize("name", FORECASTERS)
def test_nothing_after_an_origin_is_used(name: str) -> None:
    whole = made_log(60, 1)
    past = truncate(whole, WEEK * 40)
    here, there = (Forecasts(History.of(log), 8, name).at(40) for log in (whole, past))
    for series in SERIES:
        np.testing.assert_allclose(getattr(here, series), getattr(there, series), rtol=1e-9)


def test_members_are_counted_as_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(member_table, "_CHUNK", 7)  # people are counted in chunks
    history = History.of(made_log(30, 2))
    table = MemberTable.of(history, 5)
    weeks = {p: set(history.week[history.person == p].tolist()) for p in range(history.n_people)}
    members: Counter[int] = Counter()
    active: Counter[tuple[int, int]] = Counter()
    for seen in weeks.values():
        for week in range(min(seen), 30):
            members[week] += 1
            for ahead in range(5):
                active[ahead, week] += week + ahead + 1 in seen
    assert table.members.sum(axis=0).tolist() == [members[week] for week in range(30)]
    for ahead in range(5):
        assert table.active[ahead].sum(axis=0).tolist() == [active[ahead, week] for week in range(30)]
        back = [sum(min(s) == w and w + ahead in s for s in weeks.values()) for w in range(30)]
        assert table.back[ahead].tolist() == back


def test_the_classes_of_a_member_are_recency_activity_and_tenure() -> None:
    person, week = np.array([0, 0, 0]), np.array([0, 1, 20])
    kinds = member_table._classes(person, week, np.array([0]), 40)[0]
    parts = [(kind // 16, kind // 4 % 4, kind % 4) for kind in kinds.tolist()]
    assert parts[0] == (0, 0, 0)  # just came, once in the quarter, new
    assert parts[1] == (0, 1, 0)  # twice
    assert parts[5] == (3, 1, 1)  # 4 weeks ago, 5 weeks since joining
    assert parts[19] == (6, 1, 2)  # 18 weeks ago: by all active weeks, which are two
    assert parts[20] == (0, 0, 2)
    assert (member_table._classes(person, week + 3, np.array([3]), 40)[0][:3] == -1).all()


def test_members_go_on_as_members_like_them_did() -> None:
    """On a stationary community the table expects what comes: over ten logs within 10 %, three standard errors."""
    ratios = []
    for seed in range(10):
        whole = made_log(160, 10 + seed, joins=6.0)
        levels = Levels(History.of(whole), 13)
        ratios.append(levels.members(140).active.mean() / levels.history.weekly.active[140:153].mean())
    assert np.mean(ratios) == pytest.approx(1, abs=0.1)


def test_newcomers_who_never_come_back_are_not_expected_again() -> None:
    day = 2.0 * np.arange(182)
    levels = Levels(History.of(Activity.of(np.arange(182), day * DAY, 364 * DAY)), 8)
    np.testing.assert_allclose(levels.members(52).active, 3.5, atol=0.01)
    np.testing.assert_allclose(levels.combined(52).joins, 3.5, atol=0.1)


def test_a_level_that_never_changes_is_kept_by_all() -> None:
    comes = [(p, float(WEEK * w)) for p in range(20) for w in range(60)]
    person, day = np.array(comes).T
    levels = Levels(History.of(Activity.of(person.astype(int), day * DAY, 420 * DAY)), 80)
    for forecaster in FORECASTERS.values():
        found = forecaster(levels, 60)
        assert found.active.shape == (80,)
        np.testing.assert_allclose(found.active, 20, rtol=0.02)
        np.testing.assert_allclose(found.joins, 0, atol=1e-6)
