"""The Mesa face: steps are days, operations are Mesa's events, members are views."""

import warnings

import mesa
import networkx as nx
import numpy as np
import pytest

from shequn import Community, Scenario, simulate
from shequn.sim.kernel.state import State, day_dtype
from shequn.sim.scenario.errors import ScenarioError

SMALL = Scenario.from_mapping(
    {
        "format": 1,
        "title": "Small",
        "days": 30,
        "population": {"people": 200, "founders": 40},
        "community": {"strangers_per_day": 3},
        "operations": [{"do": "set_openness", "day": 10.5, "to": 0.9}],
    }
)


def test_a_step_is_a_day_and_the_model_stops_at_the_end() -> None:
    community = Community(SMALL, seed=1)
    community.run_model()
    assert (community.time, community.steps, community.running) == (30, 30, False)
    assert len(community.machine.days) == 31


def test_the_data_collector_has_every_daily_measure_of_every_day() -> None:
    community = Community(SMALL, seed=1)
    community.run_model()
    table = community.datacollector.get_model_vars_dataframe()
    assert list(table) == [name for name in day_dtype.names or () if name != "day"]
    assert len(table) == 31
    for name in table:
        np.testing.assert_array_equal(table[name].to_numpy(), community.machine.days[name])


def test_simulate_runs_the_same_model() -> None:
    community = Community(SMALL, seed=4)
    community.run_model()
    result = simulate(SMALL, seed=4)
    assert result.outcome.days.tobytes() == community.machine.days.tobytes()


def test_an_operation_is_carried_out_at_its_instant() -> None:
    community = Community(SMALL, seed=1)
    for _ in range(10):
        community.step()
    assert community.machine.params["visibility"] == pytest.approx(0.3)
    community.step()
    assert community.machine.params["visibility"] == 0.9


def test_run_until_and_run_for_stop_between_days() -> None:
    community = Community(SMALL, seed=1)
    community.run_until(4.25)
    assert (community.time, community.steps) == (4.25, 4)
    community.run_for(1.0)
    assert (community.time, community.steps) == (5.25, 5)


def test_an_event_in_the_past_is_refused() -> None:
    community = Community(SMALL, seed=1)
    community.step()
    with pytest.raises(ValueError, match="past"):
        community.schedule_event(community.step, at=0.5)


def test_agents_are_the_present_members_and_show_their_records() -> None:
    community = Community(SMALL, seed=1)
    for _ in range(5):
        community.step()
    people = community.machine.world.people
    members = np.flatnonzero(people["state"] == State.MEMBER)
    assert sorted(agent.person for agent in community.agents) == members.tolist()
    one = community.member(int(members[0]))
    assert one.quality == float(people["quality"][members[0]])
    assert one.is_member
    assert community.agents.agg("quality", max) == float(people["quality"][members].max())
    assert list(community.agents_by_type) == community.agent_types


def test_views_are_held_so_the_same_person_is_the_same_object() -> None:
    community = Community(SMALL, seed=1)
    assert {id(agent) for agent in community.agents} == {id(agent) for agent in community.agents}


def test_a_view_cannot_be_removed_and_says_what_to_do() -> None:
    community = Community(SMALL, seed=1)
    with pytest.raises(TypeError, match="operation `remove`"):
        next(iter(community.agents)).remove()


def test_an_unknown_attribute_of_a_view_is_an_attribute_error() -> None:
    community = Community(SMALL, seed=1)
    with pytest.raises(AttributeError, match="charisma"):
        _ = community.member(0).charisma


def test_a_graph_from_python_replaces_the_scenarios() -> None:
    community = Community(SMALL, seed=1, graph=nx.karate_club_graph())
    assert len(community.machine.world.people) == 34


def test_batch_run_sweeps_scenario_values() -> None:
    values = {
        "scenario": "open-group",
        "community__openness": [0.1, 0.9],
        "days": 15,
        "population__people": 300,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Mesa 3.5 would rather be given seeds than iterations
        rows = mesa.batch_run(
            Community,
            parameters=values,
            iterations=1,
            max_steps=15,
            number_processes=1,
            display_progress=False,
        )
    joined = {row["community__openness"]: row["members"] for row in rows}
    assert joined[0.9] > joined[0.1]


@pytest.mark.parametrize("seed", [2**63, 2**64, -1, 1.5, float("nan")])
def test_a_seed_out_of_bounds_is_refused_in_the_words_of_the_command_line(seed: float) -> None:
    for call in (lambda: simulate(SMALL, seed=seed), lambda: Community(SMALL, seed=seed)):
        with pytest.raises(
            ScenarioError, match=rf"seed is {seed}; allowed: a whole number from 0 to {2**63 - 1}"
        ):
            call()
    assert simulate(SMALL, seed=2**63 - 1, until=1).outcome is not None
