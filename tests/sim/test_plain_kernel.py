"""The kernel of a plain scenario, compiled for it alone, on every Python: the same bytes as the fullest one."""

import pytest

from shequn.sim.features import features_of
from shequn.sim.kernel.features import EVERYTHING, Feature
from shequn.sim.scenario import Scenario
from tests.sim.small_worlds import PEOPLE, run, same_bytes

PLAIN = {"format": 2, "title": "plain", "days": 20, "population": PEOPLE, "community": {"openness": 0.4}}


def test_the_plain_kernel_gives_the_same_bytes_as_the_fullest(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = Scenario.from_mapping(PLAIN)
    assert features_of(scenario) == EVERYTHING
    fullest = run(scenario)[1]
    monkeypatch.delenv("SHEQUN_FEATURES")
    assert features_of(scenario) == Feature(0)
    assert same_bytes(run(scenario)[1], fullest)
