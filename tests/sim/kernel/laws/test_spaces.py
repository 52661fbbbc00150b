"""Spaces: a tree of rooms, seats in its leaves, doors between them, and reading on the way up."""

import random
from typing import Any

import numpy as np
import pytest

from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.entry import apply, come_to_door, give_up
from shequn.sim.kernel.membership import depart, move, shared_room
from shequn.sim.kernel.reading import read_path
from shequn.sim.kernel.rooms import (
    choose_room,
    contains,
    home_of,
    leaf_of,
    next_on_path,
    next_with_seats,
    place_in,
    set_open,
    sits_in,
)
from shequn.sim.kernel.state import NOBODY, Channel, JournalKind, Reason, State
from shequn.sim.kernel.world import World
from shequn.sim.kernel.writing import write_post
from tests.sim.kernel.laws.worlds import PEOPLE, inside, outside, rows
from tests.sim.records import record_of

CAMP, CLASS, TEAM, HALL, SALON = range(5)
#: Rooms: camp 0; classes 1, 2; teams 3, 4, 5 in class 1 and 6, 7, 8 in class 2; halls 9, 10; salon 11.
TREE: dict[str, Any] = {
    "camp": {"may_post": "nobody"},
    "class": {"in": "camp", "copies": 2, "fill": "topic"},
    "team": {"in": "class", "copies": 3, "fill": "first", "seats": 2, "talk": False, "ranks": True},
    "hall": {"in": "class", "order": "hot"},
    "salon": {"seats": 3, "gates": [{"kind": "fee", "amount": 10}]},
}


def tree(gates: dict[str, list[dict[str, Any]]] | None = None, **rules: Any) -> World:
    """The tree; everybody's purse is 100 and everybody's topic 0.25, so that they sit in class 1."""
    spaces = {
        name: {**space, **({"gates": gates[name]} if gates and name in gates else {})}
        for name, space in TREE.items()
    }
    world = outside(rules, spaces=spaces)
    world.params[0]["purse_mean"], world.params[0]["purse_log_sd"] = 100.0, 0.0
    world.people["topic"] = 0.25
    return world


def room_of(world: World, person: int) -> int:
    """Where somebody sits."""
    assert world.people[person]["state"] == State.MEMBER
    return int(world.memberships[world.people[person]["membership"]]["room"])


def test_rooms_lie_in_each_other_as_spaces_do() -> None:
    world = tree()
    assert world.rooms["space"].tolist() == [0, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 4]
    assert world.rooms["parent"].tolist() == [-1, 0, 0, 1, 1, 1, 2, 2, 2, 1, 2, -1]
    assert world.rooms["position"].tolist() == [0, 0, 1, 0, 1, 2, 3, 4, 5, 0, 1, 0]
    # lectures in the camp are by nobody; those of teams write in their class, those of halls in the hall
    assert world.rooms["home"].tolist() == [-1, 1, 2, 1, 1, 1, 2, 2, 2, 9, 10, 11]
    assert world.rooms["pond"].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert world.spaces["child"].tolist() == [CLASS, TEAM, NOBODY, NOBODY, NOBODY]
    assert world.spaces["n_rooms"].tolist() == [1, 2, 6, 2, 1]
    assert [leaf_of(world, space) for space in range(5)] == [TEAM, TEAM, TEAM, HALL, SALON]
    assert [home_of(world, room) for room in (0, 3, 9)] == [0, 1, 9]


def test_a_pond_above_the_leaves_is_that_of_all_below() -> None:
    spaces = {**TREE, "class": {**TREE["class"], "ranks": True}, "team": {**TREE["team"], "ranks": None}}
    assert outside(spaces=spaces).rooms["pond"].tolist() == [0, 1, 2, 1, 1, 1, 2, 2, 2, 1, 2, 11]


