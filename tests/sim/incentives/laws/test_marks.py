"""Levels, titles and awards: who has them, what they count for, and for whom."""

from typing import Any

import numpy as np
import pytest

from shequn.agents import honor
from shequn.agents.drivers import Driver
from shequn.sim.kernel.chance import Purpose, uniforms
from shequn.sim.kernel.marks import may, shown_by, shown_by_others
from shequn.sim.kernel.rewards import worth_of_act
from shequn.sim.kernel.rooms import pond_of
from shequn.sim.kernel.state import MAX_STEPS, NOBODY, Act, JournalKind, Privilege
from shequn.sim.kernel.tasks import do_tasks
from shequn.sim.kernel.writing import perhaps_write_for_pay, write_for_pay, write_post
from shequn.sim.operator import Operator
from tests.sim.incentives.laws.stall import FIRST, OFFICE, SECOND, SPACES, Stall
from tests.sim.records import record_of

LEVELS = {"level": {"by": "points", "steps": [10, 25, 100], "honor": 2}}
PAID = {"rule": {"for": "post", "pay": {"points": 5}}}


def by_others(here: Stall, person: int, at: float) -> float:
    """What the marks of the others count for, to a member."""
    room = pond_of(here.world, here.room(person))
    return float(shown_by_others(here.world, room, here.world.people[person], at))


def award(here: Stall, name: str, at: float) -> None:
    """The operator carries out an operation, for the first time."""
    here.machine.run_until(at)
    names = [operation.name for operation in here.scenario.operations]
    Operator(here.scenario, here.machine).carry_out(names.index(name))


def test_a_level_is_the_number_of_steps_that_what_was_earned_has_reached() -> None:
    here = Stall(marks=LEVELS, earn=PAID)
    for amount, at in ((9, 0.1), (1, 0.2), (14, 0.3), (1, 0.4), (75, 0.5), (1000, 0.6)):
        here.give(3, amount, at)
    rows = here.rows(JournalKind.MARK)
    assert rows[["person", "detail", "value"]].tolist() == [(3, 0, 1), (3, 0, 2), (3, 0, 3)]
    assert rows["time"] == pytest.approx([0.2, 0.4, 0.5])
    assert shown_by(here.world, here.world.people[3]) == 6.0
    assert shown_by(here.world, here.world.people[4]) == 0.0


def test_a_level_goes_by_its_own_unit_alone() -> None:
    here = Stall(
        units={"points": {}, "stars": {}}, earn={**PAID, "other": {"for": "reply", "pay": {"stars": 1}}},
        marks={**LEVELS, "star": {"by": "stars", "steps": [1, 2]}},
    )  # fmt: skip
    here.give(3, 25, 0.1)
    here.give(3, 1, 0.2, "stars")
    rows = here.rows(JournalKind.MARK)
    assert rows[["detail", "value"]].tolist() == [(0, 2.0), (1, 1.0)]


def test_there_can_be_as_many_steps_as_the_record_has() -> None:
    here = Stall(marks={"level": {"by": "points", "steps": list(range(1, MAX_STEPS + 1))}}, earn=PAID)
    for number in range(MAX_STEPS + 1):
        here.give(3, 1, 0.1 + 0.01 * number)
    assert here.rows(JournalKind.MARK)["value"].tolist() == list(range(1, MAX_STEPS + 1))


def test_what_is_spent_takes_no_level_away_and_leaving_does() -> None:
    here = Stall(
        marks=LEVELS, earn=PAID, offers={"o": {"takes": {"points": 10}, "worth": 1000, "most": None}}
    )
    here.give(3, 10, 0.1)
    for number in range(50):
        here.look(3, 0.2 + 0.001 * number)
    assert here.balance(3) == 0
    assert shown_by(here.world, here.world.people[3]) == 2.0
    here.leave(3, 0.5)
    assert by_others(here, 4, 0.6) == 0.0
    here.join(3, 0.7)
    assert shown_by(here.world, here.world.people[3]) == 0.0


def test_marks_count_for_their_holder_and_against_the_others_of_the_pond() -> None:
    here = Stall(marks=LEVELS, earn=PAID)
    here.give(3, 30, 0.1)
    assert by_others(here, 3, 0.2) == 0.0
    assert by_others(here, 4, 0.2) == pytest.approx(4.0 / 29)  # thirty founders, all seen on day 0
    assert by_others(here, 4, 7.5) == 0.0  # not seen for a week
    assert honor.standing(4.0, 0.0) == 4.0 / 5.0


