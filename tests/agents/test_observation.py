"""What a member perceives at a visit."""

import pytest

from shequn.agents.observation import Observation


def test_a_visit_is_plain_numbers_in_this_order() -> None:
    # sim/ fills it by position and name; drivers look at nothing else
    assert Observation._fields == (
        "enjoyment", "usefulness", "n_read", "unread", "strangers_share", "holding", "recognition",
        "recognition_of_others", "gains", "aspiration", "friends", "answers", "event_intensity",
        "marks", "marks_of_others", "rank", "near_by",
    )  # fmt: skip
    assert set(Observation.__annotations__.values()) == {float}


def test_a_visit_says_everything_and_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        Observation()  # type: ignore[call-arg]
    visit = Observation(*(float(number) for number in range(len(Observation._fields))))
    assert visit.near_by == 16.0
    with pytest.raises(AttributeError):
        visit.near_by = 0.0  # type: ignore[misc]
