"""A task 任务 at a visit: whether a member does it, from what it gives through each driver, less the effort.

A check-in or homework gives something through honor, interest, benefit or relationship. What it gives through
honor depends on whether anybody looks: it counts by the share of the member's own tasks that were answered.
Who cares for none of what it gives never does it.
"""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.drivers import N_DRIVERS, Driver

GROUP = Group(
    "task",
    "Tasks: check-ins and homework.",
    (
        Coefficient("scale", 1.0, "worth", "Worth above the effort at which a member does a task at a visit with a chance of 1 − 1/e.", "assumed", 0.001),
    ),
)  # fmt: skip


@compiled
def expected_answers(done: float, answered: float) -> float:
    """Share of tasks that a member expects to be answered, in (0, 1]: (answered + 1) / (done + 1)."""
    return (answered + 1.0) / (done + 1.0)


@compiled
def worth(gives: Any, weights: Any, expected: float) -> float:
    """What a task is worth to a member, >= 0.

    Parameters
    ----------
    gives : f8 array (N_DRIVERS,)
        What it gives through each driver.
    weights : f4 array (N_DRIVERS,)
        The member's weights of the drivers.
    expected : float
        Share of tasks that they expect to be answered; counts for honor.
    """
    total = 0.0
    for driver in range(N_DRIVERS):
        part = gives[driver] * weights[driver]
        total += part * expected if driver == Driver.HONOR else part
    return total


@compiled
def task_probability(worth: float, effort: float, p: Any) -> float:
    """Chance of doing an open task at a visit: 1 − exp(−(worth − effort) / scale), and 0 up to the effort."""
    if worth <= effort:
        return 0.0
    return 1.0 - math.exp(-(worth - effort) / p["task_scale"])
