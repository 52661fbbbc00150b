"""At the door: the gates in order, the waiting list, and the choice of a room."""

from typing import Any

import numpy as np

from shequn.agents import joining, paying
from shequn.agents.compiled import compiled
from shequn.sim.kernel.chance import Purpose, exponential, uniform
from shequn.sim.kernel.discovery import wait_outside
from shequn.sim.kernel.gates import quota
from shequn.sim.kernel.gates.kinds import GateKind, lets_through
from shequn.sim.kernel.heap import LARGEST_IN_TAG, drop, event_tag, push, tag_other, tag_person
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.membership import join
from shequn.sim.kernel.money import left_in_purse, pay
from shequn.sim.kernel.params import FILL, TOPIC
from shequn.sim.kernel.state import NEVER, NOBODY, Channel, EventKind, JournalKind, State
from shequn.sim.kernel.world import World

NO_ROOM = 255  # the position written when all rooms are full


@compiled
def come_to_door(world: World, person: int, now: float, channel: int, inviter: int) -> None:
    """A candidate comes to the first gate."""
    member = world.people[person]
    member["door_version"] += 1
    member["channel"] = channel
    member["invited_by"] = inviter
    pass_gates(world, person, now, 0, 0.0, 0.0)


@compiled
def pass_gates(world: World, person: int, now: float, position: int, owed: float, commitment: float) -> None:
    """Take a candidate through the gates from ``position`` on; behind the last one they join.

    ``owed`` is the money due at admission for the gates passed so far, ``commitment`` what their cost has created.
    """
    p = world.params[0]
    total = world.totals[0]
    member = world.people[person]
    # a share of strangers bypass the gates, except gates that stop everybody
    skips = (
        member["channel"] == Channel.STRANGER
        and uniform(total["seed"], Purpose.BYPASS, member["key"], member["door_version"]) < p["bypass"]
    )
    for k in range(position, total["n_gates"]):
        gate = world.gates[k]
        if skips and not gate["everybody"]:
            continue
        if not passes(world, gate, member, owed + gate["price"], now):
            refuse(world, person, now, k)
            return
        if gate["kind"] == GateKind.QUOTA and must_wait(world, gate, person, now, k, owed, commitment):
            return
        owed += gate["price"]
        commitment += joining.commitment_of(gate["cost"], p)
    enter(world, person, now, owed, commitment)


@compiled
def passes(world: World, gate: Any, member: Any, owed: float, now: float) -> bool:
    """Whether a candidate accepts a gate's cost, can pay what they will owe behind it, and meets its condition."""
    invited = member["channel"] == Channel.INVITATION
    count = 256 * member["door_version"] + gate["name"]
    # invitees weighed the cost when they accepted the invitation
    if not invited and gate["cost"] > 0.0:
        chance = joining.cost_acceptance(gate["cost"])
        if uniform(world.totals[0]["seed"], Purpose.GATE, member["key"], count) >= chance:
            return False
    if gate["price"] > 0.0 and not paying.can_pay(owed, left_in_purse(world, member, now)):
        return False
    return lets_through(gate, member, world, count)


@compiled
def must_wait(
    world: World, gate: Any, person: int, now: float, position: int, owed: float, commitment: float
) -> bool:
    """Whether a candidate must wait at the quota gate; if so, put them on the waiting list.

    They pass at once if the gate is free and nobody waits. After each admission the gate is shut for
    1/k day; unused admissions are not saved up.
    """
    total = world.totals[0]
    member = world.people[person]
    if total["waiting"] == 0 and now >= total["free_at"]:
        total["free_at"] = now + quota.interval(gate)
        write(world, now, JournalKind.PASS_LINE.value, person, NOBODY, NOBODY, position, 0.0)
        return False
    member["state"] = State.WAITING
    version = member["door_version"]
    application = world.applications[new_application(world, person)]
    application["since"] = now
    application["owed"] = owed
    application["commitment"] = commitment
    application["at_gate"] = position
    push(world.line, float(total["tickets"]), event_tag(0, person, version))
    total["tickets"] += 1
    total["waiting"] += 1
    if gate["quota_patience"] < NEVER:
        at = now + patience(world, gate, member)
        push(world.queue, at, event_tag(EventKind.GIVING_UP, person, version))
    write(world, now, JournalKind.WAIT.value, person, NOBODY, NOBODY, position, 0.0)
    if total["admission_pending"] == 0:
        schedule_admission(world, max(now, total["free_at"]))
    return True


@compiled
def new_application(world: World, person: int) -> int:
    """Give a person an application; a free record is used again if there is any. Returns its number."""
    total = world.totals[0]
    number = int(total["free_application"])
    if number == NOBODY:
        number = int(total["n_applications"])
        total["n_applications"] = number + 1
    else:
        total["free_application"] = world.applications[number]["next_free"]
    world.people[person]["application"] = number
    return number


@compiled
def withdraw(world: World, person: int) -> int:
    """Take a person off the waiting list; returns the number of their application, which is free from now on."""
    total = world.totals[0]
    member = world.people[person]
    number = int(member["application"])
    world.applications[number]["next_free"] = total["free_application"]
    total["free_application"] = number
    member["application"] = NOBODY
    member["state"] = State.OUTSIDE
    total["waiting"] -= 1
    return number


@compiled
def schedule_admission(world: World, at: float) -> None:
    """Schedule the next admission from the waiting list; an earlier entry becomes stale."""
    total = world.totals[0]
    total["admission_pending"] = 1
    total["admission_version"] += 1
    push(world.queue, at, event_tag(EventKind.ADMISSION, 0, total["admission_version"] & LARGEST_IN_TAG))


