"""Tasks at a visit: when they are open, who does them, what they give, and what answers change."""

import math
from typing import Any

import numpy as np
import pytest

from shequn.agents import task as rule
from shequn.agents.drivers import Driver
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.membership import depart, join
from shequn.sim.kernel.reading import clear
from shequn.sim.kernel.recognition import fade_stocks
from shequn.sim.kernel.state import NOBODY, Channel, JournalKind, Reason
from shequn.sim.kernel.tasks import do_tasks, number_open
from tests.sim.records import record_of, records
from tests.sim.staff.desk import MINUTE, Desk, pair

SURE = {"honor": 1000, "interest": 1000, "benefit": 1000, "relationship": 1000}
MARK = {"marked": {"job": "host", "do": "answer", "to": "task", "minutes": 2}}
ALWAYS = {"host": {"hours": [0, 24], "minutes": 1440}}


def desk_with(tasks: dict[str, Any], duties: Any = None, **rules: Any) -> Desk:
    """A desk whose staff answer tasks; everybody cares for the four drivers."""
    desk = Desk(
        ALWAYS, duties or MARK, tasks=tasks,
        rules=rules,
    )  # fmt: skip
    records(desk.world)["drivers"][:30] = 0.0
    for driver in (Driver.HONOR, Driver.INTEREST, Driver.BENEFIT, Driver.RELATIONSHIP):
        records(desk.world)["drivers"][:30, driver] = 0.25
    desk.hire(0)
    return desk


def visit(desk: Desk, person: int, at: float) -> None:
    """What a member does about tasks at a visit."""
    desk.machine.run_until(at)
    clear(desk.world.reading[0])
    fade_stocks(record_of(desk.world, person), at, desk.world.params[0])
    do_tasks(desk.world, person, at)
    record_of(desk.world, person)["n_visits"] += 1


@pytest.mark.parametrize(
    ("now", "number"),
    [
        (0.9, -1),
        (1.0, 0),
        (1.49, 0),
        (1.5, -1),
        (2.9, -1),
        (3.0, 1),
        (5.2, 2),
        (7.0, 3),
        (7.6, -1),
        (9.1, -1),
    ],
)
def test_when_a_task_is_open(now: float, number: int) -> None:
    desk = desk_with({"t": {"first": 1, "every": 2, "open": 0.5, "until": 7, "gives": SURE}})
    assert number_open(desk.world.tasks[0], now) == number


def test_a_task_is_open_until_the_next_is_set() -> None:
    desk = desk_with({"t": {"every": 2, "gives": SURE}})
    assert [number_open(desk.world.tasks[0], at) for at in (0.0, 1.99, 2.0, 39.9)] == [0, 0, 1, 19]


def test_each_is_done_once_and_gives_through_its_drivers() -> None:
    gives = {"honor": 5, "interest": 40, "benefit": 60, "relationship": 7}
    desk = desk_with({"t": {"every": 2, "effort": 1, "gives": gives}}, task={"scale": 0.001})
    member = record_of(desk.world, 3)
    visit(desk, 3, 0.5)
    assert (member["gains"], member["answers"], member["recognition"]) == (60.0, 7.0, 0.0)
    assert desk.world.reading[0]["enjoyment"] == 40.0
    visit(desk, 3, 1.5)
    assert desk.world.reading[0]["enjoyment"] == 0.0
    visit(desk, 3, 2.5)
    rows = desk.rows(JournalKind.TASK, 3.0)
    assert rows["time"].tolist() == [0.5, 2.5]
    assert rows[["person", "other", "room", "detail"]].tolist() == [(3, NOBODY, 0, 0)] * 2
    assert rows["value"][0] == pytest.approx(0.25 * (5 + 40 + 60 + 7))
    assert desk.machine.task_days["done"].tolist() == [0, 1, 0, 1]


def test_whether_it_is_done_is_drawn_by_what_it_is_worth() -> None:
    tasks = {"a": {"gives": {"benefit": 4}, "effort": 0.2}, "b": {"gives": {"interest": 6}, "effort": 0.5}}
    desk = desk_with(tasks)
    for person in range(30):
        visit(desk, person, 0.5)
    for number, chance in enumerate((1 - math.exp(-0.8), 1 - math.exp(-1.0))):
        keys = desk.world.people["key"][:30]
        drawn = [uniform(7, Purpose.TASK, key, (1 << 40) | number) for key in keys]
        rows = desk.rows(JournalKind.TASK, 0.5)
        done = rows["person"][rows["detail"] == number].tolist()
        assert done == [k for k in range(30) if drawn[k] < chance]
        assert 0 < len(done) < 30


def test_who_gains_no_more_than_the_effort_never_does_it() -> None:
    desk = desk_with({"t": {"gives": {"benefit": 4}, "effort": 1}}, task={"scale": 0.001})
    for person in range(30):
        visit(desk, person, 0.5)
    assert not len(desk.rows(JournalKind.TASK, 0.6))


