"""Working time is a server: the wait for one of the staff is that of the queue of theory."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from shequn.sim.kernel.state import JournalKind
from shequn.sim.scenario import Scenario
from tests.sim.small_worlds import run

MINUTE = 1.0 / 1440.0


def waits(seed: int, load: float, days: int) -> Any:
    """Minutes that newcomers wait in the queue, welcomed one by one in a minute each, who come as a Poisson process."""
    scenario = Scenario.from_mapping(
        {
            "format": 2, "title": "M/D/1", "days": days, "seed": seed,
            "population": {"people": 2, "founders": 1, "graph": {"generator": "none"}},
            "community": {"openness": 0},
            "staff": {"host": {"hours": [0, 24], "minutes": 1440}},
            "duties": {"welcome": {"do": "welcome", "job": "host", "minutes": 1}},
            "operations": {"come": {"do": "arrivals", "per_day": load / MINUTE, "day": 0}},
            "rules": {
                "leaving": {"mode": "stay", "stay_days": 0.2}, "relationship": {"max_ties": 0},
                "inviting": {"rate": 0}, "posting": {"again": 0},
            },
        }
    )  # fmt: skip
    rows = run(scenario)[1]
    return rows["value"][rows["kind"] == JournalKind.WELCOME] / MINUTE - 1.0


@pytest.mark.parametrize(("load", "runs"), [(0.4, 12), (0.7, 16)])
def test_the_wait_for_one_of_the_staff_is_that_of_the_m_d_1_queue(load: float, runs: int) -> None:
    """Mean wait ρ / (2 (1 − ρ)) × the time of service, and P(no wait) = 1 − ρ; at level 1e-4 over independent runs.

    No piece of work goes over midnight: once a day the server stands still for half a minute on average, which delays
    fewer than ten people a day of hundreds.
    """
    of_runs = [waits(seed, load, 5) for seed in range(runs)]
    for values, expected in (
        ([float(each.mean()) for each in of_runs], load / (2 * (1 - load))),
        ([float((each < 1e-9).mean()) for each in of_runs], 1 - load),
    ):
        error = np.std(values, ddof=1) / np.sqrt(runs)
        assert error < 0.05
        assert abs(np.mean(values) - expected) < stats.t.ppf(1 - 0.5e-4, runs - 1) * error + 0.01
    assert min(each.min() for each in of_runs) > -1e-6
