"""Inviting: how often, whom, and the answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents import inviting
from shequn.agents.inviting import acceptance_probability, choice_weight, invitation_rate
from tests.agents.given import coefficients, examples

LN2 = 0.6931471805599453


def asking(**changes: float) -> object:
    """Coefficients of an answer: those that matter at values apart from their defaults."""
    values = {
        "acceptance": 0.0, "odds": 0.5, "trust": 2.0, "friends": 0.5, "reward": 2.0, "gate_cost": 3.0,
        "fatigue": 2.0, **changes,
    }  # fmt: skip
    return coefficients(**{f"inviting_{name}": value for name, value in values.items()})


def test_modes_and_acceptances_are_numbered_in_the_order_of_the_choices() -> None:
    choices = {c.name: c for c in inviting.GROUP.coefficients if c.choices}
    assert set(choices) == {"mode", "acceptance"}
    assert (inviting.MEMBER, inviting.TIE, inviting.MODEL, inviting.ALWAYS) == (0, 1, 0, 1)
    for name, word, number in (
        ("mode", "member", inviting.MEMBER),
        ("mode", "tie", inviting.TIE),
        ("acceptance", "model", inviting.MODEL),
        ("acceptance", "always", inviting.ALWAYS),
    ):
        assert choices[name].number(word) == number


@pytest.mark.parametrize(
    ("w", "targets", "satisfaction", "incentive", "rate"),
    [
        (1.0, 10.0, 0.5, 1.0, 0.2),  # 0.02 × 10, half satisfied
        (1.0, 10.0, 0.75, 1.0, 0.3),  # × 1.5
        (1.0, 10.0, 0.0, 1.0, 0.0),
        (0.0, 10.0, 0.9, 1.0, 0.2),  # satisfaction does not count
        (0.5, 10.0, 0.9, 1.0, 0.28),  # 0.2 × (0.5 + 0.9)
        (0.25, 5.0, 0.2, 3.0, 0.255),  # 0.1 × (0.75 + 0.1) × 3
        (1.0, 0.0, 0.9, 2.0, 0.0),
    ],
)
def test_invitations_go_with_targets_satisfaction_and_incentive(
    w: float, targets: float, satisfaction: float, incentive: float, rate: float
) -> None:
    p = coefficients(inviting_rate=0.02, inviting_by_satisfaction=w)
    assert invitation_rate(targets, satisfaction, incentive, p) == pytest.approx(rate)


@pytest.mark.parametrize(
    ("power", "strength", "match", "weight"),
    [
        (1.0, 0.5, 0.8, 0.4),
        (2.0, 0.5, 0.8, 0.2),  # 0.25 × 0.8
        (0.5, 0.25, 0.6, 0.3),
        (0.0, 0.1, 0.7, 0.7),  # strength does not count
        (2.0, 3.0, 0.5, 4.5),
        (1.0, 0.0, 0.8, 0.0),
    ],
)
def test_a_tie_is_chosen_by_a_power_of_its_strength_and_by_match(
    power: float, strength: float, match: float, weight: float
) -> None:
    assert choice_weight(strength, match, coefficients(inviting_strong_ties=power)) == pytest.approx(weight)


@pytest.mark.parametrize(
    ("changes", "strength", "friends", "reputation", "reward", "cost", "before", "chance"),
    [
        ({}, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1 / 3),  # the odds as they stand: 0.5
        ({}, 0.5, 1.0, 1.0, 0.0, 0.0, 0.0, 1 / 9),  # 0.5 × 0.25 = 1/8
        ({}, 1.0, 4.0, 1.0, 0.0, 0.0, 0.0, 0.5),  # × √4
        ({}, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1 / 3),  # nobody inside counts as one
        ({}, 1.0, 0.5, 1.0, 0.0, 0.0, 0.0, 1 / 3),
        ({}, 1.0, 1.0, 1.0 + LN2, 0.0, 0.0, 0.0, 0.5),  # reputation: × e^ln 2
        ({}, 1.0, 1.0, 1.0 - LN2, 0.0, 0.0, 0.0, 0.2),  # 0.25
        ({}, 1.0, 1.0, 1.0, LN2, 0.0, 0.0, 2 / 3),  # × e^(2 ln 2) = 4: odds 2
        ({}, 1.0, 1.0, 1.0, 0.0, LN2, 0.0, 1 / 17),  # × e^(−3 ln 2) = 1/8: 1/16
        ({}, 1.0, 1.0, 1.0, 0.0, 0.0, 2.0, 0.2),  # two asks before: half
        ({}, 1.0, 1.0, 1.0, 0.0, 0.0, 4.0, 1 / 9),  # four: a quarter
        ({"fatigue": 0.0}, 1.0, 1.0, 1.0, 0.0, 0.0, 4.0, 1 / 3),  # no fatigue
        ({"fatigue": 0.5}, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1 / 9),  # one ask: two halvings
        ({"odds": 0.0}, 1.0, 9.0, 2.0, 1.0, 0.0, 0.0, 0.0),
        ({}, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0),
        ({"trust": 0.0, "friends": 0.0}, 0.01, 50.0, 1.0, 0.0, 0.0, 0.0, 1 / 3),
        ({"trust": 1.0, "friends": 2.0, "odds": 4.0}, 0.5, 3.0, 1.0, LN2, LN2, 2.0, 9 / 11),
    ],
)  # the last: 4 × 0.5 × 9 × e^(2 ln 2 − 3 ln 2) × 1/2 = 4.5 → 4.5 / 5.5
def test_the_odds_to_accept_at_points_worked_out_by_hand(
    changes: dict[str, float],
    strength: float,
    friends: float,
    reputation: float,
    reward: float,
    cost: float,
    before: float,
    chance: float,
) -> None:
    answer = acceptance_probability(strength, friends, reputation, reward, cost, before, asking(**changes))
    assert answer == pytest.approx(chance)


def test_asked_by_always_everybody_says_yes() -> None:
    p = asking(acceptance=float(inviting.ALWAYS))
    assert acceptance_probability(0.0, 0.0, 0.0, 0.0, 1e6, 1e6, p) == 1.0


def test_a_boundless_reward_makes_the_answer_certain_without_overflow() -> None:
    assert acceptance_probability(1.0, 1.0, 1.0, 1e9, 0.0, 0.0, asking()) == 1.0


def test_log_odds_count_up_to_50() -> None:
    # 1e-20 × e^50 = 51.847…: 51.847 / 52.847
    assert acceptance_probability(1.0, 1.0, 1.0, 100.0, 0.0, 0.0, asking(odds=1e-20)) == pytest.approx(
        0.981077, abs=1e-6
    )


def test_a_boundless_cost_makes_the_answer_no() -> None:
    assert acceptance_probability(1.0, 1.0, 1.0, 0.0, 1e6, 0.0, asking()) == 0.0


@examples
@given(
    st.floats(0, 2), st.floats(0, 100), st.floats(0, 2), st.floats(0, 5), st.floats(0, 5), st.floats(0, 20),
    st.floats(0, 2),
)  # fmt: skip
def test_the_chance_rises_with_trust_friends_reputation_reward_and_falls_with_cost_and_asks(
    strength: float, friends: float, reputation: float, reward: float, cost: float, before: float, more: float
) -> None:
    p = asking()
    chance = acceptance_probability(strength, friends, reputation, reward, cost, before, p)
    assert 0.0 <= chance <= 1.0
    high, low = chance - 1e-12, chance + 1e-12
    assert acceptance_probability(strength + more, friends, reputation, reward, cost, before, p) >= high
    assert acceptance_probability(strength, friends + more, reputation, reward, cost, before, p) >= high
    assert acceptance_probability(strength, friends, reputation + more, reward, cost, before, p) >= high
    assert acceptance_probability(strength, friends, reputation, reward + more, cost, before, p) >= high
    assert acceptance_probability(strength, friends, reputation, reward, cost + more, before, p) <= low
    assert acceptance_probability(strength, friends, reputation, reward, cost, before + more, p) <= low
