"""What each kind of duty does to members, exactly; and what gives occasion to it."""

from typing import Any

import numpy as np
import pytest

from shequn.agents.curves import exponential_wait
from shequn.agents.drivers import Driver
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.duties.feature import FEATURED
from shequn.sim.kernel.duties.kinds import DUTIES
from shequn.sim.kernel.membership import join
from shequn.sim.kernel.rhythm import when
from shequn.sim.kernel.state import NOBODY, Channel, JournalKind, PostKind
from shequn.sim.kernel.ties import find_link, strength_along
from shequn.sim.scenario import Scenario, ScenarioError
from tests.sim.records import record_of, records
from tests.sim.staff.desk import MINUTE, Desk, pair

ALWAYS = {"hours": [0, 24], "minutes": 1440}
TREE: dict[str, Any] = {"hall": {}, "class": {"in": "hall", "copies": 2, "fill": "first", "seats": 20}}


def desk_of(duty: dict[str, Any], job: dict[str, Any] | None = None, **content: Any) -> Desk:
    """A desk with one job, at any hour, and one duty."""
    desk = Desk({"host": {**ALWAYS, **(job or {})}}, {"duty": {"job": "host", **duty}}, **content)
    if (job or {}).get("from") != "members":
        desk.hire(*range(len(desk.world.staff)))
    return desk


def posts(desk: Desk, room: int = 0) -> list[Any]:
    """The posts in a room, from the first on; fewer than are shown."""
    shown = int(desk.machine.params["shown"])
    return [desk.world.posts[room * shown + number] for number in range(desk.world.rooms["n_posts"][room])]


def strength(desk: Desk, a: int, b: int) -> float:
    """Strength of the tie between two people now; 0 without one."""
    link = find_link(desk.world, a, b)
    return float(strength_along(desk.world, link, desk.machine.time)) if link >= 0 else 0.0


def test_an_answer_gives_recognition_and_a_tie_and_stands_in_the_room() -> None:
    desk = desk_of({"do": "answer", "to": "post", "minutes": 3}, {"quality": 0.75})
    paid = int(desk.world.staff["paid"][0])
    desk.world.people["topic"][5] = 0.25
    desk.write(5, 0.5)
    desk.machine.run_until(0.5 + 4 * MINUTE)
    member = record_of(desk.world, 5)
    assert (member["recognition"], member["answers"], member["n_replies_received"]) == (1.0, 0.0, 1)
    assert strength(desk, 5, paid) > 0
    own, answer = posts(desk)
    assert own["hot"] == 1.0
    assert (answer["author"], answer["to"], answer["kind"]) == (paid, 5, PostKind.OFFICIAL)
    assert (answer["quality"], answer["topic"], answer["own"]) == (0.75, 0.25, 0)
    assert desk.world.everybody["n_posts"][paid] == 1
    assert desk.machine.totals["posts"] == 1  # by members
    desk.write(5, 0.6)
    desk.machine.run_until(0.7)
    assert 1.0 < desk.world.everybody["recognition"][5] < 2.0
    assert desk.world.everybody["answers"][5] == 1.0  # now they know each other
    assert posts(desk)[3]["own"] == 1


def test_a_volunteer_answers_as_a_member_does() -> None:
    desk = desk_of({"do": "answer", "to": "post"}, {"from": "members"})
    desk.volunteer(0, 9)
    desk.write(5, 0.5)
    desk.machine.run_until(0.6)
    assert posts(desk)[1]["kind"] == PostKind.MEMBER
    assert desk.machine.totals["posts"] == 2
    assert desk.world.post_counts[:2].tolist() == [28, 2]
    desk.write(9, 0.7)  # their own: nobody answers it
    desk.machine.run_until(0.9)
    assert desk.world.rooms["n_posts"][0] == 3
    assert desk.counts(0)[:3] == (1, 1, 0)


@pytest.mark.parametrize(("to", "taken"), [("post", [0, 1, 2]), ("first_post", [0, 1]), ("question", [])])
def test_which_posts_are_answered(to: str, taken: list[int]) -> None:
    desk = desk_of({"do": "answer", "to": to, "minutes": 1})
    for number, person in enumerate((5, 6, 5)):
        desk.write(person, 0.1 + 0.1 * number)
    rows = desk.rows(JournalKind.DUTY, 0.9)
    assert [round((at - MINUTE) * 10) - 1 for at in rows["time"]] == taken
    assert (rows["room"] == 0).all()


