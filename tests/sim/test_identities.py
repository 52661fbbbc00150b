"""Identities that hold exactly in every run, over scenarios with many mechanisms on at once."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shequn import Scenario, simulate
from shequn.sim.result import Result
from tests.sim.little import check_little
from tests.sim.results.identities import check_identities

GATES: tuple[dict[str, Any], ...] = (
    {"kind": "capacity", "members": 60},
    {"kind": "fee", "amount": 10, "cost": 0.2},
    {"kind": "identity", "sees": "topic", "within": 0.3},
    {"kind": "identity", "sees": "place", "within": 4},
    {"kind": "purchase", "share": 0.7},
    {"kind": "task", "noise": 0.2, "at_least": 0.3, "cost": 0.1},
    {"kind": "rules", "cost": 0.1},
)
QUOTAS = st.fixed_dictionaries(
    {
        "kind": st.just("quota"),
        "per_day": st.sampled_from([0.5, 3, 20]),
        "patience": st.sampled_from([0.5, 5, "never"]),
    }
)
OPERATIONS: tuple[dict[str, Any], ...] = (
    {"do": "campaign", "day": 5, "days": 6.5, "discovery": 3, "reminders": 1, "pay_inviter": 3},
    {"do": "hot_event", "day": 8, "intensity": 0.8, "days": 3, "boost": 2, "discovery": 4},
    {"do": "set_openness", "day": 10.5, "to": 0.9},
    {"do": "set_gates", "day": 12, "gates": []},
    {"do": "set_gates", "day": 12, "gates": [{"kind": "quota", "per_day": 2, "patience": 2}]},
    {"do": "shock", "day": 9, "people": 40, "over": 2},
    {"do": "shock", "day": 9, "people": 30, "over": 0, "quality": {"distribution": "beta", "a": 1, "b": 4}},
    {"do": "arrivals", "day": 0, "per_day": 4, "days": 15},
    {"do": "remove", "every": 7, "who": "inactive", "unseen": 5},
    {"do": "remove", "every": 6, "who": "lowest_quality", "share": 0.2},
    {"do": "remove", "day": 11.25, "who": "random", "share": 0.3},
    {"do": "remove", "if": {"measure": "members", "above": 50, "once": False}, "who": "random", "share": 1.0},
)


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    """A small world with a random choice of everything that may happen."""

    def one(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    gates = draw(st.lists(st.sampled_from(GATES), max_size=3, unique_by=lambda gate: gate["kind"]))
    gates += draw(st.lists(QUOTAS, max_size=1))
    return {
        "format": 1,
        "title": "Many things at once",
        "days": one(25, 40),
        "population": {
            "people": one(40, 150, 300),
            "founders": one(0, 1, 20, "all"),
            "founders_by": one("random", "quality", "connected"),
            "places": {"city_km": 6},
            "pace": {"mean": 1, "log_sd": 1},
            "talkativeness": {"mean": 0.5},
            "graph": {"generator": "social", "degree": 8},
        },
        "community": {
            "rooms": one(1, 1, 3),
            "placing": one("random", "topic", "fill"),
            "shown": one(8, 64),
            "order": one("newest", "hot", "interest", "followed"),
            "openness": one(0, 0.4, 1),
            "strangers_per_day": one(0, 5, 30),
            "mixing": one("graph", "complete"),
            "welcome": {"share": one(0, 0.5)},
            "return_after": one(0, 3, "never"),
        },
        "gates": gates,
        "operations": draw(st.lists(st.sampled_from(OPERATIONS), max_size=4)),
        "rules": {
            "leaving": {
                "mode": one("visit", "visit", "clock", "stay"),
                "cap": one(0.43, 1),
                "lapse": one(0, 0.5),
                "lapse_days": one(1, 15),
                "hazard": one(0, 0.1),
                "hazard_quality": one(0, 0.2),
                "stay_days": one(2, 9.5),
            },
            "inviting": {
                "mode": one("member", "tie"),
                "rate": one(0, 0.02, 0.2),
                "acceptance": one("model", "always"),
                "delay": one(0, 1),
                "odds": one(0.15, 2),
            },
            "perception": {"exact": one(0, 1), "shock": one(0, 0.3)},
        },
    }


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(values=scenarios(), seed=st.integers(0, 1000))
def test_identities_hold_whatever_happens(values: dict[str, Any], seed: int) -> None:
    """T from the members = dilution + evaporation + pruning to 1e-9 each day; sizes; days recounted."""
    result = simulate(Scenario.from_mapping(values), seed)
    check_identities(result)
    check_little(result)


def everything(**community: Any) -> Result:
    """Gates with a line, returns, removals, a shock, arrivals, a hot event and a campaign at once."""
    return simulate(
        Scenario.from_mapping(
            {
                "format": 1,
                "title": "Everything at once",
                "days": 60,
                "population": {"people": 600, "founders": 60, "places": {"city_km": 5}},
                "community": {"openness": 0.4, "strangers_per_day": 30, "return_after": 5, **community},
                "gates": [
                    {"kind": "rules", "cost": 0.1},
                    {"kind": "quota", "per_day": 3, "patience": 4},
                    {"kind": "task", "at_least": 0.3},
                ],
                "operations": [
                    {"do": "campaign", "day": 10, "days": 10, "discovery": 2, "invitations": 3},
                    {"do": "hot_event", "day": 15, "discovery": 3},
                    {"do": "arrivals", "day": 20, "per_day": 2, "days": 20},
                    {"do": "shock", "day": 30, "people": 60},
                    {"do": "remove", "every": 14, "who": "inactive", "unseen": 7},
                    {"do": "remove", "day": 45, "who": "lowest_quality", "share": 0.1},
                    {"do": "set_gates", "day": 50, "gates": []},
                ],
                "rules": {"inviting": {"rate": 0.02, "odds": 1}, "leaving": {"lapse_days": 3}},
            }
        ),
        seed=3,
    )


@pytest.mark.parametrize(
    "community", [{}, {"rooms": 4, "capacity": 40}, {"mixing": "complete"}, {"order": "hot", "rooms": 2}]
)
def test_identities_hold_with_everything_on(community: dict[str, Any]) -> None:
    result = everything(**community)
    seen = set(result.journal["kind"])
    assert {"join", "leave", "remove", "refuse", "wait", "give_up", "pass_line", "lapse", "return"} <= seen
    assert result.members["n_joins"].max() > 1
    check_identities(result)
    check_little(result)
