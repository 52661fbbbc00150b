"""Effects, costs, ranks and turns, each by hand."""

import numpy as np
import pytest

from shequn.app.answers.playbook import cost_text
from shequn.experiments.intervals import Interval, Numbers
from shequn.experiments.playbook.design import AS_IT_IS
from shequn.experiments.playbook.effects import (
    Effect,
    Per,
    Rank,
    Turn,
    best,
    costs,
    effect,
    first_with,
    goal_values,
    ranking,
    rankings,
    ratios,
    turn,
)
from shequn.experiments.playbook.reading import read_playbook
from shequn.experiments.playbook.study import MEASURED

NEWCOMERS, MEMBERS = (read_playbook().chosen((name,))[0] for name in ("chat", "camp"))


def _runs(**measured: float | list[float]) -> Numbers:
    """Four runs in which a response that is not named is 0."""
    columns = [np.broadcast_to(measured.get(name.replace(".", "_"), 0.0), 4) for name in MEASURED]
    return np.array(columns, dtype=float).T


def test_retention_is_that_of_newcomers_or_of_all_members() -> None:
    runs = _runs(present_week_4=0.7, start=10, joins=[10, 10, 30, 10], end=[5, 10, 10, 20])
    np.testing.assert_allclose(goal_values(NEWCOMERS, runs)["retention"], 0.7)
    np.testing.assert_allclose(goal_values(MEMBERS, runs)["retention"], [0.25, 0.5, 0.25, 1.0])
    assert np.isnan(goal_values(MEMBERS, _runs(end=1))["retention"]).all()


def test_a_lever_costs_what_rewards_reach_and_pay_rise_and_the_hours_of_duties() -> None:
    arms = {
        AS_IT_IS: _runs(staff_cost=100, staff_minutes=600, rewards=5),
        "welcome": _runs(
            staff_cost=160, staff_minutes=[660, 720, 660, 720], rewards=[5, 6, 5, 6], reach_cost=40
        ),
    }
    money, hours = costs(arms, "welcome")
    np.testing.assert_allclose(money, [100, 101, 100, 101])
    np.testing.assert_allclose(hours, [1, 2, 1, 2])


def test_an_effect_is_the_mean_paired_difference() -> None:
    arms = {AS_IT_IS: _runs(end=[10, 20, 30, 40]), "welcome": _runs(end=[11, 23, 31, 43])}
    found = effect(NEWCOMERS, arms, "welcome", "growth", 0.95)
    assert (found.before, found.after, found.interval.mean) == (25.0, 27.0, 2.0)
    half = 3.182 * np.std([1, 3, 1, 3], ddof=1) / 2.0  # Student's t at 3 degrees of freedom
    assert found.interval.high == pytest.approx(2.0 + half, abs=1e-3)
    assert found.is_shown


def test_an_effect_that_is_never_known_is_not_shown() -> None:
    arms = {AS_IT_IS: _runs(present_week_4=np.nan), "welcome": _runs(present_week_4=1)}
    assert not effect(NEWCOMERS, arms, "welcome", "retention", 0.95).is_shown


def test_a_lever_that_costs_nothing_has_no_ratio() -> None:
    found = ratios(np.array([1.0, 3.0, 1.0, 3.0]), np.zeros(4), np.full(4, 4.0), 0.95)
    assert found[Per.YUAN] is None
    per_hour = found[Per.HOUR]
    assert per_hour is not None
    assert per_hour.ratio == pytest.approx(0.5)


def test_what_a_lever_costs_or_saves_in_words() -> None:
    def cost(value: float, low: float, high: float) -> str:
        return cost_text({"hours": value, "hours_low": low, "hours_high": high}, "hours")

    assert cost(0.0, 0.0, 0.0) == "nothing"
    assert cost(20.0, 10.0, 30.0) == "20 (10 … 30)"
    assert cost(-20.0, -30.0, -10.0) == "saves 20 (10 … 30)"
    assert cost(5.0, -5.0, 15.0) == "5 (−5 … 15), not shown"


def test_levers_are_ranked_by_their_mean_and_the_lead_is_paired() -> None:
    """a is ahead of b by .5 in every pair, though their own values vary by 10; c is not clearly behind b."""
    luck = np.array([-10.0, 10.0, -5.0, 5.0])
    found = ranking({"c": np.array([9.0, -9.0, 8.0, -9.0]), "b": luck, "a": luck + 0.5}, 0.95)
    assert found == [Rank("a", 0.5, True), Rank("b", 0.0, False), Rank("c", -0.25, False)]


def test_nothing_is_ranked_where_nothing_is_known() -> None:
    assert ranking({}, 0.95) == []
    assert ranking({"a": np.full(4, np.nan)}, 0.95) == []


def test_by_its_cost_another_lever_may_be_first() -> None:
    nothing = dict.fromkeys(NEWCOMERS.levers, _runs())
    arms = {
        **nothing,
        AS_IT_IS: _runs(),
        "answers": _runs(end=[20, 21, 20, 21], staff_cost=2000, staff_minutes=600),
        "welcome": _runs(end=[10, 11, 10, 11], staff_cost=500, staff_minutes=600),
        "task": _runs(end=30),
    }
    found = rankings(NEWCOMERS, arms, "growth", 0.95)
    assert [rank.lever for rank in found[Per.LEVER]][:3] == ["task", "answers", "welcome"]
    assert [rank.lever for rank in found[Per.YUAN]] == ["welcome", "answers"]
    assert [rank.value for rank in found[Per.YUAN]] == pytest.approx([21.0, 10.25])
    assert [rank.lever for rank in found[Per.HOUR]] == ["answers", "welcome"]


def test_the_lever_to_take_first_is_shown_if_any_is() -> None:
    ranks = [Rank("a", 3.0, False), Rank("b", 2.0, False)]
    assert best(ranks, {"a": False, "b": True}) == "b"
    assert best(ranks, {"a": False, "b": False}) == "a"
    assert best([], {}) is None


def _effect(mean: float, half: float) -> Effect:
    return Effect(0.0, mean, Interval(4, mean, mean - half, mean + half))


def test_a_shown_effect_turns_where_its_mean_has_the_other_sign() -> None:
    assert turn(_effect(2, 1), _effect(-2, 1)) is Turn.SHOWN
    assert turn(_effect(2, 1), _effect(-2, 3)) is Turn.PERHAPS
    assert turn(_effect(2, 1), _effect(1, 3)) is Turn.NO
    assert turn(_effect(2, 3), _effect(-2, 1)) is Turn.NO  # not shown as shipped
    assert turn(_effect(-2, 1), _effect(0, 0)) is Turn.NO


def test_the_lead_of_another_first_lever_is_paired() -> None:
    luck = np.array([-10.0, 10.0, -5.0, 5.0])
    found = first_with({"a": luck, "b": luck + 1.0}, "a", 0.95)
    assert found is not None
    assert (found.lever, found.lead_over, found.lead) == ("b", "a", Interval(4, 1.0, 1.0, 1.0))
    assert first_with({}, "a", 0.95) is None
