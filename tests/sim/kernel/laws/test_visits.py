"""A visit: what is perceived, felt and decided, and what it leaves behind."""

import math
from typing import Any

import numpy as np
import pytest

from shequn.agents import leaving
from shequn.agents.curves import halving
from shequn.agents.drivers import Driver
from shequn.agents.observation import Observation
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.state import EventKind, JournalKind, Reason, State
from shequn.sim.kernel.visits import (
    begin_visit,
    below_standard,
    lapse,
    perceive,
    update_satisfaction,
    visit,
    wants_to_leave,
)
from shequn.sim.kernel.world import World
from tests.sim.kernel.laws.worlds import due, inside, note_reading, outside, rows
from tests.sim.records import record_of, records

#: Nobody writes, reacts, leaves or is crowded.
QUIET: dict[str, Any] = {
    "posting": {"by_satisfaction": 0, "by_recognition": 0, "reaction": 0},
    "leaving": {"base": -9, "width": 0, "cap": 1},
    "satisfaction": {"crowding": 0, "update": 0.5, "stock_half_life": 10},
}
VISIT = Observation(*[0.0] * 15, -1.0, 0.0)


def hall(places: bool = False, **rules: dict[str, Any]) -> World:
    """Everybody in one of two rooms since day 2."""
    merged = {**QUIET, **{name: {**QUIET.get(name, {}), **values} for name, values in rules.items()}}
    world = outside(merged, rooms=2, places=places)
    records(world)["talkativeness"] = 0.0
    records(world)["x"], records(world)["y"] = 2.125, 2.125  # the middle of a cell
    inside(world, *range(12), now=2.0, room=1)
    world.totals[0]["n_journal"] = 0
    return world


def parts(world: World, person: int = 0) -> tuple[Any, Any, Any, Any]:
    """Somebody's record, that as a member, their seat and their room."""
    who = world.people[person]
    seat = world.memberships[who["membership"]]
    return who, record_of(world, person), seat, world.rooms[seat["room"]]


def test_coming_in_one_is_seen_and_stocks_fade() -> None:
    world = hall()
    who, member, _, _ = parts(world)
    member["recognition"] = 4.0
    assert begin_visit(world, who, 0, 1, 12.5) == 10.5
    assert member["last_visit_at"] == 12.5
    assert float(member["recognition"]) == pytest.approx(4.0 * halving(10.5, 10.0))
    assert world.totals[0]["seen"][12] == 1
    assert rows(world, JournalKind.RETURN) == []


def test_who_had_lapsed_is_back() -> None:
    world = hall(places=True)
    who, member, _, _ = parts(world)
    before = float(world.near.sum())
    member["lapsed"] = 1
    begin_visit(world, who, 0, 1, 12.5)
    assert member["lapsed"] == 0
    assert world.near.sum() > before
    assert rows(world, JournalKind.RETURN) == [(12.5, 0, -1, 1, 0, 10.5)]


def test_what_is_perceived_is_what_was_read_and_what_one_holds() -> None:
    world = hall(places=True, perception={"memory": 0.75}, benefit={"per_post": 0.25})
    who, member, seat, room = parts(world)
    seat["level"], seat["n_read"] = 0.5, 9
    for name, value in {
        "recognition": 3,
        "gains": 1,
        "aspiration": 0.5,
        "answers": 2,
    }.items():
        member[name] = value
    who["base_inside"] = 1.5
    member["stocks_at"] = member["friends_at"] = room["recognition_at"] = 5.0
    room["seen"], room["recognition"] = 0, 0.0
    room["seen"][5], room["recognition"][5] = 3, 8.0
    reading = note_reading(
        world, n_read=4, unread=6, enjoyment=1.25, usefulness=2.0, quality=3.6, strangers=3
    )
    found = perceive(world, who, seat, 1, reading, 5.0)
    assert float(seat["level"]) == pytest.approx(0.6)  # 0.75 × 0.5 + 0.25 × 0.9
    assert member["gains"] == 1.5  # 1 + 0.25 × 2
    assert found == Observation(
        1.25, 2.0, 4.0, 6.0, 0.75, 0.0, 3.0, 2.5, 1.5, 0.5, 1.5, 2.0, 0.0, 0.0, 0.0, -1.0, pytest.approx(11.0)
    )  # others hold (8 − 3) / 2; eleven more at the same place


def test_with_nothing_read_the_level_stays_and_no_share_is_of_strangers() -> None:
    world = hall()
    who, _, seat, _ = parts(world)
    seat["level"] = 0.25
    found = perceive(world, who, seat, 1, note_reading(world), 5.0)
    assert (float(seat["level"]), found.strangers_share, found.n_read) == (0.25, 0.0, 0.0)


