"""Recognition held by a member and known in a room, by hand."""

from typing import Any

import numpy as np
import pytest

from shequn.sim.kernel.recognition import (
    begin_day,
    enter_day,
    fade_room,
    fade_stocks,
    leave_day,
    recognise,
    recognition_of_others,
)
from shequn.sim.kernel.state import member_dtype, room_dtype
from tests.agents.given import coefficients

P = coefficients(satisfaction_stock_half_life=10.0)


def member(**fields: float) -> Any:
    """A member with these fields; all stocks as of time 0."""
    record = np.zeros(1, member_dtype)[0]
    for name, value in fields.items():
        record[name] = value
    return record


def room(
    seen: dict[int, int] | None = None, recognition: dict[int, float] | None = None, at: float = 0.0
) -> Any:
    """A room with these places of its rings."""
    record = np.zeros(1, room_dtype)[0]
    for day, n in (seen or {}).items():
        record["seen"][day % 8] = n
    for day, held in (recognition or {}).items():
        record["recognition"][day % 8] = held
    record["recognition_at"] = at
    return record


def test_a_members_stocks_halve_together_and_nothing_else_does() -> None:
    me = member(recognition=4, answers=2, gains=1, aspiration=0.5, habit=0.5, stocks_at=3)
    fade_stocks(me, 13.0, P)
    assert [float(me[name]) for name in ("recognition", "answers", "gains")] == pytest.approx([2.0, 1.0, 0.5])
    assert (me["aspiration"], me["habit"], me["stocks_at"]) == (0.5, 0.5, 13.0)
    fade_stocks(me, 13.0, P)
    assert me["recognition"] == pytest.approx(2.0)


def test_a_time_that_lies_before_makes_no_stock_grow() -> None:
    me = member(recognition=4, answers=2, gains=1, stocks_at=3)
    fade_stocks(me, 2.5, P)
    assert [float(me[name]) for name in ("recognition", "answers", "gains")] == [4.0, 2.0, 1.0]
    hall = room(recognition={1: 4.0}, at=3.0)
    fade_room(hall, 2.5, P)
    assert hall["recognition"][1] == 4.0


def test_half_a_day_fades_too() -> None:
    me = member(recognition=1, stocks_at=3)
    fade_stocks(me, 3.5, coefficients(satisfaction_stock_half_life=0.5))
    assert me["recognition"] == pytest.approx(0.5)
    hall = room(recognition={1: 4.0}, at=3.0)
    fade_room(hall, 3.5, coefficients(satisfaction_stock_half_life=0.5))
    assert hall["recognition"][1] == pytest.approx(2.0)


def test_all_places_of_a_room_fade() -> None:
    hall = room(recognition=dict.fromkeys(range(8), 8.0), at=5.0)
    fade_room(hall, 25.0, P)
    assert hall["recognition"].tolist() == pytest.approx([2.0] * 8)
    assert hall["recognition_at"] == 25.0


def test_recognition_counts_one_for_the_member_and_for_the_room_on_the_day_they_were_seen() -> None:
    me, hall = member(recognition=2, stocks_at=0, last_visit_at=9.5), room(recognition={9: 3.0})
    recognise(hall, me, 10.0, P)
    assert float(me["recognition"]) == pytest.approx(2.0)  # 1 left, and 1
    assert hall["recognition"][1] == pytest.approx(2.5)
    assert hall["recognition"].sum() == pytest.approx(2.5)
    assert me["stocks_at"] == hall["recognition_at"] == 10.0


@pytest.mark.parametrize(("last", "known"), [(20.0, 1.0), (14.5, 1.0), (14.0, 1.0), (13.9, 0.0), (2.0, 0.0)])
def test_a_room_knows_of_recognition_while_its_holder_is_active(last: float, known: float) -> None:
    me, hall = member(last_visit_at=last), room()
    recognise(hall, me, 20.9, P)
    assert hall["recognition"].sum() == known
    assert hall["recognition"][int(last) % 8] == known
    assert me["recognition"] == 1.0


def test_who_is_seen_counts_today_with_what_they_hold() -> None:
    me, hall = member(recognition=4, stocks_at=9.5), room(seen={19: 2}, recognition={19: 2.0}, at=9.5)
    enter_day(hall, me, 19.5, P)
    assert hall["seen"].tolist() == [0, 0, 0, 3, 0, 0, 0, 0]  # 19 % 8
    assert hall["recognition"][3] == pytest.approx(3.0)  # 1 left, and 2 that they hold
    assert me["recognition"] == pytest.approx(2.0)


@pytest.mark.parametrize(("last", "counted"), [(20.0, True), (14.0, True), (13.9, False), (3.0, False)])
def test_who_goes_no_longer_counts_on_the_day_they_were_seen_if_it_is_current(
    last: float, counted: bool
) -> None:
    day = int(last)
    me = member(recognition=2, stocks_at=10.9, last_visit_at=last)
    hall = room(seen={day: 5}, recognition={day: 6.0}, at=10.9)
    leave_day(hall, me, 20.9, P)
    assert hall["seen"][day % 8] == (4 if counted else 5)
    assert hall["recognition"][day % 8] == pytest.approx(2.0 if counted else 3.0)


def test_a_new_day_begins_with_nobody_seen() -> None:
    hall = room(seen=dict.fromkeys(range(8), 3), recognition=dict.fromkeys(range(8), 1.5))
    begin_day(hall, 21)
    assert hall["seen"].tolist() == [3, 3, 3, 3, 3, 0, 3, 3]
    assert hall["recognition"].tolist() == [1.5, 1.5, 1.5, 1.5, 1.5, 0.0, 1.5, 1.5]


def test_the_others_mean_is_over_those_active_in_seven_days_without_oneself() -> None:
    me = member(recognition=2)
    # day 21 and six before: 15 … 21; day 14's place is that of a day no longer current
    hall = room(
        seen={21: 1, 18: 2, 15: 1, 14: 50}, recognition={21: 2.0, 18: 3.0, 15: 1.0, 14: 70.0}, at=21.5
    )
    assert recognition_of_others(hall, me, 21.5, P) == pytest.approx((6.0 - 2.0) / 3)
    assert recognition_of_others(hall, me, 31.5, P) != pytest.approx(4.0 / 3)


def test_the_rooms_sum_fades_before_it_is_compared() -> None:
    me, hall = member(recognition=1), room(seen={21: 3}, recognition={21: 8.0}, at=11.5)
    assert recognition_of_others(hall, me, 21.5, P) == pytest.approx((4.0 - 1.0) / 2)
    assert hall["recognition_at"] == 21.5


def test_alone_there_is_nobody_to_compare_with() -> None:
    me, hall = member(recognition=3), room(seen={21: 1}, recognition={21: 3.0}, at=21.5)
    assert recognition_of_others(hall, me, 21.5, P) == 0.0
    assert recognition_of_others(room(at=21.5), me, 21.5, P) == 0.0
    # with rounding below 0, too
    assert recognition_of_others(room({21: 2}, {21: 2.999999}, 21.5), me, 21.5, P) == 0.0
