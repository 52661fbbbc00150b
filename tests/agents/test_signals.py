"""The drivers' signals: each lies in [0, 1] and depends on something observed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequn.agents.drivers import Driver, signal
from shequn.agents.observation import Observation
from shequn.sim.kernel.params import default_params

SHARES = {"strangers_share", "holding", "event_intensity", "rank"}
OBSERVATIONS: st.SearchStrategy[Observation] = st.builds(
    Observation, **{name: st.floats(0, 1 if name in SHARES else 1e4) for name in Observation._fields}
)


def coefficients() -> Any:
    """All coefficients at their defaults."""
    return default_params()[0]


@settings(deadline=None)
@given(st.sampled_from(Driver), OBSERVATIONS)
def test_a_signal_lies_between_0_and_1(driver: Driver, observation: Observation) -> None:
    assert 0.0 <= signal(driver.value, observation, coefficients()) <= 1.0


@pytest.mark.parametrize("driver", Driver, ids=lambda driver: driver.name.lower())
def test_every_signal_depends_on_something_observed(driver: Driver) -> None:
    some = Observation(*(0.0 if name in SHARES else 0.5 for name in Observation._fields))._replace(rank=-1.0)
    before = signal(driver.value, some, coefficients())
    moves = [
        name
        for name in Observation._fields
        if signal(driver.value, some._replace(**{name: 1.0}), coefficients()) != before
    ]
    name = driver.name.lower()
    assert moves, (
        f"agents/{name}.py has no signal(observation, p) that looks at Observation, "
        "or signal() in agents/drivers.py has no case for it"
    )
