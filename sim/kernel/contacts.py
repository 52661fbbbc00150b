"""What reaches a member beside the room: messages, a rival's offer; and the hour at which they come."""

import math
from typing import Any

import numpy as np

from shequn.agents import attention, visiting
from shequn.agents.compiled import compiled
from shequn.agents.curves import halving
from shequn.agents.drivers import Driver
from shequn.sim.kernel.answering import come_earlier
from shequn.sim.kernel.chance import Purpose, pair, uniform
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.offers import chance_to_take
from shequn.sim.kernel.state import NOBODY, WEEK, JournalKind, State
from shequn.sim.kernel.world import World

_ANGLE_OF_DAY = 2.0 * math.pi


@compiled
def send_message(world: World, person: int, key: int, occurrence: int, offer_id: int, now: float) -> None:
    """Send a member a message, about an offer or none (NOBODY); they may come sooner, and read it at their next visit.

    ``key`` names the sender in draws, ``occurrence`` the message.
    """
    p = world.params[0]
    who = world.people[person]
    mine = world.contacts[who["membership"]]
    lately = np.float64(mine["messages"]) * halving(now - mine["messages_at"], float(WEEK))
    chance = np.float64(p["visiting_recall"])
    if offer_id != NOBODY:
        chance += (1.0 - chance) * chance_to_take(world, offer_id, person, now)
    chance = attention.follow_probability(chance, lately, p)
    mine["messages"] = lately + 1.0
    mine["messages_at"] = now
    mine["unread"] += 1
    u = uniform(world.totals[0]["seed"], Purpose.MESSAGE, pair(who["key"], key), occurrence)
    come_earlier(world, person, u, chance, now)
    write(world, now, JournalKind.MESSAGE.value, person, NOBODY, NOBODY, mine["unread"], chance)


@compiled
def send_messages(world: World, people: Any, key: int, occurrence: int, offer_id: int, now: float) -> None:
    """Send those of these people who are members a message."""
    for k in range(len(people)):
        if world.people[people[k]]["state"] == State.MEMBER:
            send_message(world, int(people[k]), key, occurrence, offer_id, now)


@compiled(only_with=Feature.STAFF, otherwise=0)
def messages_to_read(world: World, who: Any) -> int:
    """Messages that a member finds at this visit; from now on they have been read."""
    if len(world.contacts) == 0:
        return 0
    mine = world.contacts[who["membership"]]
    unread = int(mine["unread"])
    mine["unread"] = 0
    return unread


@compiled(only_with=Feature.STAFF, otherwise=0.0)
def pull_of_rival(world: World, who: Any) -> float:
    """How much more a member must be satisfied to stay, since a rival wants them."""
    if len(world.contacts) == 0:
        return 0.0
    gain = np.float64(world.contacts[who["membership"]]["rival"])
    return float(np.float64(world.members[who["member"]]["drivers"][Driver.BENEFIT]) * gain)


@compiled(only_with=Feature.STAFF, otherwise=1.0)
def keep_hours(world: World, who: Any, now: float) -> float:
    """How near a visit now is to the hours at which a member uses to come, in [0, 1]; it becomes one of them."""
    p = world.params[0]
    if len(world.contacts) == 0 or p["visiting_regular"] <= 0.0:
        return 1.0
    mine = world.contacts[who["membership"]]
    angle = _ANGLE_OF_DAY * (now - math.floor(now))
    x, y = math.cos(angle), math.sin(angle)
    used_x, used_y = np.float64(mine["hour_x"]), np.float64(mine["hour_y"])
    near = visiting.nearness_of_hour(used_x * x + used_y * y)
    mine["hour_x"] = used_x + p["visiting_hours_update"] * (x - used_x)
    mine["hour_y"] = used_y + p["visiting_hours_update"] * (y - used_y)
    return float(near)