def test_they_move_with_their_holder_from_pond_to_pond() -> None:
    here = Stall(spaces=SPACES, marks=LEVELS, earn=PAID)
    one, other = FIRST, SECOND
    person = next(k for k in range(30) if here.room(k) == one)
    there = next(k for k in range(30) if here.room(k) == other)
    here.give(person, 10, 0.1)
    assert by_others(here, there, 0.2) == 0.0
    here.machine.run_until(0.3)
    here.machine.move([person], 2)  # to the office
    assert np.abs(here.world.rooms["shown"][[one, other]]).sum() == 0.0
    assert here.world.rooms["shown"][here.room(person)].sum() == 2.0


def test_to_those_who_care_for_honor_a_unit_is_worth_what_it_brings_nearer() -> None:
    here = Stall(marks=LEVELS, earn=PAID)
    drivers = record_of(here.world, 3)["drivers"]
    drivers[:] = 0.0
    drivers[Driver.HONOR] = 0.5

    def worth() -> Any:
        return pytest.approx(worth_of_act(here.world, Act.POST.value, NOBODY, 3, 0.9), rel=1e-6)

    assert worth() == 5 * 0.5 * 2 / 10
    here.give(3, 8, 0.1)
    assert worth() == 5 * 0.5 * 2 / 2
    here.give(3, 7, 0.2)
    assert worth() == 5 * 0.5 * 2 / 10
    here.give(3, 85, 0.3)
    assert worth() == 0.0
    assert worth_of_act(here.world, Act.POST.value, NOBODY, 4, 0.9) == 0.0  # benefit alone


def test_a_level_opens_posts_replies_and_invitations_and_what_no_mark_names_is_open() -> None:
    allows = {"post": 1, "reply": 2, "invite": 3}
    here = Stall(marks={"level": {**LEVELS["level"], "allows": allows}, "other": {}}, earn=PAID)

    def allowed(person: int) -> list[bool]:
        return [bool(may(here.world, person, privilege.value)) for privilege in Privilege]

    assert allowed(3) == [False, False, False]
    for amount, at, open_to_them in ((10, 0.1, 1), (15, 0.2, 2), (75, 0.3, 3)):
        here.give(3, amount, at)
        assert allowed(3) == [k < open_to_them for k in range(3)]
    assert allowed(4) == [False, False, False]
    assert [bool(may(Stall(marks=LEVELS, earn=PAID).world, 3, k)) for k in range(3)] == [True] * 3


def test_who_may_not_post_writes_neither_of_their_own_accord_nor_for_pay() -> None:
    marks = {"level": {**LEVELS["level"], "allows": {"post": 1}}}
    earn = {"rule": {"for": "post", "pay": {"points": 50}}}
    here = Stall(marks=marks, earn=earn, offers={"o": {"takes": {"points": 1}, "worth": 99}})
    write_post(here.world, 3, 0.0, -1)
    write_for_pay(here.world, 3, 0.0)
    for count in range(200):
        perhaps_write_for_pay(here.world, 3, 0.0, count)
    here.machine.run_until(0.5)
    assert len(here.rows(JournalKind.POST)) == 0
    here.give(3, 10, 0.6)
    write_post(here.world, 3, 0.6, -1)
    write_for_pay(here.world, 3, 0.6)
    assert len(here.rows(JournalKind.POST)) == 2
    post_of_another = int(here.world.rooms["n_posts"][0])
    here.give(4, 10, 0.7)
    write_post(here.world, 4, 0.7, -1)
    write_post(here.world, 5, 0.8, post_of_another)  # replies are open to all
    assert here.rows(JournalKind.REPLY)["person"].tolist() == [5]


def test_a_task_and_an_offer_are_for_those_with_the_mark() -> None:
    here = Stall(
        marks={"level": {**LEVELS["level"], "allows": {"essay": 2}}, "vip": {"allows": {"gift": 1}}}, earn=PAID,
        tasks={"essay": {"gives": {"benefit": 999}}}, offers={
            "gift": {"takes": {"money": 1}, "worth": 4000},
            "card": {"takes": {"money": 1}, "mark": "vip", "worth": 4000},
        },
    )  # fmt: skip

    def tasks_done(person: int, at: float) -> int:
        here.machine.run_until(at)
        do_tasks(here.world, person, at)
        return len(here.rows(JournalKind.TASK))

    assert tasks_done(3, 0.1) == 0
    here.give(3, 24, 0.2)
    assert tasks_done(3, 0.3) == 0
    here.give(3, 1, 0.4)
    assert tasks_done(3, 0.5) == 1
    assert here.look(3, 0.6) == 1  # the card: when the gift was looked at, they were not yet a VIP
    assert here.look(3, 0.7) == 1
    assert here.rows(JournalKind.BUY)["detail"].tolist() == [1, 0]


