"""Who of the staff takes up what when: exact cases, by hand."""

from typing import Any

import pytest

from shequn.sim.kernel.duties.duty import Round, at_most
from shequn.sim.kernel.state import NOBODY, JournalKind, State
from tests.sim.records import record_of
from tests.sim.staff.desk import DUTIES, JOBS, MINUTE, Desk


def test_one_after_the_other_in_order_of_time() -> None:
    desk = Desk()
    desk.hire(0)
    desk.give(0, 3, 1, 2, at=0.1)
    assert desk.done(1.0 - 1e-9) == [(10, 0, 3), (20, 0, 1), (30, 0, 2)]
    assert desk.counts(0) == (3, 0, 0, 30.0)
    assert desk.rows(JournalKind.DUTY, 1.0)["value"] == pytest.approx(
        [9 / 24 + k * 10 * MINUTE - 0.1 for k in (1, 2, 3)]
    )


def test_work_that_comes_within_the_hours_is_begun_at_once_and_is_done_when_its_minutes_are_spent() -> None:
    desk = Desk()
    desk.hire(0)
    at = 9.5 / 24
    desk.give(0, 4, at=at)
    desk.machine.run_until(at + 9.9 * MINUTE)
    assert desk.counts(0) == (0, 0, 0, 10.0)
    assert desk.done(0.5) == [(40, 0, 4)]


def test_the_duty_that_is_listed_first_comes_first_whatever_came_first() -> None:
    desk = Desk()
    desk.hire(0)
    desk.give(1, 5, 6, at=0.1)
    desk.give(0, 7, at=0.2)
    assert desk.done(0.5) == [(10, 0, 7), (12, 1, 5), (14, 1, 6)]


def test_what_is_begun_is_finished_before_what_is_more_urgent() -> None:
    desk = Desk()
    desk.hire(0)
    desk.give(1, 5, 6, at=9 / 24)
    desk.give(0, 7, at=9 / 24 + MINUTE)
    assert desk.done(0.5) == [(2, 1, 5), (12, 0, 7), (14, 1, 6)]


def test_who_has_worked_least_today_comes_first_then_who_has_the_smaller_key() -> None:
    desk = Desk({"host": {**JOBS["host"], "people": 3}})
    desk.hire(0, 1, 2)
    by_key = sorted(
        desk.world.staff["paid"].tolist(), key=lambda person: int(desk.world.people["key"][person])
    )
    desk.give(0, 1, 2, at=0.1)
    desk.give(1, 5, at=9.5 / 24)  # the third has done nothing yet
    desk.give(0, 6, at=9.6 / 24)  # 2 minutes are less than 10
    assert desk.rows(JournalKind.DUTY, 1.0)["person"].tolist() == [*by_key, by_key[2]]
    desk.machine.run_until(1.2)
    desk.give(1, 8, at=1.3)  # a new day: all have worked 0 minutes
    assert desk.rows(JournalKind.DUTY, 2.0)["person"][-1] == by_key[0]


def test_as_many_at_a_time_as_are_there() -> None:
    desk = Desk({"host": {**JOBS["host"], "people": 2}})
    desk.hire(0, 1)
    desk.give(0, 1, 2, 3, at=0.1)
    assert sorted(desk.done(0.5)) == [(10, 0, 1), (10, 0, 2), (20, 0, 3)]


