"""Who has a record as a member, the traits drawn when it is made, and the blank one of everybody else."""

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from shequn.agents.drivers import N_DRIVERS, Driver
from shequn.sim.kernel.chance import Purpose, normal, uniform
from shequn.sim.kernel.entry import come_to_door
from shequn.sim.kernel.membership import depart, join
from shequn.sim.kernel.people import (
    draw_drivers,
    draw_traits,
    fill_drivers,
    member_of,
    open_record,
    open_records,
    redraw_drivers,
)
from shequn.sim.kernel.quantiles import gamma_quantile
from shequn.sim.kernel.state import NEVER, NOBODY, Channel, Reason, member_dtype
from shequn.sim.kernel.ties import find_link, interact, update_neighbours, used_tie
from shequn.sim.population import distributions_of, new_members, with_records
from shequn.sim.scenario.population import Population
from tests.sim.kernel.laws.worlds import PEOPLE, inside, outside
from tests.sim.records import check_records, record_of, records

NO_INDEX = {"invited_by", "seen_leaving_of", "application", "account"}
NOT_DRAWN = {"drivers", "talkativeness", "pace", "contentment", "x", "y"}
SEED, KEY = 7, 12345


def test_all_outsiders_share_the_blank_record() -> None:
    world = outside(records=False)
    assert world.totals[0]["n_records"] == 1
    assert not world.people["member"].any()
    blank = member_of(world, 3)
    assert blank.tobytes() == world.members[0].tobytes() == new_members(0)[0].tobytes()
    assert blank["left_at"] == NEVER
    assert {blank[name] for name in NO_INDEX} == {NOBODY}
    assert all(np.isnan(blank[name]).all() for name in NOT_DRAWN)
    others = set(member_dtype.names or ()) - {"left_at"} - NO_INDEX - NOT_DRAWN
    assert {name for name in others if blank[name] != 0} == set()
    with pytest.raises(AssertionError, match="person 3 has no record"):
        record_of(world, 3)


def test_a_record_is_opened_once_and_begins_as_the_blank_one_with_traits() -> None:
    world = outside(records=False)
    world.members[1] = np.ones(1, dtype=member_dtype)[0]  # left by nobody
    open_record(world, 7)
    assert (world.people["member"][7], world.totals[0]["n_records"]) == (1, 2)
    own, blank = record_of(world, 7), world.members[0]
    for name in set(member_dtype.names or ()) - NOT_DRAWN:
        assert own[name] == blank[name], name
    assert (own["pace"], own["talkativeness"], own["contentment"]) == (1.0, 0.5, 0.0)
    assert np.isnan([own["x"], own["y"]]).all()  # no places
    own["gains"], own["pace"] = 2.0, 3.0
    assert member_of(world, 7)["gains"] == 2.0
    assert member_of(world, 6)["gains"] == 0.0
    open_record(world, 7)
    assert (world.people["member"][7], world.totals[0]["n_records"]) == (1, 2)
    assert (record_of(world, 7)["gains"], record_of(world, 7)["pace"]) == (2.0, 3.0)
    check_records(world)


def test_records_are_opened_in_the_order_of_the_people_and_nobody_has_two() -> None:
    world = outside(records=False)
    open_records(world, np.array([5, 2, 5, 9]), np.zeros(4, dtype=np.int64), world.distributions)
    assert world.people["member"][[5, 2, 9]].tolist() == [1, 2, 3]
    assert world.totals[0]["n_records"] == 4
    check_records(world)


def test_a_world_with_records_has_room_for_them_and_keeps_what_is_written() -> None:
    world = outside(records=False)
    open_record(world, 4)
    record_of(world, 4)["n_posts"] = 9
    assert with_records(world, np.arange(3)).members is world.members  # there is room
    assert world.people["member"][:5].tolist() == [2, 3, 4, 0, 1]
    more = with_records(world._replace(members=world.members[:6].copy()), np.arange(PEOPLE))
    assert len(more.members) >= 1 + PEOPLE
    assert sorted(more.people["member"]) == list(range(1, PEOPLE + 1))
    assert [int(record_of(more, k)["n_posts"]) for k in range(PEOPLE)] == [0] * 4 + [9] + [0] * 7
    check_records(more)
    assert len(records(outside())) == PEOPLE


