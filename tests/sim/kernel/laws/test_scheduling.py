"""When a member comes next."""

import pytest

from shequn.agents.visiting import visit_rate, waiting_work
from shequn.sim.kernel.chance import Purpose, exponential
from shequn.sim.kernel.scheduling import (
    boost,
    enter_visit,
    put_off_visit,
    rate_now,
    reschedule_visit,
    schedule_visit,
    visit_at_once,
)
from shequn.sim.kernel.state import NEVER, EventKind
from shequn.sim.kernel.world import World
from tests.sim.kernel.laws.worlds import due, inside, outside
from tests.sim.records import record_of

#: Rates are paces: nothing else counts.
PLAIN = {
    "visiting": {
        "by_satisfaction": 0,
        "need_share": 0,
        "habit": 0,
        "burstiness": 0,
    }
}


def happen(world: World, *events: tuple[float, float, float]) -> None:
    """These are the events now on: start, duration, boost."""
    world.totals[0]["n_happenings"] = len(events)
    for k, (start, fades, more) in enumerate(events):
        happening = world.happenings[k]
        happening["start"], happening["fades"], happening["boost"], happening["intensity"] = (
            start,
            fades,
            more,
            0.3,
        )


def test_events_add_up_what_is_left_of_their_boosts() -> None:
    world = outside()
    assert boost(world, 4.0) == 0.0
    happen(world, (2.0, 2.0, 1.0), (4.0, 1.0, 0.5), (5.0, 1.0, 9.0))
    assert boost(world, 4.0) == pytest.approx(0.36787944117144233 + 0.5)  # 1/e, the start, not yet


def test_the_rate_is_that_of_the_rules() -> None:
    world = outside()
    who, member = world.people[0], record_of(world, 0)
    member["pace"] = 2.0
    for name, value in {"satisfaction": 0.75, "need": 0.5, "habit": 0.25}.items():
        member[name] = value
    happen(world, (4.0, 1.0, 0.5))
    for cares in (0.0, 0.25, 1.0):
        member["drivers"] = [1.0 - cares, 0.0, 0.0, 0.0, cares, 0.0]
        assert rate_now(world, who, 4.0) == pytest.approx(
            visit_rate(2.0, 0.75, 0.5, 0.25, 0.5 * cares, world.params[0])
        )


def test_the_next_visit_comes_when_the_work_is_used_up_at_the_rate() -> None:
    world = outside({"visiting": {**PLAIN["visiting"], "burstiness": 2.5}})
    inside(world, 0)
    who, member = world.people[0], record_of(world, 0)
    member["pace"], who["n_joins"], member["n_visits"], member["visit_version"] = 0.5, 3, 7, 9
    schedule_visit(world, 0, 10.0)
    unit = exponential(world.totals[0]["seed"], Purpose.VISIT, who["key"], (3 << 32) | 7)
    expected = 10.0 + waiting_work(unit, world.params[0]) / 0.5
    assert member["visit_rate"] == 0.5
    assert member["visit_due"] == pytest.approx(expected)
    assert due(world, EventKind.VISIT) == [(pytest.approx(expected), 0, 10)]
    assert member["visit_version"] == 10


def test_who_never_comes_has_no_visit_in_the_queue() -> None:
    world = outside(PLAIN)
    inside(world, 0)
    member = record_of(world, 0)
    member["pace"] = 0.0
    for schedule in (schedule_visit, visit_at_once):
        member["visit_due"] = 1.0
        schedule(world, 0, 10.0)
        assert member["visit_due"] == NEVER
    assert due(world, EventKind.VISIT) == []


def test_a_newcomers_first_visit_is_now_and_cannot_be_hurried() -> None:
    world = outside(PLAIN)
    inside(world, 0)
    member = record_of(world, 0)
    member["visit_rate"] = 3.0
    visit_at_once(world, 0, 10.0)
    assert (member["visit_due"], member["visit_rate"]) == (10.0, 0.0)
    assert [entry[:2] for entry in due(world, EventKind.VISIT)] == [(10.0, 0)]


def test_no_visit_is_entered_for_after_the_departure() -> None:
    world = outside(PLAIN)
    inside(world, 0, 1)
    for person, left_at in ((0, 5.0), (1, 5.5)):
        record_of(world, person)["visit_due"], record_of(world, person)["left_at"] = 5.0, left_at
        version = int(record_of(world, person)["visit_version"])
        enter_visit(world, person)
        assert record_of(world, person)["visit_version"] == version + 1
    assert [entry[:2] for entry in due(world, EventKind.VISIT)] == [(5.0, 1)]


def test_the_rest_of_a_waiting_time_runs_at_the_new_rate() -> None:
    world = outside(PLAIN)
    inside(world, 0)
    member = record_of(world, 0)
    member["visit_due"], member["visit_rate"], member["pace"] = 18.0, 1.0, 2.0
    version = int(member["visit_version"])
    reschedule_visit(world, 0, 10.0)  # 8 days at 1 are 4 at 2
    assert (member["visit_due"], member["visit_rate"]) == (pytest.approx(14.0), 2.0)
    assert due(world, EventKind.VISIT) == [(pytest.approx(14.0), 0, version + 1)]
    member["pace"] = 0.5
    reschedule_visit(world, 0, 12.0)  # 2 days at 2 are 8 at 0.5: no new entry
    assert (member["visit_due"], member["visit_rate"]) == (pytest.approx(20.0), 0.5)
    assert len(due(world, EventKind.VISIT)) == 1
    assert member["visit_version"] == version + 1
    reschedule_visit(world, 0, 15.0)  # the same rate
    assert member["visit_due"] == pytest.approx(20.0)


def test_what_is_overdue_is_due_now() -> None:
    world = outside(PLAIN)
    inside(world, 0)
    member = record_of(world, 0)
    member["visit_due"], member["visit_rate"], member["pace"] = 9.0, 1.0, 2.0
    reschedule_visit(world, 0, 10.0)
    assert member["visit_due"] == pytest.approx(10.0)


def test_a_visit_without_a_rate_is_left_alone() -> None:
    world = outside(PLAIN)
    inside(world, 0)
    member = record_of(world, 0)
    member["visit_due"], member["visit_rate"], member["pace"] = 18.0, 0.0, 2.0
    reschedule_visit(world, 0, 10.0)
    assert (member["visit_due"], member["visit_rate"]) == (18.0, 0.0)


def test_a_visit_put_off_is_entered_at_its_due_time_under_the_same_version() -> None:
    world = outside(PLAIN)
    inside(world, 0)
    member = record_of(world, 0)
    member["visit_due"], member["visit_version"] = 18.0, 5
    put_off_visit(world, 0)
    assert due(world, EventKind.VISIT) == [(18.0, 0, 5)]
    assert member["visit_version"] == 5
