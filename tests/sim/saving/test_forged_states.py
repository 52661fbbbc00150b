"""No forged state crashes, hangs or gives impossible numbers; every honest one goes on to the same bytes.

``python -m tests.sim.saving.forging 1000`` tries more, with ``NUMBA_BOUNDSCHECK=1`` and a cache of its own.
"""

from pathlib import Path

import pytest

from shequn import Community, simulate
from shequn.sim.saving.state_file import read_state
from tests.sim.saving.forging import RUN, try_forgeries
from tests.sim.small_worlds import WORLDS, world


@pytest.mark.parametrize("name", WORLDS)
def test_honest_states_of_every_day_load_and_continue(tmp_path: Path, name: str) -> None:
    """The last record is the same whether a run was saved and loaded every day or never."""
    scenario = world(name, days=16)
    whole = simulate(scenario, 3)
    path = tmp_path / "state.npz"
    simulate(scenario, 3, until=1, save=path)
    for day in range(2, 17):
        last = simulate(scenario, past=read_state(path), until=day, save=path)
    assert whole.outcome.days.tobytes() == last.outcome.days.tobytes()
    assert whole.outcome.people[:].tobytes() == last.outcome.people[:].tobytes()


def test_an_honest_state_within_a_day_loads(tmp_path: Path) -> None:
    for name in WORLDS:
        community = Community(world(name), seed=4)
        for time in (0.0, 2.3, 7.9, 11.5):
            community.run_until(time)
            community.save(tmp_path / "state.npz")
            assert Community.load(tmp_path / "state.npz").time == time


def test_no_forgery_crashes_hangs_or_gives_impossible_numbers() -> None:
    counts, wrong = try_forgeries(200)
    assert not wrong
    assert counts.total() == 200
    assert counts[RUN] < 100