def test_the_way_to_a_space_goes_from_outside_to_inside() -> None:
    world = tree()
    assert next_on_path(world, NOBODY, TEAM) == CAMP
    assert next_on_path(world, CAMP, TEAM) == CLASS
    assert next_on_path(world, CLASS, HALL) == HALL
    assert contains(world, CAMP, HALL)
    assert contains(world, HALL, HALL)
    assert not contains(world, TEAM, HALL)
    assert not contains(world, CAMP, SALON)


def test_each_level_places_by_its_own_rule() -> None:
    world = tree()
    member = world.people[0]
    for topic, position in ((0.25, 0), (0.75, 3)):
        member["topic"] = topic
        assert place_in(world, member, TEAM) == position
    world.spaces["placing"][TEAM] = 0  # random
    member["n_joins"] = 4
    draw = uniform(world.totals[0]["seed"], Purpose.ROOM, member["key"], (TEAM << 32) | 4)
    assert place_in(world, member, TEAM) == 3 + int(draw * 3)


def test_a_full_room_leads_on_to_the_next_of_its_space_and_round_again() -> None:
    world = tree()
    inside(world, 0, 1, room=3)
    assert choose_room(world, 5, CAMP) == 4
    for person, room in ((2, 4), (3, 4), (4, 5), (6, 5), (7, 6), (8, 6), (9, 7), (10, 7), (11, 8)):
        inside(world, person, room=room)
    assert choose_room(world, 5, CAMP) == 8
    world.people[5]["topic"] = 0.75
    assert choose_room(world, 5, CAMP) == 8
    inside(world, 5, room=8)
    record_of(world, 5)["invited_by"] = NOBODY
    assert next_with_seats(world, TEAM, 0) == NOBODY
    depart(world, 0, 1.0, Reason.OPTIONS.value)
    assert next_with_seats(world, TEAM, 5) == 0


@pytest.mark.parametrize("n", [1, 2, 3, 7, 8, 33])
def test_the_next_room_with_seats_is_that_of_a_search_one_by_one(n: int) -> None:
    world = outside(spaces={"outer": {}, "room": {"in": "outer", "copies": n, "seats": 1}})
    luck = random.Random(n)
    for _ in range(30):
        for room in range(1, n + 1):
            world.rooms[room]["members"] = luck.random() < luck.choice((0.5, 0.95, 1.0))
            set_open(world, room)
        free = [int(world.rooms[room]["members"]) == 0 for room in range(1, n + 1)]
        for first in range(n):
            expected = next((k % n for k in range(first, first + n) if free[k % n]), NOBODY)
            assert next_with_seats(world, 1, first) == expected


