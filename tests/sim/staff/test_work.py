"""Working time: what is taken up when, by hand; and what duties and tasks do to members."""

from typing import Any

import numpy as np

from shequn.sim.kernel.state import JournalKind, PostKind
from shequn.sim.scenario import Scenario
from tests.sim.small_worlds import LEAVING, PEOPLE, Rows, run

MINUTE = 1 / 1440


def crowd(n: int, at: float, staff: dict[str, Any], duties: dict[str, Any], **more: Any) -> tuple[Any, Rows]:
    """``n`` people join at one instant; nobody else comes, and nobody leaves."""
    population = {**PEOPLE, "people": 40, "founders": 0, "graph": {"generator": "none"}}
    return run(
        Scenario.from_mapping(
            {
                "format": 2, "title": "crowd", "seed": 5, "days": 6, "population": population,
                "community": {"openness": 0}, "rules": {"leaving": {"cap": 0}},
                "operations": {"crowd": {"do": "shock", "day": at, "people": n, "over": 0}},
                "staff": {"host": staff}, "duties": duties, **more,
            }
        )
    )  # fmt: skip


def times_of(rows: Rows, kind: JournalKind) -> Any:
    return rows["time"][rows["kind"] == kind]


def test_one_after_another_within_hours_and_minutes() -> None:
    """Ten welcomes of 10 minutes from 9:30: three until 10:00; then 30 minutes each day from 9:00."""
    rows = crowd(
        10,
        9.5 / 24,
        {"hours": [9, 10], "minutes": 45},
        {"welcome": {"do": "welcome", "job": "host", "minutes": 10}},
    )[1]
    first = [9.5 / 24 + k * 10 * MINUTE for k in (1, 2, 3)]
    # 45 minutes a day hold four pieces of ten: 30 are spent on day 0, 40 on days 1 and 2 (the tenth is on day 2)
    later = [1 + 9 / 24 + k * 10 * MINUTE for k in (1, 2, 3, 4)] + [
        2 + 9 / 24 + k * 10 * MINUTE for k in (1, 2, 3)
    ]
    np.testing.assert_allclose(times_of(rows, JournalKind.WELCOME), first + later, atol=1e-9)


def test_two_share_the_work_and_each_has_minutes_of_their_own() -> None:
    rows = crowd(
        10,
        0.5,
        {"people": 2, "hours": [0, 24], "minutes": 30},
        {"welcome": {"do": "welcome", "job": "host", "minutes": 10}},
    )[1]
    first = [0.5 + k * 10 * MINUTE for k in (1, 1, 2, 2, 3, 3)]
    later = [1 + k * 10 * MINUTE for k in (1, 1, 2, 2)]
    np.testing.assert_allclose(times_of(rows, JournalKind.WELCOME), first + later, atol=1e-9)
    by = rows["other"][rows["kind"] == JournalKind.WELCOME]
    assert np.unique(by[:6], return_counts=True)[1].tolist() == [3, 3]


def test_the_first_duty_comes_first_and_what_fits_into_the_rest_of_the_day_is_done() -> None:
    duties = {
        "talk": {"do": "talk", "job": "host", "who": "random", "first": 0.5, "every": 1, "minutes": 25},
        "welcome": {"do": "welcome", "job": "host", "minutes": 10},
    }
    rows = crowd(3, 0.5 - 1e-6, {"hours": [0, 24], "minutes": 60}, duties)[1]
    duty = rows[rows["kind"] == JournalKind.DUTY]
    of_day_0 = duty[duty["time"] < 1]
    # a welcome had begun when the talks came; then two talks of 25 minutes fill the day
    assert of_day_0["detail"].tolist() == [1, 0, 0]


def test_what_has_waited_too_long_is_left_undone() -> None:
    duties = {"welcome": {"do": "welcome", "job": "host", "minutes": 10, "within": 0.5}}
    community, rows = crowd(10, 0.5, {"hours": [0, 24], "minutes": 30}, duties)
    # the fourth is begun after half a day to the minute and is not too late, though done later
    assert len(times_of(rows, JournalKind.WELCOME)) == 4
    days = community.machine.duty_days
    assert (days["done"].sum(), days["missed"].sum(), days["waiting"][-1]) == (4, 6, 0)
    assert days["minutes"].sum() == 40.0


def test_a_post_of_the_staff_is_read_answered_and_ties_its_author() -> None:
    duties = {"lesson": {"do": "post", "job": "host", "kind": "lesson", "first": 0.5, "quality": 1.0}}
    community, rows = crowd(
        12,
        0.25,
        {"hours": [0, 24]},
        duties,
        rules={"leaving": {"cap": 0}, "posting": {"reply": 1.0, "reaction": 1.0}},
    )
    world = community.machine.world
    teacher = int(rows["person"][rows["kind"] == JournalKind.HIRE][0])
    to_teacher = rows[(rows["kind"] == JournalKind.REPLY) & (rows["other"] == teacher)]
    assert len(to_teacher) > 3
    assert ((rows["kind"] == JournalKind.REACTION) & (rows["other"] == teacher)).sum() > 3
    assert world.people["n_links"][teacher] == len(np.unique(to_teacher["person"]))
    assert set(world.posts["kind"][world.posts["author"] == teacher]) == {PostKind.LESSON}


def test_each_task_is_done_once_while_it_is_open() -> None:
    tasks = {
        "check-in": {"every": 2, "first": 1, "open": 0.5, "until": 6, "effort": 0, "gives": {"interest": 50}}
    }
    community, rows = run(
        Scenario.from_mapping(
            {
                "format": 2, "title": "tasks", "seed": 5, "days": 12, "tasks": tasks,
                "population": {**PEOPLE, "founders": 60, "pace": {"mean": 8, "log_sd": 0}},
                "rules": {"leaving": LEAVING},
            }
        )
    )  # fmt: skip
    done = rows[rows["kind"] == JournalKind.TASK]
    number = np.floor((done["time"] - 1) / 2)
    assert ((done["time"] - 1) % 2 < 0.5).all()
    assert number.min() == 0 and number.max() == 2  # set on days 1, 3 and 5
    assert len(np.unique(np.stack([done["person"], number]), axis=1).T) == len(done)
    assert len(done) > 30
    assert community.machine.task_days["done"].sum() == len(done)
