"""Who has a record as a member, and the blank one of everybody else."""

import numpy as np
import pytest

from shequn.sim.kernel.entry import come_to_door
from shequn.sim.kernel.membership import depart, join
from shequn.sim.kernel.people import member_of, open_record, open_records
from shequn.sim.kernel.state import NEVER, NOBODY, Channel, Reason, member_dtype
from shequn.sim.kernel.ties import find_link, interact, update_neighbours, used_tie
from shequn.sim.population import new_members, with_records
from tests.sim.kernel.laws.worlds import PEOPLE, inside, outside
from tests.sim.records import check_records, record_of, records


def test_all_outsiders_share_the_blank_record() -> None:
    world = outside(records=False)
    assert world.totals[0]["n_records"] == 1
    assert not world.people["member"].any()
    blank = member_of(world, 3)
    assert blank.tolist() == world.members[0].tolist() == new_members(0)[0].tolist()
    assert blank["left_at"] == NEVER
    others = set(member_dtype.names or ()) - {"left_at"}
    assert {name for name in others if blank[name] != 0} == set()
    with pytest.raises(AssertionError, match="person 3 has no record"):
        record_of(world, 3)


def test_a_record_is_opened_once_and_begins_as_the_blank_one() -> None:
    world = outside(records=False)
    world.members[1] = np.ones(1, dtype=member_dtype)[0]  # left by nobody
    open_record(world, 7)
    assert (world.people["member"][7], world.totals[0]["n_records"]) == (1, 2)
    assert record_of(world, 7).tolist() == world.members[0].tolist()
    record_of(world, 7)["gains"] = 2.0
    assert member_of(world, 7)["gains"] == 2.0
    assert member_of(world, 6)["gains"] == 0.0
    open_record(world, 7)
    assert (world.people["member"][7], world.totals[0]["n_records"]) == (1, 2)
    assert record_of(world, 7)["gains"] == 2.0
    check_records(world)


def test_records_are_opened_in_the_order_of_the_people_and_nobody_has_two() -> None:
    world = outside(records=False)
    open_records(world, np.array([5, 2, 5, 9]))
    assert world.people["member"][[5, 2, 9]].tolist() == [1, 2, 3]
    assert world.totals[0]["n_records"] == 4
    check_records(world)


def test_a_world_with_records_has_room_for_them_and_keeps_what_is_written() -> None:
    world = outside(records=False)
    open_record(world, 4)
    record_of(world, 4)["n_posts"] = 9
    room = len(world.members)
    more = with_records(world, np.arange(PEOPLE))
    assert len(more.members) == room + PEOPLE
    assert sorted(more.people["member"]) == list(range(1, PEOPLE + 1))
    assert [int(record_of(more, k)["n_posts"]) for k in range(PEOPLE)] == [0] * 4 + [9] + [0] * 7
    check_records(more)
    assert len(records(outside())) == PEOPLE


def test_whoever_joins_has_a_record_and_keeps_it_when_they_leave_and_come_again() -> None:
    world = outside(records=False)
    join(world, 8, 0, 1.0, Channel.ARRIVAL, NOBODY, 0.25)
    join(world, 3, 0, 1.5, Channel.INVITATION, 8, 0.0)
    assert world.people["member"][[8, 3]].tolist() == [1, 2]
    assert (record_of(world, 8)["commitment"], record_of(world, 8)["n_accepted"]) == (0.25, 1)
    depart(world, 8, 2.0, Reason.OPTIONS.value)
    assert (world.people["member"][8], record_of(world, 8)["left_at"]) == (1, 2.0)
    join(world, 8, 0, 3.0, Channel.ARRIVAL, NOBODY, 0.0)
    assert (world.people["member"][8], world.totals[0]["n_records"]) == (1, 3)
    assert (record_of(world, 8)["n_accepted"], record_of(world, 8)["commitment"]) == (1, 0.0)
    check_records(world)


def test_who_is_refused_or_waits_at_the_door_has_none() -> None:
    gates = ({"kind": "quota", "per_day": 1, "patience": "never"}, {"kind": "capacity", "members": 1})
    world = outside(gates=gates, records=False)
    for person in (0, 1, 2):
        come_to_door(world, person, 1.0, Channel.ARRIVAL, NOBODY)
    assert world.people["member"][:3].tolist() == [1, 0, 0]
    assert world.totals[0]["n_records"] == 2
    check_records(world)


def test_of_an_outsiders_friends_only_their_number_and_given_strength_are_known() -> None:
    world = outside({"relationship": {"growth": 0.5}}, edges=((0, 1), (0, 2), (1, 2)), records=False)
    inside(world, 0, 1)
    interact(world, 0, 1, 1.0, False)
    used_tie(world, 0, find_link(world, 0, 2))  # used, but nothing has grown
    update_neighbours(world, 0, 2.0, -1)
    update_neighbours(world, 0, 3.0, 1)
    assert (world.people["ties_inside"][2], world.people["base_inside"][2]) == (2, 1.0)
    assert record_of(world, 1)["grown_inside"] > 0.0
    check_records(world)