@pytest.mark.parametrize(
    ("n_read", "days", "waits"),
    [(0, 3.0, 1.0), (0, 13.9, 1.0), (0, 14.0, 0.0), (0, 20.0, 0.0), (1, 3.0, 0.0)],
)
def test_a_newcomer_who_has_found_nothing_waits_for_a_while(n_read: int, days: float, waits: float) -> None:
    world = hall(interest={"expectation_days": 14})
    who, _, seat, _ = parts(world)
    seat["n_read"] = n_read
    assert perceive(world, who, seat, 1, note_reading(world), 2.0 + days).holding == waits


def test_events_now_on_add_up_and_fade() -> None:
    world = hall()
    world.totals[0]["n_happenings"] = 2
    for k, (start, fades, intensity) in enumerate([(2.0, 2.0, 0.5), (4.0, 1.0, 0.25)]):
        happening = world.happenings[k]
        happening["start"], happening["fades"], happening["intensity"], happening["boost"] = (
            start,
            fades,
            intensity,
            7,
        )
    who, _, seat, _ = parts(world)
    assert perceive(world, who, seat, 1, note_reading(world), 4.0).event_intensity == pytest.approx(
        0.5 * 0.36787944117144233 + 0.25
    )


def test_satisfaction_moves_towards_the_weighted_signals_the_setting_can_give() -> None:
    world = hall()
    who, member, seat, _ = parts(world)
    p = world.params[0]
    p["possible"] = 1.0
    p["possible"][Driver.LOCALITY] = 0.0
    member["drivers"] = [0.25, 0.125, 0.125, 0.0, 0.25, 0.25]
    member["satisfaction"], member["contentment"] = 0.5, 0.125
    found = VISIT._replace(recognition=1.0, event_intensity=0.25)
    # (0.25 × ½ + 0.25 × ¼) / 0.75 + 0.125 = 0.375
    assert update_satisfaction(world, who, seat, found, p) == pytest.approx(0.4375)
    assert float(member["satisfaction"]) == pytest.approx(0.4375)
    p["satisfaction_crowding"], p["satisfaction_crowding_half"] = 0.5, 4.0
    member["satisfaction"] = 0.5
    assert update_satisfaction(world, who, seat, found._replace(unread=4.0), p) == pytest.approx(
        0.3125
    )  # 0.25 less offered


def test_the_room_may_lie_below_ones_own_standard() -> None:
    world = hall(interest={"standard": 1, "tolerance": 0.125}, perception={"exact": 0.5})
    who, _, seat, room = parts(world)
    who["quality"], seat["level"], room["level"] = 0.875, 0.25, 0.5
    assert below_standard(who, seat, room, world.params[0]) == pytest.approx(0.375)  # 0.75 − 0.375
    who["quality"] = 0.25
    assert below_standard(who, seat, room, world.params[0]) == 0.0


def test_the_judgement_is_a_draw_against_the_rules_chance() -> None:
    world = hall(
        leaving={
            "base": 0.75,
            "width": 0.5,
            "cap": 1,
            "outside": 0.25,
            "disappointment": 0.5,
            "history_visits": 4,
        }
    )
    seed, p = world.totals[0]["seed"], world.params[0]
    records(world)["n_visits"], records(world)["commitment"], records(world)["satisfaction"] = 3, 0.125, 0.5
    lost = leaving.lost_by_leaving(2.0, 3.0, p)
    reserve = leaving.reservation(0.5, 0.25, 0.125, lost, p)
    chance = leaving.leaving_probability(0.5, reserve, p)
    drawn = [uniform(seed, Purpose.LEAVE, world.people[k]["key"], 3) < chance for k in range(12)]
    found = [
        wants_to_leave(world, world.people[k], VISIT._replace(friends=2.0), 0.25, 4.0) for k in range(12)
    ]
    assert found == drawn
    assert 0 < sum(drawn) < 12
    p["leaving_cap"] = 0.0
    assert not wants_to_leave(world, world.people[0], VISIT, 0.25, 4.0)


def test_the_chance_goes_by_the_days_since_the_last_visit() -> None:
    world = hall(leaving={"base": 0.75, "width": 0.5, "cap": 1, "exposure_days": 4})
    seed, p = world.totals[0]["seed"], world.params[0]
    records(world)["n_visits"] = 3
    reserve = leaving.reservation(0.5, 0.25, 0.0, leaving.lost_by_leaving(0.0, 3.0, p), p)
    chance = leaving.leaving_probability(float(world.everybody["satisfaction"][0]), reserve, p)
    draws = [uniform(seed, Purpose.LEAVE, world.people[k]["key"], 3) for k in range(12)]
    for absent, share in ((0.0, 0.0), (4.0, 1 - math.exp(-1)), (1e9, 1.0)):
        found = [wants_to_leave(world, world.people[k], VISIT, 0.25, absent) for k in range(12)]
        assert found == [u < chance * share for u in draws]


