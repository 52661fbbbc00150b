"""The mood of the group: a factor on the pace of visits and on discovery that all members share, day by day.

It stretches the rhythm: on a day of factor 2 rhythm days pass twice as fast, so that waiting times are exact under it
as they are under the rhythm. ``World.moods`` has no rows where there is no mood.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.agents.compiled import compiled
from shequn.sim.kernel.chance import Purpose, normals
from shequn.sim.kernel.rhythm import rhythm_at, when
from shequn.sim.kernel.state import mood_dtype
from shequn.sim.kernel.world import World


def moods(
    seed: int,
    days: int,
    log_sd: float,
    half_life: float,
    start: float | None,
    rhythm: npt.NDArray[np.float64],
) -> npt.NDArray[Any]:
    """The mood of each day: exp(x − log_sd²/2), x an Ornstein–Uhlenbeck process seen once a day.

    Parameters
    ----------
    seed : int
        Seed of the run; the draws of a day are the same in every arm.
    days : int
        Days that have a mood; on later ones the factor is 1.
    log_sd : float
        Standard deviation of x; 0 gives no rows.
    half_life : float
        Days in which x comes half of the way back to 0.
    start : float or None
        x on day 0; None = drawn, as on any day.
    rhythm : f8 array (169)
        See `cumulative_rhythm`.

    Returns
    -------
    mood_dtype array (days + 1), or (0)
    """
    if log_sd == 0.0:
        return np.zeros(0, dtype=mood_dtype)
    drawn = log_sd * normals(seed, Purpose.MOOD, np.arange(days, dtype=np.uint64))
    kept = 0.5 ** (1.0 / half_life)
    fresh = (1.0 - kept * kept) ** 0.5
    x = float(drawn[0]) if start is None else start
    path = [x]
    for shock in drawn[1:].tolist():
        x = kept * x + fresh * shock
        path.append(x)
    records = np.zeros(days + 1, dtype=mood_dtype)
    records["factor"] = 1.0
    records["factor"][:days] = np.exp(np.array(path) - 0.5 * log_sd * log_sd)
    of_week = np.diff(rhythm[::24])
    passed = records["factor"][:days] * np.resize(of_week, days)
    records["passed"][1:] = np.cumsum(passed)
    return records


@compiled
def mood_on(world: World, now: float) -> float:
    """The factor of the present day."""
    if len(world.moods) == 0:
        return 1.0
    return float(world.moods[min(int(now), len(world.moods) - 1)]["factor"])


@compiled
def passed_at(world: World, time: float) -> float:
    """Rhythm days passed since the start at ``time``, as the mood stretches them."""
    if len(world.moods) == 0:
        return rhythm_at(world.rhythm, time)
    day = min(int(time), len(world.moods) - 1)
    mood = world.moods[day]
    today = rhythm_at(world.rhythm, time) - rhythm_at(world.rhythm, float(day))
    return float(mood["passed"] + mood["factor"] * today)


@compiled
def due_after(world: World, time: float, rhythm_days: float) -> float:
    """The instant at which ``rhythm_days`` more of them have passed since ``time``."""
    if len(world.moods) == 0:
        return when(world.rhythm, time, rhythm_days)
    target = passed_at(world, time) + rhythm_days
    low = min(int(time), len(world.moods) - 1)
    high = len(world.moods)  # passed[low] <= target < passed[high]
    while high - low > 1:
        middle = (low + high) >> 1
        if world.moods[middle]["passed"] <= target:
            low = middle
        else:
            high = middle
    mood = world.moods[low]
    return max(time, when(world.rhythm, float(low), (target - mood["passed"]) / mood["factor"]))
