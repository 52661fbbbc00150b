"""Joining is the first visit."""

import numpy as np
import pytest

from sim import Scenario, simulate
from sim.state import Channel, JournalKind
from tests.sim.small_worlds import WORLDS, run, world


@pytest.mark.parametrize("name", WORLDS)
def test_who_comes_in_visits_at_that_instant_and_founders_at_their_own_pace(name: str) -> None:
    rows = run(world(name))[1]
    joins = rows[rows["kind"] == JournalKind.JOIN]
    visits = rows[rows["kind"] == JournalKind.VISIT]
    at = set(zip(visits["person"].tolist(), visits["time"].tolist(), strict=True))
    came = joins[joins["detail"] != Channel.FOUNDER]
    assert len(came) > 10
    assert all((int(row["person"]), float(row["time"])) in at for row in came)
    founders = joins[joins["detail"] == Channel.FOUNDER]
    assert not any((int(row["person"]), 0.0) in at for row in founders)


def test_nobody_visits_where_the_pace_is_0() -> None:
    scenario = Scenario.from_mapping(
        {
            "format": 1,
            "title": "Nobody comes",
            "days": 30,
            "population": {"people": 200, "founders": 20, "pace": {"mean": 0}},
            "community": {"strangers_per_day": 10, "openness": 1},
        }
    )
    result = simulate(scenario, seed=1)
    assert result.days["joins"].sum() > 20
    assert not np.any(result.days["visits"])