def test_answers_are_expected_as_before() -> None:
    desk = desk_with({"t": {"gives": {"honor": 1000}}})
    worth = []
    for day in range(4):
        visit(desk, 3, day + 0.5)
        if day == 1:
            desk.machine.dismiss(0)  # the first two are answered
            desk.world.duties["within"] = 0.1
        desk.machine.run_until(day + 0.9)
        worth.append(desk.rows(JournalKind.TASK, day + 0.9)["value"][-1] / 250)
    assert worth == pytest.approx([1, 1, 2 / 3, 2 / 4])
    mine = desk.world.progress[desk.world.people["membership"][3], 0]
    assert (mine["last"], mine["done"], mine["answered"]) == (3, 4, 1)
    assert rule.expected_answers(0.0, 0.0) == 1.0


def test_an_answer_to_a_task_gives_recognition_and_a_tie_and_no_post() -> None:
    desk = desk_with({"t": {"gives": SURE}, "u": {"gives": SURE}})
    visit(desk, 3, 0.5)
    rows = desk.rows(JournalKind.DUTY, 0.6)
    assert rows["time"] == pytest.approx([0.5 + 2 * MINUTE, 0.5 + 4 * MINUTE])
    assert rows[["other", "room"]].tolist() == [(3, NOBODY)] * 2
    member = record_of(desk.world, 3)
    assert 1.99 < member["recognition"] <= 2.0
    assert member["n_replies_received"] == 2
    alone = np.exp2(-2 * MINUTE / desk.world.params[0]["satisfaction_stock_half_life"])
    assert member["answers"] == pytest.approx(
        (2000 * alone) * alone + 1, rel=1e-6
    )  # the second by somebody known
    assert desk.world.rooms["n_posts"][0] == 0
    assert desk.world.tasks["answered"].tolist() == [1, 1]
    desk.machine.run_until(1.0)
    assert desk.machine.task_days["answered"].tolist() == [0, 0, 1, 1]


def test_only_the_task_that_is_named_is_answered_and_two_answers_count_once() -> None:
    duties = {
        "one": {"job": "host", "do": "answer", "to": "task", "task": "u", "minutes": 2},
        "all": {"job": "host", "do": "answer", "to": "task", "minutes": 2},
    }
    desk = desk_with({"t": {"gives": SURE}, "u": {"gives": SURE}}, duties)
    visit(desk, 3, 0.5)
    assert desk.rows(JournalKind.DUTY, 0.6)["detail"].tolist() == [1, 0, 1]
    progress = desk.world.progress[desk.world.people["membership"][3]]
    assert progress["answered"].tolist() == [1, 1]


def test_tasks_of_one_visit_are_taken_up_by_draws_of_their_own() -> None:
    share = {"marked": {**MARK["marked"], "share": 0.5, "minutes": 0.5}}
    desk = desk_with({"t": {"gives": SURE}, "u": {"gives": SURE}}, share)
    for person in range(30):
        visit(desk, person, 0.1 + person * 0.01)
    rows = desk.rows(JournalKind.DUTY, 0.9)
    answered = np.bincount(rows["other"], minlength=30)
    key = desk.world.duties["key"][0]
    keys = desk.world.people["key"][:30]
    drawn = [
        sum(
            uniform(7, Purpose.DUTY, pair(k, key), (1 << 40) | (number + 1) << 56) < 0.5
            for number in range(2)
        )
        for k in keys
    ]
    assert answered.tolist() == drawn
    assert set(drawn) == {0, 1, 2}


def test_answers_to_tasks_call_back_by_draws_that_differ() -> None:
    desk = desk_with({"t": {"every": 0.01, "gives": SURE}}, visiting={"recall": 0.5})
    paid = int(desk.world.staff["paid"][0])
    came = []
    for number in range(12):
        visit(desk, 3, 0.01 * number + 0.001)
        record_of(desk.world, 3)["visit_due"] = 1000.0
        desk.machine.run_until(0.01 * number + 0.009)
        came.append(bool(desk.world.everybody["visit_due"][3] < 1000.0))
    key = pair(desk.world.people["key"][paid], desk.world.people["key"][3])
    drawn = [uniform(7, Purpose.RECALL, key, (1 << 40) | (1 << 32) | number) < 0.5 for number in range(12)]
    assert came == drawn
    assert len(set(came)) == 2


def test_another_stay_begins_with_nothing_done() -> None:
    desk = desk_with({"t": {"gives": SURE, "every": 10}})
    visit(desk, 3, 0.5)
    depart(desk.world, 3, 0.6, Reason.OPTIONS.value)
    join(desk.world, 3, 0, 0.7, Channel.ARRIVAL.value, NOBODY, 0.0)
    mine = desk.world.progress[desk.world.people["membership"][3], 0]
    assert (mine["last"], mine["done"], mine["answered"]) == (-1, 0, 0)
