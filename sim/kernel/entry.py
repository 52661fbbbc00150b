"""At the doors of spaces: the gates in order, and the waiting lists."""

from typing import Any

import numpy as np

from shequn.agents import joining, paying
from shequn.agents.compiled import compiled
from shequn.sim.kernel.chance import Purpose, exponential, uniform
from shequn.sim.kernel.discovery import wait_outside
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.gates import quota
from shequn.sim.kernel.gates.kinds import MAX_GATES, GateKind, lets_through
from shequn.sim.kernel.heap import LARGEST_IN_TAG, event_tag, push
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.lines import cancel_admission, line_up, schedule_admission, withdraw
from shequn.sim.kernel.membership import join, move
from shequn.sim.kernel.money import left_in_purse, pay
from shequn.sim.kernel.people import member_of, open_record
from shequn.sim.kernel.rooms import choose_room, contains, leaf_of, next_on_path
from shequn.sim.kernel.state import ENTRANCE, NEVER, NOBODY, Channel, EventKind, JournalKind, Payment, State
from shequn.sim.kernel.world import World

NO_ROOM = 255  # the position written when all rooms are full


@compiled
def come_to_door(world: World, person: int, now: float, channel: int, inviter: int) -> None:
    """A candidate comes to the first gate of the space that is entered from outside."""
    open_record(world, person)
    who = world.people[person]
    who["door_version"] += 1
    who["channel"] = channel
    member_of(world, person)["invited_by"] = inviter
    pass_gates(world, person, now, ENTRANCE, ENTRANCE, 0, 0.0, 0.0)


@compiled
def apply(world: World, person: int, now: float, target: int) -> None:
    """A member comes to the door of another space, to move there; they stay where they are until they are let in."""
    who = world.people[person]
    here = int(world.rooms[world.memberships[who["membership"]]["room"]]["space"])
    if member_of(world, person)["application"] != NOBODY or contains(world, target, here):
        return  # they wait at a door already, or sit there
    around = here
    while around != NOBODY and not contains(world, around, target):
        around = int(world.spaces[around]["parent"])
    pass_gates(world, person, now, target, next_on_path(world, around, target), 0, 0.0, 0.0)


@compiled
def pass_gates(
    world: World,
    person: int,
    now: float,
    target: int,
    space: int,
    position: int,
    owed: float,
    commitment: float,
) -> None:
    """Take a candidate through the gates from one of ``space`` on; behind the last one they get a seat.

    ``owed`` is the money due at admission for the gates passed so far, ``commitment`` what their cost has created.
    The gates of the spaces around ``target`` and of those where its members sit come in order, from outside to inside.
    """
    p = world.params[0]
    who = world.people[person]
    # a share of strangers bypass the gates, except gates that stop everybody
    skips = (
        who["state"] != State.MEMBER
        and who["channel"] == Channel.STRANGER
        and uniform(world.totals[0]["seed"], Purpose.BYPASS, who["key"], who["door_version"]) < p["bypass"]
    )
    leaf = leaf_of(world, target)
    while True:
        for k in range(position, world.spaces[space]["n_gates"]):
            gate = world.gates[space * MAX_GATES + k]
            if skips and not gate["everybody"]:
                continue
            if not passes(world, gate, who, owed + gate["price"], now):
                refuse(world, person, now, gate_number(space, k))
                return
            if gate["kind"] == GateKind.QUOTA and must_wait(
                world, gate, person, now, target, space, k, owed, commitment
            ):
                return
            owed += gate["price"]
            commitment += joining.commitment_of(gate["cost"], p)
        if space == leaf:
            break
        space = next_on_path(world, space, leaf)
        position = 0
    enter(world, person, now, target, owed, commitment)


@compiled
def gate_number(space: int, position: int) -> int:
    """The number of a gate in the journal."""
    return 256 * space + position


@compiled
def passes(world: World, gate: Any, who: Any, owed: float, now: float) -> bool:
    """Whether a candidate accepts a gate's cost, can pay what they will owe behind it, and meets its condition."""
    invited = who["channel"] == Channel.INVITATION and who["state"] != State.MEMBER
    count = 256 * who["door_version"] + gate["name"]
    # invitees weighed the cost when they accepted the invitation
    if not invited and gate["cost"] > 0.0:
        chance = joining.cost_acceptance(gate["cost"])
        if uniform(world.totals[0]["seed"], Purpose.GATE, who["key"], count) >= chance:
            return False
    if gate["price"] > 0.0 and not paying.can_pay(owed, left_in_purse(world, who, now)):
        return False
    return lets_through(gate, who, world, count)


@compiled(only_with=Feature.DOORS, otherwise=False)
def must_wait(
    world: World,
    gate: Any,
    person: int,
    now: float,
    target: int,
    space_id: int,
    position: int,
    owed: float,
    commitment: float,
) -> bool:
    """Whether a candidate must wait at a space's quota gate; if so, put them on its waiting list.

    They pass at once if the gate is free and nobody waits. After each admission the gate is shut for
    1/k day; unused admissions are not saved up.
    """
    who = world.people[person]
    space = world.spaces[space_id]
    number = gate_number(space_id, position)
    if space["waiting"] == 0 and now >= space["free_at"]:
        space["free_at"] = now + quota.interval(gate)
        write(world, now, JournalKind.PASS_LINE.value, person, NOBODY, NOBODY, number, 0.0)
        return False
    if who["state"] != State.MEMBER:
        who["state"] = State.WAITING
    line_up(world, person, space_id)
    application = world.applications[member_of(world, person)["application"]]
    application["since"] = now
    application["owed"] = owed
    application["commitment"] = commitment
    application["target"] = target
    application["at_gate"] = position
    if gate["quota_patience"] < NEVER:
        at = now + patience(world, gate, who)
        ticket = application["ticket"] & LARGEST_IN_TAG
        push(world.queue, at, event_tag(EventKind.GIVING_UP, person, ticket))
    write(world, now, JournalKind.WAIT.value, person, NOBODY, NOBODY, number, 0.0)
    if space["admission_pending"] == 0:
        schedule_admission(world, space_id, max(now, space["free_at"]))
    return True


