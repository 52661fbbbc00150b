"""Features: who uses which, what is compiled without them, and that no result depends on them."""

import os
from typing import Any

import numpy as np
import pytest

from shequn.agents import inviting
from shequn.agents.compiled import compiled
from shequn.experiments.comparison.question import Question
from shequn.experiments.designs.design import Bases, Design
from shequn.experiments.designs.factors import Factor, Level
from shequn.experiments.designs.responses import response
from shequn.sim import warmup
from shequn.sim.community import Community
from shequn.sim.features import compiled_alike, features_in, features_of
from shequn.sim.kernel.features import EVERYTHING, Feature, marked, marker
from shequn.sim.kernel.gates.fee import FeeGate
from shequn.sim.kernel.loop import has_room, run_until
from shequn.sim.kernel.membership import move
from shequn.sim.kernel.params import COMPLETE
from shequn.sim.kernel.world import World
from shequn.sim.saving.restoring import snapshot_world
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.locations import shipped
from shequn.sim.scenario.merging import value_override
from shequn.sim.scenario.nodes import Mark, Source
from tests.sim.small_worlds import PEOPLE, WORLDS, Journal, same_bytes
from tests.sim.small_worlds import world as small_world

NOTHING = Feature(0)
IS_COMPILED = os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0")
needs_compilation = pytest.mark.skipif(not IS_COMPILED, reason="nothing is compiled")
#: No feature.
PLAIN: dict[str, Any] = {
    "format": 2,
    "title": "Plain",
    "days": 20,
    "population": PEOPLE,
    "community": {"openness": 0.4, "strangers_per_day": 8},
    "gates": {"task": {"kind": "task", "at_least": 0.3}},
}
FEE = {"fee": {"kind": "fee", "amount": 20}}
LINE = {"line": {"kind": "quota", "per_day": 1}}


