"""Channels: what each brings, and what it costs per head."""

from typing import Any

import numpy as np
import pytest

from shequn import Scenario, simulate
from tests.sim.small_worlds import world


def case(**operations: Any) -> Scenario:
    """A community that people come to by operations alone, and in which all stay."""
    return Scenario.from_mapping(
        {
            "format": 2, "title": "t", "days": 40, "seed": 3,
            "population": {"people": 100, "founders": 20, "graph": {"generator": "none"}},
            "community": {"openness": 0, "visibility": 0},
            "gates": {"capacity": {"kind": "capacity", "members": 60}},
            "operations": operations,
            "rules": {"leaving": {"mode": "stay", "stay_days": 1000}, "inviting": {"rate": 0}},
        }
    )  # fmt: skip


def test_each_channel_has_its_people_its_quality_and_its_cost_per_head() -> None:
    result = simulate(
        case(
            search={"do": "arrivals", "day": 0, "per_day": 1, "quality": {"distribution": "uniform", "low": 0.6}},
            ads={
                "do": "shock", "every": 10, "people": 7, "cost": 3,
                "quality": {"distribution": "uniform", "high": 0.3},
            },
            post={"do": "shock", "day": 30, "people": 9, "over": 0, "cost": 0.5},
        ),
        3,
    )  # fmt: skip
    table = result.channels.set_index("channel")
    assert list(table.index) == ["stranger", "invitation", "search", "ads", "post"]
    assert table.loc["ads", "came"] == 21 and table.loc["ads", "cost"] == 63
    assert table.loc["post", "came"] == 9 and table.loc["post", "cost"] == 4.5
    assert table.loc["search", "cost"] == 0 and 20 < table.loc["search", "came"] < 65
    assert result.days["reach_cost"].iloc[-1] == 67.5
    assert table["joined"].sum() == result.days["joins"].sum() == 40  # the room is full then
    assert table.loc["search", "quality"] > 0.6 and table.loc["ads", "quality"] < 0.3
    assert (table["joined"] >= table["week_4"]).all() and (table["joined"] >= table["spoke"]).all()
    assert table.loc["stranger"][["came", "joined", "cost"]].tolist() == [0, 0, 0]


def test_who_is_on_the_way_costs_nothing_yet() -> None:
    result = simulate(case(ads={"do": "shock", "day": 38, "people": 10, "over": 5, "cost": 2}), 3)
    came = result.channels.set_index("channel").loc["ads", "came"]
    assert came == 4  # at 38, 38.5, 39 and 39.5
    assert result.days["reach_cost"].iloc[-1] == 8


@pytest.mark.parametrize("name", ["camp", "bazaar", "mixture"])
def test_channels_add_up_to_the_first_joins(name: str) -> None:
    result = simulate(world(name), 7)
    table, funnel = result.channels, result.funnel
    first = funnel[funnel["step"] == "joined"].set_index("channel")["people"]
    assert table["joined"].sum() == first.drop("founder").sum()
    arrivals = table[~table["channel"].isin(("stranger", "invitation"))]
    assert arrivals["joined"].sum() == first["arrival"]
    assert np.nansum(table["cost"]) == pytest.approx(result.days["reach_cost"].iloc[-1])