def test_who_lapses_stays_away_and_is_not_near_by() -> None:
    world = hall(places=True, leaving={"lapse_days": 3, "lapse_tail": 0.5})
    member = record_of(world, 0)
    before = float(world.near.sum())
    member["visit_version"] = 65535
    lapse(world, 0, 1, 5.0, 0.25)
    assert (member["lapsed"], member["visit_due"], member["visit_rate"]) == (
        1,
        pytest.approx(53.0),
        0.0,
    )  # 3 × 16
    assert due(world, EventKind.VISIT) == [(pytest.approx(53.0), 0, 0)]
    assert world.near.sum() == pytest.approx(before * 11 / 12)
    assert world.totals[0]["lapses"] == 1
    assert rows(world, JournalKind.LAPSE) == [(5.0, 0, -1, 1, 0, pytest.approx(48.0))]


# --- a whole visit


def test_a_visit_is_counted_and_written_down() -> None:
    world = hall()
    total = world.totals[0]
    world.rooms[1]["n_posts"] = 3
    for number in range(3):
        world.posts[8 + number]["author"], world.posts[8 + number]["to"] = 5, -1
    unit = int(total["visits_total"])
    visit(world, 0, 4.0)
    member = record_of(world, 0)
    assert (total["visits"], total["visits_total"], total["unread"]) == (1, unit + 1, 3.0)
    assert total["satisfaction"] == pytest.approx(float(member["satisfaction"]))
    assert member["n_visits"] == 1
    assert rows(world, JournalKind.VISIT) == [
        (4.0, 0, -1, 1, 3, pytest.approx(float(member["satisfaction"])))
    ]


def test_a_visit_brings_need_habit_commitment_and_aspiration_up_to_now() -> None:
    world = hall(
        visiting={"need_half_life": 10, "habit_half_life": 10, "habit_growth": 0.5},
        joining={"commitment_half_life": 5},
        benefit={"aspiration_half_life": 10, "per_post": 0},
        event={"renewal": 0.5},
    )
    member = record_of(world, 0)
    member["need"], member["habit"], member["commitment"], member["aspiration"], member["gains"] = (
        0.5,
        0.5,
        0.5,
        1,
        4,
    )
    member["drivers"] = [0.75, 0.0, 0.0, 0.0, 0.25, 0.0]
    world.totals[0]["n_happenings"] = 1
    happening = world.happenings[0]
    happening["start"], happening["fades"], happening["intensity"], happening["boost"] = 12.0, 1.0, 0.5, 0.0
    visit(world, 0, 12.0)  # ten days after the last
    assert float(member["need"]) == pytest.approx(0.25 + 0.5 * 0.25 * 0.5 * 0.75)
    assert float(member["habit"]) == pytest.approx(0.25 + 0.5 * 0.75)
    assert float(member["commitment"]) == pytest.approx(0.125)
    assert float(member["gains"]) == pytest.approx(2.0)  # halved in ten days
    assert float(member["aspiration"]) == pytest.approx(1.5)  # half of the way to the gains


def test_who_stays_has_a_next_visit_and_remembers_what_was_usual() -> None:
    world = hall()
    _, _, seat, _ = parts(world)
    visit(world, 0, 4.0)
    ((at, person, _),) = due(world, EventKind.VISIT)
    assert person == 0
    assert at > 4.0
    assert seat["usual_crowding"] == 0.0  # no longer −1
    assert np.isfinite(seat["usual"]).all()


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_would_be_leaver_lapses_with_a_share(share: float) -> None:
    world = hall(leaving={"base": 9, "lapse": share, "lapse_days": 1, "lapse_tail": 1})
    seed = world.totals[0]["seed"]
    records(world)["n_visits"] = 4
    for person in range(12):
        u = uniform(seed, Purpose.LAPSE, world.people[person]["key"], 5)
        visit(world, person, 4.0)
        who, member = world.people[person], record_of(world, person)
        if u < share:
            assert (who["state"], member["lapsed"]) == (State.MEMBER, 1)
            assert member["visit_due"] == pytest.approx(4.0 + 1.0 / (u / share))
        else:
            assert who["state"] == State.LEFT
            assert (
                rows(world, JournalKind.LEAVE)[-1][4] == Reason.OPTIONS
            )  # a first visit: nothing has fallen
    assert world.totals[0]["lapses"] + world.totals[0]["departures"] == 12


def test_by_the_clock_nobody_leaves_at_a_visit() -> None:
    world = hall(leaving={"base": 9, "lapse": 0})
    world.params[0]["leaving_mode"] = leaving.CLOCK
    visit(world, 0, 4.0)
    assert world.people[0]["state"] == State.MEMBER


def test_what_one_writes_at_a_visit_goes_by_it() -> None:
    world = hall()
    records(world)["talkativeness"] = 1.0
    visit(world, 0, 4.0)
    assert [row[:2] for row in rows(world, JournalKind.POST)] == [(4.0, 0)]
    assert record_of(world, 0)["n_posts"] == 1