def test_whoever_comes_to_the_door_has_a_record_and_keeps_it_when_they_leave_and_come_again() -> None:
    world = outside(records=False)
    come_to_door(world, 8, 1.0, Channel.ARRIVAL, NOBODY)
    come_to_door(world, 3, 1.5, Channel.INVITATION, 8)
    assert world.people["member"][[8, 3]].tolist() == [1, 2]
    assert (record_of(world, 8)["invited_by"], record_of(world, 8)["n_accepted"]) == (NOBODY, 1)
    assert record_of(world, 3)["invited_by"] == 8
    depart(world, 8, 2.0, Reason.OPTIONS.value)
    assert (world.people["member"][8], record_of(world, 8)["left_at"]) == (1, 2.0)
    join(world, 8, 0, 3.0, Channel.ARRIVAL, NOBODY, 0.0)
    assert (world.people["member"][8], world.totals[0]["n_records"]) == (1, 3)
    assert (record_of(world, 8)["n_accepted"], record_of(world, 8)["commitment"]) == (1, 0.0)
    check_records(world)


def test_who_is_refused_or_waits_at_the_door_has_one_and_who_never_came_has_none() -> None:
    gates = ({"kind": "quota", "per_day": 1, "patience": "never"}, {"kind": "capacity", "members": 1})
    world = outside(gates=gates, records=False)
    for person in (0, 1, 2):
        come_to_door(world, person, 1.0, Channel.ARRIVAL, NOBODY)
    assert world.people["member"][:4].tolist() == [1, 2, 3, 0]
    assert [int(record_of(world, k)["application"]) for k in range(3)] == [NOBODY, 0, 1]
    check_records(world)


# ---- traits ---------------------------------------------------------------------------------------


def drawn(population: dict[str, Any], key: int = KEY) -> Any:
    """The record of somebody with this key, with traits drawn from a population without groups."""
    member = new_members(1)[0]
    draw_traits(SEED, np.uint64(key), distributions_of(Population.model_validate(population))[0], member)
    return member


def test_weights_are_gamma_draws_around_the_means_divided_by_their_sum() -> None:
    weights = {"honor": 1, "interest": 2, "benefit": 0, "relationship": 0, "event": 1, "locality": 0}
    shapes = np.array([0.25, 0.5, 0, 0, 0.25, 0]) * 0.6 / 0.4
    sums = []
    for key in range(20):
        member = drawn({"drivers": {**weights, "spread": 0.4}}, key)
        draws = [
            stats.gamma.ppf(uniform(SEED, Purpose.DRIVERS, key, k), shape) if shape else 0.0
            for k, shape in enumerate(shapes)
        ]
        assert member["drivers"] == pytest.approx(np.array(draws) / sum(draws), rel=1e-6)
        sums.append(sum(draws))
    assert min(sums) < 1.0 < max(sums)


def test_without_spread_all_have_the_mean_weights_and_with_all_of_it_one_driver_each() -> None:
    weights = {"honor": 1, "interest": 3, "benefit": 0, "relationship": 0, "event": 0, "locality": 0}
    assert drawn({"drivers": {**weights, "spread": 0}})["drivers"].tolist() == [0.25, 0.75, 0, 0, 0, 0]
    chosen = [
        int(np.argmax(drawn({"drivers": {**weights, "spread": 1}}, key)["drivers"])) for key in range(40)
    ]
    below = [uniform(SEED, Purpose.DRIVERS, key, 0) < 0.25 for key in range(40)]
    assert chosen == [Driver.HONOR if low else Driver.INTEREST for low in below]
    for key in range(40):
        assert sorted(drawn({"drivers": {**weights, "spread": 1}}, key)["drivers"]) == [0, 0, 0, 0, 0, 1]
    alone = {**dict.fromkeys(weights, 0), "event": 5}  # one driver is what everybody has, whatever the spread
    for spread in (0, 0.3, 1):
        assert drawn({"drivers": {**alone, "spread": spread}})["drivers"].tolist() == [0, 0, 0, 0, 1, 0]


