"""The row of a day and what changes once a day, by hand."""

import math

import numpy as np
import pytest

from shequn.sim.kernel.day import (
    active_level,
    end_of_day,
    gini,
    reputation_now,
    seen_within,
    start_day,
    top_share,
    write_row,
)
from shequn.sim.kernel.discovery import Source
from shequn.sim.kernel.state import EventKind
from shequn.sim.kernel.world import World
from tests.sim.kernel.laws.worlds import due, inside, outside

COPIED = (
    "members", "joins", "joins_stranger", "joins_invitation", "joins_arrival", "departures",
    "removals", "finds", "invitations", "accepted", "refused", "given_up", "waiting", "temperature",
    "dilution", "evaporation", "pruning", "visits", "posts", "replies", "reactions",
    "advertisements", "reports", "taken_down", "mistakes", "lapses",
    "income", "rewards", "reach_cost", "reputation",
)  # fmt: skip
OF_THE_DAY = (
    "joins", "joins_stranger", "joins_invitation", "joins_arrival", "departures", "removals",
    "finds", "invitations", "accepted", "refused", "given_up", "visits", "posts", "replies",
    "reactions", "advertisements", "reports", "taken_down", "mistakes", "lapses",
    "ranks", "n_ranks", "unread", "satisfaction",
)  # fmt: skip


def test_a_row_copies_every_count_under_its_own_name() -> None:
    world = outside()
    total = world.totals[0]
    for number, name in enumerate(COPIED, 1):
        total[name] = number
    total["staff_cost"] = 99.0
    before = int(total["n_days"])
    write_row(world, 4.0)
    row = world.days[before]
    assert total["n_days"] == before + 1
    assert row["day"] == 4
    assert {name: float(row[name]) for name in COPIED} == {
        name: float(number) for number, name in enumerate(COPIED, 1)
    }
    assert row["staff_cost"] == 99.0
    assert row["balance"] == row["income"] - row["rewards"] - row["reach_cost"] - 99.0


def test_a_row_divides_sums_by_what_they_were_summed_over() -> None:
    world = outside()
    total = world.totals[0]
    total["ranks"], total["n_ranks"] = 1.5, 4
    total["founders_top"], total["founders_top_start"] = 3, 4
    total["visits"], total["unread"], total["satisfaction"] = 5, 20.0, 2.5
    total["last_post_at"] = 1.25
    write_row(world, 4.0)
    row = world.days[int(total["n_days"]) - 1]
    names = ("leavers_rank", "founders_top_share", "unread", "satisfaction", "silence")
    assert [float(row[name]) for name in names] == [0.375, 0.75, 4.0, 0.5, 2.75]


def test_what_had_nothing_to_be_summed_over_is_missing() -> None:
    world = outside()
    write_row(world, 4.0)
    row = world.days[int(world.totals[0]["n_days"]) - 1]
    for name in (
        "leavers_rank",
        "founders_top_share",
        "unread",
        "satisfaction",
        "top1_share",
        "top10_share",
        "gini",
    ):
        assert math.isnan(row[name]), name


def test_one_of_something_is_enough_to_be_divided_by() -> None:
    world = outside()
    total = world.totals[0]
    total["ranks"], total["n_ranks"] = 0.25, 1
    total["founders_top"], total["founders_top_start"] = 1, 1
    total["visits"], total["unread"], total["satisfaction"] = 1, 3.0, 0.75
    write_row(world, 4.0)
    row = world.days[int(total["n_days"]) - 1]
    names = ("leavers_rank", "founders_top_share", "unread", "satisfaction")
    assert [float(row[name]) for name in names] == [0.25, 1.0, 3.0, 0.75]


def seen_on(days: dict[int, int], quality: float = 0.5) -> World:
    """A world with so many members last seen on each of these days."""
    world = outside()
    for day, n in days.items():
        world.totals[0]["seen"][day % 32] = n
        world.totals[0]["seen_quality"][day % 32] = n * quality
    return world


def test_active_are_those_seen_today_within_7_and_within_30_days() -> None:
    world = seen_on({40: 1, 39: 2, 34: 4, 33: 8, 11: 16, 10: 32})
    total = world.totals[0]
    assert [seen_within(total, 40, days) for days in (1, 2, 7, 8, 30, 31)] == [1, 3, 7, 15, 31, 63]
    write_row(world, 41.0)
    row = world.days[int(total["n_days"]) - 1]
    assert (row["active_day"], row["active_week"], row["active_month"]) == (1, 7, 31)


def test_days_before_the_start_hold_nobody() -> None:
    world = seen_on({0: 3, 2: 5, 30: 99})
    total = world.totals[0]
    assert seen_within(total, 2, 30) == 8
    assert seen_within(total, 0, 7) == 3


def test_the_level_of_the_active_is_the_mean_quality_of_those_seen_within_30_days() -> None:
    world = seen_on({40: 1, 11: 3, 10: 1000}, 0.25)
    total = world.totals[0]
    total["seen_quality"][40 % 32] = 0.75
    assert active_level(world, 40) == pytest.approx((0.75 + 3 * 0.25) / 4)
    write_row(world, 41.0)
    assert world.days[int(total["n_days"]) - 1]["temperature_active"] == pytest.approx(0.375)
    total["seen"][:] = 0
    total["seen_quality"][:] = 0.0
    total["temperature"] = 0.625
    assert active_level(world, 40) == 0.625  # nobody seen: of all
    total["seen"][3], total["seen_quality"][3] = 1, 0.125
    assert active_level(world, 35) == 0.125  # one is enough