@pytest.fixture(autouse=True)
def _own_features(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scenarios are compiled with what they use."""
    monkeypatch.delenv("SHEQUN_FEATURES")


def plain(**values: Any) -> Scenario:
    return Scenario.from_mapping(PLAIN | values)


def at_end(scenario: Scenario) -> tuple[Any, World]:
    """The journal of a run, and its world at the end."""
    journal = Journal()
    community = Community(scenario, sink=journal)
    community.run_until(float(scenario.days))
    community.machine.empty_journal()
    return journal.rows, community.machine.world


def assert_the_same(first: tuple[Any, World], second: tuple[Any, World]) -> None:
    """The same journal and the same records, bit by bit, in all that is in use."""
    assert same_bytes(first[0], second[0])
    records, others = snapshot_world(first[1]).arrays, snapshot_world(second[1]).arrays
    for name, array in records.items():
        for field in array.dtype.names or ((),):  # one by one, as between two fields there may be anything
            assert array[field].tobytes() == others[name][field].tobytes(), (name, field)


# --- what uses which feature


@pytest.mark.parametrize("features", [NOTHING, Feature.DOORS, Feature.SPACES | Feature.MEETING, EVERYTHING])
def test_a_marker_says_its_features(features: Feature) -> None:
    assert marked(marker(features).dtype.names) == features
    assert len(marker(features)) == 0
    assert marker(features).dtype is marker(features).dtype


def test_there_are_at_most_four_features() -> None:
    assert len(Feature) <= 4
    assert sum(Feature) == EVERYTHING


@pytest.mark.parametrize(
    ("values", "features"),
    [
        ({}, NOTHING),
        ({"gates": FEE}, Feature.DOORS),
        ({"gates": LINE}, Feature.DOORS),
        ({"operations": {"later": {"do": "set_gates", "day": 5, "gates": FEE}}}, Feature.DOORS),
        ({"operations": {"reward": {"do": "campaign", "day": 5, "pay_invited": 1}}}, Feature.DOORS),
        ({"operations": {"reward": {"do": "campaign", "day": 5, "pay_inviter": 1}}}, Feature.DOORS),
        ({"operations": {"remind": {"do": "campaign", "day": 5, "reminders": 1}}}, NOTHING),
        ({"gates": {}, "community": {}, "spaces": {"group": {"seats": 50}}}, NOTHING),
        ({"gates": {}, "community": {}, "spaces": {"group": {"ranks": True}}}, Feature.SPACES),
        ({"community": {"rooms": 2}}, Feature.SPACES),
        (
            {"gates": {}, "community": {}, "spaces": {"group": {"seats": 50, "splits": {"by": "random"}}}},
            Feature.SPACES,
        ),
        ({"gates": {}, "community": {}, "spaces": {"hall": {}, "team": {"in": "hall"}}}, Feature.SPACES),
        (
            {"gates": {}, "community": {}, "spaces": {"hall": {}, "team": {"in": "hall", "gates": FEE}}},
            Feature.SPACES | Feature.DOORS,
        ),
        ({"community": {"mixing": "complete"}}, Feature.MEETING),
        ({"population": {**PEOPLE, "places": {"city_km": 5}}}, Feature.MEETING),
        ({"rules": {"inviting": {"mode": "tie"}}}, Feature.MEETING),
    ],
)
def test_features_are_those_that_a_scenario_uses(values: dict[str, Any], features: Feature) -> None:
    assert features_of(plain(**values)) == features


def test_a_world_uses_what_its_records_say() -> None:
    world = Community(plain()).machine.world

    def features() -> Feature:
        return features_in(world.params, world.spaces, world.gates)

    assert features() == NOTHING
    for name, value in (("pay_inviter", 1.0), ("pay_invited", 1.0)):
        world.params[name] = value
        assert features() == Feature.DOORS
        world.params[name] = 0.0
    world.spaces["waiting"] = 1
    assert features() == Feature.DOORS
    world.spaces["waiting"] = 0
    for name, number in (("mixing", COMPLETE), ("inviting_mode", inviting.TIE), ("city", 1.0)):
        before = world.params[name].copy()
        world.params[name] = number
        assert features() == Feature.MEETING
        world.params[name] = before


def test_a_changed_copy_is_compiled_with_the_same_features() -> None:
    scenario = plain().compiled_with(Feature.SPACES)
    assert scenario == plain()
    assert features_of(scenario.with_({"days": 3})) == Feature.SPACES
    assert scenario.with_({"days": 3}).compiled_with(Feature.DOORS).features == Feature.SPACES | Feature.DOORS


# --- runs that belong together


def test_scenarios_compiled_alike_have_the_features_of_all() -> None:
    alike = compiled_alike({"a": plain(), "b": plain(gates=FEE)}, [plain(community={"mixing": "complete"})])
    assert {features_of(scenario) for scenario in alike.values()} == {Feature.DOORS | Feature.MEETING}


def test_the_arms_of_a_comparison_are_compiled_alike() -> None:
    arms = {"a": plain(), "b": plain(gates=FEE)}
    question = Question(arms, (response("members@20", 20),), 3, 1)
    plan = question.plan(3)
    assert {features_of(plan.run(number).scenario) for number in range(plan.runs)} == {Feature.DOORS}


def test_the_levels_of_a_design_are_compiled_alike() -> None:
    mark = Mark(Source(""))
    levels = (
        Level("free"),
        Level("fee", (value_override("", "gates.fee", FEE["fee"]),)),
        Level("wrong", (value_override("", "gates.fee", {"kind": "none"}),)),
    )
    factors = (
        Factor("gates", "gates", mark, levels),
        Factor("openness", "community.openness", mark, low=0.0, high=1.0),
    )
    scenarios: dict[str | None, Scenario] = {None: plain(), "mixed": plain(community={"mixing": "complete"})}
    design = Design(
        "", "", "", Bases(scenarios, None), factors, [(level,) for level in levels], 1, 1, (), (), "", {}
    )
    alike = design.compiled_alike()
    assert [features_of(alike.scenario(point)) for point in (0, 1)] == [Feature.DOORS] * 2
    assert features_of(alike.bases.variant("mixed")) == Feature.MEETING  # no level selects it


def test_whether_the_loop_is_compiled_depends_on_the_features(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warmup, "cache_folder", lambda: tmp_path)
    warmup.mark("loop", plain()).touch()
    assert warmup.is_compiled(plain(days=3))
    assert warmup.is_compiled(plain(gates=FEE)) is not IS_COMPILED


# --- what is compiled


@compiled(only_with=Feature.DOORS, otherwise=-1.0)
def twice(world: World, x: float) -> float:
    return 2.0 * x


@compiled
def call_twice(world: World, x: float) -> float:
    return twice(world, x) + 1.0


def test_without_its_feature_a_function_gives_its_constant_to_compiled_callers() -> None:
    world = Community(plain()).machine.world
    assert world.has == NOTHING
    for _again in range(2):
        assert call_twice(world, 3.0) == (0.0 if IS_COMPILED else 7.0)
        for features in (Feature.DOORS, EVERYTHING):
            assert call_twice(world._replace(features=marker(features)), 3.0) == 7.0
    assert twice(world, 3.0) == 6.0  # Python calls the function itself


@needs_compilation
def test_each_set_of_features_has_its_own_code() -> None:
    world = Community(plain()).machine.world
    for features in (NOTHING, Feature.SPACES):
        assert has_room(world._replace(features=marker(features))) in (True, False)
    compiled_for = [kinds[0].features for kinds in has_room.dispatcher.signatures]
    assert {NOTHING, Feature.SPACES} <= set(compiled_for)
    assert len(compiled_for) == len(set(compiled_for))


@needs_compilation
def test_nothing_of_a_feature_is_compiled_without_it() -> None:
    at_end(plain(days=1))
    assert NOTHING in [kinds[0].features for kinds in run_until.dispatcher.signatures]
    assert all(kinds[0].features & Feature.SPACES for kinds in move.inner.overloads)


@needs_compilation
def test_integers_of_any_width_call_the_same_code() -> None:
    narrow = [np.int32(3), np.uint8(3), np.uint16(3), 3, Feature.DOORS]
    for number in narrow:
        assert call_many_widths(np.array([number]), Feature.SPACES) == 3 * int(number) + 2 + 2
    assert len(one_more.inner.overloads) == 1


@compiled
def one_more(number: int) -> int:
    return number + 1


@compiled(cache=False)  # a caller read from the cache would compile nothing
def call_many_widths(numbers: Any, feature: Any) -> int:
    return one_more(numbers[0]) + one_more(3 * 0) + 2 * int(numbers[0]) + int(feature)


# --- no result depends on them


def assert_it_does_without_what_it_does_not_use(scenario: Scenario) -> None:
    """The same bytes in the fullest kernel and in the fullest one without each feature that it does not use."""
    full = at_end(scenario.compiled_with(EVERYTHING))
    for feature in Feature:
        if not features_of(scenario) & feature:
            assert_the_same(full, at_end(scenario.compiled_with(EVERYTHING & ~feature)))


@pytest.mark.parametrize("name", list(WORLDS))
def test_small_worlds_do_without_what_they_do_not_use(name: str) -> None:
    assert_it_does_without_what_it_does_not_use(small_world(name))


@pytest.mark.parametrize("name", shipped())
def test_shipped_scenarios_do_without_what_they_do_not_use(name: str) -> None:
    base = Scenario.load(name)
    for variant in (None, *base.variants):
        scenario = Scenario.load(name, variant, {"days": 15, "journal": "full"})
        assert_it_does_without_what_it_does_not_use(scenario)


def test_a_shipped_scenario_gives_the_same_bytes_in_its_own_kernel() -> None:
    scenario = Scenario.load("open-group", None, {"days": 30, "journal": "full"})
    assert features_of(scenario) == NOTHING
    assert_the_same(at_end(scenario), at_end(scenario.compiled_with(EVERYTHING)))


def test_a_plain_scenario_gives_the_same_bytes_in_the_fullest_kernel() -> None:
    assert features_of(plain()) == NOTHING
    assert_the_same(at_end(plain()), at_end(plain().compiled_with(EVERYTHING)))


def test_a_single_room_that_ranks_has_its_board() -> None:
    ranks = plain(
        gates={}, spaces={"group": {"ranks": True}}, community={"openness": 0.4, "strangers_per_day": 8}
    )
    assert features_of(ranks) == Feature.SPACES
    assert_it_does_without_what_it_does_not_use(ranks)
    own = at_end(ranks.compiled_with(EVERYTHING & ~Feature.SPACES))
    assert own[1].has == EVERYTHING
    assert (own[1].board >= 0).any()
    assert not same_bytes(own[0], at_end(ranks.with_({"spaces.group.ranks": None}))[0])


def test_of_what_comes_into_use_in_flight_no_more_is_compiled() -> None:
    machine = Community(plain()).machine
    machine.compile_what_is_used()
    assert machine.world.has == NOTHING
    machine.replace_gates((FeeGate(kind="fee", amount=20.0),))
    machine.compile_what_is_used()
    assert machine.world.has == Feature.DOORS
    machine.params["mixing"] = COMPLETE
    machine.compile_what_is_used()
    assert machine.world.has == Feature.DOORS | Feature.MEETING


def test_a_feature_that_comes_into_use_in_flight_is_compiled_then() -> None:
    def run(features: Feature) -> tuple[Any, World]:
        journal = Journal()
        community = Community(plain().compiled_with(features), sink=journal)
        community.run_until(5.0)
        assert community.machine.world.has == features
        community.machine.replace_gates((FeeGate(kind="fee", amount=20.0),))
        community.run_until(10.0)
        community.machine.params["pay_inviter"] = 3.0
        community.machine.parameters_changed()
        community.run_until(20.0)
        community.machine.empty_journal()
        return journal.rows, community.machine.world

    late, full = run(EVERYTHING & ~Feature.DOORS), run(EVERYTHING)
    assert late[1].has == EVERYTHING
    assert float(late[1].totals["income"][0]) > 0.0
    assert_the_same(late, full)


def test_a_branch_is_compiled_with_the_features_of_before_and_after(tmp_path: Any) -> None:
    from shequn.sim.saving.state_file import read_state

    before = Community(plain(gates=LINE).compiled_with(EVERYTHING))
    before.run_until(5.0)
    before.save(tmp_path / "state.npz")

    def branch(features: Feature, sink: Any = None) -> Community:
        after = plain(gates={}).compiled_with(features)
        return Community(after, past=read_state(tmp_path / "state.npz"), sink=sink)

    def rest(features: Feature) -> tuple[Any, World]:
        journal = Journal()
        after = branch(features, journal)
        after.run_until(20.0)
        after.machine.empty_journal()
        return journal.rows, after.machine.world

    narrow = branch(NOTHING).machine
    narrow.compile_what_is_used()
    assert narrow.world.has == Feature.DOORS
    without = rest(EVERYTHING & ~Feature.DOORS)
    assert without[1].has == EVERYTHING
    assert_the_same(without, rest(EVERYTHING))