def test_the_last_driver_takes_what_rounding_leaves_of_the_chances() -> None:
    distribution = distributions_of(Population.model_validate({"drivers": {"spread": 1}}))[0]
    distribution["drivers"] = [0.0, 0.0, 0.0, 0.0, 0.0, 1e-9]  # chances that do not add up to 1
    weights = np.empty(N_DRIVERS, dtype=np.float32)
    draw_drivers(SEED, np.uint64(KEY), distribution, weights)
    assert weights.tolist() == [0, 0, 0, 0, 0, 1]


def test_where_all_draws_vanish_the_means_are_taken() -> None:
    tiny = {"drivers": {"honor": 1, "interest": 3, "benefit": 0, "relationship": 0, "event": 0, "locality": 0,
                        "spread": 0.9999999}}  # fmt: skip
    found = [drawn(tiny, key)["drivers"].tolist() for key in range(30)]
    assert [0.25, 0.75, 0, 0, 0, 0] in found  # shapes of 1e-7: most draws are below the smallest number
    assert all(sum(weights) == pytest.approx(1.0) for weights in found)


def test_rhythm_contentment_and_place_are_draws_of_their_own() -> None:
    member = drawn(
        {"pace": {"mean": 2, "log_sd": 0.5}, "talkativeness": {"mean": 0.25, "log_sd": 0.75}, "contentment_sd": 0.1,
         "readers": {"share": 0}, "places": {"city_km": 8}}
    )  # fmt: skip
    z = {name: normal(SEED, Purpose[name], KEY, 0) for name in ("PACE", "TALKATIVENESS", "CONTENTMENT")}
    assert member["pace"] == pytest.approx(2 * math.exp(0.5 * z["PACE"] - 0.125), rel=1e-6)
    assert member["talkativeness"] == pytest.approx(
        0.25 * math.exp(0.75 * z["TALKATIVENESS"] - 0.28125), rel=1e-6
    )
    assert member["contentment"] == pytest.approx(0.1 * z["CONTENTMENT"], rel=1e-6)
    assert member["x"] == pytest.approx(8 * uniform(SEED, Purpose.PLACE_X, KEY, 0), rel=1e-6)
    assert member["y"] == pytest.approx(8 * uniform(SEED, Purpose.PLACE_Y, KEY, 0), rel=1e-6)
    village = drawn({"places": {"city_km": 0.5}})
    assert village["x"] == pytest.approx(0.5 * uniform(SEED, Purpose.PLACE_X, KEY, 0), rel=1e-6)
    same = drawn({"pace": {"mean": 2, "log_sd": 0}, "talkativeness": {"mean": 0, "log_sd": 2}})
    assert (same["pace"], same["talkativeness"]) == (2.0, 0.0)


def test_readers_never_begin_to_write() -> None:
    reads = {"talkativeness": {"mean": 0.25, "log_sd": 0}, "readers": {"share": 0.5}}
    found = [float(drawn(reads, key)["talkativeness"]) for key in range(40)]
    assert found == [0.0 if uniform(SEED, Purpose.TALKATIVENESS, key, 1) < 0.5 else 0.25 for key in range(40)]
    assert len(set(found)) == 2