def test_counts_and_levels_of_all_rooms_and_spaces_around_follow() -> None:
    world = tree()
    world.people["quality"][:3] = [0.2, 0.8, 0.5]
    inside(world, 0, 1, room=3)
    inside(world, 2, room=7)
    assert world.rooms["members"].tolist() == [3, 2, 1, 2, 0, 0, 0, 1, 0, 0, 0, 0]
    assert world.spaces["members"].tolist() == [3, 3, 3, 0, 0]
    assert world.rooms["level"][[0, 1, 2, 3, 7]] == pytest.approx([0.5, 0.5, 0.5, 0.5, 0.5], abs=1e-6)
    depart(world, 0, 1.0, Reason.OPTIONS.value)
    assert world.rooms["members"].tolist() == [2, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    assert world.rooms["level"][[0, 1, 2, 3]] == pytest.approx([0.65, 0.8, 0.5, 0.8], abs=1e-6)
    camp = world.spaces[CAMP]
    assert camp["temperature"] == pytest.approx(0.65, abs=1e-6)
    assert camp["evaporation"] == pytest.approx(0.15, abs=1e-6)
    assert camp["dilution"] + camp["evaporation"] == pytest.approx(float(camp["temperature"]), abs=1e-9)


def test_moving_within_a_space_changes_nothing_around_both_rooms() -> None:
    world = tree()
    world.people["quality"][:2] = [0.2, 0.8]
    inside(world, 0, 1, room=3)
    temperature = float(world.totals[0]["temperature"])
    move(world, 1, 5, 2.0)
    assert room_of(world, 1) == 5
    assert world.rooms["members"].tolist() == [2, 2, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]
    assert world.rooms["level"][[3, 5]] == pytest.approx([0.2, 0.8], abs=1e-6)
    assert world.spaces["members"].tolist() == [2, 2, 2, 0, 0]
    assert not world.spaces["moved_in"].any()
    assert world.totals[0]["temperature"] == temperature
    assert rows(world, JournalKind.MOVE) == [(2.0, 1, NOBODY, 5, 3, 0.0)]


def test_moving_to_another_space_is_in_the_temperature_of_both_but_not_around_both() -> None:
    world = tree()
    world.people["quality"][:3] = [0.2, 0.8, 0.5]
    inside(world, 0, 1, 2, room=3)
    move(world, 1, 9, 2.0)
    spaces = world.spaces
    assert spaces["members"].tolist() == [3, 3, 2, 1, 0]
    assert spaces["temperature"][[CAMP, TEAM, HALL]] == pytest.approx([0.5, 0.35, 0.8], abs=1e-6)
    assert spaces["moved_out"].tolist() == pytest.approx([0, 0, -0.15, 0, 0], abs=1e-6)
    assert spaces["moved_in"].tolist() == pytest.approx([0, 0, 0, 0.8, 0], abs=1e-6)
    move(world, 1, 11, 3.0)
    assert spaces["members"].tolist() == [2, 2, 2, 0, 1]
    assert spaces["moved_out"][CAMP] == pytest.approx(-0.15, abs=1e-6)
    assert world.totals[0]["members"] == 3


def test_recognition_and_days_seen_move_along_to_the_new_pond() -> None:
    world = tree()
    inside(world, 0, 1, room=3, now=1.0)
    member = record_of(world, 0)
    member["recognition"] = 2.0
    world.rooms[3]["recognition"][1] = 2.0
    member["stocks_at"] = world.rooms[3]["recognition_at"] = world.rooms[9]["recognition_at"] = 2.0
    move(world, 0, 9, 2.0)
    assert world.rooms[3]["seen"].tolist()[1] == 1
    assert (world.rooms[9]["seen"][1], world.rooms[9]["recognition"][1]) == (1, 2.0)
    assert world.rooms[3]["recognition"][1] == 0.0
    record_of(world, 1)["last_visit_at"] = -20.0  # seen so long ago that no pond counts it
    move(world, 1, 10, 2.0)
    assert not world.rooms[10]["seen"].any()


def test_the_innermost_room_around_two() -> None:
    world = tree()
    assert shared_room(world, 3, 5) == 1
    assert shared_room(world, 3, 9) == 1
    assert shared_room(world, 3, 8) == 0
    assert shared_room(world, 3, 11) == NOBODY


def test_what_was_read_around_both_rooms_stays_read() -> None:
    world = tree()
    world.rooms["n_posts"][[0, 1, 9]] = [5, 4, 20]
    inside(world, 0, room=3)
    seat = world.memberships[world.people[0]["membership"]]
    assert seat["read_to"].tolist() == [0, 0, 0, 0]
    seat["read_to"] = [0, 3, 2, 0]  # of the class and of the camp
    move(world, 0, 9, 1.0)
    assert seat["read_to"].tolist() == [12, 3, 2, 0]  # the newest 8 of the hall are in view
    move(world, 0, 11, 2.0)
    assert seat["read_to"].tolist() == [0, 0, 0, 0]


# --- doors


def test_who_comes_from_outside_passes_the_gates_of_all_spaces_on_the_way() -> None:
    gates: dict[str, list[dict[str, Any]]] = {
        "camp": [{"kind": "fee", "amount": 20}],
        "class": [{"kind": "task", "at_least": 0.5, "noise": 0, "cost": 0}],
        "team": [{"kind": "fee", "amount": 5}],
    }
    world = tree(gates)
    world.people["quality"][:2] = [0.4375, 0.5]
    for person in (0, 1):
        come_to_door(world, person, 1.0, Channel.ARRIVAL, NOBODY)
    assert world.people["state"][:2].tolist() == [State.OUTSIDE, State.MEMBER]
    assert rows(world, JournalKind.REFUSE) == [(1.0, 0, NOBODY, NOBODY, 256 * CLASS, 0.0)]
    assert [row[5] for row in rows(world, JournalKind.PAY)] == [25.0]
    assert room_of(world, 1) == 3


def test_a_member_stands_at_another_door_and_moves_when_let_in() -> None:
    world = tree()
    inside(world, 0, 1, 2, 3, room=9)
    for person in range(4):
        apply(world, person, 2.0, SALON)
    assert [room_of(world, person) for person in range(4)] == [11, 11, 11, 9]  # three seats
    assert world.totals[0]["income"] == 30.0
    assert [row[1] for row in rows(world, JournalKind.REFUSE)] == [3]
    assert world.people[3]["state"] == State.MEMBER  # who is refused stays
    apply(world, 0, 3.0, CAMP)  # back: the camp has no gates
    assert room_of(world, 0) == 3
    apply(world, 0, 3.0, CLASS)  # they sit in it
    assert len(rows(world, JournalKind.MOVE)) == 4


def test_only_the_gates_of_spaces_not_around_the_member_are_to_pass() -> None:
    shut = [{"kind": "task", "at_least": 0.9, "noise": 0, "cost": 0}]
    world = tree({"camp": shut, "class": shut})
    inside(world, 0, room=3)
    apply(world, 0, 1.0, HALL)
    assert room_of(world, 0) == 9
    inside(world, 1, room=11)
    apply(world, 1, 1.0, HALL)
    assert room_of(world, 1) == 11


def test_a_member_waits_at_a_door_without_leaving_and_leaves_the_line_with_the_community() -> None:
    world = tree({"salon": [{"kind": "quota", "per_day": 1, "patience": "never"}]})
    inside(world, 0, 1, 2, room=9)
    for person in range(3):
        apply(world, person, 1.0, SALON)
    assert world.people["state"][:3].tolist() == [State.MEMBER] * 3
    assert (world.spaces["waiting"].tolist(), world.totals[0]["waiting"]) == ([0, 0, 0, 0, 2], 2)
    assert [row[4] for row in rows(world, JournalKind.WAIT)] == [256 * SALON] * 2
    apply(world, 1, 1.5, SALON)  # already there
    assert world.totals[0]["waiting"] == 2
    give_up(world, 1, 1.6)
    assert (world.people[1]["state"], room_of(world, 1)) == (State.MEMBER, 9)
    depart(world, 2, 1.7, Reason.OPTIONS.value)
    assert (world.spaces[SALON]["waiting"], world.totals[0]["waiting"]) == (0, 0)
    assert (world.spaces[SALON]["first"], world.spaces[SALON]["last"]) == (NOBODY, NOBODY)


def test_members_who_are_sent_neither_bypass_gates_nor_are_spared_their_cost() -> None:
    world = tree({"salon": [{"kind": "rules", "cost": 50}]})
    world.params[0]["bypass"] = 1.0
    inside(world, 0, room=9, channel=Channel.STRANGER)
    inside(world, 1, room=9, channel=Channel.INVITATION)
    for person in (0, 1):
        apply(world, person, 1.0, SALON)
    assert [room_of(world, person) for person in (0, 1)] == [9, 9]


# --- reading and writing


#: Everybody reacts to every post.
REACT: dict[str, Any] = {
    "posting": {"reaction": 1},
    "interest": {"discernment": 0, "tolerance": -0.5, "standard": 0},
}


def posts(world: World, room: int, *authors: int) -> None:
    """One post by each of these authors in a room, one after the other."""
    total = world.totals[0]
    for author in authors:
        number = int(world.rooms[room]["n_posts"])
        post = world.posts[room * 8 + number % 8]
        post["author"], post["own"], post["quality"], post["topic"], post["to"] = author, 0, 0.75, 0.25, -1
        post["hot"], post["serial"] = 0.0, total["n_posts"]
        world.rooms[room]["n_posts"] = number + 1
        total["n_posts"] += 1


def test_one_reads_ones_room_and_the_rooms_around_it_with_one_attention_the_newest_first() -> None:
    world = tree(
        perception={"attention": 3},
        posting={"reaction": 1},
        interest={"discernment": 0, "tolerance": -0.5, "standard": 0},
    )
    inside(world, *range(6), room=9)
    inside(world, 6, room=10)
    posts(world, 0, 1)
    posts(world, 9, 2)
    posts(world, 1, 3)
    posts(world, 10, 6)  # of another class
    posts(world, 0, 4)
    world.spaces["order"][HALL] = 0
    read_path(world, 0, 1.0)
    reading = world.reading[0]
    assert (reading["n_read"], reading["unread"]) == (3, 4)
    assert [row[2:5] for row in rows(world, JournalKind.REACTION)] == [(4, 0, 1), (3, 1, 0), (2, 9, 0)]
    seat = world.memberships[world.people[0]["membership"]]
    assert seat["read_to"].tolist() == [1, 1, 2, 0]
    read_path(world, 0, 1.0)
    assert (world.reading[0]["n_read"], world.reading[0]["unread"]) == (0, 0)


def test_in_another_order_the_best_of_all_rooms_comes_first() -> None:
    world = tree(
        perception={"attention": 2},
        posting={"reaction": 1},
        interest={"discernment": 0, "tolerance": -0.5, "standard": 0},
    )
    inside(world, *range(6), room=9)
    posts(world, 0, 1)
    posts(world, 9, 2, 3)
    posts(world, 1, 4)
    for position, hot in ((0, 3.0), (72, 5.0), (73, 3.0), (8, 0.0)):
        world.posts[position]["hot"] = hot
    read_path(world, 0, 1.0)
    assert [row[2] for row in rows(world, JournalKind.REACTION)] == [2, 3]  # of equal rank the newer


def test_rooms_without_talk_have_nothing_to_read() -> None:
    world = tree()
    inside(world, 0, 1, room=3)
    posts(world, 3, 1)
    posts(world, 1, 1)
    read_path(world, 0, 1.0)
    assert (world.reading[0]["n_read"], world.reading[0]["unread"]) == (1, 1)


def test_a_post_goes_to_the_home_and_an_answer_to_where_members_may_write() -> None:
    world = tree()
    inside(world, 0, 1, room=3)
    inside(world, 2, 3, room=9)
    write_post(world, 0, 1.0, -1)
    assert rows(world, JournalKind.POST)[-1][3] == 1  # the team has no talk: its class
    write_post(world, 2, 1.0, 8)
    assert rows(world, JournalKind.REPLY)[-1][3] == 1  # an answer where the post is
    write_post(world, 2, 1.0, -1)
    assert rows(world, JournalKind.POST)[-1][3] == 9
    posts(world, 0, 3)  # a lecture
    write_post(world, 0, 1.0, 0)
    assert rows(world, JournalKind.REPLY)[-1][3] == 1  # nobody may write in the camp
    seat = world.memberships[world.people[2]["membership"]]
    assert seat["read_to"].tolist()[:2] == [1, 2]  # own posts are not unread
    assert world.spaces["posts"].tolist() == [0, 3, 0, 1, 0]


def test_who_sits_in_a_room_sits_in_those_around_it() -> None:
    world = tree()
    inside(world, 0, room=3)
    assert [sits_in(world, 0, room) for room in (3, 1, 0, 4, 2, 11)] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert not sits_in(world, 1, 0)
    assert np.count_nonzero(world.people["state"][:PEOPLE] == State.MEMBER) == 1
