"""Results of made-up runs, shared by the tests of this folder."""

from typing import Any

import pytest

from shequn.sim.result import Result
from shequn.sim.results.collecting import Collector
from tests.sim.results.synthetic import synthetic_outcome


def made_up(chunk: int = 997, **kwargs: Any) -> Result:
    """A result whose journal came in chunks."""
    outcome = synthetic_outcome(**kwargs)
    collector = Collector(outcome.scenario.days)
    if outcome.scenario.journal == "full":
        for start in range(0, len(outcome.journal), chunk):
            collector(outcome.journal[start : start + chunk])
    return Result(outcome, collector)


@pytest.fixture(scope="session")
def result() -> Result:
    """One run of 60 days with some hundred departures."""
    return made_up()
