"""Content at its hour: how many read a post within some hours follows from the rhythm in closed form."""

import datetime

import numpy as np
import pytest
from scipy import stats

from shequn.sim.kernel.rhythm import DAILY, cumulative_rhythm
from shequn.sim.kernel.state import JournalKind
from shequn.sim.scenario import Scenario
from tests.sim.small_worlds import run

PACE, PEOPLE, HOURS = 1.5, 4000, 3.0


def share_who_read(hour: float) -> tuple[float, float]:
    """Of those who were not there before it: the share who read a post of this hour in time, and that of theory."""
    at = 5.0 + hour / 24.0
    scenario = Scenario.from_mapping(
        {
            "format": 2, "title": "t", "days": 7, "seed": 12,
            "population": {
                "people": PEOPLE, "founders": "all", "graph": {"generator": "none"},
                "pace": {"mean": PACE, "log_sd": 0}, "talkativeness": {"mean": 0},
            },
            "community": {"openness": 0},
            "staff": {"editor": {"hours": [0, 24]}},
            "duties": {"note": {"job": "editor", "do": "post", "first": at, "every": 100, "minutes": 1}},
            "rules": {
                "leaving": {"mode": "stay", "stay_days": 1000},
                "visiting": {"by_satisfaction": 0, "need_share": 0, "habit": 0, "burstiness": 0},
            },
        }
    )  # fmt: skip
    rows = run(scenario)[1]
    begins = at + 1.0 / 1440.0  # the post is there once its minute is over
    visits = rows[rows["kind"] == JournalKind.VISIT]
    readers = visits[(visits["detail"] == 1) & (visits["time"] < begins + HOURS / 24.0)]
    assert (readers["time"] >= begins).all()
    passed = np.interp(
        np.array([begins, begins + HOURS / 24.0]) % 7.0 * 24.0,
        np.arange(169),
        cumulative_rhythm(DAILY, datetime.date(2026, 1, 1)),
    )
    return len(readers) / PEOPLE, 1.0 - np.exp(-PACE * float(np.diff(passed)[0]))


@pytest.mark.parametrize("hour", [9.5, 14.0, 20.0])
def test_a_post_is_read_in_time_by_the_share_that_the_rhythm_gives(hour: float) -> None:
    """Visits are a Poisson process in the time of the rhythm; at level 1e-4."""
    found, expected = share_who_read(hour)
    low, high = stats.binom.interval(1 - 1e-4, PEOPLE, expected)
    assert low <= found * PEOPLE <= high
    assert 0.1 < expected < 0.5


def test_in_the_evening_more_read_it_than_in_working_hours() -> None:
    assert share_who_read(20.0)[0] > 2.0 * share_who_read(14.0)[0]
