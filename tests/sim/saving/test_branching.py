"""A saved run goes on as if it had never stopped, or under another policy where that can be."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shequn import Community, Scenario, ScenarioError, simulate
from shequn.agents.rules import GROUPS
from shequn.sim.kernel.state import JournalKind, State
from shequn.sim.result import Result
from shequn.sim.saving.branching import changes, check_changes
from shequn.sim.saving.state_file import read_state
from tests.sim.results.identities import check_identities
from tests.sim.small_worlds import WORLDS, world
from tests.sim.test_identities import scenarios


def in_two(scenario: Scenario, day: int, path: Path, seed: int = 5) -> tuple[Result, Result]:
    """A run up to a day, and what goes on from its state."""
    before = simulate(scenario, seed, until=day, save=path)
    return before, simulate(scenario, past=read_state(path))


def joined(first: Result, rest: Result) -> Result:
    """What goes on, with the journal of the days before in front of its own."""
    rest.__dict__["journal"] = pd.concat([first.journal, rest.journal], ignore_index=True)
    return rest


def check_same(whole: Result, first: Result, rest: Result) -> None:
    """Every table, the journal and everybody's record are the same to the last bit."""
    for name, table in whole.tables().items():
        pd.testing.assert_frame_equal(table, rest.tables()[name], check_exact=True, obj=name)
    pd.testing.assert_frame_equal(whole.journal, joined(first, rest).journal, check_exact=True)
    for field in whole.outcome.people.dtype.names:
        np.testing.assert_array_equal(whole.outcome.people[field], rest.outcome.people[field], err_msg=field)
    for one, other in zip(whole.outcome.edges(), rest.outcome.edges(), strict=True):
        np.testing.assert_array_equal(one, other)


#: Days of operations and of their ends, before, between and after them.
DAYS = {
    "camp": (1, 5, 8, 9, 15, 19, 24),
    "hall": (6, 11),
    "chain": (12, 15),
    "club": (11, 12, 20),
    "school": (3, 9, 16),
    "course": (4, 7, 9, 11, 16, 20),
    "bazaar": (1, 5, 6, 13, 16, 18),
}


@pytest.mark.parametrize(("name", "day"), [(name, day) for name, days in DAYS.items() for day in days])
def test_a_run_that_was_saved_goes_on_as_if_it_had_never_stopped(tmp_path: Path, name: str, day: int) -> None:
    scenario = world(name)
    first, rest = in_two(scenario, day, tmp_path / "state.npz")
    assert len(first.days) == day + 1
    check_same(simulate(scenario, 5), first, rest)


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(values=scenarios(), seed=st.integers(0, 1000), day=st.integers(1, 24))
def test_so_does_any_run(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any], seed: int, day: int
) -> None:
    scenario = Scenario.from_mapping(values)
    first, rest = in_two(scenario, day, tmp_path_factory.mktemp("state") / "state.npz", seed)
    check_same(simulate(scenario, seed), first, rest)


def test_a_run_saved_twice_goes_on_the_same(tmp_path: Path) -> None:
    scenario = world("camp")
    simulate(scenario, 5, until=7, save=tmp_path / "7.npz")
    simulate(scenario, past=read_state(tmp_path / "7.npz"), until=16, save=tmp_path / "16.npz")
    at_once = simulate(scenario, 5, until=16, save=tmp_path / "at-once.npz")
    assert len(at_once.days) == 17
    one, two = (read_state(tmp_path / name).arrays for name in ("16.npz", "at-once.npz"))
    for name in one:
        if name != "world.totals":
            assert one[name].tobytes() == two[name].tobytes(), name