def test_questions_are_new_posts_by_a_draw_and_are_answered() -> None:
    for share in (0, 0.5, 1):
        rules = {"posting": {"question": share, "again": 0}}
        desk = desk_of({"do": "answer", "to": "question", "minutes": 1}, rules=rules)
        for person in range(4):
            desk.write(person, 0.1 + person * 0.1)
        desk.write(4, 0.6, answer_to=0)  # a reply is no question
        keys = desk.world.people["key"]
        asked = [person for person in range(4) if uniform(7, Purpose.QUESTION, keys[person], 0) < share]
        assert desk.rows(JournalKind.DUTY, 0.9)["other"].tolist() == asked
        kinds = [int(post["kind"]) for post in posts(desk) if post["author"] < 5]
        assert kinds == [int(person in asked) for person in range(5)]


def test_a_share_of_the_occasions_is_taken_up_by_a_draw_of_the_member_and_the_duty() -> None:
    desk = desk_of({"do": "answer", "to": "post", "share": 0.5, "minutes": 1})
    keys, duty = desk.world.people["key"], desk.world.duties["key"][0]
    for person in range(20):
        desk.write(person, 0.01 + 0.03 * person)
    drawn = [uniform(7, Purpose.DUTY, pair(keys[k], duty), (1 << 40) | (1 << 20)) for k in range(20)]
    taken = desk.rows(JournalKind.DUTY, 0.9)["other"].tolist()
    assert taken == [k for k in range(20) if drawn[k] < 0.5]
    assert 0 < len(taken) < 20


def test_a_post_out_of_view_is_answered_no_more() -> None:
    desk = desk_of(
        {"do": "answer", "to": "first_post", "minutes": 10}, {"hours": [12, 13]}, community={"shown": 8}
    )
    for number in range(10):
        desk.write(number, 0.1 + 0.01 * number)
    assert desk.counts(0) == (0, 2, 8, 0.0)
    desk.write(10, 0.2)
    assert desk.rows(JournalKind.DUTY, 0.9)["other"].tolist() == [3, 4, 5, 6, 7, 8]
    desk.write(11, 0.95)  # with the answers, the last post in view is 10's
    assert desk.rows(JournalKind.DUTY, 2.0)["other"].tolist()[6:] == [10, 11]


def test_who_joins_is_welcomed_and_founders_are_not() -> None:
    desk = desk_of({"do": "welcome", "minutes": 2}, population={
        "people": 30, "founders": 5, "graph": {"generator": "none"}, "pace": {"mean": 1e-9, "log_sd": 0},
    })  # fmt: skip
    assert desk.world.duties["waiting"][0] == 0
    desk.machine.run_until(0.5)
    newcomer = next(k for k in range(30) if desk.world.people["n_joins"][k] == 0)
    join(desk.world, newcomer, 0, 0.5, Channel.ARRIVAL.value, NOBODY, 0.0)
    rows = desk.rows(JournalKind.WELCOME, 0.6)
    paid = int(desk.world.staff["paid"][0])
    assert rows[["person", "other", "room", "detail"]].tolist() == [(newcomer, paid, 0, 0)]
    assert rows["value"] == pytest.approx([2 * MINUTE])
    assert desk.world.everybody["recognition"][newcomer] == pytest.approx(
        1.0, abs=1e-3
    )  # in terms of the last fading, at the join
    assert strength(desk, newcomer, paid) > 0


def test_a_call_brings_a_member_back_sooner_by_a_draw_that_is_new_each_time() -> None:
    rules = {"visiting": {"recall": 0.5, "recall_delay": 60}}
    desk = desk_of({"do": "call", "who": "random", "minutes": 1, "first": 0.1, "every": 0.25}, rules=rules)
    keys, duty = desk.world.people["key"], desk.world.duties[0]
    paid = int(desk.world.staff["paid"][0])
    came: list[list[int]] = []
    for number in range(2):
        records(desk.world)["visit_due"][:30] = 1000.0
        desk.begin_round("duty", 0.1 + 0.25 * number)
        desk.machine.run_until(0.1 + 0.25 * number + 31 * MINUTE)
        came.append(np.flatnonzero(desk.world.everybody["visit_due"][:30] < 1000.0).tolist())
        drawn = [
            uniform(7, Purpose.CALL, pair(pair(keys[paid], key), duty["key"]), number + 1)
            for key in keys[:30]
        ]
        assert came[-1] == [k for k in range(30) if drawn[k] < 0.5]
    assert came[0] != came[1]
    who = came[1][0]
    at = desk.rows(JournalKind.DUTY, 0.38)
    at = at["time"][(at["other"] == who) & (at["time"] > 0.3)][0]
    wait = exponential_wait(drawn[who] / 0.5, desk.world.params[0]["visiting_recall_delay"])
    assert desk.world.everybody["visit_due"][who] == when(desk.world.rhythm, at, wait)


