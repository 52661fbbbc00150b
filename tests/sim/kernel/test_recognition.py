"""Honor compares with the others active in the room: both of its sums run over the same people."""

import numpy as np
import pytest

from shequn.agents.curves import halving
from shequn.sim.kernel.recognition import recognition_of_others
from shequn.sim.kernel.state import State
from shequn.sim.machine import Machine
from tests.sim.small_worlds import WORLDS, world


@pytest.mark.parametrize("name", WORLDS)
def test_what_a_room_knows_of_is_what_those_seen_in_it_within_seven_days_hold(name: str) -> None:
    machine = Machine(world(name, days=60), seed=5)
    half_life = machine.params["satisfaction_stock_half_life"]
    away = 0
    for now in (0.5, 3.0, 8.3, 16.0, 21.7, 29.0, 41.2, 60.0):
        machine.run_until(now)
        people, seats = machine.world.people, machine.world.memberships
        of_members = people[people["state"] == State.MEMBER]
        room_of = seats["room"][of_members["membership"]]
        inside = machine.world.members[of_members["member"]]
        held = [halving(now - float(m["stocks_at"]), half_life) * float(m["recognition"]) for m in inside]
        # the end of a day at `now` is handled: the day that begins is empty
        active = int(now) - inside["last_visit_at"].astype(int) < 7
        away += int(np.sum(~active & (np.array(held) > 0.0)))
        for number, room in enumerate(machine.world.rooms):
            here = active & (room_of == number)
            days = [(int(now) - back) % 8 for back in range(min(7, int(now) + 1))]
            assert room["seen"][days].sum() == here.sum()
            left = halving(now - float(room["recognition_at"]), half_life)
            due = float(np.sum(np.array(held)[here]))
            assert left * room["recognition"][days].sum() == pytest.approx(due, rel=1e-5, abs=1e-5)
            for member, own in zip(inside[here], np.array(held)[here], strict=True):
                me = member.copy()
                me["recognition"] = own
                given = recognition_of_others(room.copy(), me, now, machine.params)
                assert given == pytest.approx((due - own) / max(1, here.sum() - 1), rel=1e-4, abs=1e-4)
    assert away > 0  # some who hold recognition were not active: they are in neither sum