@pytest.mark.parametrize(
    ("hours", "minutes", "each_day"),
    [([9, 10], 60, 6), ([9, 10], 25, 2), ([9, 9.25], 60, 1), ([9, 10], 20, 2), ([9, 9.5], 60, 3)],
)
def test_what_does_not_fit_into_the_day_waits_for_the_next(hours: Any, minutes: float, each_day: int) -> None:
    desk = Desk({"host": {"hours": hours, "minutes": minutes}})
    desk.hire(0)
    people = tuple(range(14))
    desk.give(0, *people, at=0.1)
    expected = [(1440 * (k // each_day) + 10 * (k % each_day + 1), 0, k) for k in people]
    assert desk.done(15.0) == expected


def test_what_is_shorter_is_done_while_what_does_not_fit_waits_whichever_came_first() -> None:
    for first_at, second_at in ((0.1, 0.2), (0.2, 0.1), (9.2 / 24, 9.8 / 24)):
        desk = Desk({"host": {"hours": [9, 10], "minutes": 13}})
        desk.hire(0)
        for at, duty, people in sorted([(first_at, 0, (1, 2)), (second_at, 1, (3, 4))]):
            desk.give(duty, *people, at=at)
        today = [(duty, person) for minute, duty, person in desk.done(1.0) if minute < 60]
        assert today == [(0, 1), (1, 3)], (first_at, second_at)
        tomorrow = [(minute - 1440, duty, person) for minute, duty, person in desk.done(2.0)[2:]]
        assert tomorrow == [(10, 0, 2), (12, 1, 4)]


def test_when_the_one_who_was_called_leaves_another_does_it() -> None:
    for gone in (0, 1):
        desk = Desk({"host": {**JOBS["host"], "people": 2}})
        desk.hire(0, 1)
        desk.give(0, 1, at=0.1)
        desk.machine.dismiss(gone)
        assert desk.done(0.5) == [(10, 0, 1)]


def test_what_somebody_was_doing_who_leaves_stays_undone() -> None:
    desk = Desk()
    desk.hire(0)
    desk.give(0, 1, 2, at=0.1)
    desk.machine.run_until(9 / 24 + 5 * MINUTE)
    desk.machine.dismiss(0)
    assert not desk.done(3.0)
    desk.machine.run_until(3.9)
    desk.hire(0)  # somebody again, after 10:00
    assert desk.done(5.0) == [(4 * 1440 + 10, 0, 2)]
    assert desk.world.duty_days["missed"][: 2 * 6].sum() == 1


def test_a_day_off_and_on_gives_no_second_day() -> None:
    desk = Desk({"host": {"hours": [9, 10], "minutes": 10}})
    desk.hire(0)
    desk.give(0, 1, 2, at=0.1)
    desk.machine.run_until(9.5 / 24)
    desk.machine.dismiss(0)
    desk.hire(0)
    assert desk.done(2.0) == [(10, 0, 1), (1450, 0, 2)]


def test_nobody_there_nothing_done() -> None:
    desk = Desk()
    desk.give(0, 1, 2, at=0.1)
    assert not desk.done(2.0)
    assert desk.counts(0)[2] == 2


def test_those_who_are_away_do_nothing_until_they_are_back() -> None:
    job = {"host": {**JOBS["host"], "from": "members", "people": 2}}
    desk = Desk(job)
    desk.volunteer(0, 10)
    desk.volunteer(1, 11)
    desk.give(0, 1, 2, at=0.1)
    record_of(desk.world, 10)["lapsed"] = 1
    assert desk.done(0.5) == [(10, 0, 1), (20, 0, 2)]
    assert desk.rows(JournalKind.DUTY, 0.5)["person"].tolist() == [11, 11]


def test_a_piece_of_work_about_the_worker_is_left() -> None:
    desk = Desk({"host": {**JOBS["host"], "from": "members"}})
    desk.volunteer(0, 10)
    desk.give(0, 10, 11, at=0.1)
    assert desk.done(1.0 - 1e-9) == [(20, 0, 11)]
    assert desk.counts(0) == (1, 1, 0, 20.0)


def test_a_round_ends_the_one_before() -> None:
    desk = Desk({"host": {"hours": [9, 10], "minutes": 10}})
    desk.hire(0)
    desk.give(0, 1, 2, 3, at=0.1)
    desk.give(0, 4, at=0.6)
    assert desk.done(3.0) == [(10, 0, 1), (1450, 0, 4)]
    assert desk.world.duty_days["missed"][: 2 * 3].sum() == 2


def test_what_has_waited_too_long_or_is_about_somebody_who_has_gone_is_left() -> None:
    duties = {"first": {**DUTIES["first"], "every": 2}}
    desk = Desk({"host": {"hours": [9, 10], "minutes": 10}}, duties)
    desk.hire(0)
    desk.give(0, 1, 2, 3, 4, 5, at=0.1)
    desk.machine.remove([2])
    assert desk.done(6.0) == [(10, 0, 1), (1450, 0, 3)]
    assert desk.world.duty_days["missed"][:7].sum() == 3


def test_who_left_and_came_again_is_in_another_stay() -> None:
    desk = Desk()
    desk.hire(0)
    desk.give(0, 1, 2, at=0.1)
    desk.world.people["n_joins"][1] += 1
    assert desk.done(1.0) == [(10, 0, 2)]


def test_each_desk_does_the_work_of_its_room() -> None:
    spaces = {"hall": {}, "class": {"in": "hall", "copies": 2, "fill": "first", "seats": 20}}
    desk = Desk({"host": {**JOBS["host"], "in": "class"}}, spaces=spaces)
    desk.hire(0, 1)
    desk.give(0, 1, 2, at=0.1)
    desk.machine.begin_round(1, at_most(None, [1, 1], [25, 26], [NOBODY] * 2, [NOBODY] * 2))
    rows = desk.rows(JournalKind.DUTY, 1.0)
    paid = desk.world.staff["paid"].tolist()
    assert [(row["person"], row["other"]) for row in rows] == [
        (paid[1], 25), (paid[1], 26), (paid[0], 1), (paid[0], 2)
    ]  # fmt: skip
    assert desk.machine.desks_of_rooms(0).tolist() == [NOBODY, 0, 1]


def test_volunteers_leave_their_place_with_the_room_and_stay_members() -> None:
    spaces = {"hall": {}, "class": {"in": "hall", "copies": 2, "fill": "first", "seats": 29}}
    desk = Desk({"host": {**JOBS["host"], "from": "members", "in": "class"}}, spaces=spaces)
    desk.volunteer(0, 3)
    desk.machine.remove([4])
    assert desk.world.staff["person"].tolist() == [3, NOBODY]
    desk.machine.remove([3])
    assert desk.world.staff["person"].tolist() == [NOBODY, NOBODY]
    assert desk.world.jobs["present"][0] == 0
    assert desk.rows(JournalKind.DISMISS, 0.1)["person"].tolist() == [3]


def test_people_who_are_paid_are_in_no_count_of_members() -> None:
    desk = Desk()
    paid = int(desk.world.staff["paid"][0])
    members = int(desk.machine.totals["members"])
    assert desk.world.people["state"][paid] == State.FORMER_STAFF
    desk.hire(0)
    assert desk.world.people["state"][paid] == State.STAFF
    assert desk.machine.totals["members"] == members == 30
    desk.give(0, 1, at=0.1)
    desk.machine.run_until(0.5)
    friends = desk.world.people["ties_inside"][1]
    desk.machine.dismiss(0)
    assert desk.world.people["state"][paid] == State.FORMER_STAFF
    assert (friends, desk.world.people["ties_inside"][1]) == (1, 0)
    assert desk.rows(JournalKind.HIRE, 0.5)["person"].tolist() == [paid]


def test_records_of_work_are_used_again() -> None:
    desk = Desk({"host": {"hours": [0, 24], "minutes": 1440}})
    desk.hire(0)
    for k in range(40):
        desk.give(1, *range(10), at=k * 0.1)
    desk.machine.run_until(5.0)
    assert desk.machine.totals["n_work"] == 10


def test_the_first_of_a_round_are_kept_for_each_desk() -> None:
    kept = at_most(2, [0, 1, 0, 0, 1], [10, 11, 12, 13, 14], [1] * 5, [2] * 5)
    assert isinstance(kept, Round)
    assert kept.people.tolist() == [10, 11, 12, 14]
    assert kept.desks.tolist() == [0, 1, 0, 1]
