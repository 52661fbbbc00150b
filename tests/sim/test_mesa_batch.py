"""Mesa's ``batch_run``: a community does what a plain Mesa model does on the same version of Mesa."""

import inspect
import re
import warnings
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest

from shequn import Community, Scenario, simulate

ROOT = Path(__file__).parents[2]
HAS_RNG = "rng" in inspect.signature(mesa.batch_run).parameters
needs_rng = pytest.mark.skipif(not HAS_RNG, reason="this Mesa's batch_run has no argument rng")
TINY = {"scenario": "small-circle", "days": 8}


class Plain(mesa.Model):  # type: ignore[misc, unused-ignore]
    """The least that a Mesa model can be: one draw, five steps."""

    def __init__(self, rng: Any = None, days: int = 5, scenario: Any = None) -> None:
        super().__init__(rng=rng)
        self.draw = self.rng.random()
        self.days = days
        self.datacollector = mesa.DataCollector(model_reporters={"draw": "draw"})
        self.datacollector.collect(self)

    def step(self) -> None:
        self.datacollector.collect(self)
        self.running = self.steps < self.days


def batch(model: Any, **asked: Any) -> list[dict[str, Any]]:
    """Rows of ``mesa.batch_run``."""
    asked.setdefault("parameters", TINY)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*iterations", DeprecationWarning)  # from Mesa 3.5 on
        return list(mesa.batch_run(model, display_progress=False, **asked))


def trace(row: dict[str, Any]) -> Any:
    """What tells one run from another."""
    return row.get("draw") or (row["visits"], row["posts"], row["replies"], row["reactions"])


def trajectory(seed: int, days: int = 8) -> Any:
    """The last day of a run with this seed."""
    days_run = simulate(Scenario.load("small-circle").with_({"days": days}), seed=seed).outcome.days
    return days_run[-1]


def is_day(row: dict[str, Any], day: Any) -> bool:
    names = [name for name in day.dtype.names if name != "day"]
    return bool(np.array_equal([row[name] for name in names], [day[name] for name in names], equal_nan=True))


def test_the_example_of_the_guide_gives_nine_rows_with_three_runs_per_setting() -> None:
    text = (ROOT / "docs/en/how-to/python.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(import mesa\n.*?)```", text, re.DOTALL)
    assert example is not None
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(example[1], names)
    rows = names["rows"]
    assert len(rows) == 9
    for openness in (0.0, 0.4, 0.8):
        runs = [row for row in rows if row["community__openness"] == openness]
        assert len({trace(row) for row in runs}) == 3
        assert [row["seed"] for row in runs] == [1, 2, 3]
        assert [row["Step"] for row in runs] == [60, 60, 60]


def test_a_row_is_the_last_day_of_the_run_with_its_seed() -> None:
    rows = batch(Community, parameters=TINY | {"seed": [4, 5]}, max_steps=8)
    assert [is_day(row, trajectory(row["seed"])) for row in rows] == [True, True]


@pytest.mark.parametrize("max_steps", [3, 8, 20])
def test_max_steps_and_the_end_of_the_scenario_stop_a_run(max_steps: int) -> None:
    [row] = batch(Community, parameters=TINY | {"seed": [4]}, max_steps=max_steps)
    assert row["Step"] == min(max_steps, 8)
    assert is_day(row, trajectory(4, min(max_steps, 8)))


def test_every_day_is_reported_where_every_step_is_asked_for() -> None:
    rows = batch(Community, parameters=TINY | {"seed": [4]}, data_collection_period=1)
    days = simulate(Scenario.load("small-circle").with_({"days": 8}), seed=4).outcome.days
    assert [row["Step"] for row in rows] == list(range(9))
    assert all(is_day(row, day) for row, day in zip(rows, days, strict=True))


@pytest.mark.parametrize("model", [Plain, Community])
def test_iterations_without_a_seed_differ(model: Any) -> None:
    rows = batch(model, iterations=3)
    assert [row["iteration"] for row in rows] == [0, 1, 2]
    assert len({trace(row) for row in rows}) == 3


@pytest.mark.parametrize("model", [Plain, Community])
def test_runs_without_a_seed_differ_from_batch_to_batch(model: Any) -> None:
    assert trace(batch(model)[0]) != trace(batch(model)[0])


@needs_rng
@pytest.mark.parametrize("model", [Plain, Community])
@pytest.mark.parametrize(
    ("rng", "runs"),
    [
        ([1, 2, 3], 3),
        ([1, 1], 1),
        (7, 1),
        ([None, None], 2),
        ([[1, 2], [1, 3]], 2),
        ([np.random.SeedSequence(1), np.random.SeedSequence(1)], 1),
        (np.random.SeedSequence(1).spawn(2), 2),
    ],
)
def test_rng_does_what_it_does_for_a_plain_model(model: Any, rng: Any, runs: int) -> None:
    rows = batch(model, rng=rng)
    given = rng if isinstance(rng, list) else [rng]
    assert [row["rng"] for row in rows] == given
    assert len({trace(row) for row in rows}) == runs