def test_a_talk_makes_a_tie_and_the_next_one_is_an_answer_by_somebody_known() -> None:
    desk = desk_of({"do": "talk", "who": "random", "minutes": 5})
    paid = int(desk.world.staff["paid"][0])
    desk.give(0, 3, at=0.1)
    desk.machine.run_until(0.2)
    first = strength(desk, 3, paid)
    assert first > 0
    assert desk.world.everybody["answers"][3] == 0.0
    desk.give(0, 3, at=0.3)
    desk.machine.run_until(0.4)
    assert desk.world.everybody["answers"][3] == pytest.approx(
        1.0, rel=0.02
    )  # in terms of the last fading, at 0
    assert strength(desk, 3, paid) > first
    assert desk.world.everybody["recognition"][3] == 0.0


def test_a_post_of_the_staff_stands_in_each_room_of_the_desk() -> None:
    duty = {"do": "post", "kind": "lesson", "quality": 0.9, "topic": 0.25, "minutes": 10}
    desk = desk_of(duty, {"in": "class"}, spaces=TREE)
    desk.machine._add_room(1)  # the first class is divided
    desk.begin_round("duty", 0.5)
    rows = desk.rows(JournalKind.POST, 0.6)
    first, second = desk.world.staff["paid"].tolist()
    assert sorted(rows[["person", "room"]].tolist()) == sorted([(first, 1), (first, 3), (second, 2)])
    assert rows["value"].tolist() == [0.9] * 3
    assert rows["time"] == pytest.approx([0.5 + 10 * MINUTE] * 3)
    for post in (posts(desk, 1)[0], posts(desk, 3)[0]):
        assert (post["kind"], post["to"], post["author"]) == (PostKind.LESSON, NOBODY, first)
        assert (post["quality"], post["topic"]) == (np.float32(0.9), 0.25)
    assert [posts(desk, 1)[0]["own"], posts(desk, 3)[0]["own"]] == [0, 1]
    assert desk.world.rooms["n_posts"][0] == 0


def test_a_post_is_written_once_if_most_is_one() -> None:
    desk = desk_of({"do": "post", "most": 1}, {"people": 2})
    desk.begin_round("duty", 0.5)
    assert len(desk.rows(JournalKind.POST, 0.6)) == 1
    assert posts(desk)[0]["kind"] == PostKind.OFFICIAL


@pytest.mark.parametrize(("pinned", "expected"), [(True, 1), (False, 0)])
def test_a_post_of_the_staff_is_pinned_if_the_duty_says_so(pinned: bool, expected: int) -> None:
    desk = desk_of({"do": "post", "pinned": pinned})
    assert desk.world.rooms["pinned"][0] == 0
    desk.begin_round("duty", 0.5)
    desk.rows(JournalKind.POST, 0.6)
    assert (desk.world.rooms["n_posts"][0], desk.world.rooms["pinned"][0]) == (1, expected)


def featured(desk: Desk, until: float) -> list[tuple[int, int]]:
    """Author and room of what was featured, in order."""
    return [(int(row["other"]), int(row["room"])) for row in desk.rows(JournalKind.FEATURE, until)]


@pytest.mark.parametrize("by", ["reactions", "quality"])
def test_the_best_new_posts_of_members_are_laid_into_the_room_around(by: str) -> None:
    desk = desk_of({"do": "feature", "most": 2, "by": by, "minutes": 5}, {"in": "class"}, spaces=TREE)
    worth = {3: 0.2, 4: 0.7, 5: 0.5, 22: 0.1, 23: 0.3, 24: 0.6}  # the last three sit in the second class
    for number, (person, quality) in enumerate(worth.items()):
        desk.world.people["quality"][person] = quality if by == "quality" else 0.5
        desk.write(person, 0.1 + 0.01 * number)
    for room in (1, 2):
        for post in posts(desk, room):
            post["hot"] = 10 * worth[int(post["author"])] if by == "reactions" else 0.0
    desk.begin_round("duty", 0.5)
    assert sorted(featured(desk, 0.6)) == [(4, 0), (5, 0), (23, 0), (24, 0)]
    copy = posts(desk, 0)[0]
    assert copy["own"] == FEATURED
    assert (copy["to"], copy["hot"], copy["kind"]) == (NOBODY, 0.0, PostKind.MEMBER)
    desk.begin_round("duty", 1.5)  # nothing new
    assert len(featured(desk, 1.9)) == 4
    desk.write(3, 2.0)
    desk.begin_round("duty", 2.5)
    assert featured(desk, 2.9)[4:] == [(3, 0)]


def test_who_sits_in_the_room_around_features_what_is_written_in_the_rooms_in_it() -> None:
    desk = desk_of({"do": "feature", "minutes": 5, "most": 5}, spaces=TREE)
    desk.write(3, 0.1)
    desk.write(24, 0.2)
    desk.world.people["state"][24] = 3  # left
    desk.begin_round("duty", 0.5)
    assert featured(desk, 0.6) == [(3, 0)]
    desk.begin_round("duty", 1.5)  # what was featured is not featured again
    assert featured(desk, 1.9) == [(3, 0)]


