"""Recognition held by a member and by a whole room; both fade alike."""

from typing import Any

import numpy as np

from agents.compiled import compiled
from agents.curves import halving


@compiled
def fade_room(room: Any, now: float, p: Any) -> None:
    """Bring a room's sum of recognition up to ``now``."""
    if room["recognition"] != 0.0:
        room["recognition"] *= halving(now - room["recognition_at"], p["honor_half_life"])
    room["recognition_at"] = now


@compiled
def fade_stocks(member: Any, now: float, p: Any) -> None:
    """Bring a member's recognition, answers and gains up to ``now``."""
    elapsed = now - member["stocks_at"]
    if elapsed > 0.0:
        left = halving(elapsed, p["honor_half_life"])
        member["recognition"] = np.float64(member["recognition"]) * left
        member["answers"] = np.float64(member["answers"]) * left
        member["gains"] = np.float64(member["gains"]) * halving(elapsed, p["benefit_half_life"])
    member["stocks_at"] = now


@compiled
def give_recognition(room: Any, member: Any, amount: float, now: float, p: Any) -> None:
    """Recognise a member of a room."""
    fade_stocks(member, now, p)
    fade_room(room, now, p)
    member["recognition"] = np.float64(member["recognition"]) + amount
    room["recognition"] += amount


@compiled
def lose_recognition(room: Any, member: Any, now: float, p: Any) -> None:
    """A member goes and takes their recognition with them."""
    fade_stocks(member, now, p)
    fade_room(room, now, p)
    room["recognition"] = max(0.0, room["recognition"] - np.float64(member["recognition"]))


@compiled
def recognition_of_others(room: Any, member: Any, now: float, p: Any) -> float:
    """Mean recognition of the others seen in the room in the last 7 days."""
    fade_room(room, now, p)
    today = int(now)
    active = 0
    for back in range(min(7, today + 1)):
        active += room["seen"][(today - back) % 8]
    others = max(0.0, room["recognition"] - np.float64(member["recognition"]))
    return others / max(1, active - 1)