def test_whoever_is_of_a_group_has_traits_from_its_distributions() -> None:
    groups = {"busy": {"share": 0.5, "pace": {"mean": 3, "log_sd": 0}}, "calm": {"share": 0.5}}
    records_of_groups = distributions_of(
        Population.model_validate({"pace": {"mean": 1, "log_sd": 0}, "groups": groups})
    )
    assert records_of_groups["pace"].tolist() == [3.0, 1.0, 1.0]  # the last one of who is of none
    world = outside(records=False)
    of = np.array([k % 2 for k in range(PEOPLE)], dtype=np.int8)
    world = world._replace(groups=of, distributions=records_of_groups)
    for person in (4, 5):
        open_record(world, person)
    assert [float(record_of(world, k)["pace"]) for k in (4, 5)] == [3.0, 1.0]
    with_records(world, np.array([6, 7]))
    assert [float(record_of(world, k)["pace"]) for k in (6, 7)] == [3.0, 1.0]
    with_records(world, np.array([8, 9]), groups=np.array([1, 0], dtype=np.int8))
    assert [float(record_of(world, k)["pace"]) for k in (8, 9)] == [1.0, 3.0]
    own = records_of_groups.copy()
    own["pace"] = 0.5
    with_records(world, np.array([10]), distributions=own)
    assert record_of(world, 10)["pace"] == 0.5


def test_weights_of_people_are_those_of_their_records_or_those_that_they_would_have() -> None:
    world = outside(records=False)
    world.distributions[:] = distributions_of(Population.model_validate({}))
    would = np.empty((2, N_DRIVERS), dtype=np.float32)
    fill_drivers(world, np.array([3, 8]), would)
    for k, person in enumerate((3, 8)):
        assert world.people["member"][person] == 0
        open_record(world, person)
        assert would[k].tolist() == record_of(world, person)["drivers"].tolist()
    record_of(world, 8)["drivers"] = [1, 0, 0, 0, 0, 0]
    fill_drivers(world, np.array([8, 3]), would)
    assert would[0].tolist() == [1, 0, 0, 0, 0, 0]
    assert would[1].tolist() == record_of(world, 3)["drivers"].tolist()


def test_weights_are_drawn_again_from_the_present_distributions_where_there_are_any() -> None:
    world = outside(records=False)
    open_record(world, 3)
    before = record_of(world, 3).copy()
    world.distributions["drivers"] = [0, 0, 1, 0, 0, 0]
    redraw_drivers(world, np.arange(PEOPLE))
    assert record_of(world, 3)["drivers"].tolist() == [0, 0, 1, 0, 0, 0]
    assert record_of(world, 3)["pace"] == before["pace"]
    assert np.isnan(world.members[0]["drivers"]).all()
    assert world.totals[0]["n_records"] == 2


@pytest.mark.parametrize("shape", [1e-7, 0.1, 0.5, 1.0, 3.0, 900.0])
def test_the_quantile_is_that_of_the_gamma_distribution(shape: float) -> None:
    for probability in (0.01, 0.5, 0.99):
        assert (
            stats.gamma.cdf(gamma_quantile(shape, probability), shape)
            == pytest.approx(max(probability, stats.gamma.cdf(0.0, shape)), rel=1e-9)
            or gamma_quantile(shape, probability) == 0.0
        )


def test_of_an_outsiders_friends_only_their_number_and_given_strength_are_known() -> None:
    world = outside({"relationship": {"growth": 0.5}}, edges=((0, 1), (0, 2), (1, 2)), records=False)
    with_records(world, np.array([0, 1]))
    inside(world, 0, 1)
    interact(world, 0, 1, 1.0, False)
    used_tie(world, 0, find_link(world, 0, 2))  # used, but nothing has grown
    update_neighbours(world, 0, 2.0, -1)
    update_neighbours(world, 0, 3.0, 1)
    assert (world.people["ties_inside"][2], world.people["base_inside"][2]) == (2, 1.0)
    assert record_of(world, 1)["grown_inside"] > 0.0
    check_records(world)
