"""Recognition: each member's stock, and its sum over a room's active members; both fade at the same rate."""

from typing import Any

import numpy as np

from shequn.agents.compiled import compiled
from shequn.agents.curves import halving
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.state import WEEK, WEEK_RING
from shequn.sim.kernel.world import World


@compiled
def fade_room(room: Any, now: float, p: Any) -> None:
    """Fade a room's sums of recognition to their values at ``now``."""
    elapsed = now - room["recognition_at"]
    if elapsed > 0.0:
        left = halving(elapsed, p["satisfaction_stock_half_life"])
        for day in range(WEEK_RING):
            room["recognition"][day] *= left
    room["recognition_at"] = now


@compiled
def fade_stocks(member: Any, now: float, p: Any) -> None:
    """Fade a member's recognition, answers and gains to their values at ``now``."""
    elapsed = now - member["stocks_at"]
    if elapsed > 0.0:
        left = halving(elapsed, p["satisfaction_stock_half_life"])
        member["recognition"] = np.float64(member["recognition"]) * left
        member["answers"] = np.float64(member["answers"]) * left
        member["gains"] = np.float64(member["gains"]) * left
    member["stocks_at"] = now


@compiled
def share_left(member: Any, now: float, p: Any) -> float:
    """Share of each stock that is left at ``now``, above 0.

    What is added to one stock, divided by it, leaves no trace in the rounding of the others.
    """
    left = halving(now - member["stocks_at"], p["satisfaction_stock_half_life"])
    if left < 1e-20:  # nothing is left
        fade_stocks(member, now, p)
        return 1.0
    return float(left)


@compiled
def add_gains(member: Any, now: float, amount: float, p: Any) -> None:
    """Add gains received at ``now``."""
    left = share_left(member, now, p)
    member["gains"] = np.float64(member["gains"]) + amount / left


@compiled
def recognise(room: Any, member: Any, now: float, p: Any) -> None:
    """Add one unit of recognition to a member, and to the room's sum while they are active there."""
    fade_stocks(member, now, p)
    fade_room(room, now, p)
    member["recognition"] = np.float64(member["recognition"]) + 1.0
    last = int(member["last_visit_at"])
    if int(now) - last < WEEK:
        room["recognition"][last % WEEK_RING] += 1.0


@compiled
def welcome(room: Any, member: Any, now: float, p: Any) -> None:
    """Add one unit of recognition, as `recognise` does, to a member who has just been welcomed."""
    left = share_left(member, now, p)
    fade_room(room, now, p)
    member["recognition"] = np.float64(member["recognition"]) + 1.0 / left
    last = int(member["last_visit_at"])
    if int(now) - last < WEEK:
        room["recognition"][last % WEEK_RING] += 1.0


@compiled
def enter_day(room: Any, member: Any, now: float, p: Any) -> None:
    """Add a member and their recognition to the room's counts of members last seen today."""
    fade_stocks(member, now, p)
    fade_room(room, now, p)
    today = int(now) % WEEK_RING
    room["seen"][today] += 1
    room["recognition"][today] += np.float64(member["recognition"])


@compiled
def enter_last_day(room: Any, member: Any, now: float, p: Any) -> None:
    """Add a member who moves in to the room's counts, on the day they were last seen."""
    fade_stocks(member, now, p)
    fade_room(room, now, p)
    last = int(member["last_visit_at"])
    if int(now) - last < WEEK:
        room["seen"][last % WEEK_RING] += 1
        room["recognition"][last % WEEK_RING] += np.float64(member["recognition"])


@compiled
def leave_day(room: Any, member: Any, now: float, p: Any) -> None:
    """Remove a member and their recognition from the room's counts for the day they were last seen."""
    fade_stocks(member, now, p)
    fade_room(room, now, p)
    last = int(member["last_visit_at"])
    if int(now) - last < WEEK:
        room["seen"][last % WEEK_RING] -= 1
        room["recognition"][last % WEEK_RING] -= np.float64(member["recognition"])


@compiled
def begin_day(room: Any, today: int) -> None:
    """Clear the new day's slot, which held a day that is no longer current."""
    room["seen"][today % WEEK_RING] = 0
    room["recognition"][today % WEEK_RING] = 0.0
    room["shown"][today % WEEK_RING] = 0.0


@compiled(only_with=Feature.SPACES, otherwise=-1.0)
def rank_of(world: World, who: Any) -> float:
    """Share of the others below a member on the last board; -1 where they are on none."""
    return float(world.board[who["membership"]]) if len(world.board) > 0 else -1.0


@compiled(only_with=Feature.SPACES)
def leave_board(world: World, seat_id: int) -> None:
    """A member has just taken this seat, or left the room in which they were ranked."""
    if len(world.board) > 0:
        world.board[seat_id] = -1.0


@compiled
def recognition_of_others(room: Any, member: Any, now: float, p: Any) -> float:
    """Mean recognition of the other active members of the room; both sums are over the same people."""
    fade_room(room, now, p)
    today = int(now)
    active = 0
    held = 0.0
    for back in range(WEEK):
        active += room["seen"][(today - back) % WEEK_RING]
        held += room["recognition"][(today - back) % WEEK_RING]
    return max(0.0, held - np.float64(member["recognition"])) / max(1, active - 1)
