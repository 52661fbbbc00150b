"""Groups of the population: who belongs to which, their traits, and what operations and duties do with them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from shequn import Community, Scenario, ScenarioError
from shequn.app.explanation.scenario import explain
from shequn.sim.kernel.chance import fresh_keys
from shequn.sim.kernel.everybody import Everybody
from shequn.sim.kernel.state import NOBODY, Channel, JournalKind, State, journal_dtype
from shequn.sim.operator import operation_keys
from shequn.sim.population import expected_quality, groups_of, new_people
from shequn.sim.results.groups import group_names, groups_table
from shequn.sim.results.stays import stays_of
from shequn.sim.running import simulate
from shequn.sim.saving.state_file import StateError, read_state, write_state
from tests.sim.results.identities import check_identities
from tests.sim.small_worlds import run, world
from tests.sim.traits import traits_of

ERROR = 1e-4  # level of error of each statistical test; seeds are fixed
SEED = 5
EXPERT = {"share": 0.1, "quality": {"a": 9, "b": 2}, "talkativeness": {"mean": 0.8, "log_sd": 0.5}}
MIXTURE = {"ordinary": {"share": 0.7}, "expert": EXPERT, "lurker": {"share": 0.2, "readers": {"share": 1}}}
TRAITS = ("quality", "topic", "drivers", "talkativeness", "pace", "contentment")


def scenario(groups: Any = None, **more: Any) -> Scenario:
    values = {"people": 400, "founders": 80, **more.pop("population", {})}
    population = values if groups is None else {**values, "groups": groups}
    return Scenario.from_mapping({"format": 2, "title": "x", "days": 20, "population": population, **more})


def drawn(groups: Any, n: int = 40_000, **more: Any) -> tuple[npt.NDArray[Any], npt.NDArray[np.int8]]:
    """The traits and groups of ``n`` people with the keys 0 … n - 1."""
    population = scenario(groups, **more).population
    people = Everybody(*traits_of(np.arange(n), SEED, population))[:]
    return people, groups_of(people["key"], SEED, population)


def test_each_group_has_its_share_of_the_people() -> None:
    n, numbers = 40_000, drawn(MIXTURE)[1]
    for number, group in enumerate(MIXTURE.values()):
        low, high = stats.binom.interval(1 - ERROR / len(MIXTURE), n, group["share"])
        assert low <= (numbers == number).sum() <= high


def test_a_group_without_a_share_has_nobody_and_one_with_all_has_everybody() -> None:
    assert set(drawn({"a": {"share": 0}, "b": {"share": 1}, "c": {"share": 0}})[1].tolist()) == {1}


def test_a_group_has_its_own_distributions_and_else_those_of_the_population() -> None:
    people, numbers = drawn(MIXTURE, population={"quality": {"a": 2, "b": 5}})
    for number, (a, b) in enumerate(((2, 5), (9, 2), (2, 5))):
        quality = people["quality"][numbers == number].astype(float)
        assert stats.kstest(quality, stats.beta(a, b).cdf).pvalue > ERROR / 3
    expert = np.log(people["talkativeness"][numbers == 1].astype(float))
    assert stats.kstest((expert - np.log(0.8) + 0.125) / 0.5, stats.norm.cdf).pvalue > ERROR
    ordinary = np.log(people["talkativeness"][numbers == 0].astype(float))
    assert stats.kstest((ordinary - np.log(0.18) + 0.54**2 / 2) / 0.54, stats.norm.cdf).pvalue > ERROR
    assert (people["talkativeness"][numbers == 2] == 0).all()


def test_every_trait_of_a_group_is_its_own() -> None:
    own = {
        "quality": {"distribution": "uniform", "low": 0.5, "high": 0.5},
        "drivers": {"honor": 1, "interest": 0, "benefit": 0, "relationship": 0, "locality": 0, "spread": 0},
        "topic": {"centre": 0.25, "spread": 0},
        "talkativeness": {"mean": 2, "log_sd": 0},
        "pace": {"mean": 3, "log_sd": 0},
        "contentment_sd": 0,
    }
    people, numbers = drawn({"one": {"share": 0.5, **own}, "rest": {"share": 0.5}}, n=1000)
    one = people[numbers == 0]
    assert 0 < len(one) < 1000
    due = {"quality": 0.5, "topic": 0.25, "talkativeness": 2, "pace": 3, "contentment": 0}
    for trait, value in due.items():
        assert (one[trait] == value).all(), trait
        assert not (people[trait][numbers == 1] == value).any(), trait
    assert (one["drivers"] == [1, 0, 0, 0, 0, 0]).all()


def test_groups_that_are_like_the_population_change_nobody() -> None:
    """To the byte, as a draw does not depend on how many draw with it."""
    alike, without = drawn({"a": {"share": 0.3}, "b": {"share": 0.7}})[0], drawn(None)[0]
    for trait in TRAITS:
        assert np.array_equal(alike[trait], without[trait])


def test_one_person_more_changes_nobody() -> None:
    (people, numbers), (more, numbers_more) = drawn(MIXTURE, n=1000), drawn(MIXTURE, n=1001)
    assert np.array_equal(numbers, numbers_more[:1000])
    for trait in TRAITS:
        assert np.array_equal(people[trait], more[trait][:1000])


def test_two_arms_with_another_quality_of_a_group_give_the_same_people_the_same_luck() -> None:
    better = {**MIXTURE, "expert": {**EXPERT, "quality": {"a": 30, "b": 2}}}
    (people, numbers), (others, same) = drawn(MIXTURE), drawn(better)
    assert np.array_equal(numbers, same)
    expert = numbers == 1
    for trait in TRAITS:
        assert np.array_equal(people[trait][~expert], others[trait][~expert])
        assert trait == "quality" or np.array_equal(people[trait][expert], others[trait][expert])
    luck = stats.beta(9, 2).cdf(people["quality"][expert].astype(float))
    assert np.allclose(luck, stats.beta(30, 2).cdf(others["quality"][expert].astype(float)), atol=1e-4)


def test_a_group_of_another_share_only_moves_people_at_the_border() -> None:
    wider = {**MIXTURE, "expert": {**EXPERT, "share": 0.15}, "lurker": {"share": 0.15}}
    before, after = drawn(MIXTURE)[1], drawn(wider)[1]
    moved = before != after
    assert (before[moved] == 2).all()
    assert (after[moved] == 1).all()


def test_without_groups_there_is_no_array() -> None:
    assert len(Community(scenario(), seed=SEED).machine.world.groups) == 0


def test_the_expected_quality_is_that_of_the_mixture() -> None:
    mixed = scenario(MIXTURE, population={"quality": {"a": 2, "b": 3}})
    assert expected_quality(mixed.population) == pytest.approx(0.9 * 0.4 + 0.1 * 9 / 11)
    assert Community(mixed).machine.params["population_level"] == pytest.approx(0.9 * 0.4 + 0.1 * 9 / 11)


def test_staff_belong_to_no_group_and_roles_come_after_groups() -> None:
    mixed = scenario(
        MIXTURE, population={"leaders": {"count": 5, "quality": 0.9}}, staff={"host": {"people": 2}}
    )
    world_ = Community(mixed, seed=SEED).machine.world
    assert world_.groups[-2:].tolist() == [NOBODY] * 2
    assert (world_.groups[:-2] != NOBODY).all()
    founders = np.flatnonzero(world_.people["state"] == State.MEMBER)
    assert (world_.people["quality"][founders] == np.float32(0.9)).sum() == 5


def test_a_real_group_keeps_what_its_log_says(tmp_path: Path) -> None:
    table = tmp_path / "members.csv"
    table.write_text("person,joined,last_seen,events,quality\na,-9,-1,5,0.25\nb,-8,-1,5,\n", encoding="utf-8")
    mixed = scenario(
        {"all": {"share": 1, "quality": {"a": 50, "b": 1}}}, population={"from_log": {"file": str(table)}}
    )
    people = Community(mixed, seed=SEED).machine.world.people
    assert people["quality"][0] == np.float32(0.25)
    assert people["quality"][1] > 0.8


BRING = {
    "named": {"do": "shock", "day": 2, "people": 300, "over": 1, "group": "expert"},
    "own": {"do": "shock", "day": 2, "people": 50, "group": "expert", "quality": {"distribution": "uniform"}},
    "daily": {"do": "arrivals", "day": 3, "per_day": 4, "group": "lurker"},
    "any": {"do": "shock", "day": 4, "people": 300},
}


@pytest.fixture(scope="module")
def brought() -> Community:
    community = Community(scenario(MIXTURE, operations=BRING), seed=SEED)
    for _ in range(6):
        community.step()
    return community


def newcomers(community: Community, name: str) -> npt.NDArray[np.int64]:
    """Positions of the people whom an operation brought."""
    number = list(BRING).index(name)
    key = operation_keys(community.settings.operations)[number]
    world_ = community.machine.world
    return np.flatnonzero(np.isin(world_.people["key"], fresh_keys(key, 0, 300)))


@pytest.mark.parametrize(("name", "group"), [("named", 1), ("own", 1), ("daily", 2)])
def test_an_operation_brings_people_of_the_group_that_it_names(
    brought: Community, name: str, group: int
) -> None:
    who = newcomers(brought, name)
    assert len(who) > 20
    assert (brought.machine.world.groups[who] == group).all()


def test_people_of_a_named_group_have_its_traits_unless_the_operation_has_its_own(brought: Community) -> None:
    people = brought.machine.world.everybody
    expert, own = (people["quality"][newcomers(brought, name)].astype(float) for name in ("named", "own"))
    assert stats.kstest(expert, stats.beta(9, 2).cdf).pvalue > ERROR
    assert stats.kstest(own, stats.uniform.cdf).pvalue > ERROR
    assert (people["talkativeness"][newcomers(brought, "daily")] == 0).all()


def test_fresh_people_are_drawn_from_the_mixture_where_no_group_is_named(brought: Community) -> None:
    world_, who = brought.machine.world, newcomers(brought, "any")
    keys = np.ascontiguousarray(world_.people["key"][who])
    assert np.array_equal(world_.groups[who], groups_of(keys, SEED, brought.settings.population))
    for number, group in enumerate(MIXTURE.values()):
        low, high = stats.binom.interval(1 - ERROR / len(MIXTURE), len(who), group["share"])
        assert low <= (world_.groups[who] == number).sum() <= high


def test_a_choice_of_members_keeps_to_its_group() -> None:
    """Also to those whom an operation brought to it: their keys alone do not say so."""
    out = {"do": "remove", "day": 7, "who": "random", "share": 1.0, "group": "expert"}
    community = Community(scenario(MIXTURE, operations={**BRING, "out": out}), seed=SEED)
    for _ in range(6):
        community.step()
    world_ = community.machine.world
    members = world_.people["state"] == State.MEMBER
    before, expert = world_.people["state"].copy(), world_.groups == 1
    assert members[newcomers(community, "named")].any()
    assert (members & expert).any()
    community.operator.carry_out(len(BRING))
    after = community.machine.world.people["state"]
    assert not ((after == State.MEMBER) & expert).any()
    assert np.array_equal(after[~expert], before[~expert])
    assert ((after == State.REMOVED) == (members & expert)).all()


def test_the_share_of_a_choice_is_of_the_group() -> None:
    out = {"do": "remove", "day": 1, "who": "lowest_quality", "share": 0.5, "group": "ordinary"}
    community = Community(scenario(MIXTURE, operations={"out": out}), seed=SEED)
    world_ = community.machine.world
    quality = world_.people["quality"]
    ordinary = np.flatnonzero((world_.groups == 0) & (world_.people["state"] == State.MEMBER))
    community.operator.carry_out(0)
    gone = np.flatnonzero(community.machine.world.people["state"] == State.REMOVED)
    due = ordinary[np.argsort(quality[ordinary], kind="stable")][: round(len(ordinary) / 2)]
    assert np.array_equal(gone, np.sort(due))


def test_a_duty_turns_to_the_members_of_its_group() -> None:
    duty = {"job": "host", "do": "talk", "who": "random", "share": 1.0, "group": "expert"}
    community = Community(scenario(MIXTURE, staff={"host": {}}, duties={"coffee": duty}), seed=SEED)
    world_ = community.machine.world
    chosen = community.settings.duties["coffee"].chosen(community.operator, 0)  # type: ignore[attr-defined]
    members = world_.people["state"] == State.MEMBER
    assert np.array_equal(np.sort(chosen), np.flatnonzero(members & (world_.groups == 1)))
    assert len(chosen)


# the ready-made groups, and how groups merge


def test_six_needs_are_written_out() -> None:
    six = scenario("six-needs")
    groups = six.resolved()["population"]["groups"]
    assert list(groups) == [
        "keep-in-touch",
        "work",
        "make-friends",
        "learn",
        "promote-themselves",
        "daily-life",
    ]
    weights = [
        [value for name, value in group["drivers"].items() if name != "spread"] for group in groups.values()
    ]
    assert np.allclose(np.sum(weights, axis=1), 1)
    assert len({tuple(row) for row in weights}) == 6
    assert {group["share"] for group in groups.values()} == {1 / 6}
    assert Scenario.from_mapping(six.resolved()) == six


def test_a_change_by_name_goes_into_the_ready_made_groups() -> None:
    values = {
        "format": 2, "title": "x", "population": {"groups": "six-needs"},
        "variants": {
            "good": {"population": {"groups": {"learn": {"quality": {"a": 9, "b": 2}}}}},
            "none": {"population": {"groups": None}},
            "own": {"population": {"groups": dict.fromkeys(("work", "learn"))}},
        },
    }  # fmt: skip
    values["variants"]["own"]["population"]["groups"] |= {"pupil": {"share": 2 / 6}}  # type: ignore[index]
    good = Scenario.from_mapping(values, "good").population.groups
    assert good["learn"].quality is not None
    assert good["learn"].drivers == Scenario.from_mapping(values).population.groups["learn"].drivers
    assert not Scenario.from_mapping(values, "none").population.groups
    assert list(Scenario.from_mapping(values, "own").population.groups)[-1] == "pupil"
    assert len(Scenario.from_mapping(values, "own").population.groups) == 5


def test_options_set_groups() -> None:
    assert len(scenario().with_({"population.groups": "six-needs"}).population.groups) == 6
    assert len(scenario(MIXTURE).with_({"population": {"groups": "six-needs"}}).population.groups) == 6
    shares = {"population.groups.ordinary.share": 0.6, "population.groups.expert.share": 0.2}
    assert scenario(MIXTURE).with_(shares).population.groups["expert"].share == 0.2
    assert not scenario(MIXTURE).with_({"population.groups": None}).population.groups
    with pytest.raises(ScenarioError, match=r"there is no group named exprt; did you mean expert\?"):
        scenario(MIXTURE).with_({"population.groups.exprt.share": 0.2})


def test_groups_are_explained() -> None:
    out = {"do": "remove", "day": 6, "who": "random", "share": 0.5, "group": "expert"}
    text = " ".join(explain(scenario(MIXTURE, operations={**BRING, "out": out})).split())
    assert "10 % of the people belong to the group expert (mean quality 0.82; 0.8 posts per visit)." in text
    assert "70 % of the people belong to the group ordinary." in text
    assert "300 fresh people come to the door over 1 days, all of the group expert" in text
    assert "50 % of the members in the group expert (drawn at random) are removed" in text


def test_notes_go_by_the_drivers_of_groups() -> None:
    """Six needs have weight on locality, and on events."""
    event = {"hot": {"do": "hot_event", "day": 2}}
    six = " ".join(scenario("six-needs", operations=event).notes)
    assert (
        "without places, locality has no effect, but has weight in population.groups.keep-in-touch.drivers, "
        in six
    )
    assert "groups.work" not in six
    assert "nobody cares for events" not in six
    assert "nobody cares for events" in " ".join(scenario(MIXTURE, operations=event).notes)
    assert "locality" not in " ".join(scenario("six-needs", population={"places": {}}).notes)


# results


def test_groups_add_up_to_the_community() -> None:
    result = simulate(world("mixture"))
    check_identities(result)
    days = result.days.set_index("day")
    sums = result.groups.groupby("day")[["members", "joins", "departures", "removals"]].sum()
    assert (sums == days[sums.columns]).all(axis=None)
    quality = (
        (result.groups["members"] * result.groups["temperature"].fillna(0))
        .groupby(result.groups["day"])
        .sum()
    )
    assert np.allclose(quality, days["members"] * days["temperature"])
    end = result.groups[result.groups["day"] == 18].set_index("group")["members"]
    now = result.members[result.members["state"] == "member"]["group"].value_counts()
    assert {name: now.get(name, 0) for name in end.index} == end.to_dict()
    removed = result.groups.groupby("group")["removals"].sum()
    assert removed["ordinary"] > 0
    assert removed.sum() == removed["ordinary"]


def test_a_table_of_groups_by_hand() -> None:
    """Founders 0 (a) and 1 (b); 2 (a) joins and 0 leaves on day 1; 0 comes back on day 2, is removed on day 3."""
    rows = np.zeros(6, dtype=journal_dtype)
    rows["time"] = (0.0, 0.0, 0.0, 0.5, 1.5, 2.0)
    rows["person"] = (0, 1, 2, 0, 0, 0)
    rows["kind"] = [JournalKind[word] for word in ("JOIN", "JOIN", "JOIN", "LEAVE", "JOIN", "REMOVE")]
    rows["detail"] = (Channel.FOUNDER, Channel.FOUNDER, Channel.ARRIVAL, 0, Channel.STRANGER, 0)
    people = new_people(4)
    people["quality"] = (0.25, 0.5, 0.75, 0.125)
    outcome = SimpleNamespace(
        scenario=scenario({"a": {"share": 0.5}, "b": {"share": 0.5}}), people=people, membership=rows,
        days=np.zeros(4, dtype=[("day", "i8")]), groups=np.array([0, 1, 0, NOBODY], dtype=np.int8),
    )  # fmt: skip
    outcome.days["day"] = range(4)
    table = groups_table(outcome, stays_of(rows))
    assert table["day"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    a, b = table[table["group"] == "a"], table[table["group"] == "b"]
    assert a["members"].tolist() == [1, 1, 2, 1]
    assert a["joins"].tolist() == [0, 1, 1, 0]
    assert a["departures"].tolist() == [0, 1, 0, 0]
    assert a["removals"].tolist() == [0, 0, 0, 1]
    assert a["temperature"].tolist() == [0.25, 0.75, 0.5, 0.75]
    assert b["members"].tolist() == [1, 1, 1, 1]
    assert b[["joins", "departures", "removals"]].sum().sum() == 0
    assert b["temperature"].tolist() == [0.5] * 4
    assert group_names(outcome, np.array([3, 1])).tolist() == [None, "b"]


def test_a_community_without_groups_has_no_rows_and_no_table() -> None:
    result = simulate(scenario(days=3))
    assert not len(result.groups)
    assert "groups" not in result.tables()
    assert result.members["group"].isna().all()


# saving and restoring


def test_groups_are_saved_and_a_restored_run_goes_on_in_the_same_way(tmp_path: Path) -> None:
    """The removal of day 12 must find the experts and the ordinary who came before the state was saved."""
    whole = run(world("mixture"))[1]
    out = {"do": "remove", "day": 14, "who": "random", "share": 0.7, "group": "expert"}
    for more in ({}, {"operations": {"out": out}}):
        straight = run(world("mixture").with_(more))[1]
        simulate(world("mixture").with_(more), until=11, save=tmp_path / "state.npz")
        rest = simulate(world("mixture").with_(more), past=read_state(tmp_path / "state.npz"))
        later = rest._collector.rows  # type: ignore[union-attr]
        assert np.array_equal(later, straight[len(straight) - len(later) :])
        assert (len(whole) == len(straight)) == (not more)


@pytest.mark.parametrize("forge", ["another", "too long", "too high", "missing", "of staff"])
def test_forged_groups_are_refused(tmp_path: Path, forge: str) -> None:
    simulate(world("mixture"), until=8, save=tmp_path / "state.npz")
    about, arrays, _ = read_state(tmp_path / "state.npz")
    groups = arrays["world.groups"].copy()
    match forge:
        case "another":
            groups[0] = (groups[0] + 1) % 3
        case "too long":
            groups = np.append(groups, np.int8(0))
        case "too high":
            groups[-1] = 3
        case "missing":
            groups = groups[:0]
        case _:
            groups[groups == NOBODY] = 0
    arrays["world.groups"] = groups
    write_state(tmp_path / "forged.npz", about, arrays)
    with pytest.raises(StateError, match="does not fit together"):
        Community.load(tmp_path / "forged.npz")


def test_a_branch_cannot_have_other_groups_nor_another_order_of_them(tmp_path: Path) -> None:
    simulate(scenario(MIXTURE), until=2, save=tmp_path / "state.npz")
    past = read_state(tmp_path / "state.npz")
    backwards = dict(reversed(MIXTURE.items()))
    for other in (
        backwards,
        {**MIXTURE, "expert": {**EXPERT, "quality": {"a": 8, "b": 2}}},
        "six-needs",
        None,
    ):
        with pytest.raises(ScenarioError, match=r"population\.groups.* cannot change on day 2"):
            simulate(scenario(other), past=past)
