"""The end of a day: write one row of measures, and update what changes once a day."""

import math
from typing import Any

from shequn.agents import joining
from shequn.agents.compiled import compiled
from shequn.sim.kernel.discovery import set_discovery_rate
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.heap import event_tag, push
from shequn.sim.kernel.measures import clear_counters, copy_measures
from shequn.sim.kernel.recognition import begin_day
from shequn.sim.kernel.state import MONTH, MONTH_RING, WEEK, EventKind
from shequn.sim.kernel.world import World


@compiled
def end_of_day(world: World, now: float) -> None:
    """Write the row of the day that ends, start the next day, and set its reputation."""
    total = world.totals[0]
    for k in range(len(world.jobs)):
        total["staff_cost"] += world.jobs[k]["present"] * world.jobs[k]["pay"]
    write_row(world, now)
    start_day(world, now)
    total["reputation"] = reputation_now(world, int(now) - 1)
    set_discovery_rate(world, now)
    push(world.queue, now + 1.0, event_tag(EventKind.END_OF_DAY, 0, 0))


@compiled
def reputation_now(world: World, today: int) -> float:
    """Reputation from the level of the active members; 1 before anybody has joined."""
    p = world.params[0]
    if world.totals[0]["ever"] == 0 or p["joining_reputation"] <= 0.0:
        return 1.0
    return joining.reputation(active_level(world, today), p["population_level"], p)


@compiled
def active_level(world: World, today: int) -> float:
    """Mean quality of the members seen in the last 30 days; of all members if none was seen."""
    total = world.totals[0]
    n = 0
    quality = 0.0
    for back in range(MONTH):
        n += total["seen"][(today - back) % MONTH_RING]
        quality += total["seen_quality"][(today - back) % MONTH_RING]
    return quality / n if n > 0 else float(total["temperature"])


@compiled
def seen_within(total: Any, today: int, days: int) -> int:
    """Number of members last seen within the last ``days`` days."""
    n = 0
    for back in range(min(days, today + 1)):
        n += total["seen"][(today - back) % MONTH_RING]
    return n


@compiled
def write_row(world: World, now: float) -> None:
    """Write the measures of the day that ends at ``now`` (at 0: of the founding)."""
    total = world.totals[0]
    today = max(0, int(now) - 1)
    row = world.days[total["n_days"]]
    total["n_days"] += 1
    row["day"] = int(now)
    copy_measures(row, total, total["visits"])
    write_spaces(world, int(now))
    write_duties(world, int(now))
    write_tasks(world, int(now))
    row["temperature_active"] = active_level(world, today)
    row["leavers_rank"] = total["ranks"] / total["n_ranks"] if total["n_ranks"] > 0 else math.nan
    start = total["founders_top_start"]
    row["founders_top_share"] = total["founders_top"] / start if start > 0 else math.nan
    row["active_day"] = seen_within(total, today, 1)
    row["active_week"] = seen_within(total, today, WEEK)
    row["active_month"] = seen_within(total, today, MONTH)
    row["balance"] = total["income"] - total["rewards"] - total["reach_cost"] - total["staff_cost"]
    row["silence"] = now - total["last_post_at"]
    row["top1_share"] = top_share(world, 0.01)
    row["top10_share"] = top_share(world, 0.1)
    row["gini"] = gini(world)


@compiled
def write_spaces(world: World, day: int) -> None:
    """Write a row for each space."""
    total = world.totals[0]
    for number in range(len(world.spaces)):
        space = world.spaces[number]
        row = world.space_days[total["n_space_days"]]
        total["n_space_days"] += 1
        row["day"] = day
        row["space"] = number
        row["rooms"] = space["n_rooms"]
        row["members"] = space["members"]
        row["waiting"] = space["waiting"]
        row["temperature"] = space["temperature"]
        row["dilution"] = space["dilution"]
        row["evaporation"] = space["evaporation"]
        row["pruning"] = space["pruning"]
        row["moved_in"] = space["moved_in"]
        row["moved_out"] = space["moved_out"]
        row["posts"] = space["posts"]


@compiled(only_with=Feature.STAFF)
def write_duties(world: World, day: int) -> None:
    """Write a row for each duty, and set its counts of the day to 0."""
    total = world.totals[0]
    for number in range(len(world.duties)):
        duty = world.duties[number]
        row = world.duty_days[total["n_duty_days"]]
        total["n_duty_days"] += 1
        row["day"] = day
        row["duty"] = number
        row["staff"] = world.jobs[duty["job"]]["present"]
        row["minutes"] = duty["minutes_spent"]
        row["done"] = duty["done"]
        row["waiting"] = duty["waiting"]
        row["missed"] = duty["missed"]
        row["waited"] = duty["waited"] / duty["done"] if duty["done"] > 0 else math.nan
        duty["minutes_spent"] = 0.0
        duty["done"] = 0
        duty["missed"] = 0
        duty["waited"] = 0.0


@compiled(only_with=Feature.STAFF)
def write_tasks(world: World, day: int) -> None:
    """Write a row for each task, and set its counts of the day to 0."""
    total = world.totals[0]
    for number in range(len(world.tasks)):
        task = world.tasks[number]
        row = world.task_days[total["n_task_days"]]
        total["n_task_days"] += 1
        row["day"] = day
        row["task"] = number
        row["done"] = task["done"]
        row["answered"] = task["answered"]
        row["members"] = total["members"]
        task["done"] = 0
        task["answered"] = 0


@compiled
def start_day(world: World, now: float) -> None:
    """Set the day's counts to 0; the oldest day drops out of the ring buffers."""
    total = world.totals[0]
    clear_counters(total)
    total["ranks"] = 0.0
    total["n_ranks"] = 0
    today = int(now)
    total["seen"][today % MONTH_RING] = 0
    total["seen_quality"][today % MONTH_RING] = 0.0
    for room in range(total["n_rooms"]):
        begin_day(world.rooms[room], today)


@compiled
def top_share(world: World, share: float) -> float:
    """Share of all posts written by the top ``share`` of posters among all who ever joined; nan without posts."""
    left = share * world.totals[0]["ever"]
    posts = 0.0
    top = 0.0
    counts = world.post_counts
    for n in range(len(counts) - 1, 0, -1):
        people = counts[n]
        if people > 0:
            posts += n * people
            taken = min(left, float(people))
            top += n * taken
            left -= taken
    return top / posts if posts > 0.0 else math.nan


@compiled
def gini(world: World) -> float:
    """Gini coefficient of posts over all who ever joined; nan without posts."""
    counts = world.post_counts
    people = 0.0
    posts = 0.0
    weighted = 0.0  # sum over people in order of posts: rank × posts
    for n in range(len(counts)):
        k = float(counts[n])
        if k > 0.0:
            weighted += n * (k * people + 0.5 * k * (k + 1.0))
            people += k
            posts += n * k
    if posts <= 0.0:
        return math.nan
    return 2.0 * weighted / (people * posts) - (people + 1.0) / people
