"""What it does to be answered."""

import math

import pytest

from shequn.sim.kernel.answering import be_answered, call_back, count_post, know_each_other, lay_post
from shequn.sim.kernel.chance import Purpose, pair, uniform
from shequn.sim.kernel.state import EventKind, PostKind, State
from shequn.sim.kernel.ties import find_link
from tests.sim.kernel.laws.worlds import due, inside, outside
from tests.sim.records import record_of

RECALL = {"visiting": {"recall": 0.5, "recall_delay": 2}}


def test_who_is_called_back_comes_with_a_probability_and_sooner_only() -> None:
    world = outside(RECALL)
    inside(world, *range(12))
    called = []
    for person in range(12):
        member = record_of(world, person)
        member["visit_due"], member["visit_rate"] = 100.0, 1.0
        u = person / 12
        call_back(world, person, max(u, 1e-9), 10.0)
        if 0 < u < 0.5:
            called.append((pytest.approx(10.0 - 2.0 * math.log(u / 0.5)), person))
        if u < 0.5:
            assert member["visit_rate"] == 0.0
        else:
            assert (member["visit_due"], member["visit_rate"]) == (100.0, 1.0)
    found = [entry[:2] for entry in due(world, EventKind.VISIT) if entry[1] > 0]
    assert sorted(found, key=lambda entry: entry[1]) == called
    for _, person in called:  # due sooner: they come anyway
        record_of(world, person)["visit_due"], record_of(world, person)["visit_rate"] = 10.0, 1.0
        call_back(world, person, person / 12, 10.0)
        assert (record_of(world, person)["visit_due"], record_of(world, person)["visit_rate"]) == (10.0, 1.0)


def test_whether_an_answer_calls_back_is_drawn_by_the_pair_and_the_answer() -> None:
    world = outside(RECALL)
    inside(world, *range(12))
    by = world.people[0]
    for person in range(1, 12):
        record_of(world, person)["visit_due"] = 1000.0
        be_answered(world, person, 0, 4, 10.0)
        u = uniform(world.totals[0]["seed"], Purpose.RECALL, pair(by["key"], world.people[person]["key"]), 4)
        assert (record_of(world, person)["visit_due"] < 1000.0) == (u < 0.5)


def test_being_answered_gives_recognition_and_by_somebody_known_an_answer() -> None:
    world = outside({"visiting": {"recall": 0}}, edges=((0, 1), (3, 4)))
    inside(world, 0, 1, 2)
    for by, answers in ((1, 1.0), (2, 1.0), (2, 2.0)):  # a first answer makes a tie, the next is by one known
        be_answered(world, 0, by, 0, 0.0)
        assert record_of(world, 0)["answers"] == answers
    assert record_of(world, 0)["recognition"] == 3.0
    assert record_of(world, 0)["n_replies_received"] == 3
    assert find_link(world, 0, 2) >= 0
    assert record_of(world, 1)["answers"] == 0.0


def test_to_people_who_are_paid_an_answer_gives_a_tie_alone() -> None:
    world = outside({"visiting": {"recall": 1}})
    inside(world, 0)
    who, staff = world.people[5], record_of(world, 5)
    who["state"] = State.STAFF
    be_answered(world, 5, 0, 0, 1.0)
    assert (staff["recognition"], staff["answers"], staff["n_replies_received"]) == (0.0, 0.0, 1)
    assert find_link(world, 5, 0) >= 0
    assert not due(world, EventKind.VISIT)


def test_a_talk_is_an_answer_to_those_who_know_each_other() -> None:
    world = outside(edges=((0, 1), (2, 3)))
    inside(world, 0, 1, 2)
    record_of(world, 0)["answers"] = 1.0
    half_life = world.params[0]["satisfaction_stock_half_life"]
    know_each_other(world, 0, 1, half_life)
    know_each_other(world, 2, 1, half_life)
    assert (
        record_of(world, 0)["answers"] == 1.0 + 2.0
    )  # half of the stock is left; 1 now is 2 of the first day
    assert record_of(world, 2)["answers"] == 0.0


def test_a_post_is_laid_over_the_oldest_in_view_and_counted_everywhere() -> None:
    world = outside()
    world.rooms[0]["n_posts"], world.totals[0]["n_posts"], world.spaces[0]["posts"] = 11, 40, 11
    world.posts[3]["hot"] = 9.0
    assert lay_post(world, 0, 5, 2, 0.75, 0.25, 7, PostKind.LESSON, 3.5) == 11
    post = world.posts[11 % 8]
    assert [post[name] for name in ("author", "own", "quality", "topic", "hot", "to", "serial", "kind")] == [
        5, 2, 0.75, 0.25, 0.0, 7, 40, PostKind.LESSON
    ]  # fmt: skip
    assert (world.rooms[0]["n_posts"], world.totals[0]["n_posts"], world.spaces[0]["posts"]) == (12, 41, 12)
    assert world.totals[0]["last_post_at"] == 3.5


def test_posts_of_people_who_are_paid_are_in_no_measure_of_members() -> None:
    world = outside()
    inside(world, 0)
    record_of(world, 0)["n_posts"] = 1
    world.people[5]["state"] = State.STAFF
    world.post_counts[:4] = 5
    for person in (0, 5):
        count_post(world, person)
    assert world.post_counts[:4].tolist() == [5, 4, 6, 5]
    assert world.totals[0]["posts"] == 1
    assert (record_of(world, 0)["n_posts"], record_of(world, 5)["n_posts"]) == (2, 1)