@needs_rng
@pytest.mark.parametrize("model", [Plain, Community])
def test_the_same_rng_repeats_a_batch(model: Any) -> None:
    first, again = (batch(model, rng=[3, [4, 5]]) for _ in range(2))
    assert list(map(trace, first)) == list(map(trace, again))


@needs_rng
def test_an_integer_rng_is_the_seed_of_the_run() -> None:
    [row] = batch(Community, rng=4)
    assert is_day(row, trajectory(4))


@pytest.mark.skipif(HAS_RNG, reason="this Mesa's batch_run overwrites the parameter rng")
@pytest.mark.parametrize("model", [Plain, Community])
def test_the_parameter_rng_does_what_it_does_for_a_plain_model(model: Any) -> None:
    rows = batch(model, parameters=TINY | {"rng": [1, 1, 2, None, None]})
    assert len({trace(row) for row in rows}) == 4


def test_the_parameter_seed_is_kept_and_none_is_another_seed_each_time() -> None:
    rows = batch(Community, parameters=TINY | {"seed": [1, 1, 2, None, None]})
    assert [row["seed"] for row in rows] == [1, 1, 2, None, None]
    assert len({trace(row) for row in rows}) == 4


@pytest.mark.parametrize("model", [Plain, Community])
def test_two_processes_give_the_rows_of_one(model: Any) -> None:
    seeds = [1, 2, 3]
    asked: dict[str, Any] = {"rng": seeds} if HAS_RNG else {"parameters": TINY | {"rng": seeds}}
    rows = batch(model, **asked, number_processes=2)
    rows.sort(key=lambda row: int(row["RunId"]))
    assert repr(rows) == repr(batch(model, **asked))  # a NaN is not equal to itself
    assert len({trace(row) for row in rows}) == 3


def test_iterations_in_two_processes_differ() -> None:
    rows = batch(Community, iterations=2, number_processes=2)
    assert len({trace(row) for row in rows}) == 2


class Derived(Community):
    """A model of somebody's own, with rows of its agents."""

    def __init__(self, **parameters: Any) -> None:
        super().__init__("small-circle", days=5, **parameters)
        self.datacollector = type(self.datacollector)(
            model_reporters={"today": lambda model: model.machine.days[-1]["visits"].item()},
            agent_reporters={"person": "person", "at": lambda agent: agent.model.time},
        )
        self.datacollector.collect(self)


def test_a_derived_model_with_rows_of_agents_reports_the_last_day() -> None:
    rows = batch(Derived, parameters={"seed": [1]})
    community = Community("small-circle", days=5, seed=1)
    community.run_model()
    assert {row["Step"] for row in rows} == {5}
    assert {row["at"] for row in rows} == {5.0}
    assert sorted(row["person"] for row in rows) == sorted(agent.person for agent in community.agents)
    assert {row["today"] for row in rows} == {community.machine.days[-1]["visits"]}
    assert len({trace_of_people(batch(Derived, parameters={})) for _ in range(3)}) == 3


def trace_of_people(rows: list[dict[str, Any]]) -> Any:
    return rows[0]["today"], tuple(row["person"] for row in rows)


def test_a_community_alone_has_the_seed_of_its_scenario() -> None:
    scenario = Scenario.load("small-circle").with_({"days": 1, "seed": 12})
    assert Community(scenario).run_seed == 12


def test_none_is_another_seed_each_time_and_run_seed_repeats_the_run() -> None:
    first, second = Community("small-circle", days=3, rng=None), Community("small-circle", days=3, seed=None)
    assert first.run_seed != second.run_seed
    first.run_model()
    again = Community("small-circle", days=3, rng=first.run_seed)
    again.run_model()
    assert again.machine.days.tobytes() == first.machine.days.tobytes()


def test_a_seed_under_both_names_is_refused_as_mesa_does() -> None:
    with pytest.raises(ValueError, match="either rng or seed"):
        Community("small-circle", rng=1, seed=2)


def test_a_community_inside_another_model_of_a_batch_has_the_seed_of_its_scenario() -> None:
    class Holding(Plain):
        def __init__(self, rng: Any = None) -> None:
            super().__init__(rng=rng, days=1)
            self.draw = float(Community("small-circle", days=1).run_seed)

        def step(self) -> None:
            super().step()
            self.datacollector.model_vars["draw"][:] = [self.draw] * 2

    [row] = batch(Holding, parameters={})
    assert row["draw"] == Scenario.load("small-circle").seed
