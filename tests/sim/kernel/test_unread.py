"""Unread are the posts of others."""

import numpy as np
import pytest

from shequn import Scenario, simulate
from shequn.sim.kernel.state import JournalKind
from tests.sim.small_worlds import run, world


def test_who_talks_alone_has_nothing_unread() -> None:
    scenario = Scenario.from_mapping(
        {
            "format": 1,
            "title": "Monologue",
            "days": 40,
            "population": {
                "people": 2,
                "founders": 1,
                "pace": {"mean": 3},
                "talkativeness": {"mean": 2, "log_sd": 0},
            },
            "community": {"openness": 0, "reach": 0},
            "rules": {"leaving": {"cap": 0}, "inviting": {"rate": 0}},
        }
    )
    days = simulate(scenario, seed=2).days
    assert days["posts"].sum() > 10
    assert days["unread"].max() == 0.0


@pytest.mark.parametrize("name", ["hall", "club"])
def test_who_comes_back_finds_no_own_post_unread(name: str) -> None:
    """Where everybody reads all there is, unread posts and posts read are as many."""
    everything: dict[str, float] = {"rules__perception__attention": 1000, "community__shown": 1024}
    everything["population__talkativeness__mean"] = 0.15  # else more is written than can be shown
    community, rows = run(world(name, days=60, **everything))
    wrote = set(rows["person"][np.isin(rows["kind"], (JournalKind.POST, JournalKind.REPLY))].tolist())
    people = community.machine.world.people
    assert wrote & set(np.flatnonzero(people["n_joins"] > 1).tolist())
    days = community.machine.days
    unread = np.nansum(days["unread"] * days["visits"])
    assert unread == pytest.approx(rows["detail"][rows["kind"] == JournalKind.VISIT].sum())
