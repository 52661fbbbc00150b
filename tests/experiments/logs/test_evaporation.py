"""The regression of leaving: rows as by hand, coefficients that were put in, and nothing where little is known."""

import numpy as np
import pytest

from shequn.experiments.logs.activity import DAY
from shequn.experiments.logs.evaporation import (
    MEASURES,
    PUBLISHED,
    Rows,
    coefficients,
    evaporation,
    pooled,
    rows_of,
    window_days,
)
from shequn.experiments.logs.log import NOBODY, Log
from shequn.experiments.logs.statistic_names import GROUPS


def test_rows_are_members_with_three_events_who_have_been_there_for_half_a_window() -> None:
    """Windows of 14 days: 0 writes on, 1 leaves, 2 has two events, 3 joins in the window's last days."""
    days = {0: [0, 3, 6, 20, 33], 1: [1, 2, 4, 9], 2: [1, 5], 3: [10, 11, 12, 13]}
    person = np.repeat(list(days), [len(seen) for seen in days.values()])
    time = np.concatenate(list(days.values())) * float(DAY)
    order = np.argsort(time, kind="stable")
    log = Log("made", person[order], time[order], end=42.0 * DAY)
    found = rows_of(log, 14)
    assert found.member.tolist() == [0, 1]
    assert found.left.tolist() == [False, True]
    np.testing.assert_allclose(np.exp(found.activity), [3, 4])
    np.testing.assert_allclose(np.exp(found.tenure), [14, 13])
    np.testing.assert_allclose(np.exp(found.size), 4)
    assert found.quality == {}
    assert rows_of(log, 14, least_events=2).member.tolist() == [0, 1, 2]


def test_quality_is_a_rank_within_the_window() -> None:
    person = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2])
    answered = np.array([NOBODY, 1, 1, NOBODY, NOBODY, 1, 0, NOBODY, NOBODY])  # 1 answers themselves once
    rating = np.array([3.0, np.nan, 5.0, 1, 1, 1, np.nan, np.nan, np.nan])
    time = np.arange(9.0) % 3 * DAY
    log = Log("made", person, time, end=28.0 * DAY, answered=answered, rating=rating)
    found = rows_of(log, 14).quality
    assert tuple(found) == MEASURES
    np.testing.assert_allclose(found["answers"], [2 / 3, 1, 1 / 3])
    np.testing.assert_allclose(found["replies"], [1, 1 / 3, 2 / 3])
    np.testing.assert_allclose(found["rating"], [1, 1 / 2, np.nan])


def rows(n: int, seed: int, **effects: float) -> Rows:
    """Rows whose leaving has these coefficients."""
    rng = np.random.default_rng(seed)
    terms = {name: rng.normal(size=n) for name in ("activity", "tenure", "size", "quality")}
    terms["quality_size"] = terms["quality"] * terms["size"]
    terms["activity_size"] = terms["activity"] * terms["size"]
    odds = sum(effects.get(name, 0.0) * values for name, values in terms.items())
    left = rng.uniform(size=n) < 1 / (1 + np.exp(-odds))
    quality = {"rating": terms["quality"], "replies": rng.normal(size=n)}
    return Rows(
        np.arange(n) // 2, np.arange(n) % 2, left, terms["activity"], terms["tenure"], terms["size"], quality
    )


def test_the_coefficients_that_were_put_in_come_out_within_four_standard_errors() -> None:
    put_in = {"activity": -1.0, "tenure": -0.5, "quality": 0.3, "quality_size": -0.2, "activity_size": 0.1}
    found = coefficients(rows(4000, 1, **put_in))
    for name, value in {**put_in, "size": 0.0}.items():
        key = "leaving_rating" if name == "quality" else f"leaving_{name}"
        assert abs(found[key] - value) < 4 * found[f"{key}_se"], name
        assert found[f"{key}_se"] < 0.06
    assert abs(found["leaving_replies"]) < 4 * found["leaving_replies_se"]


def test_pooled_runs_have_members_of_their_own_and_smaller_errors() -> None:
    runs = [rows(800, seed, activity=-1.0) for seed in (1, 2, 3, 4)]
    together = pooled(runs)
    assert len(np.unique(together.member)) == 4 * 400
    alone, all_four = (coefficients(part)["leaving_activity_se"] for part in (runs[0], together))
    assert all_four == pytest.approx(alone / 2, rel=0.2)


def test_little_is_known_of_a_short_or_small_log() -> None:
    log = Log("made", np.array([0, 1, 0]), np.array([0.0, 1.0, 2.0]) * DAY)
    assert all(np.isnan(value) for value in evaporation(log, 180).values())
    few = rows(60, 1)
    assert np.isnan(
        coefficients(Rows(*(getattr(few, k)[:30] for k in vars(few) if k != "quality"), {}))["leaving_size"]
    )


def test_windows_are_the_silence_in_whole_weeks() -> None:
    assert [window_days(silence) for silence in (180, 90, 7, 1)] == [182, 91, 7, 7]


def test_every_coefficient_has_a_line_and_its_error_one() -> None:
    names = {line.name for group in GROUPS.values() for line in group}
    assert {key for name in PUBLISHED for key in (name, f"{name}_se")} <= names