@compiled
def patience(world: World, gate: Any, member: Any) -> float:
    """Days a candidate is willing to wait."""
    unit = exponential(world.totals[0]["seed"], Purpose.PATIENCE, member["key"], member["door_version"])
    return unit * gate["quota_patience"]


@compiled
def admit_next(world: World, now: float) -> None:
    """The quota gate is free: the first person on the waiting list passes it."""
    total = world.totals[0]
    line = world.line
    total["admission_pending"] = 0
    if now < total["free_at"]:  # somebody passed without waiting since this was scheduled
        schedule_admission(world, total["free_at"])
        return
    while line.size[0] > 0:
        tag = line.tags[0]
        drop(line)
        person = tag_person(tag)
        member = world.people[person]
        if member["state"] != State.WAITING or member["door_version"] != tag_other(tag):
            continue  # gave up
        application = world.applications[withdraw(world, person)]
        position = int(application["at_gate"])
        gate = world.gates[position]
        total["free_at"] = now + quota.interval(gate)
        if total["waiting"] > 0:
            schedule_admission(world, total["free_at"])
        waited = now - application["since"]
        write(world, now, JournalKind.PASS_LINE.value, person, NOBODY, NOBODY, position, waited)
        commitment = application["commitment"] + joining.commitment_of(gate["cost"], world.params[0])
        pass_gates(world, person, now, position + 1, application["owed"] + gate["price"], commitment)
        return


@compiled
def give_up(world: World, person: int, now: float) -> None:
    """A person on the waiting list stops waiting and is a stranger again."""
    application = world.applications[withdraw(world, person)]
    world.totals[0]["given_up"] += 1
    waited = now - application["since"]
    position = int(application["at_gate"])
    write(world, now, JournalKind.GIVE_UP.value, person, NOBODY, NOBODY, position, waited)
    wait_outside(world, person, now)


@compiled
def refuse(world: World, person: int, now: float, position: int) -> None:
    """A candidate is refused (or deterred by the cost) and is a stranger again."""
    total = world.totals[0]
    total["refused"] += 1
    write(world, now, JournalKind.REFUSE.value, person, NOBODY, NOBODY, position, 0.0)
    world.people[person]["state"] = State.OUTSIDE
    wait_outside(world, person, now)


@compiled
def enter(world: World, person: int, now: float, owed: float, commitment: float) -> None:
    """Behind the last gate: pay what is owed and join a room with space, or be refused."""
    member = world.people[person]
    room = choose_room(world, person)
    if room == NOBODY:
        refuse(world, person, now, NO_ROOM)
        return
    if owed > 0.0:
        pay(world, person, now, owed)
    member["commitment"] = commitment
    join(world, person, room, now, int(member["channel"]), int(member["invited_by"]))


@compiled
def choose_room(world: World, person: int) -> int:
    """The inviter's room; else a room by the setting: random, by topic, or the first with space.

    If that room is full it is the next one with space; NOBODY if all are full.
    """
    p = world.params[0]
    member = world.people[person]
    n = len(world.rooms)
    first = 0
    inviter = int(member["invited_by"])
    if inviter != NOBODY and world.people[inviter]["state"] == State.MEMBER:
        first = int(world.memberships[world.people[inviter]["membership"]]["room"])
    elif p["placing"] == TOPIC:
        first = min(n - 1, int(np.float64(member["topic"]) * n))
    elif p["placing"] != FILL and n > 1:
        draw = uniform(world.totals[0]["seed"], Purpose.ROOM, member["key"], member["n_joins"])
        first = min(n - 1, int(draw * n))
    for step in range(n):
        room = (first + step) % n
        if world.rooms[room]["members"] < world.rooms[room]["capacity"]:
            return room
    return NOBODY


@compiled
def move_waiting_list(world: World, now: float, position: int, interval: float) -> None:
    """The gates have changed: the waiting list now belongs to the quota gate at ``position``.

    People on it keep what they have passed and paid, their order and their patience. If the gate is
    shut, it opens one new interval after the last admission. ``interval`` is that of the previous
    quota gate in days, -1 if there was none.
    """
    total = world.totals[0]
    line = world.line
    gate = world.gates[position]
    if interval < 0.0:
        total["free_at"] = now
    elif now < total["free_at"] and quota.interval(gate) != interval:
        total["free_at"] = total["free_at"] - interval + quota.interval(gate)
    for k in range(line.size[0]):
        member = world.people[tag_person(line.tags[k])]
        if member["state"] == State.WAITING and member["door_version"] == tag_other(line.tags[k]):
            world.applications[member["application"]]["at_gate"] = position
    if total["waiting"] > 0:
        schedule_admission(world, max(now, total["free_at"]))
    else:
        cancel_admission(world)


@compiled
def cancel_admission(world: World) -> None:
    """Cancel the next admission, until somebody waits at a quota gate again."""
    total = world.totals[0]
    total["admission_version"] += 1
    total["admission_pending"] = 0


@compiled
def leave_waiting_list(world: World, now: float, position: int) -> None:
    """There is no quota gate any more: the first person waiting goes on at the gate at ``position``."""
    line = world.line
    tag = line.tags[0]
    drop(line)
    person = tag_person(tag)
    member = world.people[person]
    if member["state"] == State.WAITING and member["door_version"] == tag_other(tag):
        application = world.applications[withdraw(world, person)]
        waited = now - application["since"]
        at_gate = int(application["at_gate"])
        write(world, now, JournalKind.PASS_LINE.value, person, NOBODY, NOBODY, at_gate, waited)
        pass_gates(world, person, now, position, application["owed"], application["commitment"])
