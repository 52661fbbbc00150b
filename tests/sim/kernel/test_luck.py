"""What names a draw: nothing that another person, or another arm's operation, could shift."""

from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest

from shequn import Scenario, simulate
from shequn.sim.kernel.chance import Purpose, pair, uniform
from shequn.sim.kernel.invitations import count_invitation, invitation_name, n_invitations_along
from shequn.sim.kernel.state import JournalKind
from shequn.sim.machine import Machine
from tests.sim.small_worlds import WORLDS, run, world


@pytest.mark.parametrize("name", WORLDS)
def test_a_reaction_is_drawn_by_reader_author_and_the_authors_own_count_of_posts(name: str) -> None:
    scenario = world(name)
    community, rows = run(scenario)
    keys = community.machine.world.people["key"]
    own: Counter[int] = Counter()
    posts = {}  # of members, not featured; by room and number: author, and which of theirs
    met = 0
    for row in rows:
        person, other = int(row["person"]), int(row["other"])
        if row["kind"] in (JournalKind.POST, JournalKind.REPLY):
            posts[int(row["room"]), int(row["detail"])] = (person, own[person])
            own[person] += 1
        elif row["kind"] == JournalKind.REACTION and (int(row["room"]), int(row["detail"])) in posts:
            author, number = posts[int(row["room"]), int(row["detail"])]
            assert author == other
            both = np.uint64(pair(keys[person], keys[author]))  # compiled, it is a Python integer
            draw = uniform(scenario.seed, Purpose.REACT, both, number)
            assert draw < scenario.rules["posting"]["reaction"]
            met += 1
    assert met > 10


def test_an_answer_is_drawn_by_the_pair_and_the_askers_own_count_of_asks() -> None:
    """Where answers come at once, each follows its invitation."""
    scenario = world("hall", days=60)
    community, rows = run(scenario)
    keys = community.machine.world.people["key"]
    asks: Counter[tuple[int, int]] = Counter()
    answers = 0
    for row in rows:
        person, other = int(row["person"]), int(row["other"])
        if row["kind"] == JournalKind.INVITE:
            assert row["detail"] == asks[person, other]
            asks[person, other] += 1
        elif row["kind"] in (JournalKind.ACCEPT, JournalKind.DECLINE):
            both = np.uint64(pair(keys[other], keys[person]))  # compiled, it is a Python integer
            draw = uniform(scenario.seed, Purpose.ANSWER, both, asks[other, person])
            assert (draw < row["value"]) == (row["kind"] == JournalKind.ACCEPT)
            answers += 1
    assert answers > 50
    assert max(asks.values()) > 1


def test_asks_along_a_tie_are_counted_apart_by_direction_up_to_255() -> None:
    machine = Machine(world("hall"), seed=1)
    tie = machine.world.ties[0]
    for number in range(1, 301):
        assert count_invitation(tie, 3, 8) == min(number, 255)
    assert (n_invitations_along(tie, 3, 8), n_invitations_along(tie, 8, 3)) == (255, 0)
    assert count_invitation(tie, 8, 3) == 1
    people = machine.world.people
    names: dict[int, set[int]] = defaultdict(set)
    for asked in (0, 1, 7):  # what others ask of them is of no matter, until the tie counts no further
        people["n_asked"][8] = asked
        for number in (1, 2, 255):
            names[number].add(invitation_name(machine.world, 8, number))
    assert [names[1], names[2], len(names[255])] == [{1}, {2}, 3]
    assert machine.world.ties.itemsize == 16 and np.all(machine.world.ties["asked"][1:] == 0)


def test_a_gate_that_does_nothing_changes_nobodys_luck_at_the_gates_behind() -> None:
    def outcomes(gates: list[dict[str, Any]]) -> dict[int, str]:
        scenario = Scenario.from_mapping(
            {
                "format": 1,
                "title": "A task",
                "days": 12,
                "population": {"people": 40, "founders": 20},
                "community": {"openness": 0},
                "gates": gates,
                "operations": [{"do": "shock", "day": 2, "people": 300, "over": 1}],
            }
        )
        rows = simulate(scenario, seed=3).journal
        came = rows[rows["kind"].isin(("join", "refuse")) & (rows["person"] >= 40)]
        return dict(zip(came["person"], came["kind"], strict=True))

    task = {"kind": "task", "at_least": 0.5, "noise": 0.3, "cost": 0.2}
    alone = outcomes([task])
    assert outcomes([{"kind": "rules", "cost": 0}, task]) == alone
    assert set(alone.values()) == {"join", "refuse"}