def test_the_best_of_each_room_get_units_and_the_title_that_others_lose() -> None:
    operation = {"do": "award", "by": "points", "of": "class", "best": 2, "mark": "star", "pay": {"coins": 4}}
    here = Stall(
        spaces=SPACES, marks={"star": {"honor": 3}}, earn=PAID, units={"points": {}, "coins": {"budget": 11}},
        operations={"first": {**operation, "day": 1}, "second": {**operation, "day": 2}},
    )  # fmt: skip
    rooms = np.array([here.room(k) for k in range(30)])
    one, other = (np.flatnonzero(rooms == room).tolist() for room in (FIRST, SECOND))
    for person, amount in ((one[0], 5), (one[1], 9), (one[2], 7), (other[0], 1)):
        here.give(person, amount, 0.1)
    award(here, "first", 1.0)
    rows = here.rows(JournalKind.MARK)
    assert rows["person"].tolist() == [one[1], one[2], other[0]]  # who has nothing gets nothing
    assert [here.balance(k, "coins") for k in (one[1], one[2], other[0])] == [
        4,
        4,
        3,
    ]  # the budget is used up
    here.give(one[0], 100, 1.5)
    award(here, "second", 2.0)
    rows = here.rows(JournalKind.MARK)[3:]
    assert rows[["person", "value"]].tolist() == [(one[2], 0.0), (one[0], 1.0)]
    assert shown_by(here.world, here.world.people[one[2]]) == 0.0


def test_over_a_day_counts_what_was_earned_on_that_day_and_equals_are_drawn() -> None:
    operation = {"do": "award", "by": "points", "over": "day", "best": 2, "pay": {"coins": 1}}
    here = Stall(
        earn=PAID, units={"points": {}, "coins": {}}, operations={"evening": {**operation, "every": 1}}
    )
    here.give(3, 50, 0.5)
    for person in (4, 5, 6):
        here.give(person, 2, 1.1)
    here.give(7, 3, 1.2)
    award(here, "evening", 1.9)
    keys = np.ascontiguousarray(here.world.people["key"][[4, 5, 6]])
    operator = Operator(here.scenario, here.machine)
    draws = uniforms(7, Purpose.OPERATION, keys, operator._keys[0])
    drawn = 4 + int(np.argmin(draws))
    assert [k for k in range(30) if here.balance(k, "coins")] == sorted((drawn, 7))


@pytest.mark.parametrize(("best", "winners"), [(1, SECOND), (2, FIRST)])
def test_whole_rooms_compete_by_their_mean_and_who_has_earned_nothing_gets_nothing(
    best: int, winners: int
) -> None:
    """The first room has more in all, the second more per head."""
    operation = {
        "do": "award",
        "by": "points",
        "of": "class",
        "rooms": True,
        "best": best,
        "pay": {"coins": 4},
    }
    here = Stall(
        spaces=SPACES,
        earn=PAID,
        units={"points": {}, "coins": {}},
        operations={"night": {**operation, "day": 1}},
    )
    here.sit(FIRST, *range(20))
    here.sit(SECOND, *range(20, 28))
    here.sit(OFFICE, 28, 29)
    for person, amount in ((0, 30), (1, 50), (21, 20), (23, 20), (28, 999)):
        here.give(person, amount, 0.1)
    award(here, "night", 1.0)  # 80 / 20 against 40 / 8
    expected = [21, 23] if best == 1 else [0, 1, 21, 23]
    assert [k for k in range(30) if here.balance(k, "coins") == 4] == expected
    assert any(here.room(k) == winners for k in expected)


@pytest.mark.parametrize(("over", "last"), [("day", FIRST), ("stay", SECOND)])
def test_the_last_room_is_that_with_the_lowest_mean(over: str, last: int) -> None:
    operation = {
        "do": "move",
        "day": 2,
        "who": "last_room",
        "of": "class",
        "by": "points",
        "over": over,
        "to": "office",
    }
    here = Stall(spaces=SPACES, earn=PAID, units={"points": {}}, operations={"help": operation})
    here.sit(FIRST, *range(20))
    here.sit(SECOND, *range(20, 30))
    here.give(0, 90, 0.1)
    here.give(1, 1, 1.9)
    here.give(20, 20, 1.9)
    operator = Operator(here.scenario, here.machine)
    chosen = here.scenario.operations[0].chosen(operator, 5)
    assert sorted(chosen.tolist()) == (list(range(20)) if last == FIRST else list(range(20, 30)))
    keys = np.ascontiguousarray(here.world.people["key"][np.sort(chosen)])
    assert chosen.tolist() == np.sort(chosen)[np.argsort(uniforms(7, Purpose.OPERATION, keys, 5))].tolist()
