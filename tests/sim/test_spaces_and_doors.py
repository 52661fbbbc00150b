"""Spaces where much happens at once: moves in the midst of a session, many at a door, seats that become fewer."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shequn.experiments.sweeps.plan import scenario_digest
from shequn.sim import machine as machine_module
from shequn.sim.community import Community
from shequn.sim.kernel.state import JournalKind, State
from shequn.sim.saving.branching import changes, check_changes
from shequn.sim.saving.state_file import read_state
from shequn.sim.scenario import Scenario, ScenarioError
from tests.sim.small_worlds import run
from tests.sim.test_spaces import STAY

SMALL: dict[str, Any] = {
    "format": 2, "title": "t", "days": 6, "community": {"openness": 0},
    "population": {"people": 60, "founders": 40, "graph": {"generator": "none"}},
    "rules": STAY,
}  # fmt: skip


def small(**changes: Any) -> Scenario:
    """A small community from which nobody leaves."""
    return Scenario.from_mapping({**SMALL, **changes})


def test_who_moves_in_the_midst_of_a_session_to_where_nobody_writes_writes_no_more() -> None:
    community, rows = run(
        small(
            days=12,
            population={**SMALL["population"], "pace": {"mean": 5}, "talkativeness": {"mean": 1}},
            spaces={"hall": {}, "a": {"talk": False}, "b": {"in": "a", "may_post": "nobody"}},
            operations={"go": {"do": "move", "day": 6, "who": "random", "to": "a"}},
            rules={**STAY, "posting": {"again": 0.99, "pause": 2000}},
        )
    )
    posts = rows[(rows["kind"] == JournalKind.POST) | (rows["kind"] == JournalKind.REPLY)]
    assert len(posts)
    assert (posts["time"] < 6).all()
    assert (posts["room"] == 0).all()
    assert community.machine.world.rooms["n_posts"].tolist() == [len(posts), 0, 0]


def test_more_people_at_a_door_than_the_journal_holds_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_module, "JOURNAL_ROWS", 9_200)
    n = 5_000
    _, rows = run(
        small(
            days=1,
            population={**SMALL["population"], "people": n, "founders": n, "purse": {"mean": "unlimited"}},
            spaces={"hall": {}, "circle": {"gates": {"fee": {"kind": "fee", "amount": 1}}}},
            operations={"go": {"do": "move", "day": 0.5, "who": "random", "to": "circle"}},
        )
    )
    assert (rows["kind"] == JournalKind.PAY).sum() == (rows["kind"] == JournalKind.MOVE).sum() == n


def test_many_seasons_at_once_multiply_up_to_the_largest_factor_of_one() -> None:
    seasons = {f"s{n}": {"do": "season", "day": 0, "discovery": 1e6} for n in range(60)}
    community = Community(small(days=1, operations=seasons))
    community.run_until(0.5)
    assert community.machine.params["season"] == 1e6


@pytest.mark.parametrize("seats", [1, 2, 5])
def test_rooms_that_have_more_members_than_seats_are_divided_until_none_is_full(seats: int) -> None:
    community = Community(small(spaces={"group": {"seats": 50, "splits": {}}}))
    community.step()
    community.machine.set_capacity(seats)
    rooms = community.machine.world.rooms[: int(community.machine.totals["n_rooms"])]
    assert rooms["members"].sum() == 40
    assert rooms["members"].max() < max(seats, 2)
    while community.time < 6:
        community.step()
    if seats > 1:
        check_counts(community)


def check_counts(community: Community) -> None:
    """Rooms count those who sit in them."""
    world = community.machine.world
    inside = np.flatnonzero(world.people["state"] == State.MEMBER)
    at = world.memberships["room"][world.people["membership"][inside]]
    assert (np.bincount(at, minlength=len(world.rooms)) == world.rooms["members"]).all()


LINE = {
    "days": 8,
    "population": {**SMALL["population"], "founders": 2},
    "spaces": {"group": {
        "seats": 6, "splits": {},
        "gates": {"quota": {"kind": "quota", "per_day": 0.5, "patience": "never"}},
    }},
    "operations": {"come": {"do": "shock", "day": 1, "people": 40, "over": 0}},
}  # fmt: skip


@pytest.mark.parametrize(
    "policy",
    [
        {"spaces.group.gates.quota": None},
        {"spaces.group.gates.quota": None, "spaces.group.splits": None, "spaces.group.seats": 100},
        {"spaces.group.seats": 2},
        {"spaces.group.seats": 2, "spaces.group.splits": None},
        {"spaces.group.splits.by": "topic", "spaces.group.seats": 3, "spaces.group.gates.quota.per_day": 20},
    ],
)
def test_a_branch_changes_seats_gates_and_how_rooms_are_divided(
    tmp_path: Path, policy: dict[str, Any]
) -> None:
    community = Community(small(**LINE), until=4)
    while community.time < 4:
        community.step()
    community.save(tmp_path / "state.npz")
    branch = Community.load(read_state(tmp_path / "state.npz"), small(**LINE).with_(policy))
    while branch.time < 8:
        branch.step()
        check_counts(branch)
    space = branch.machine.world.spaces[0]
    divides = branch.settings.places[0].space.splits is not None
    seats = branch.settings.places[0].space.seats
    rooms = branch.machine.world.rooms[: int(space["n_rooms"])]
    branch.machine.make_room()
    if divides:
        assert rooms["members"].max() < max(2, seats or 0)
    if "spaces.group.gates.quota" in policy:
        assert space["waiting"] == 0


def test_a_state_keeps_the_order_of_spaces_and_gates(tmp_path: Path) -> None:
    gates = {"z": {"kind": "rules"}, "a": {"kind": "fee", "amount": 3}}
    community = Community(small(spaces={"z": {"gates": gates}, "m": {}, "a": {"seats": 3}}), until=2)
    community.step()
    community.save(tmp_path / "state.npz")
    again = Community.load(tmp_path / "state.npz").settings
    assert [place.name for place in again.places] == ["z", "m", "a"]
    assert [gate.kind for gate in again.places[0].gates] == ["rules", "fee"]


def test_the_order_of_the_gates_of_a_space_is_part_of_a_scenarios_digest() -> None:
    gates = {"z": {"kind": "rules"}, "a": {"kind": "fee", "amount": 3}}
    one, other = (
        small(spaces={"z": {"gates": dict(order)}}) for order in (gates.items(), [*gates.items()][::-1])
    )
    assert scenario_digest(one) != scenario_digest(other)


def test_what_cannot_change_of_a_space_is_named_by_its_key() -> None:
    before = small(spaces={"z": {"copies": 2}, "m": {}})
    assert [change.key for change in changes(before, before.with_({"spaces.z.seats": 50}))] == [
        "spaces.z.seats"
    ]
    for key, value in (("spaces.z.copies", 3), ("spaces.m.talk", False), ("spaces.m", None)):
        with pytest.raises(ScenarioError, match=f"{key} cannot change on day 3"):
            check_changes(before, before.with_({key: value}), 3.0)


def test_splits_that_begin_on_a_day_divide_rooms_that_are_full(tmp_path: Path) -> None:
    before = small(spaces={"group": {"seats": 40}})
    community = Community(before, until=2)
    community.step()
    community.step()
    community.save(tmp_path / "state.npz")
    branch = Community.load(tmp_path / "state.npz", small(spaces={"group": {"seats": 40, "splits": {}}}))
    assert branch.machine.world.spaces["n_rooms"][0] == 2
    assert branch.machine.world.rooms["members"][:2].tolist() == [20, 20]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"spaces": {"a": {"seats": 39}}}, "40 founders do not fit into 39 seats of a"),
        ({"spaces": {"a": {"copies": 3}, "b": {"in": "a", "seats": 13}}}, "into 39 seats of b"),
        ({"spaces": {"a": {"seats": 39, "splits": {}}}}, "do not fit"),
        ({"spaces": {"a": {"copies": 100_000}}, "community": {"shown": 1024}}, "posts in view"),
        ({"spaces": {"": {}}}, "1 to 110 characters"),
        ({"spaces": {"a.b": {}}}, "no dots"),
        ({"spaces": {"a\nb": {}}}, "no line breaks"),
        ({"spaces": {"a": {"gates": {"x\0": {"kind": "rules"}}}}}, "no line breaks"),
        ({"spaces": {"hall": {"in": "hal"}}}, "it is the first"),
        ({"spaces": {"hall": {}, "b": {"in": "hal"}}}, "did you mean hall"),
        (
            {"spaces": {"hall": {}}, "operations": {"m": {"do": "move", "day": 1, "to": "hal"}}},
            "did you mean hall",
        ),
        ({"operations": {"m": {"do": "move", "day": 1, "to": "hall"}}}, "has no spaces"),
        (
            {
                "spaces": {"a": {}, "b": {"in": "a"}},
                "operations": {"m": {"do": "move", "day": 1, "in": "b", "to": "a"}},
            },
            "those in b sit in a already",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        small(**changes)


def test_prices_at_the_doors_of_spaces_get_the_note_about_the_assumed_purse() -> None:
    priced = small(spaces={"a": {}, "b": {"gates": {"fee": {"kind": "fee", "amount": 3}}}})
    assert any("purse" in note for note in priced.notes)
