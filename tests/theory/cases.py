"""What the limit cases share: a community in which nothing happens, and the bounds of the tests.

Every case is the quiet community with some parameters changed: a scenario like any other.
Seeds are fixed. A bound is the quantile of the estimate's own distribution at ``ERROR``: with
fresh seeds a right engine would fail one assertion in 100,000, so all of them together (fewer
than 100) less than one time in 1,000. A docstring says where a bound's spread comes from.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from scipy import stats

from shequn import Community, Scenario
from shequn.sim.kernel.state import State

ERROR = 1e-5
Z = float(stats.norm.isf(ERROR / 2))  # 4.417: two-sided quantile of the normal distribution

QUIET: dict[str, Any] = {
    "format": 1,
    "title": "Nothing happens",
    "journal": "none",
    "population": {
        "founders": 0,
        "quality": {"distribution": "uniform"},
        "drivers": {"spread": 0},
        "talkativeness": {"mean": 0},
        "pace": {"mean": 0, "log_sd": 0},
        "contentment_sd": 0,
        "graph": {"generator": "none"},
    },
    "community": {"openness": 0, "reach": 0, "return_after": "never", "rhythm": "flat"},
    "rules": {
        "satisfaction": {"update": 1, "crowding": 0},
        "leaving": {
            "mode": "clock", "hazard": 0, "base": 0, "outside": 0, "disappointment": 0,
            "ties_loss": 0, "history_loss": 0, "width": 0, "cap": 1, "lapse": 0,
        },
        "visiting": {"by_satisfaction": 0, "need_share": 0, "habit": 0, "burstiness": 0},
        "inviting": {"rate": 0, "by_satisfaction": 0, "acceptance": "always", "delay": 0},
        "joining": {"reputation": 0, "by_topic": 0},
    },
}  # fmt: skip


def case(title: str, days: int, changes: Mapping[str, Any]) -> Scenario:
    """The quiet community with values changed by dotted key."""
    return Scenario.from_mapping(QUIET).with_({"title": title, "days": days, **changes})


def days_of(community: Community) -> Iterator[int]:
    """Step day by day, giving each day's number after it, until the scenario ends."""
    for day in range(1, community.settings.days + 1):
        community.step()
        yield day


def run_until(community: Community, done: Callable[[Community], bool]) -> bool:
    """Step until ``done`` or the scenario's end; whether it was done."""
    return done(community) or any(done(community) for _ in days_of(community))


def members(community: Community) -> np.ndarray:
    """Positions of the members now."""
    return np.flatnonzero(community.machine.world.people["state"] == State.MEMBER)


def near(value: float, mean: float, sd: float) -> bool:
    """Whether a normal estimate with this sd lies within the bound of its mean."""
    return abs(value - mean) <= Z * sd


def mean_is(sample: Any, mean: float) -> bool:
    """Whether a sample of independent numbers may have this mean (Student's t, two-sided)."""
    sample = np.asarray(sample, dtype=float)
    quantile = float(stats.t.isf(ERROR / 2, len(sample) - 1))
    return abs(sample.mean() - mean) <= quantile * sample.std(ddof=1) / len(sample) ** 0.5


def chi_square_is(value: float, freedom: int) -> bool:
    """Whether a sum of so many squared standard normals may have this value (two-sided)."""
    low, high = stats.chi2.ppf([ERROR / 2, 1 - ERROR / 2], freedom)
    return bool(low <= value <= high)