@compiled
def patience(world: World, gate: Any, who: Any) -> float:
    """Days a candidate is willing to wait."""
    unit = exponential(world.totals[0]["seed"], Purpose.PATIENCE, who["key"], who["door_version"])
    return unit * gate["quota_patience"]


@compiled(only_with=Feature.DOORS)
def admit_next(world: World, space_id: int, now: float) -> None:
    """A space's quota gate is free: the first person on its waiting list passes it."""
    space = world.spaces[space_id]
    space["admission_pending"] = 0
    if now < space["free_at"]:  # somebody passed without waiting since this was scheduled
        schedule_admission(world, space_id, space["free_at"])
        return
    if space["first"] == NOBODY:
        return
    person = int(world.applications[space["first"]]["person"])
    application = world.applications[withdraw(world, person)]
    position = int(application["at_gate"])
    gate = world.gates[space_id * MAX_GATES + position]
    space["free_at"] = now + quota.interval(gate)
    if space["waiting"] > 0:
        schedule_admission(world, space_id, space["free_at"])
    waited = now - application["since"]
    write(
        world,
        now,
        JournalKind.PASS_LINE.value,
        person,
        NOBODY,
        NOBODY,
        gate_number(space_id, position),
        waited,
    )
    commitment = application["commitment"] + joining.commitment_of(gate["cost"], world.params[0])
    owed = application["owed"] + gate["price"]
    pass_gates(world, person, now, int(application["target"]), space_id, position + 1, owed, commitment)


@compiled(only_with=Feature.DOORS)
def give_up(world: World, person: int, now: float) -> None:
    """A person on a waiting list stops waiting; who came from outside is a stranger again."""
    application = world.applications[withdraw(world, person)]
    world.totals[0]["given_up"] += 1
    waited = now - application["since"]
    number = gate_number(int(application["space"]), int(application["at_gate"]))
    write(world, now, JournalKind.GIVE_UP.value, person, NOBODY, NOBODY, number, waited)
    if world.people[person]["state"] != State.MEMBER:
        wait_outside(world, person, now)


@compiled
def refuse(world: World, person: int, now: float, number: int) -> None:
    """A candidate is refused (or deterred by the cost); who came from outside is a stranger again."""
    total = world.totals[0]
    total["refused"] += 1
    write(world, now, JournalKind.REFUSE.value, person, NOBODY, NOBODY, number, 0.0)
    if world.people[person]["state"] != State.MEMBER:
        world.people[person]["state"] = State.OUTSIDE
        wait_outside(world, person, now)


@compiled
def enter(world: World, person: int, now: float, target: int, owed: float, commitment: float) -> None:
    """Behind the last gate: pay what is owed and take a seat, or be refused if there is none."""
    who = world.people[person]
    room = choose_room(world, person, target)
    if room == NOBODY:
        refuse(world, person, now, NO_ROOM)
        return
    if owed > 0.0:
        pay(world, person, now, owed, Payment.FEE.value)
    member = world.members[who["member"]]
    if who["state"] == State.MEMBER:
        member["commitment"] = np.float64(member["commitment"]) + commitment
        move(world, person, room, now)
    else:
        join(world, person, room, now, int(who["channel"]), int(member["invited_by"]), commitment)


@compiled
def move_waiting_list(world: World, space_id: int, now: float, position: int, interval: float) -> None:
    """A space's gates have changed: its waiting list now belongs to the quota gate at ``position``.

    People on it keep what they have passed and paid, their order and their patience. If the gate is
    shut, it opens one new interval after the last admission. ``interval`` is that of the previous
    quota gate in days, -1 if there was none.
    """
    space = world.spaces[space_id]
    gate = world.gates[space_id * MAX_GATES + position]
    if interval < 0.0:
        space["free_at"] = now
    elif now < space["free_at"] and quota.interval(gate) != interval:
        space["free_at"] = space["free_at"] - interval + quota.interval(gate)
    number = int(space["first"])
    while number != NOBODY:
        world.applications[number]["at_gate"] = position
        number = int(world.applications[number]["after"])
    if space["waiting"] > 0:
        schedule_admission(world, space_id, max(now, space["free_at"]))
    else:
        cancel_admission(world, space_id)


@compiled
def leave_waiting_list(world: World, space_id: int, now: float, position: int) -> None:
    """A space has no quota gate any more: the first person in its line goes on at its gate at ``position``."""
    person = int(world.applications[world.spaces[space_id]["first"]]["person"])
    application = world.applications[withdraw(world, person)]
    waited = now - application["since"]
    number = gate_number(space_id, int(application["at_gate"]))
    target = int(application["target"])
    write(world, now, JournalKind.PASS_LINE.value, person, NOBODY, NOBODY, number, waited)
    pass_gates(world, person, now, target, space_id, position, application["owed"], application["commitment"])
