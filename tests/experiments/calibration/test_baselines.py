"""Baselines on logs whose future is known, and the facts of members by hand."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shequn.experiments.calibration.forecast import _last_season
from shequn.experiments.calibration.hindcast import WEEKS, hindcast
from shequn.experiments.calibration.members import (
    N_CLASSES,
    Donors,
    _columns,
    classes,
    facts,
    table_of_members,
)
from shequn.experiments.calibration.setting import parts, seasons_of, subsample, truncate
from shequn.experiments.forecasting.baselines import bass, stationary
from shequn.experiments.forecasting.levels import Levels
from shequn.experiments.forecasting.weeks import History, wape, weekly
from shequn.experiments.logs.activity import DAY, Activity
from shequn.experiments.logs.log import LogError
from shequn.sim.kernel.everybody import Everybody
from shequn.sim.kernel.state import State
from shequn.sim.population import new_members, new_people
from shequn.sim.scenario import Scenario


def of_days(days: dict[int, list[float]], end: float | None = None) -> Activity:
    person = np.repeat(list(days), [len(seen) for seen in days.values()])
    time = np.concatenate(list(days.values())) * DAY
    return Activity.of(person, time, None if end is None else end * DAY)


def test_who_comes_each_week_goes_on_coming() -> None:
    past = of_days({person: list(np.arange(person % 7, 280.0, 7)) for person in range(20)}, 280)
    for found in (stationary(past, 13), Levels(History.of(past), 13).persistence(40)):
        np.testing.assert_allclose(found.active, 20)
        np.testing.assert_allclose(found.joins, 0)


def test_newcomers_who_never_come_back_only_count_in_their_week() -> None:
    past = of_days({person: [2.0 * person] for person in range(182)}, 364)  # 3.5 a week
    found = stationary(past, 8)
    np.testing.assert_allclose(found.joins, 3.5)
    # stationary to the letter: those seen once lately are expected again, as are newcomers
    np.testing.assert_allclose(found.active, 3.5 + 3.5)


def test_a_bass_curve_is_gone_on_with() -> None:
    weeks = np.arange(1, 105)
    p, q, market = 0.01, 0.06, 4000
    gone = np.exp(-(p + q) * weeks)
    ever = np.round(market * (1 - gone) / (1 + q / p * gone)).astype(int)
    joins = np.diff(np.concatenate(([0], ever)))
    day = np.repeat(7.0 * (weeks - 1) + 3, joins)
    known = 60
    log = {person: [at] for person, at in enumerate(day[day < 7 * known])}
    found = bass(of_days({**log, -1: [0.0]}, 7 * known), 26)
    np.testing.assert_allclose(found.joins.sum(), joins[known : known + 26].sum(), rtol=0.05)


def test_weeks_are_counted_from_the_origin_and_people_once() -> None:
    found = weekly(of_days({0: [1, 2, 9], 1: [8, 20], 2: [0]}), 1, 3)
    assert found.active.tolist() == [1, 2, 1]
    assert found.joins.tolist() == [1, 1, 0]


def test_wape_is_summed_error_over_what_was_seen() -> None:
    assert wape(np.array([1.0, 5.0]), np.array([2.0, 2.0])) == pytest.approx(1.0)
    assert np.isnan(wape(np.array([1.0]), np.array([0.0])))


def test_nothing_of_what_lies_ahead_is_left_in_the_past() -> None:
    past = truncate(of_days({0: [0, 5, 30], 1: [40]}), 10)
    assert (past.n_people, past.days, len(past.person)) == (1, 10, 2)
    with pytest.raises(LogError, match="nothing is left"):
        truncate(past, 0)


def test_a_large_log_keeps_whole_people() -> None:
    whole = of_days({person: [person % 300, person % 300 + 1] for person in range(3000)}, 400)
    part, share = subsample(whole, 1)
    assert part.n_people == 1000
    assert share == pytest.approx(1 / 3)
    assert (part.active_days == 2).all()
    assert subsample(part, 1)[1] == 1.0


def test_a_part_has_its_share_of_the_busy_and_everybody_the_same_chance() -> None:
    busy = {person: list(np.arange(100 + person) % 400) for person in range(10)}
    whole = of_days({**busy, **{person: [person % 400] for person in range(10, 4000)}}, 400)
    chosen = np.zeros(10)
    for seed in range(400):
        events = subsample(whole, seed)[0].events
        assert len(events) == 1000 and np.count_nonzero(events > 1) in (2, 3)
        chosen[events[events > 1] - 100] += 1
    assert (np.abs(chosen - 100) < 43).all()  # five standard deviations, 1e-5 for any of them


def test_a_part_has_about_sixty_thousand_events() -> None:
    whole = of_days({person: list(np.arange(1200 + person) % 400) for person in range(100)}, 400)
    part, share = subsample(whole, 1)
    assert (part.n_people, share) == (48, 0.48)  # 60,000 of 124,950
    assert len(part.person) == pytest.approx(0.48 * 124_950, rel=0.001)


def test_joining_follows_the_log_and_its_mean_is_one() -> None:
    early = {person: [10.0 + person / 10] for person in range(300)}
    late = {1000 + person: [70.0 + person] for person in range(60)}
    factors = [part["discovery"] for part in seasons_of(of_days({**early, **late}, 130))]
    assert factors[0] > 4 * factors[1]
    assert np.mean(factors) == pytest.approx(1, abs=0.01)


def test_members_are_classed_by_what_they_did_lately() -> None:
    late = {0: list(range(1920, 2000, 5)), 1: [1990, 1991, 1992, 1993, 1994], 2: [1995, 1999], 3: [1950]}
    log = of_days({**late, 4: [1700], 5: [1400], 6: [0]}, 2000)
    assert classes(log).tolist() == [0, 1, 2, 3, 4, 5, 6]


def test_parts_hold_everybody_and_are_equal() -> None:
    found = parts(1003, 250, 4, 1)
    assert [len(part) for part in found] == [250] * 5
    assert set(np.concatenate(found)) == set(range(1003))
    assert all(len(set(part)) == 250 for part in found)
    assert [len(part) for part in parts(90, 90, 4, 1)] == [90] * 4


def test_a_class_is_made_as_active_as_hindcasts_say() -> None:
    """Stand-ins write as often as their class is told to: the factors must come to what was seen."""
    rng = np.random.default_rng(1)
    rates = {person: (0.6 if person < 30 else 0.1) for person in range(100)}
    days = {p: np.flatnonzero(rng.uniform(size=600) < rate / 3).astype(float) for p, rate in rates.items()}
    past = of_days({p: list(d) if len(d) else [0.0] for p, d in days.items()}, 600)

    class Stub:
        share = 1.0

        def __init__(self, log: Activity, factors: np.ndarray) -> None:
            self.n_known = log.n_people
            self._chance = np.minimum(0.3 * factors[classes(log)], 1.0)
            self._everybody = np.arange(log.n_people)

        def run_weeks(self, _: object, seeds: list[int], weeks: int) -> Iterator[tuple[Any, Any, Any]]:
            for seed in seeds:
                wrote = (
                    np.random.default_rng(seed).uniform(size=(self.n_known, weeks)) < self._chance[:, None]
                )
                yield self._everybody, *np.nonzero(wrote)

    usual = np.ones(WEEKS)
    factors = hindcast(past, usual, Stub, lambda group: group, list(range(16)))  # type: ignore[arg-type]
    before = truncate(past, past.days - 7 * WEEKS)
    for one in range(N_CLASSES):
        here = np.flatnonzero(classes(before) == one)
        if len(here) >= 10:
            later = (past.active_day >= before.days) & np.isin(past.active_person, here)
            pairs = {
                (p, (d - before.days) // 7)
                for p, d in zip(past.active_person[later], past.active_day[later], strict=True)
            }
            assert 0.3 * factors[one] == pytest.approx(len(pairs) / len(here) / WEEKS, rel=0.15)
    # weeks that the mood made twice as busy count half
    lively = hindcast(past, 2 * usual, Stub, lambda group: group, list(range(16)))  # type: ignore[arg-type]
    large = np.bincount(classes(before), minlength=N_CLASSES) >= 10
    assert (lively[large] < 0.8 * factors[large]).all()


def test_too_short_a_log_leaves_the_factors_alone() -> None:
    log = of_days({person: [float(person % 100), 150.0] for person in range(60)}, 200)
    assert (hindcast(log, np.ones(WEEKS), None, None, [1]) == 1).all()  # type: ignore[arg-type]


def test_members_get_the_state_of_those_with_the_same_facts() -> None:
    log = of_days({0: list(np.arange(0.0, 200, 2)), 1: [3.0], 2: [150, 199]}, 200)
    states = pd.DataFrame(
        {
            "joined": [-200.0, -197, -50],
            "last_seen": [-2.0, -197, -1],
            "visits": [300, 1, 9],
            "state": ["member", "left", "away"],
            "next_visit": [0.5, np.nan, 3.0],
            "pace": [1.0, 0.1, 0.2],
            "talkativeness": [1.0, 1.0, 1.0],
            "contentment": [0.0, 0.0, 0.0],
        }
    )
    given = Donors(
        np.repeat(facts(log), 5, axis=0),
        np.repeat([46.0, 0, 2], 5),
        states.loc[[0] * 5 + [1] * 5 + [2] * 5].reset_index(drop=True),
        states[:0],
        3,
    )
    everybody = np.arange(3)
    found = table_of_members(log, given, [everybody] * 2, np.ones(7), 0.16, 1, np.array([-1, 0, 0]))
    assert found["state"].tolist() == ["member", "left", "away"] * 2
    assert found["events"].tolist() == [100, 1, 2] * 2
    assert found["inviter"].tolist() == ["", "0", "0"] * 2
    assert found["joined"].tolist()[:3] == [-199.5, -196.5, -49.5]
    assert found["pace"][0] == pytest.approx(1.0, rel=0.05)
    quiet = table_of_members(log, given, [everybody], np.full(7, 1e-9), 0.16, 1)
    assert quiet["state"].tolist() == ["left"] * 3
    loud = table_of_members(log, given, [everybody], np.full(7, 5.0), 0.16, 1)
    assert loud["pace"][0] == pytest.approx(3.0, rel=0.05)  # no more than that
    assert loud["contentment"].to_numpy() == pytest.approx(0.16 * np.log(5.0))
    fast = replace(given, state=given.state.assign(pace=900.0))
    assert table_of_members(log, fast, [everybody], np.full(7, 5.0), 0.16, 1)["pace"].max() == 1000
    part = table_of_members(log, given, [np.array([1, 2])], np.ones(7), 0.16, 1, np.array([-1, 0, 1]))
    assert part["inviter"].tolist() == ["", "1"]  # whoever brought 1 is in another part


def test_who_was_removed_or_is_back_at_the_door_is_no_member() -> None:
    people, members = new_people(5), new_members(5)
    people["member"] = 1 + np.arange(5)
    people["state"] = [State.MEMBER, State.LEFT, State.REMOVED, State.WAITING, State.OUTSIDE]
    members["left_at"][1:] = [np.inf, 5, 5, 5, 5]
    members["last_visit_at"], members["visit_due"] = 3, 12
    found = _columns(Everybody(people, members), 10)
    assert found["state"].tolist() == ["member", "left", "left", "left", "left"]
    assert found["last_seen"].tolist() == [-7, -5, -5, -5, -5]
    assert found["next_visit"].isna().tolist() == [False, True, True, True, True]


def test_the_inflow_begins_from_that_of_the_last_season() -> None:
    seasons = {
        "early": {"do": "season", "day": 0, "days": 60, "discovery": 3.0},
        "late": {"do": "season", "day": 60, "days": 40, "discovery": 0.5},
        "week": {"do": "season", "day": 93, "days": 7, "discovery": 2.0},
    }
    scenario = Scenario.from_mapping({"format": 2, "title": "t", "days": 100, "operations": seasons})
    assert _last_season(scenario) == 1.0
    assert _last_season(scenario.with_({"days": 101})) == 1.0  # none is in force at the end
    assert _last_season(scenario.with_({"operations.late.discovery": 0.25})) == 0.5
