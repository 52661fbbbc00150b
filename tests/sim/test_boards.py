"""Boards of spaces that rank: the share of the others below each member, by hand and by looking at everybody."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.agents.drivers import Driver, signal
from shequn.agents.honor import standing
from shequn.agents.observation import Observation
from shequn.sim.boards import publish_boards, shares_below
from shequn.sim.community import Community
from shequn.sim.kernel.params import default_params
from shequn.sim.kernel.recognition import rank_of
from shequn.sim.kernel.state import JournalKind, State
from shequn.sim.scenario import Scenario
from tests.sim.small_worlds import PEOPLE, run


def camp(**keys: Any) -> Scenario:
    """A camp of two classes that rank their members, and a hall beside it that does not."""
    return Scenario.from_mapping(
        {
            "format": 2, "title": "camp", "days": 30, "seed": 3, "journal": "full",
            "population": {**PEOPLE, "people": 400, "founders": 90, "drivers": {"honor": 0.6, "interest": 0.4}},
            "community": {"openness": 0.5, "strangers_per_day": 4},
            "spaces": {"camp": {}, "class": {"in": "camp", "copies": 2, "ranks": True}, "hall": {}},
            "marks": {"star": {"honor": 3}},
            "operations": {
                "title": {"do": "award", "every": 5, "by": "recognition", "best": 3, "mark": "star"},
                "away": {"do": "move", "every": 4, "who": "random", "share": 0.05, "in": "class", "to": "hall"},
            },
        }
    ).with_(keys)  # fmt: skip


# ---- the share below ------------------------------------------------------------------------------


def test_shares_by_hand() -> None:
    values = np.array([3.0, 1.0, 2.0, 2.0, 7.0, 7.0, 5.0])
    rooms = np.array([1, 1, 1, 1, 4, 4, 9])
    # of three others: 3, 0, and one below and one equal; two equal; alone
    assert shares_below(values, rooms).tolist() == [1.0, 0.0, 0.5, 0.5, 0.5, 0.5, -1.0]
    assert len(shares_below(np.zeros(0), np.zeros(0, dtype=int))) == 0


def test_equal_people_have_half_of_the_others_below_them() -> None:
    assert shares_below(np.full(9, 0.7), np.zeros(9, dtype=int)).tolist() == [0.5] * 9


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=40))
def test_shares_are_those_counted_one_by_one(people: list[tuple[int, int]]) -> None:
    rooms, values = (np.array([one[k] for one in people], dtype=int) for k in (0, 1))
    for own, (room, value) in zip(shares_below(values.astype(float), rooms), people, strict=True):
        others = [v for r, v in people if r == room]
        if len(others) == 1:
            assert own == -1
        else:
            below = sum(v < value for v in others) + (others.count(value) - 1) / 2
            assert own == pytest.approx(below / (len(others) - 1))


# ---- the board in a run ---------------------------------------------------------------------------


def test_a_board_has_the_members_of_rooms_that_rank_who_were_seen_in_the_last_week() -> None:
    community = Community(camp())
    community.run_until(19.0)
    machine = community.machine
    world, people = machine.world, machine.world.people
    members = np.flatnonzero(people["state"] == State.MEMBER)
    seats = people["membership"][members]
    rooms = world.memberships["room"][seats]
    seen = 19 - world.everybody["last_visit_at"][members].astype(int) <= 7
    ranking = np.isin(rooms, [1, 2])
    board = world.board[seats]
    assert 20 < (seen & ranking).sum() < len(members)
    assert ((board >= 0) == (seen & ranking)).all()
    stand = machine.recognition_of(members, 19.0) + world.shown[seats]
    for room in (1, 2):
        inside = (rooms == room) & seen
        assert board[inside].mean() == pytest.approx(0.5)
        best = np.flatnonzero(inside)[np.argmax(stand[inside])]
        assert board[best] == board[inside].max() > 0.9


def test_who_moves_or_joins_is_on_no_board_until_the_next() -> None:
    community = Community(camp())
    community.run_until(20.0)
    machine = community.machine
    world, people = machine.world, machine.world.people
    seats = people["membership"][people["state"] == State.MEMBER]
    ranked = seats[world.board[seats] >= 0]
    person = int(world.memberships["person"][ranked[0]])
    assert rank_of(world, people[person]) == world.board[ranked[0]]
    machine.move([person], 2)
    assert rank_of(world, people[person]) == -1
    publish_boards(machine, community.operator.scenario)
    assert rank_of(world, people[person]) == -1  # the hall does not rank


def test_without_a_space_that_ranks_nobody_is_on_a_board() -> None:
    community = Community(camp(**{"spaces.class.ranks": None}))
    community.run_until(2.0)
    world = community.machine.world
    assert len(world.board) == 0
    assert rank_of(world, world.people[0]) == -1


def test_honor_is_the_rank_where_there_is_one_and_else_the_standing() -> None:
    p = default_params()[0]
    some = Observation(*[0.0] * len(Observation._fields))._replace(
        recognition=3.0, recognition_of_others=1.0, rank=-1.0
    )
    assert signal(Driver.HONOR.value, some, p) == standing(3.0, 1.0)
    for rank in (0.0, 0.3, 1.0):
        assert signal(Driver.HONOR.value, some._replace(rank=rank), p) == rank


def _moves(scenario: Scenario) -> bytes:
    rows = run(scenario)[1]
    rows = rows[np.isin(rows["kind"], [JournalKind.VISIT, JournalKind.JOIN, JournalKind.LEAVE])]
    return b"".join(rows[name].tobytes() for name in ("time", "kind", "person"))


def test_a_board_acts_through_honor_alone() -> None:
    """Nobody cares for honor: the same visits, joins and departures, to the byte; else others."""
    null = {"spaces.class.ranks": None}
    nobody = {"population.drivers": {"honor": 0, "interest": 1}}
    assert _moves(camp(**nobody)) == _moves(camp(**nobody, **null))
    assert _moves(camp()) != _moves(camp(**null))
