"""Tasks at a visit: which are open, whether the member does them, and what they give."""

import math
from typing import Any

import numpy as np

from shequn.agents import task as rule
from shequn.agents.compiled import compiled
from shequn.agents.drivers import Driver
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.marks import is_open_to
from shequn.sim.kernel.rewards import earn, worth_of_act
from shequn.sim.kernel.staff import give
from shequn.sim.kernel.stages import is_during
from shequn.sim.kernel.state import NOBODY, Act, JournalKind, Occasion
from shequn.sim.kernel.world import World


@compiled
def number_open(task: Any, now: float) -> int:
    """Number of the task that is open now, from 0; -1 if none is."""
    if now < task["first"]:
        return -1
    number = math.floor((now - task["first"]) / task["every"])
    begins = task["first"] + number * task["every"]
    return int(number) if begins <= task["until"] and now < begins + task["open"] else -1


@compiled(only_with=Feature.STAFF)
def do_tasks(world: World, person: int, now: float) -> None:
    """At a visit, after reading: perhaps do each task that is open and not done yet.

    Changes the stocks through which it gives something, and the enjoyment of this visit.
    """
    p = world.params[0]
    who = world.people[person]
    member = world.members[who["member"]]
    seat_id = int(who["membership"])
    for k in range(len(world.tasks)):
        task = world.tasks[k]
        number = number_open(task, now)
        mine = world.progress[seat_id, k]
        if number < 0 or number <= mine["last"]:
            continue
        if not is_during(world, task) or not is_open_to(world, task, seat_id):
            continue
        expected = rule.expected_answers(float(mine["done"]), float(mine["answered"]))
        worth = rule.worth(task["gives"], member["drivers"], expected)
        worth += worth_of_act(world, Act.TASK.value, k, person, now)
        chance = rule.task_probability(worth, task["effort"], p)
        if chance <= 0.0:
            continue
        count = (np.int64(who["n_joins"]) << 40) | (np.int64(member["n_visits"]) << 8) | k
        if uniform(world.totals[0]["seed"], Purpose.TASK, who["key"], count) >= chance:
            continue
        mine["last"] = number
        mine["done"] += 1
        task["done"] += 1
        gives = task["gives"]
        member["gains"] = np.float64(member["gains"]) + gives[Driver.BENEFIT]
        member["answers"] = np.float64(member["answers"]) + gives[Driver.RELATIONSHIP]
        world.reading[0]["enjoyment"] += gives[Driver.INTEREST]
        room_id = int(world.memberships[seat_id]["room"])
        write(world, now, JournalKind.TASK.value, person, NOBODY, room_id, k, worth)
        give(world, Occasion.TASK.value, k, person, room_id, 0, now)
        earn(world, Act.TASK.value, k, person, now)