def test_rounds_without_staff_are_left_out_and_the_next_has_all_that_is_new() -> None:
    desk = desk_of({"do": "feature", "minutes": 5}, spaces=TREE)
    desk.machine.dismiss(0)
    desk.write(3, 0.1)
    desk.begin_round("duty", 0.5)
    desk.hire(0)
    assert desk.counts(0) == (0, 0, 0, 0.0)
    desk.begin_round("duty", 0.6)
    assert featured(desk, 0.9) == [(3, 0)]


def test_equals_are_featured_by_a_draw_not_by_their_place() -> None:
    first = set()
    for seed_round in range(6):
        desk = desk_of({"do": "feature", "most": 1, "by": "quality"}, spaces=TREE)
        desk.world.people["quality"][:30] = 0.5
        desk.world.duties["rounds"][0] = seed_round
        for person in range(4):
            desk.write(person, 0.1 + 0.1 * person)
        desk.begin_round("duty", 0.6)
        first.add(featured(desk, 0.9)[0][0])
    assert len(first) > 1


def test_a_round_turns_to_members_in_order_at_most_so_many_at_each_desk() -> None:
    duty = {"do": "talk", "who": "highest_quality", "share": 0.5, "most": 3, "minutes": 1}
    desk = desk_of(duty, {"in": "class"}, spaces=TREE)
    desk.world.people["quality"][:30] = np.arange(30) / 40
    desk.begin_round("duty", 0.5)
    rows = desk.rows(JournalKind.DUTY, 0.6)
    paid = desk.world.staff["paid"].tolist()
    assert rows["other"][rows["person"] == paid[1]].tolist() == [29, 28, 27]
    assert rows["other"][rows["person"] == paid[0]].tolist() == [19, 18, 17]


@pytest.mark.parametrize(
    ("timing", "times"),
    [
        ({"first": 0.5, "every": 2}, [0.5, 2.5, 4.5]),
        ({"first": 0.5, "every": 2, "until": 2.5}, [0.5, 2.5]),
        ({"first": 0.0, "every": 3}, [0.0, 3.0]),
        ({"first": 6.0}, []),
    ],
)
def test_rounds_come_at_their_times_before_the_end(timing: dict[str, float], times: list[float]) -> None:
    scenario = Scenario.from_mapping(
        {
            "format": 2,
            "title": "t",
            "days": 6,
            "staff": {"a": {}},
            "duties": {"b": {"do": "post", "job": "a", **timing}},
        }
    )
    assert scenario.duties["b"].rounds(6.0) == pytest.approx(times)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("duties", "message"),
    [
        ({"job": "b", "do": "talk"}, "no job b"),
        ({"job": "a", "do": "talk", "minutes": 31}, "takes 31 minutes, but a works 30 minutes a day"),
        ({"job": "a", "do": "answer", "to": "task"}, "no tasks to answer"),
        ({"job": "a", "do": "answer", "task": "x"}, "x is no task that is answered here; tasks: none"),
        ({"job": "a", "do": "talk", "in": "x"}, "no space x"),
        ({"job": "a", "do": "feature"}, "a sits in no room"),
        ({"job": "c", "do": "post"}, "c sits in quiet, which has no posts"),
    ],
)
def test_what_contradicts_the_rest_is_said(duties: dict[str, Any], message: str) -> None:
    spaces = {"hall": {}, "quiet": {"talk": False}} if duties["job"] == "c" else {}
    with pytest.raises(ScenarioError, match=message):
        Scenario.from_mapping(
            {
                "format": 2, "title": "t", "days": 6, "spaces": spaces, "duties": {"d": duties},
                "staff": {"a": {"minutes": 30}, "c": {"in": "quiet"} if spaces else {}},
            }
        )  # fmt: skip


def test_work_fits_if_it_takes_all_the_time_there_is() -> None:
    for job in ({"minutes": 30}, {"hours": [9, 9.5]}):
        Scenario.from_mapping(
            {
                "format": 2, "title": "t", "days": 6, "staff": {"a": job},
                "duties": {"d": {"job": "a", "do": "talk", "minutes": 30}},
            }
        )  # fmt: skip


def test_drivers_that_duties_act_through() -> None:
    through = {name: set(kind.acts_through.drivers) for name, kind in DUTIES.items()}
    assert through["welcome"] == through["answer"] == {Driver.HONOR, Driver.RELATIONSHIP}
    assert through["talk"] == {Driver.RELATIONSHIP}
    assert through["call"] == through["post"] == through["feature"] == set()