def test_reputation_is_1_before_anybody_joined_and_where_the_level_does_not_count() -> None:
    world = outside({"joining": {"reputation": 0.5}})
    world.params[0]["population_level"] = 0.5
    assert reputation_now(world, 0) == 1.0
    world.people["quality"] = 0.75
    inside(world, 0)
    assert reputation_now(world, 0) == pytest.approx(1.25)  # 0.5 + 0.5 × 0.75 / 0.5
    world.params[0]["joining_reputation"] = 0.0
    assert reputation_now(world, 0) == 1.0
    world.params[0]["joining_reputation"] = 1.0
    assert reputation_now(world, 0) == pytest.approx(1.5)


def test_a_day_begins_with_counts_of_nothing_and_keeps_the_rest() -> None:
    world = outside(rooms=3)
    total = world.totals[0]
    for name in OF_THE_DAY:
        total[name] = 5
    kept = ("members", "waiting", "ever", "income", "rewards", "staff_cost", "dilution", "temperature")
    for name in kept:
        total[name] = 6
    total["seen"], total["seen_quality"] = 7, 0.5
    world.rooms["seen"], world.rooms["recognition"] = 2, 1.5
    start_day(world, 37.0)
    assert {name: float(total[name]) for name in OF_THE_DAY} == dict.fromkeys(OF_THE_DAY, 0.0)
    assert {name: float(total[name]) for name in kept} == dict.fromkeys(kept, 6.0)
    assert np.flatnonzero(total["seen"] == 0).tolist() == [5]  # 37 % 32
    assert np.flatnonzero(total["seen_quality"] == 0.0).tolist() == [5]
    for room in world.rooms:
        assert np.flatnonzero(room["seen"] == 0).tolist() == [5]  # 37 % 8
        assert np.flatnonzero(room["recognition"] == 0.0).tolist() == [5]


def test_a_day_ends_with_its_row_a_new_start_reputation_discovery_and_the_next_end() -> None:
    world = outside({"joining": {"reputation": 1}}, openness=0.5, reach=0.02, staff=3, staff_cost=10)
    total = world.totals[0]
    world.params[0]["population_level"] = 0.5
    world.people["quality"] = 0.75
    inside(world, 0, now=1.5)
    world.jobs["present"] = 3
    rows = int(total["n_days"])
    end_of_day(world, 2.0)
    end_of_day(world, 3.0)
    assert total["n_days"] == rows + 2
    assert world.days[rows]["joins"] == 1
    assert world.days[rows + 1]["joins"] == 0
    assert world.days["staff_cost"][rows : rows + 2].tolist() == [30.0, 60.0]
    assert total["reputation"] == pytest.approx(1.5)
    assert world.hazards[Source.OPEN]["rate"] == pytest.approx(0.5 * 0.02 * 1.5)
    assert [entry[:2] for entry in due(world, EventKind.END_OF_DAY)] == [(3.0, 0), (4.0, 0)]


def test_reputation_of_a_day_goes_by_those_seen_up_to_the_day_that_ends() -> None:
    world = outside({"joining": {"reputation": 1}})
    world.params[0]["population_level"] = 0.5
    world.totals[0]["ever"] = 1
    world.totals[0]["seen"][10], world.totals[0]["seen_quality"][10] = 1, 0.25
    world.totals[0]["seen"][11], world.totals[0]["seen_quality"][11] = 1, 0.75
    end_of_day(world, 41.0)  # day 40 ends: 30 days are 11 … 40; day 10 is older
    assert world.totals[0]["reputation"] == pytest.approx(1.5)


def posts(*counts: int, ever: int) -> World:
    """A world where counts[n] people have written n posts each."""
    world = outside()
    world.post_counts[:] = 0
    world.post_counts[: len(counts)] = counts
    world.totals[0]["ever"] = ever
    return world


def test_the_top_share_is_of_posts_by_the_most_talkative_of_all_who_ever_joined() -> None:
    world = posts(4, 3, 2, 0, 1, ever=10)  # 3 × 1 + 2 × 2 + 4 = 11 posts by 10 people
    assert top_share(world, 0.1) == pytest.approx(4 / 11)  # one person
    assert top_share(world, 0.2) == pytest.approx(6 / 11)  # and one of those with 2
    assert top_share(world, 0.05) == pytest.approx(2 / 11)  # half a person
    assert top_share(world, 0.5) == pytest.approx(10 / 11)
    assert top_share(world, 1.0) == 1.0
    write_row(world, 1.0)
    row = world.days[int(world.totals[0]["n_days"]) - 1]
    assert row["top1_share"] == pytest.approx(0.4 / 11)  # 0.1 person
    assert row["top10_share"] == pytest.approx(4 / 11)


def test_gini_is_0_when_all_write_alike_and_near_1_when_one_writes_all() -> None:
    assert gini(posts(0, 0, 5, ever=5)) == pytest.approx(0.0)
    assert gini(posts(9, 0, 0, 1, ever=10)) == pytest.approx(0.9)  # 1 − 1/n
    assert math.isnan(gini(posts(7, ever=7)))


def test_gini_at_a_point_worked_out_by_hand() -> None:
    # 0, 1, 1, 2 posts: mean difference over all 16 pairs (4·1 + 2·2 + 4·1) / 16 = 3/4; over 2 × mean 1: 3/8
    world = posts(1, 2, 1, ever=4)
    assert gini(world) == pytest.approx(0.375)
    write_row(world, 1.0)
    assert world.days[int(world.totals[0]["n_days"]) - 1]["gini"] == pytest.approx(0.375)


def test_a_new_day_takes_over_the_place_of_the_one_32_days_before() -> None:
    world = outside()
    total = world.totals[0]
    total["seen"], total["seen_quality"] = 9, 4.5
    start_day(world, 100.0)  # 100 % 32
    assert [int(day) for day in np.flatnonzero(total["seen"] == 0)] == [4]
    assert [int(day) for day in np.flatnonzero(total["seen_quality"] == 0.0)] == [4]
