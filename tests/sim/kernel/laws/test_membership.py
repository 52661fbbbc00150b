"""Coming in and going: every count that changes, by hand."""

import math

import numpy as np
import pytest

from shequn.sim.kernel.chance import Purpose, exponential
from shequn.sim.kernel.membership import CASCADE_DAYS, be_seen, depart, join, take_seat, uncount_seen
from shequn.sim.kernel.recognition import fade_stocks
from shequn.sim.kernel.state import NEVER, NOBODY, Channel, EventKind, JournalKind, Reason, State
from tests.sim.kernel.laws.worlds import due, empty, inside, outside, rows
from tests.sim.records import record_of, records

F4 = 1e-6


def test_a_join_moves_the_temperature_by_its_share_and_counts_as_dilution() -> None:
    world = outside()
    total = world.totals[0]
    world.people["quality"][:3] = [0.2, 0.8, 0.5]
    join(world, 0, 0, 1.0, Channel.ARRIVAL, NOBODY, 0.0)
    assert (total["members"], total["temperature"]) == (1, pytest.approx(0.2, abs=F4))
    before = float(total["dilution"])
    join(world, 1, 0, 1.5, Channel.STRANGER, NOBODY, 0.0)
    # (0.8 − 0.2) / 2
    assert total["temperature"] == pytest.approx(0.5, abs=F4)
    assert total["dilution"] - before == pytest.approx(0.3, abs=F4)
    join(world, 2, 0, 2.0, Channel.INVITATION, NOBODY, 0.0)
    assert (total["members"], total["temperature"]) == (3, pytest.approx(0.5, abs=F4))
    assert rows(world, JournalKind.JOIN)[1] == (
        1.5,
        1,
        NOBODY,
        0,
        Channel.STRANGER,
        pytest.approx(0.3, abs=F4),
    )


def test_founders_are_there_before_anything_is_measured() -> None:
    world = outside()
    join(world, 0, 0, 0.0, Channel.FOUNDER, NOBODY, 0.0)
    total = world.totals[0]
    assert total["members"] == 1
    assert total["dilution"] == 0.0
    assert total["joins"] == 0
    assert total["ever"] == 1


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        (Channel.STRANGER, "joins_stranger"),
        (Channel.INVITATION, "joins_invitation"),
        (Channel.ARRIVAL, "joins_arrival"),
    ],
)
def test_a_join_is_counted_by_its_channel(channel: int, name: str) -> None:
    world = outside()
    world.params[0]["pay_inviter"] = 2.5  # nobody invited them
    join(world, 0, 0, 0.0, channel, NOBODY, 0.0)
    join(world, 1, 0, 0.0, channel, NOBODY, 0.0)
    total = world.totals[0]
    assert (total["joins"], total[name]) == (2, 2)
    assert sum(total[f"joins_{way}"] for way in ("stranger", "invitation", "arrival")) == 2
    assert total["rewards"] == 0.0


def test_a_room_keeps_the_mean_quality_of_its_members() -> None:
    world = outside(rooms=2)
    world.people["quality"][:4] = [0.2, 0.8, 0.5, 0.9]
    inside(world, 0, 1, 2, room=1)
    inside(world, 3)
    assert world.rooms["members"].tolist() == [1, 3]
    assert world.rooms["level"].tolist() == pytest.approx([0.9, 0.5], abs=F4)
    depart(world, 0, 1.0, Reason.OPTIONS.value)
    assert world.rooms["members"].tolist() == [1, 2]
    assert world.rooms["level"].tolist() == pytest.approx([0.9, 0.65], abs=F4)
    depart(world, 3, 1.0, Reason.OPTIONS.value)  # the last of a room leaves its level
    assert world.rooms["members"].tolist() == [0, 2]
    assert world.rooms["level"][0] == pytest.approx(0.9, abs=F4)


