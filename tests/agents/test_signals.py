"""The drivers' signals: each in [0, 1], each by something that is seen."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequn.agents.drivers import Driver, signal
from shequn.agents.observation import Observation
from shequn.sim.kernel.params import default_params

SHARES = {"strangers_share", "holding", "event_intensity"}
SEEN: st.SearchStrategy[Observation] = st.builds(
    Observation, **{name: st.floats(0, 1 if name in SHARES else 1e4) for name in Observation._fields}
)


def coefficients() -> Any:
    """All coefficients at their defaults."""
    return default_params()[0]


@settings(deadline=None)
@given(st.sampled_from(Driver), SEEN)
def test_a_signal_lies_between_0_and_1(driver: Driver, seen: Observation) -> None:
    assert 0.0 <= signal(driver.value, seen, coefficients()) <= 1.0


@pytest.mark.parametrize("driver", Driver, ids=lambda driver: driver.name.lower())
def test_every_signal_hangs_on_something_seen(driver: Driver) -> None:
    some = Observation(*(0.0 if name in SHARES else 0.5 for name in Observation._fields))
    before = signal(driver.value, some, coefficients())
    moves = [
        name
        for name in Observation._fields
        if signal(driver.value, some._replace(**{name: 1.0}), coefficients()) != before
    ]
    name = driver.name.lower()
    assert moves, (
        f"agents/{name}.py has no signal(seen, p) that looks at Seen, "
        "or signal() in agents/drivers.py has no case of it"
    )
