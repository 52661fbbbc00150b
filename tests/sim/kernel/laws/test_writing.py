"""Writing: what a post changes, whom it answers, and whether the session goes on."""

import math
from typing import Any

import pytest

from shequn.agents.observation import Observation
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.state import NOBODY, EventKind, JournalKind
from shequn.sim.kernel.ties import find_link
from shequn.sim.kernel.world import World
from shequn.sim.kernel.writing import (
    answers_back,
    maybe_write,
    to_answer,
    write_again,
    write_again_later,
    write_post,
)
from tests.sim.kernel.laws.worlds import due, inside, note_reading, outside, rows
from tests.sim.records import record_of, records

SHOWN = 8
RULES: dict[str, Any] = {
    "posting": {
        "by_satisfaction": 0,
        "by_recognition": 0,
        "reply": 0,
        "answer_back": 0,
        "again": 0,
        "pause": 6,
    },
    "visiting": {"recall": 0},
}
VISIT = Observation(*[0.0] * 15, -1.0, 0.0)


def hall(edges: tuple[tuple[int, int], ...] = (), **posting: Any) -> World:
    """A room with everybody in it."""
    world = outside({**RULES, "posting": {**RULES["posting"], **posting}}, edges=edges, rooms=2)
    inside(world, *range(12), room=1)
    world.totals[0]["n_journal"] = 0
    note_reading(world)
    return world


def test_a_post_stands_in_the_room_with_its_authors_quality_topic_and_number() -> None:
    world = hall()
    who, member, room = world.people[3], record_of(world, 3), world.rooms[1]
    who["quality"], who["topic"], member["n_posts"], room["n_posts"] = 0.75, 0.25, 4, 19
    world.post_counts[:] = 20
    write_post(world, 3, 5.5, -1)
    post = world.posts[8 + 19 % 8]
    assert (post["author"], post["own"], post["to"]) == (3, 4, -1)
    assert (post["quality"], post["topic"], post["hot"]) == (0.75, 0.25, 0.0)
    assert room["n_posts"] == 20
    assert world.memberships[who["membership"]]["read_to"][0] == 20  # one's own is not unread
    total = world.totals[0]
    assert (total["posts"], total["replies"], total["last_post_at"]) == (1, 0, 5.5)
    assert world.post_counts[3:7].tolist() == [20, 19, 21, 20]
    assert member["n_posts"] == 5
    assert rows(world, JournalKind.POST) == [(5.5, 3, NOBODY, 1, 19, 0.75)]


def test_an_answer_recognises_the_author_and_makes_or_grows_a_tie() -> None:
    world = hall(edges=((0, 1),))
    world.params[0]["relationship_growth"] = 0.5
    for author in (1, 2):
        write_post(world, author, 1.0, -1)
    for position, author, answers, growth in ((8, 1, 1.0, 0.25), (9, 2, 0.0, 0.5)):
        write_post(world, 0, 1.0, position)
        answered = record_of(world, author)
        assert world.posts[position]["hot"] == 1.0
        assert answered["n_replies_received"] == 1
        assert answered["recognition"] == 1.0
        assert answered["answers"] == answers  # of people one knows only
        tie = world.ties[world.links[find_link(world, 0, author)]["tie"]]
        assert tie["grown"] == growth
        assert world.posts[8 + int(world.rooms[1]["n_posts"]) - 1]["to"] == author
    assert (world.totals[0]["posts"], world.totals[0]["replies"]) == (4, 2)
    assert rows(world, JournalKind.REPLY) == [(1.0, 0, 1, 1, 2, 0.5), (1.0, 0, 2, 1, 3, 0.5)]
    assert world.rooms[1]["recognition"].sum() == 2.0


def test_an_answer_may_call_its_author_back() -> None:
    world = hall()
    world.params[0]["visiting_recall"], world.params[0]["visiting_recall_delay"] = 1.0, 1.0
    write_post(world, 1, 1.0, -1)
    records(world)["visit_due"] = 1e6
    write_post(world, 0, 1.0, 8)
    assert [entry[1] for entry in due(world, EventKind.VISIT)] == [1]


def test_a_session_goes_on_with_a_probability_after_an_exponential_pause() -> None:
    world = hall(again=0.5)
    going_on = []
    for person in range(12):
        who, member = world.people[person], record_of(world, person)
        member["n_posts"], who["door_version"] = 3, 7
        u = uniform(world.totals[0]["seed"], Purpose.WRITE_AGAIN, who["key"], 3)
        write_again_later(world, person, 2.0)
        if u < 0.5:
            going_on.append((pytest.approx(2.0 - 6.0 * math.log(u / 0.5) / 1440.0, abs=1e-9), person, 7))
    assert 0 < len(going_on) < 12
    assert sorted(due(world, EventKind.WRITE_AGAIN), key=lambda entry: entry[1]) == going_on


