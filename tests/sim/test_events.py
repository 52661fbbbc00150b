"""Hot events: when the thresholds of discovery because of them are drawn changes nothing."""

from typing import Any

import numpy as np
import pytest

from shequn import Scenario
from shequn.sim.course import Course
from shequn.sim.thresholds import with_event_thresholds
from tests.sim.small_worlds import Journal

EVENT = {"day": 9, "do": "hot_event", "intensity": 0.9, "discovery": 30, "days": 4}


def course(seed: int, journal: Journal, **content: Any) -> Course:
    """A group that strangers come to and leave, some of them turned away, before and after a hot event."""
    return Course(
        Scenario.from_mapping(
            {
                "format": 2, "title": "x", "days": 25, "journal": "full",
                "population": {"people": 300, "founders": 40, "drivers": {"event": 0.4}},
                "community": {"strangers_per_day": 3, "openness": 0.6, "return_after": 2},
                "gates": {
                    "line": {"kind": "quota", "per_day": 1, "patience": 2},
                    "terms": {"kind": "rules", "cost": 0.4},
                },
                "rules": {"leaving": {"mode": "clock", "hazard": 0.2}},
                "operations": {"event": EVENT},
                **content,
            }
        ),
        seed, sink=journal,
    )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("mixing", ["graph", "complete"])
def test_thresholds_drawn_at_the_start_or_at_the_first_event_are_the_same(seed: int, mixing: str) -> None:
    content = {"community": {"strangers_per_day": 3, "openness": 0.6, "return_after": 2, "mixing": mixing}}
    journals = []
    for early in (False, True):
        journal = Journal()
        one = course(seed, journal, **content)
        assert len(one.machine.world.event_strangers.values) == 0
        if early:
            one.machine.world = with_event_thresholds(one.machine.world)
        one.run_until(9.0, operations_then=False)
        assert (len(one.machine.world.event_strangers.values) > 0) == early
        one.run_until(25.0)
        one.machine.empty_journal()
        assert len(one.machine.world.event_strangers.values) > 0
        journals.append(journal.rows)
    late, early = journals
    for name in late.dtype.names or ():
        np.testing.assert_array_equal(late[name], early[name])
    found = late[(late["time"] > 9.0) & (late["kind"] == 3)]
    assert np.count_nonzero(found["detail"] == 1) > 10  # because of the event