def test_a_newcomer_begins_with_the_start_of_everything() -> None:
    world = outside({"satisfaction": {"start": 0.35}})
    who, member = world.people[4], record_of(world, 4)
    for name in (
        "need",
        "habit",
        "recognition",
        "answers",
        "gains",
        "aspiration",
        "satisfaction",
        "commitment",
    ):
        member[name] = 0.9
    member["lapsed"], member["seen_leaving_of"], member["left_at"] = 1, 7, 3.0
    version = int(who["door_version"])
    join(world, 4, 0, 6.25, Channel.INVITATION, 9, 0.125)
    assert member["satisfaction"] == pytest.approx(0.35)
    assert member["commitment"] == 0.125  # by the gates
    stocks = ("need", "habit", "recognition", "answers", "gains", "aspiration")
    assert [float(member[name]) for name in stocks] == [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert (who["state"], who["channel"], member["invited_by"]) == (State.MEMBER, Channel.INVITATION, 9)
    assert (member["joined_at"], member["last_visit_at"], member["stocks_at"], member["left_at"]) == (
        6.25, 6.25, 6.25, NEVER,
    )  # fmt: skip
    assert (member["lapsed"], member["seen_leaving_of"], who["n_joins"]) == (0, NOBODY, 1)
    assert who["door_version"] == version + 1


def test_ever_counts_people_and_not_their_joins() -> None:
    world = outside()
    inside(world, 0)
    depart(world, 0, 1.0, Reason.OPTIONS.value)
    inside(world, 0, now=2.0)
    inside(world, 1, now=2.0)
    assert world.totals[0]["ever"] == 2
    assert world.post_counts[0] == 2
    assert (world.people[0]["n_joins"], world.totals[0]["joins"]) == (2, 3)


def test_an_inviter_is_rewarded_on_what_is_left_of_their_gains_and_the_invited_too() -> None:
    world = outside({"satisfaction": {"stock_half_life": 10}})
    inside(world, 0)
    p = world.params[0]
    p["pay_inviter"], p["pay_invited"], p["purse_mean"], p["benefit_purse_per_gain"] = 5.0, 2.5, 100.0, 0.1
    record_of(world, 0)["gains"] = 2.0
    join(world, 1, 0, 10.0, Channel.INVITATION, 0, 0.0)
    fade_stocks(record_of(world, 0), 10.0, p)
    assert record_of(world, 0)["gains"] == pytest.approx(1.5)  # half of 2, and 0.5
    assert record_of(world, 1)["gains"] == pytest.approx(0.25)
    assert (record_of(world, 0)["n_accepted"], record_of(world, 1)["n_accepted"]) == (1, 0)
    assert world.totals[0]["rewards"] == 7.5


def test_a_newcomer_believes_what_reputation_says_and_may_read_what_is_in_view() -> None:
    world = outside(rooms=2)
    world.totals[0]["reputation"] = 1.25
    world.params[0]["population_level"] = 0.4
    world.rooms[1]["n_posts"] = 11
    world.rooms[0]["n_posts"] = 3
    inside(world, 0, room=1)
    inside(world, 1)
    seat = world.memberships[world.people[0]["membership"]]
    assert seat["level"] == pytest.approx(0.5)
    assert (seat["person"], seat["room"], seat["read_to"][0], seat["n_read"]) == (0, 1, 3, 0)  # 11 − 8 shown
    assert (world.memberships[world.people[1]["membership"]]["read_to"] == 0).all()
    assert seat["usual_crowding"] == -1.0
    assert seat["usual_shortfall"] == 0.0


def test_seats_that_became_free_are_taken_again_and_hold_nothing_of_before() -> None:
    world = outside()
    total = world.totals[0]
    inside(world, 0, 1, 2)
    first, second = int(world.people[0]["membership"]), int(world.people[1]["membership"])
    assert total["n_memberships"] == 3
    seat = world.memberships[second]
    seat["usual"], seat["usual_shortfall"], seat["usual_crowding"], seat["n_read"] = 0.5, 0.5, 0.5, 9
    depart(world, 0, 1.0, Reason.OPTIONS.value)
    depart(world, 1, 1.0, Reason.OPTIONS.value)
    assert (world.people[0]["membership"], world.people[1]["membership"]) == (NOBODY, NOBODY)
    take_seat(world, 3, 0, 0.7)
    take_seat(world, 4, 0, 0.6)
    assert [int(world.people[k]["membership"]) for k in (3, 4)] == [second, first]  # the last one first
    assert total["free_membership"] == NOBODY
    assert (seat["person"], float(seat["level"])) == (3, pytest.approx(0.7))
    assert not seat["usual"].any()
    assert (seat["usual_shortfall"], seat["usual_crowding"], seat["n_read"]) == (0.0, -1.0, 0)
    take_seat(world, 5, 0, 0.5)
    assert (world.people[5]["membership"], total["n_memberships"]) == (3, 4)


def test_a_departure_moves_the_temperature_and_is_evaporation() -> None:
    world = outside()
    total = world.totals[0]
    world.people["quality"][:3] = [0.2, 0.5, 0.8]
    inside(world, 0, 1, 2)
    dilution = float(total["dilution"])
    depart(world, 2, 4.5, Reason.CROWDING.value)
    # −(0.8 − 0.5) / 2
    assert (total["members"], total["temperature"]) == (2, pytest.approx(0.35, abs=F4))
    assert total["evaporation"] == pytest.approx(-0.15, abs=F4)
    assert (total["dilution"], total["pruning"]) == (dilution, 0.0)
    assert (total["departures"], total["removals"]) == (1, 0)
    assert rows(world, JournalKind.LEAVE) == [
        (4.5, 2, NOBODY, 0, Reason.CROWDING, pytest.approx(-0.15, abs=F4))
    ]
    assert total["ranks"] == 1.0  # better than both others
    assert total["n_ranks"] == 1
    depart(world, 0, 5.0, Reason.OPTIONS.value)
    assert (total["ranks"], total["n_ranks"]) == (1.0, 2)  # the worse of two: 0
    depart(world, 1, 5.0, Reason.OPTIONS.value)  # the last one: no rank, no change
    assert (total["ranks"], total["n_ranks"], total["members"]) == (1.0, 2, 0)
    assert total["temperature"] == pytest.approx(0.5, abs=F4)
    assert world.ranks.sum() == 0


def test_a_removal_is_pruning_and_for_good() -> None:
    world = outside(strangers_per_day=5)
    total = world.totals[0]
    world.people["quality"][:2] = [0.2, 0.8]
    inside(world, 0, 1)
    version = int(world.people[0]["door_version"])
    strangers = int(world.strangers.size[0])
    depart(world, 0, 2.0, Reason.REMOVAL.value)
    assert (total["pruning"], total["evaporation"]) == (pytest.approx(0.3, abs=F4), 0.0)
    assert (total["removals"], total["departures"], total["n_ranks"]) == (1, 0, 0)
    assert world.people[0]["state"] == State.REMOVED
    assert world.people[0]["door_version"] == version + 1
    assert world.strangers.size[0] == strangers  # no threshold to come again
    assert rows(world, JournalKind.REMOVE) == [
        (2.0, 0, NOBODY, 0, Reason.REMOVAL, pytest.approx(0.3, abs=F4))
    ]
    depart(world, 1, 3.0, Reason.OPTIONS.value)
    assert world.people[1]["state"] == State.LEFT
    assert world.strangers.size[0] == strangers + 1


def test_whoever_goes_makes_their_visits_and_invitations_void() -> None:
    world = outside()
    inside(world, 0, 1)
    member = record_of(world, 0)
    member["visit_version"], member["invite_version"] = 7, 65535
    depart(world, 0, 3.25, Reason.OPTIONS.value)
    assert (member["visit_version"], member["invite_version"]) == (8, 0)
    assert member["left_at"] == 3.25


@pytest.mark.parametrize(
    ("days", "caused"), [(0.0, True), (13.9, True), (14.0, True), (14.1, False), (40.0, False)]
)
def test_a_departure_follows_one_seen_in_the_last_14_days(days: float, caused: bool) -> None:
    assert CASCADE_DAYS == 14.0
    world = outside(edges=((0, 1),))
    inside(world, 0, 1)
    depart(world, 1, 2.0, Reason.OPTIONS.value)
    depart(world, 0, 2.0 + days, Reason.OPTIONS.value)
    assert [row[2] for row in rows(world, JournalKind.LEAVE)] == [NOBODY, 1 if caused else NOBODY]


def test_the_founding_top_decile_is_counted_while_it_is_in() -> None:
    world = outside()
    total = world.totals[0]
    records(world)["founder"][:3] = [2, 1, 0]
    total["founders_top"] = 0
    inside(world, 0, 1, 2)
    assert total["founders_top"] == 1
    depart(world, 1, 1.0, Reason.OPTIONS.value)
    assert total["founders_top"] == 1
    depart(world, 0, 1.0, Reason.OPTIONS.value)
    assert total["founders_top"] == 0


def test_a_member_counts_on_the_day_they_were_last_seen_only() -> None:
    world = outside()
    total = world.totals[0]
    world.people["quality"][0] = 0.25
    inside(world, 0, now=3.5)
    who, room = world.people[0], world.rooms[0]
    assert (total["seen"].sum(), total["seen"][3], total["seen_quality"][3]) == (1, 1, 0.25)
    be_seen(world, room, who, 5.75, False)
    assert (total["seen"].sum(), total["seen"][5], total["seen_quality"][5]) == (1, 1, 0.25)
    assert total["seen_quality"].sum() == 0.25
    assert record_of(world, 0)["last_visit_at"] == 5.75
    be_seen(world, room, who, 34.9, False)  # 29 days later: place 34 % 32
    assert (total["seen"].sum(), total["seen"][2], total["seen"][5]) == (1, 1, 0)
    uncount_seen(world, room, who, 63.9)
    assert (total["seen"].sum(), total["seen_quality"].sum()) == (0, 0.0)


def test_days_beyond_two_rounds_of_the_ring_have_their_place() -> None:
    world = outside()
    inside(world, 0)
    be_seen(world, world.rooms[0], world.people[0], 100.5, False)
    assert world.totals[0]["seen"][4] == 1  # 100 % 32
    assert world.totals[0]["seen_quality"][4] == 0.5


def test_who_was_seen_30_days_ago_has_dropped_out_of_the_counts_already() -> None:
    world = outside()
    inside(world, 0, now=3.5)
    total = world.totals[0]
    uncount_seen(world, world.rooms[0], world.people[0], 33.0)
    assert total["seen"][3] == 1  # its place belongs to another day by now
    assert total["seen_quality"][3] == 0.5


def test_a_lapsed_member_is_not_near_by_already_and_goes_only_once() -> None:
    world = outside(places=True)
    records(world)["x"], records(world)["y"] = 2.0, 2.0
    inside(world, 0, 1)
    both = float(world.near.sum())
    record_of(world, 1)["lapsed"] = 1
    depart(world, 1, 1.0, Reason.OPTIONS.value)
    assert world.near.sum() == pytest.approx(both)
    depart(world, 0, 1.0, Reason.OPTIONS.value)
    assert world.near.sum() == pytest.approx(both / 2)


def test_by_the_clock_a_member_goes_after_an_exponential_stay() -> None:
    world = outside({"leaving": {"mode": "clock", "hazard": 0.1, "hazard_quality": 0.2}})
    world.people["quality"][0] = 0.25
    join(world, 0, 0, 3.0, Channel.ARRIVAL, NOBODY, 0.0)
    who, member = world.people[0], record_of(world, 0)
    unit = exponential(world.totals[0]["seed"], Purpose.DEPARTURE, who["key"], 1)
    assert member["left_at"] == pytest.approx(3.0 + unit / 0.15)
    assert due(world, EventKind.DEPARTURE) == [(pytest.approx(3.0 + unit / 0.15), 0, who["door_version"])]


def test_a_clock_without_hazard_never_rings() -> None:
    world = outside({"leaving": {"mode": "clock", "hazard": 0}})
    join(world, 0, 0, 3.0, Channel.ARRIVAL, NOBODY, 0.0)
    assert record_of(world, 0)["left_at"] == NEVER
    assert due(world, EventKind.DEPARTURE) == []


def test_a_fixed_stay_ends_on_its_day() -> None:
    world = outside({"leaving": {"mode": "stay", "stay_days": 9.5}})
    join(world, 0, 0, 3.0, Channel.ARRIVAL, NOBODY, 0.0)
    assert due(world, EventKind.DEPARTURE) == [(12.5, 0, world.people[0]["door_version"])]


def test_who_leaves_at_visits_has_no_clock() -> None:
    world = outside()
    join(world, 0, 0, 3.0, Channel.ARRIVAL, NOBODY, 0.0)
    assert due(world, EventKind.DEPARTURE) == []


def test_a_newcomer_visits_at_once_and_a_founder_at_their_own_pace() -> None:
    world = outside()
    join(world, 0, 0, 3.0, Channel.STRANGER, NOBODY, 0.0)
    assert [entry[:2] for entry in due(world, EventKind.VISIT)] == [(3.0, 0)]
    empty(world.queue)
    join(world, 1, 0, 3.0, Channel.FOUNDER, NOBODY, 0.0)
    ((at, person, _),) = due(world, EventKind.VISIT)
    assert person == 1
    assert at > 3.0


def test_nan_ranks_are_not_summed() -> None:
    world = outside()
    inside(world, 0)
    depart(world, 0, 1.0, Reason.OPTIONS.value)
    assert world.totals[0]["n_ranks"] == 0
    assert not math.isnan(world.totals[0]["ranks"])
    assert np.isfinite(world.totals[0]["temperature"])
