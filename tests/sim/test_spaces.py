"""Trees of spaces: sums and seats after every event, known answers, and a tree of depth 1 that is one group."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequn.sim.community import Community
from shequn.sim.kernel.state import NOBODY, JournalKind, State
from shequn.sim.machine import Machine
from shequn.sim.scenario import Scenario
from tests.sim.records import check_records
from tests.sim.small_worlds import WORLDS, run, same_bytes, world


def check_spaces(machine: Machine) -> None:
    """Everybody has a record and one seat, in a leaf; rooms and spaces have the sums and levels of their members."""
    w, total = machine.world, machine.totals
    check_records(w)
    n = int(total["n_rooms"])
    rooms, spaces, people = w.rooms[:n], w.spaces, w.people
    inside = np.flatnonzero(people["state"] == State.MEMBER)
    seats = people["membership"][inside]
    assert len(np.unique(seats)) == len(inside) == total["members"]
    assert (w.memberships["person"][seats] == inside).all()
    at = w.memberships["room"][seats]
    count = np.bincount(at, minlength=n)
    quality = np.bincount(at, people["quality"][inside], minlength=n)
    assert (spaces["child"][rooms["space"][at]] == NOBODY).all()
    assert (count <= rooms["capacity"]).all()
    for room in range(n - 1, -1, -1):
        if rooms["parent"][room] != NOBODY:
            count[rooms["parent"][room]] += count[room]
            quality[rooms["parent"][room]] += quality[room]
    assert (count == rooms["members"]).all()
    some = count > 0
    assert np.abs(quality[some] / count[some] - rooms["level"][some]).max(initial=0.0) < 1e-9
    for number, space in enumerate(spaces):
        own = rooms["space"] == number
        assert space["members"] == count[own].sum()
        assert space["n_rooms"] == own.sum()
        parts = ("dilution", "evaporation", "pruning", "moved_in", "moved_out")
        if space["members"]:
            assert abs(quality[own].sum() / count[own].sum() - space["temperature"]) < 1e-9
        assert (
            abs(sum(float(space[part]) for part in parts) + START.get(number, 0.0) - space["temperature"])
            < 1e-9
        )
    waiting = np.flatnonzero(w.everybody["application"] != NOBODY)
    assert len(waiting) == total["waiting"] == spaces["waiting"].sum()
    for number, space in enumerate(spaces):
        line, k = [], int(space["first"])
        while k != NOBODY:
            assert w.applications["space"][k] == number
            line.append(int(w.applications["person"][k]))
            k = int(w.applications["after"][k])
        assert len(line) == space["waiting"]
        assert (w.everybody["application"][line] != NOBODY).all()


START: dict[int, float] = {}  # temperature of spaces at the start, from their founders


def check_every_event(scenario: Scenario) -> Community:
    """Run a scenario event by event and check after each."""
    community = Community(scenario)
    machine = community.machine
    START.clear()
    START.update(enumerate(map(float, machine.world.spaces["temperature"])))
    check_spaces(machine)
    for day in range(1, scenario.days + 1):
        while machine.world.queue.size[0] and machine.world.queue.values[0] < day:
            at = float(machine.world.queue.values[0])
            if community.time < at:
                community.run_until(at)  # operations of this instant
                check_spaces(machine)
            machine.run_until(np.nextafter(at, np.inf))
            check_spaces(machine)
        community.run_until(float(day))
        check_spaces(machine)
    return community


GATES = st.sampled_from(
    [[], [{"kind": "rules"}], [{"kind": "quota", "per_day": 3, "patience": 2}], [{"kind": "fee", "amount": 40}],
     [{"kind": "task", "at_least": 0.3, "noise": 0.1, "cost": 0.1}, {"kind": "capacity", "members": 30}]]
)  # fmt: skip


@st.composite
def trees(draw: st.DrawFn) -> dict[str, Any]:
    """A tree or forest of up to five spaces with every setting."""
    spaces: dict[str, Any] = {}
    for number in range(draw(st.integers(1, 5))):
        outer = draw(st.sampled_from([None, *spaces])) if number else None
        depth, up = 1, outer
        while up is not None:
            depth, up = depth + 1, spaces[up].get("in")
        space: dict[str, Any] = {
            "copies": draw(st.integers(1, 3)), "talk": draw(st.booleans()), "gates": draw(GATES),
            "may_post": draw(st.sampled_from(["members", "nobody"])), "ranks": draw(st.sampled_from([None, True])),
            "order": draw(st.sampled_from(["newest", "hot", "interest", "followed"])),
            "fill": draw(st.sampled_from(["random", "first"])),
        }  # fmt: skip
        if outer is not None and depth <= 4:
            space["in"] = outer
        spaces[f"s{number}"] = space
    for name in spaces:
        if all(space.get("in") != name for space in spaces.values()):
            spaces[name]["seats"] = draw(st.sampled_from([None, 4, 10]))
            if spaces[name]["seats"] and draw(st.booleans()):
                by = draw(st.sampled_from(["random", "topic"]))
                spaces[name]["splits"] = {"by": by, "core": draw(st.integers(0, 3))}
    return spaces


def around(spaces: dict[str, Any], name: str | None) -> list[str]:
    """A space and those around it."""
    return [] if name is None else [name, *around(spaces, spaces[name].get("in"))]


@settings(max_examples=12, deadline=None, derandomize=True)
@given(spaces=trees(), seed=st.integers(0, 1000), data=st.data())
def test_sums_seats_and_lines_hold_after_every_event(
    spaces: dict[str, Any], seed: int, data: st.DataObject
) -> None:
    names = st.sampled_from([*spaces])
    move = {"do": "move", "every": 1, "first": 1.5, "who": "random", "share": 0.3}
    ways = [(data.draw(names), data.draw(names)) for _ in range(3)]
    moves = [{**move, "in": here, "to": there} for here, there in ways if there not in around(spaces, here)]
    check_every_event(
        Scenario.from_mapping(
            {
                "format": 1, "title": "trees", "seed": seed, "days": 8,
                "population": {
                    "people": 150, "founders": 4, "pace": {"mean": 1, "log_sd": 0.5},
                    "graph": {"generator": "watts_strogatz_graph", "arguments": {"k": 6, "p": 0.2}},
                },
                "community": {"openness": 0.6, "strangers_per_day": 25, "shown": 8, "return_after": 1},
                "spaces": spaces,
                "operations": [*moves, {"do": "remove", "day": 5, "who": "random", "share": 0.2}],
                "rules": {"leaving": {"base": 0.45}, "inviting": {"rate": 0.02, "odds": 1}},
            }
        )
    )  # fmt: skip


def test_the_school_of_small_worlds_holds_after_every_event() -> None:
    community = check_every_event(world("school"))
    assert community.machine.world.spaces["n_rooms"][3] > 2  # rooms were divided


@pytest.mark.parametrize("name", ["camp", "hall", "chain", "club"])
def test_a_tree_of_depth_1_is_one_group_to_the_byte(name: str) -> None:
    values = {key: value for key, value in WORLDS[name].items() if key != "gates"}
    keys = ("rooms", "capacity", "placing", "order")
    old = {key: value for key, value in values["community"].items() if key in keys}
    room: dict[str, Any] = {"gates": WORLDS[name].get("gates", []), "copies": old.get("rooms", 1)}
    room |= {"seats": old.get("capacity"), "order": old.get("order", "newest")}
    room["fill"] = {"fill": "first"}.get(old.get("placing", "random"), old.get("placing", "random"))
    community = {key: value for key, value in values["community"].items() if key not in keys}
    tree = {
        "format": 1,
        "title": name,
        "seed": 7,
        **values,
        "community": community,
        "spaces": {"group": room},
    }
    assert same_bytes(run(Scenario.from_mapping(tree))[1], run(world(name))[1])


STAY = {"leaving": {"mode": "clock", "hazard": 0}, "inviting": {"rate": 0}}


@pytest.mark.parametrize("by", ["random", "topic"])
@pytest.mark.parametrize("seats", [4, 10])
def test_rooms_that_divide_without_leaving_follow_integer_arithmetic(seats: int, by: str) -> None:
    people = 137
    scenario = Scenario.from_mapping(
        {
            "format": 1, "title": "fission", "days": 3,
            "population": {"people": 1, "founders": 0, "graph": {"generator": "none"}},
            "community": {"openness": 0},
            "spaces": {"group": {"seats": seats, "fill": "first", "splits": {"by": by}}},
            "operations": [{"do": "shock", "day": 0, "people": people, "over": 2}],
            "rules": STAY,
        }
    )  # fmt: skip
    community, rows = run(scenario)
    spaces, rooms = community.machine.world.spaces, community.machine.world.rooms
    assert spaces["members"][0] == people
    # a room divides at `seats`, and then each time half of it has come again
    assert spaces["n_rooms"][0] == 2 + (people - seats) // (seats // 2)
    assert rooms["members"][: spaces["n_rooms"][0]].max() < seats
    assert rooms["members"][: spaces["n_rooms"][0]].min() == seats // 2
    assert (rows["kind"] == JournalKind.MOVE).sum() == (spaces["n_rooms"][0] - 1) * (seats // 2)


def test_tiers_that_pass_on_a_share_of_their_members_each_day_follow_their_recurrence() -> None:
    scenario = Scenario.from_mapping(
        {
            "format": 1, "title": "tiers", "days": 12,
            "population": {"people": 400, "founders": "all", "graph": {"generator": "none"}},
            "community": {"openness": 0},
            "spaces": {"a": {}, "b": {}, "c": {}},
            "operations": [
                {"do": "move", "every": 1, "who": "random", "share": 0.2, "in": "b", "to": "c"},
                {"do": "move", "every": 1, "who": "random", "share": 0.1, "in": "a", "to": "b"},
            ],
            "rules": STAY,
        }
    )  # fmt: skip
    community = Community(scenario)
    a, b, c = 400, 0, 0
    for day in range(1, 12):  # what would come at the very end does not happen
        community.run_until(float(day))
        up = round(0.2 * b)
        b, c = b - up, c + up
        up = round(0.1 * a)
        a, b = a - up, b + up
        assert community.machine.world.spaces["members"].tolist() == [a, b, c]


def test_a_full_paid_space_takes_money_only_from_those_it_has_seats_for() -> None:
    scenario = Scenario.from_mapping(
        {
            "format": 1, "title": "premium", "days": 4,
            "population": {
                "people": 100, "founders": "all", "purse": {"mean": "unlimited"}, "graph": {"generator": "none"},
            },
            "community": {"openness": 0},
            "spaces": {"open": {}, "paid": {"seats": 7, "gates": [{"kind": "fee", "amount": 365}]}},
            "operations": [
                {"do": "move", "every": 1, "who": "highest_quality", "share": 0.1, "in": "open", "to": "paid"},
            ],
            "rules": STAY,
        }
    )  # fmt: skip
    community, rows = run(scenario)
    assert community.machine.world.spaces["members"].tolist() == [93, 7]
    assert community.machine.totals["income"] == 7 * 365
    assert rows[rows["kind"] == JournalKind.PAY]["value"].tolist() == [365.0] * 7