def test_having_written_the_session_may_go_on() -> None:
    world = hall(again=0.99)
    for person in range(12):
        write_post(world, person, 1.0, -1)
    assert len(due(world, EventKind.WRITE_AGAIN)) >= 11


@pytest.mark.parametrize("to_me", [-1, 4])
def test_only_who_was_answered_answers_back_with_a_probability(to_me: int) -> None:
    world = hall(answer_back=0.5)
    seed = world.totals[0]["seed"]
    note_reading(world, to_me=to_me)
    found = [answers_back(world, world.people[k], 6) for k in range(12)]
    drawn = [uniform(seed, Purpose.ANSWER_BACK, world.people[k]["key"], 6) < 0.5 for k in range(12)]
    assert found == (drawn if to_me >= 0 else [False] * 12)
    assert 0 < sum(drawn) < 12
    note_reading(world, to_me=0)
    assert answers_back(world, world.people[0], 6) == drawn[0]


def test_what_is_written_answers_a_post_just_read_with_a_probability() -> None:
    world = hall(reply=0.5)
    seed = world.totals[0]["seed"]
    records(world)["n_posts"] = 3
    drawn = [uniform(seed, Purpose.POST, world.people[k]["key"], 7) < 0.5 for k in range(12)]
    note_reading(world, answer_to=9)
    assert [to_answer(world, k) for k in range(12)] == [9 if yes else -1 for yes in drawn]
    assert 0 < sum(drawn) < 12


def test_a_visitor_writes_with_the_rules_chance() -> None:
    world = hall()
    seed = world.totals[0]["seed"]
    records(world)["n_visits"], records(world)["talkativeness"] = 3, 0.5
    drawn = [k for k in range(12) if uniform(seed, Purpose.POST, world.people[k]["key"], 6) < 0.5]
    for person in range(12):
        maybe_write(world, person, VISIT, 2.0)
    assert [row[1] for row in rows(world, JournalKind.POST)] == drawn
    assert 0 < len(drawn) < 12


def test_who_is_wholly_dissatisfied_or_a_reader_is_silent() -> None:
    world = hall(by_satisfaction=1)
    records(world)["satisfaction"], records(world)["talkativeness"] = 0.0, 1.0
    maybe_write(world, 0, VISIT, 2.0)
    records(world)["satisfaction"], records(world)["talkativeness"] = 1.0, 0.0
    maybe_write(world, 0, VISIT, 2.0)
    assert rows(world, JournalKind.POST) == []
    records(world)["talkativeness"] = 1.0
    maybe_write(world, 0, VISIT, 2.0)
    assert len(rows(world, JournalKind.POST)) == 1


def test_honor_expected_makes_one_write() -> None:
    world = hall(by_recognition=1)
    records(world)["talkativeness"] = 1.0
    maybe_write(world, 0, VISIT, 2.0)
    assert rows(world, JournalKind.POST) == []
    maybe_write(world, 0, VISIT._replace(recognition=9.0), 2.0)  # honor 0.9: chance 1
    assert len(rows(world, JournalKind.POST)) == 1


def test_answering_back_comes_before_writing_anything_else() -> None:
    world = hall(answer_back=1, reply=1)
    for author in (1, 2):
        write_post(world, author, 1.0, -1)
    records(world)["talkativeness"] = 1.0
    note_reading(world, to_me=8, answer_to=9)
    maybe_write(world, 0, VISIT, 2.0)
    note_reading(world, answer_to=9)
    maybe_write(world, 3, VISIT, 2.0)
    note_reading(world, to_me=9)
    maybe_write(world, 4, VISIT, 2.0)
    assert [row[1:3] for row in rows(world, JournalKind.REPLY)] == [(0, 1), (3, 2), (4, 2)]


def test_going_on_one_reads_what_has_come_and_writes_once_more() -> None:
    world = hall(answer_back=1)
    write_post(world, 0, 1.0, -1)
    write_post(world, 1, 1.0, 8)
    write_post(world, 2, 1.0, -1)
    write_again(world, 0, 1.5)
    assert rows(world, JournalKind.REPLY)[-1][:3] == (1.5, 0, 1)  # the one who has answered
    assert world.memberships[world.people[0]["membership"]]["n_read"] == 2
    write_again(world, 3, 1.75)
    assert rows(world, JournalKind.POST)[-1][:2] == (1.75, 3)


def test_the_first_link_of_all_is_a_tie_like_any_other() -> None:
    world = hall(edges=((0, 1),))
    assert find_link(world, 0, 1) == 0
    write_post(world, 0, 1.0, -1)
    write_post(world, 1, 1.0, SHOWN)
    assert record_of(world, 0)["answers"] == 1.0