def test_the_same_state_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        simulate(world("hall"), 2, until=9, save=tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.npz", "b.npz"]


def test_up_to_a_day_the_tables_are_those_of_a_run_of_so_many_days(tmp_path: Path) -> None:
    until = simulate(world("camp"), 5, until=15, save=tmp_path / "state.npz")
    short = simulate(world("camp", days=15), 5)
    for name, table in short.tables().items():
        pd.testing.assert_frame_equal(table, until.tables()[name], check_exact=True, obj=name)


def test_a_graphs_file_is_needed_no_more(tmp_path: Path) -> None:
    pairs = [(f"p{i}", f"p{(i * 7 + k) % 90}") for i in range(90) for k in (1, 3)]
    file = tmp_path / "friends.csv"
    file.write_text("a,b\n" + "".join(f"{a},{b}\n" for a, b in pairs if a != b), encoding="utf-8")
    scenario = world("hall", population__graph={"file": str(file)})
    whole = simulate(scenario, 5)
    first = simulate(scenario, 5, until=9, save=tmp_path / "state.npz")
    file.unlink()
    community = Community.load(tmp_path / "state.npz")
    rest = simulate(community.settings, past=read_state(tmp_path / "state.npz"))
    check_same(whole, first, rest)
    assert set(rest.members["label"]) <= {f"p{i}" for i in range(90)}


# ---- Community, from Python


def steps(community: Community, days: int) -> Community:
    for _ in range(days):
        community.step()
    return community


def test_a_community_is_saved_between_two_steps_and_loaded(tmp_path: Path) -> None:
    one = steps(Community(world("club"), seed=3), 12)  # operations of day 12 have been carried out
    one.save(tmp_path / "day-12.npz")
    other = Community.load(tmp_path / "day-12.npz")
    assert (other.time, other.steps, other.running, other.run_seed) == (12.0, 12, True, 3)
    assert len(other.datacollector.get_model_vars_dataframe()) == 13
    for community in (one, other):
        steps(community, 16)
    assert one.machine.days.tobytes() == other.machine.days.tobytes()
    frames = [c.datacollector.get_model_vars_dataframe() for c in (one, other)]
    pd.testing.assert_frame_equal(*frames, check_exact=True)
    assert not other.running


def test_a_community_is_saved_within_a_day(tmp_path: Path) -> None:
    one = Community(world("camp"), seed=3)
    one.run_until(6.75)
    one.save(tmp_path / "state.npz")
    other = Community.load(tmp_path / "state.npz")
    assert other.time == 6.75
    for community in (one, other):
        community.run_until(24)
    assert one.machine.days.tobytes() == other.machine.days.tobytes()


def test_what_was_set_by_hand_stays_unless_the_branch_says_otherwise(tmp_path: Path) -> None:
    one = steps(Community(world("hall"), seed=3), 4)
    one.set_openness(0.95)
    one.save(tmp_path / "state.npz")
    assert Community.load(tmp_path / "state.npz").machine.params["visibility"] == 0.95
    changed = Community.load(tmp_path / "state.npz", community__visibility=0.1)
    assert changed.machine.params["visibility"] == 0.1


# ---- another policy


@pytest.fixture(scope="module")
def first_days(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """The camp up to day 12: a line at the door, arrivals under way, a hot event fading."""
    path = tmp_path_factory.mktemp("camp") / "state.npz"
    return simulate(world("camp"), 5, until=12, save=path), path


@pytest.fixture
def camp(first_days: tuple[Result, Path]) -> Path:
    """Its state."""
    return first_days[1]


def gone_on(path: Path, **overrides: Any) -> Result:
    values = {key.replace("__", "."): value for key, value in overrides.items()}
    return simulate(world("camp").with_(values), past=read_state(path))


POLICIES: dict[str, dict[str, Any]] = {
    "openness": {"community__openness": 0.95},
    "strangers": {"community__strangers_per_day": 40},
    "gates away": {"gates": []},
    "other gates": {"gates": [{"kind": "fee", "amount": 5}, {"kind": "quota", "per_day": 9}]},
    "capacity": {"community__capacity": 15},
    "order": {"community__order": "hot"},
    "placing": {"community__placing": "fill"},
    "welcome": {"duties__welcome__share": 0.0},
    "return": {"community__return_after": 1},
    "rules": {"rules__leaving__base": 0.2, "rules__inviting__rate": 0.05},
    "no operations": {"operations": []},
    "journal": {"journal": "membership"},
    "shorter": {"days": 20},
}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_branch_shares_the_past_and_parts_after_it(first_days: tuple[Result, Path], policy: str) -> None:
    first, camp = first_days
    as_was, other = gone_on(camp), gone_on(camp, **POLICIES[policy])
    check_identities(other if policy == "journal" else joined(first, other))
    one, two = as_was.outcome.days, other.outcome.days
    assert one[:13].tobytes() == two[:13].tobytes()
    if policy in ("journal", "shorter"):
        assert one[: len(two)].tobytes() == two.tobytes()
    else:
        assert one.tobytes() != two.tobytes()


def test_two_branches_share_their_luck(camp: Path) -> None:
    """A change that touches nobody changes nothing."""
    one = gone_on(camp).outcome.days
    two = gone_on(camp, staff__host__pay=6.0).outcome.days
    for name in set(one.dtype.names) - {"staff_cost", "balance"}:
        np.testing.assert_array_equal(one[name], two[name], err_msg=name)
    assert two["staff_cost"][-1] == 3 * 6.0 * 12  # a host in each of three rooms


COEFFICIENTS = [
    f"{group.name}.{c.name}" for group in GROUPS for c in group.coefficients if not isinstance(c.default, str)
]


def test_any_coefficient_that_may_change_can_and_the_identities_hold(tmp_path: Path) -> None:
    changed, refused = 0, []
    for name in ("camp", "chain"):
        path = tmp_path / f"{name}.npz"
        scenario = world(name, days=14)
        first = simulate(scenario, 1, until=10, save=path)
        past = read_state(path)
        for key in COEFFICIENTS:
            group, coefficient = key.split(".")
            other = scenario.with_({f"rules.{key}": 0.5 * float(scenario.rules[group][coefficient]) + 0.2})
            try:
                check_identities(joined(first, simulate(other, past=past)))
                changed += 1
            except ScenarioError as error:
                assert f"rules.{key} cannot change on day 10" in str(error)
                refused.append(key)
    assert set(refused) == {
        "joining.by_topic", "locality.reach", "relationship.half_life", "satisfaction.stock_half_life"
    }  # fmt: skip
    assert changed + len(refused) == 2 * len(COEFFICIENTS)


CANNOT: dict[str, Any] = {
    "population.people": 900,
    "population.founders": 29,
    "population.quality.a": 3.0,
    "population.groups": {"expert": {"share": 1}},
    "population.graph": {"generator": "none"},
    "start": "2025-01-01",
    "seed": 99,
    "community.rooms": 2,
    "community.shown": 32,
    "community.mixing": "complete",
    "community.rhythm": "flat",
    "community.return_after": "never",
    "rules.leaving.mode": "clock",
    "rules.inviting.mode": "tie",
    "rules.locality.reach": 2.0,
}


@pytest.mark.parametrize("key", CANNOT)
def test_what_cannot_differ_is_named_with_both_values(camp: Path, key: str) -> None:
    with pytest.raises(ScenarioError, match=r"cannot change on day 12: it was .*, now ") as caught:
        gone_on(camp, **{key.replace(".", "__"): CANNOT[key]})
    assert key in str(caught.value)


def test_all_that_cannot_differ_is_told_at_once(camp: Path) -> None:
    with pytest.raises(ScenarioError, match="2 errors"):
        gone_on(camp, community__rooms=2, seed=9)


def test_visits_that_were_not_written_down_cannot_be_known(tmp_path: Path) -> None:
    simulate(world("camp", journal="membership"), until=5, save=tmp_path / "state.npz")
    with pytest.raises(ScenarioError, match="journal cannot change on day 5: it was membership, now full"):
        simulate(world("camp", journal="full"), past=read_state(tmp_path / "state.npz"))


def operations(*more: dict[str, Any]) -> list[dict[str, Any]]:
    return [*WORLDS["camp"]["operations"], *more]


def test_an_operation_that_would_lie_in_the_past_is_refused(camp: Path) -> None:
    late = {"do": "set_openness", "day": 11.5, "to": 0.5}
    with pytest.raises(
        ScenarioError, match=r"operations\.set_openness-2 is new, but its day \(11.5\) is past: .* day 12"
    ):
        gone_on(camp, operations=operations(late))


def test_a_new_operation_of_the_branching_day_is_carried_out(camp: Path) -> None:
    now = {"do": "remove", "day": 12, "who": "random", "share": 1.0}
    rest = gone_on(camp, operations=operations(now))
    assert rest.days["removals"][13] == rest.days["members"][12]


def test_a_repeated_operation_goes_on_from_the_branching_day(camp: Path) -> None:
    often = {"do": "remove", "every": 4, "first": 2, "who": "random", "share": 0.5}
    rest = gone_on(camp, operations=[often])
    assert list(np.flatnonzero(rest.days["removals"])) == [15, 19, 23]


def test_what_has_begun_goes_on_to_its_end_though_the_branch_names_it_no_more(camp: Path) -> None:
    rest = gone_on(camp, operations=[])  # arrivals of day 4.5 go on for ten days
    assert rest.days["joins_arrival"][13:].sum() > 0


def test_a_condition_that_has_acted_once_does_not_act_again(camp: Path) -> None:
    """A condition that held before the state acts no more, one whose days were counted goes on counting."""
    condition = {"measure": "members", "above": 5, "for": 10}
    close = [{"do": "set_openness", "if": condition, "to": 0.1}]
    scenario = world("hall", operations=close, days=40)
    for day, openness in ((6, 0.6), (20, 0.1)):
        simulate(scenario, 5, until=day, save=camp.with_name("closing.npz"))
        assert Community.load(camp.with_name("closing.npz")).machine.params["visibility"] == openness
    rest = Community.load(camp.with_name("closing.npz"), community__visibility=0.8)
    steps(rest, 20)
    assert rest.machine.params["visibility"] == 0.8


def test_people_whom_a_new_operation_brings_are_others_than_those_before(camp: Path) -> None:
    again = {"do": "shock", "day": 14, "people": 30, "over": 1}  # its draws have the old shock's name
    rest = gone_on(camp, operations=[again])
    keys = rest.outcome.people["key"]
    assert len(np.unique(keys)) == len(keys)


def test_days_may_not_end_before_the_state_nor_grow_past_arrivals_drawn_to_the_end(tmp_path: Path) -> None:
    endless = [{"do": "arrivals", "day": 2, "per_day": 2}]
    scenario = world("hall", operations=endless)
    simulate(scenario, until=9, save=tmp_path / "state.npz")
    past = read_state(tmp_path / "state.npz")
    with pytest.raises(ScenarioError, match="days is 8, but this run is already on day 9"):
        simulate(scenario.with_({"days": 8}), past=past)
    with pytest.raises(ScenarioError, match="days cannot increase from 21 to 30: arrivals"):
        simulate(scenario.with_({"days": 30}), past=past)


def test_a_run_saved_at_its_end_can_grow_longer(tmp_path: Path) -> None:
    short, long = world("chain", days=14), world("chain", days=26)
    simulate(short, 4, until=14, save=tmp_path / "state.npz")
    rest = simulate(long, past=read_state(tmp_path / "state.npz"))
    whole = simulate(long, 4)
    for name, table in whole.tables().items():
        pd.testing.assert_frame_equal(table, rest.tables()[name], check_exact=True, obj=name)


def test_those_in_the_line_are_still_in_it_and_pass_the_new_gates(tmp_path: Path) -> None:
    scenario = world("club", gates=[{"kind": "quota", "per_day": 0.3, "patience": "never"}], operations=[])
    simulate(scenario, 3, until=10, save=tmp_path / "state.npz")
    past = read_state(tmp_path / "state.npz")
    community = Community.load(past)
    waiting = np.flatnonzero(community.machine.world.people["state"] == State.WAITING)
    assert len(waiting) > 3
    free = simulate(scenario.with_({"gates": []}), past=past)
    assert free.days["waiting"][11] == 0
    joined = free.outcome.membership[free.outcome.membership["kind"] == JournalKind.JOIN]
    at_once = set(joined["person"][joined["time"] == 10.0])
    assert set(waiting) <= at_once


def test_changes_are_named_by_their_keys() -> None:
    one = world("hall")
    assert changes(one, one.with_({"title": "Other words", "days": 3})) == []
    other = one.with_({"community.visibility": 0.1, "gates.fee": None})
    assert [change.key for change in changes(one, other)] == ["community.visibility", "gates.fee"]
    assert changes(one, other)[0][1:] == (0.6, 0.1)
    assert check_changes(one, one, 3) == []


def test_gates_and_operations_change_by_name_and_their_order_is_a_change() -> None:
    one = world("hall")
    gates, operations = one.resolved()["gates"], one.resolved()["operations"]
    other = one.with_({"gates.fee.amount": 3, "operations.remove": None})
    assert changes(one, other) == [
        ("gates.fee", gates["fee"], {**gates["fee"], "amount": 3}),
        ("operations.remove", operations["remove"], None),
    ]
    turned = one.with_({"gates": None}).with_({"gates": dict(reversed(gates.items()))})
    assert changes(one, turned) == [("gates", list(gates), list(reversed(gates)))]


def test_an_operation_under_another_name_is_not_new() -> None:
    past = {"do": "set_openness", "day": 3, "to": 0.5}
    nothing = world("hall", operations=None)
    one, renamed = (nothing.with_({"operations": {name: past}}) for name in ("early", "opened"))
    assert [change.key for change in check_changes(one, renamed, 9)] == [
        "operations.early",
        "operations.opened",
    ]
    with pytest.raises(ScenarioError, match=r"operations\.early is new, but its day \(3\) is past"):
        check_changes(nothing, one, 9)
