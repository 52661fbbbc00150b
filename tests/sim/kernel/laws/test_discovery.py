"""Discovery by strangers: a hazard per source, a threshold each, the smallest comes next."""

import pytest

from shequn.sim.kernel.chance import Purpose, exponential, uniform
from shequn.sim.kernel.discovery import (
    Source,
    appeal_to,
    hazard_until,
    how_found,
    may_come,
    schedule_discovery,
    set_discovery_rate,
    skip_stale,
    thresholds,
    wait_outside,
)
from shequn.sim.kernel.heap import empty_heap, event_tag, push
from shequn.sim.kernel.loop import has_room
from shequn.sim.kernel.state import EventKind, Reach, State
from shequn.sim.thresholds import with_event_thresholds
from tests.sim.kernel.laws.worlds import PEOPLE, due, empty, outside
from tests.sim.records import record_of, records


def test_the_hazard_adds_up_at_its_rate() -> None:
    world = outside()
    hazard = world.hazards[Source.EVENTS]
    hazard["value"], hazard["rate"], hazard["at"] = 0.5, 0.25, 2.0
    assert hazard_until(hazard, 2.0) == 0.5
    assert hazard_until(hazard, 6.0) == 1.5


def test_appeal_is_the_match_with_the_centre_as_far_as_topic_counts() -> None:
    world = outside({"joining": {"by_topic": 0.5}, "interest": {"breadth": 0.25}})
    world.params[0]["centre"] = 0.25
    world.people["topic"][:2] = [0.25, 0.5]
    assert appeal_to(world, world.people[0]) == pytest.approx(1.0)
    assert appeal_to(world, world.people[1]) == pytest.approx(0.5 + 0.5 * 0.36787944117144233)  # 1/e


def test_who_is_outside_again_draws_a_threshold_above_what_has_added_up() -> None:
    world = outside({"joining": {"by_topic": 1}, "interest": {"breadth": 0.25}}, return_after=5)
    total = world.totals[0]
    empty(world.strangers)
    hazard = world.hazards[Source.OPEN]
    hazard["value"], hazard["rate"], hazard["at"] = 0.5, 0.25, 2.0
    world.params[0]["centre"] = 0.25
    member = world.people[3]
    member["topic"], member["state"], member["door_version"] = 0.5, State.LEFT, 6
    wait_outside(world, 3, 6.0)
    assert member["door_version"] == 7
    unit = exponential(total["seed"], Purpose.DISCOVERY, member["key"], 7)
    expected = 1.5 + unit * 2.718281828459045  # appeal 1/e
    assert world.strangers.size[0] == 1
    assert world.strangers.values[0] == pytest.approx(expected)
    assert world.strangers.tags[0] == event_tag(0, 3, 7)
    # A passes it at 2 + (threshold − 0.5) / 0.25
    ((at, _person, name),) = due(world, EventKind.DISCOVERY)
    assert at == pytest.approx(2.0 + (expected - 0.5) / 0.25)
    assert name == 2 * hazard["version"] + Source.OPEN


def test_where_nobody_may_return_there_is_no_threshold_for_one_who_left() -> None:
    world = outside(return_after="never")
    empty(world.strangers)
    world.people[3]["state"] = State.LEFT
    version = int(world.people[3]["door_version"])
    wait_outside(world, 3, 6.0)
    assert world.strangers.size[0] == 0
    assert world.people[3]["door_version"] == version + 1
    world.people[3]["state"] = State.OUTSIDE
    wait_outside(world, 3, 6.0)
    assert world.strangers.size[0] == 1


def test_a_threshold_behind_the_first_schedules_nothing() -> None:
    world = outside()
    empty(world.strangers)
    world.hazards[Source.OPEN]["rate"] = 0.25
    push(world.strangers, 1e-9, event_tag(0, 1, int(world.people[1]["door_version"])))
    before = int(world.hazards[Source.OPEN]["version"])
    wait_outside(world, 3, 6.0)
    assert world.strangers.size[0] == 2
    assert world.hazards[Source.OPEN]["version"] == before


@pytest.mark.parametrize(
    ("state", "left_at", "may"),
    [
        (State.OUTSIDE, 0.0, True),
        (State.LEFT, 5.0, True),  # 5 + 4: just now
        (State.LEFT, 5.5, False),
        (State.LEFT, 1.0, True),
        (State.MEMBER, 0.0, False),
        (State.WAITING, 0.0, False),
        (State.REMOVED, 0.0, False),
    ],
)
def test_who_stands_outside_may_come_and_who_left_after_a_while(
    state: int, left_at: float, may: bool
) -> None:
    world = outside(return_after=4)
    world.people[2]["state"], record_of(world, 2)["left_at"] = state, left_at
    assert may_come(world, 2, 9.0) is may


def test_thresholds_of_those_inside_or_with_a_newer_one_are_skipped() -> None:
    world = outside()
    heap = world.strangers
    empty(heap)
    world.people["door_version"][:6] = 4
    world.people["state"][:6] = [
        State.MEMBER,
        State.OUTSIDE,
        State.WAITING,
        State.REMOVED,
        State.LEFT,
        State.OUTSIDE,
    ]
    for place, (person, version) in enumerate([(0, 4), (1, 3), (2, 4), (3, 4), (4, 4), (5, 4)]):
        push(heap, float(place), event_tag(0, person, version))
    skip_stale(world, heap)
    assert (heap.size[0], heap.tags[0]) == (2, event_tag(0, 4, 4))
    world.people[4]["state"] = State.MEMBER
    skip_stale(world, heap)
    assert heap.tags[0] == event_tag(0, 5, 4)
    world.people[5]["state"] = State.MEMBER
    skip_stale(world, heap)
    assert heap.size[0] == 0


@pytest.mark.parametrize("source", Source)
def test_the_next_discovery_is_never_in_the_past_and_none_without_a_rate(source: Source) -> None:
    world = outside()._replace(event_strangers=empty_heap(8))
    hazard, heap = world.hazards[source], thresholds(world, source)
    empty(heap)
    push(heap, 1.0, event_tag(0, 1, int(world.people[1]["door_version"])))
    hazard["value"], hazard["at"], hazard["rate"] = 0.0, 2.0, 0.0
    version = int(hazard["version"])
    schedule_discovery(world, source.value, 7.0)
    assert due(world, EventKind.DISCOVERY) == []
    assert hazard["version"] == version + 1  # an earlier entry is stale
    hazard["rate"] = 0.5
    schedule_discovery(world, source.value, 7.0)  # at 4 it would have been
    schedule_discovery(world, source.value, 3.0)
    assert due(world, EventKind.DISCOVERY) == [
        (4.0, 0, 2 * (version + 3) + source), (7.0, 0, 2 * (version + 2) + source),
    ]  # fmt: skip
    empty(heap)
    schedule_discovery(world, source.value, 3.0)
    assert len(due(world, EventKind.DISCOVERY)) == 2


def test_the_next_discovery_is_by_somebody_who_is_still_outside() -> None:
    world = outside()
    empty(world.strangers)
    hazard = world.hazards[Source.OPEN]
    hazard["value"], hazard["at"], hazard["rate"] = 0.0, 0.0, 0.5
    for person, threshold in ((1, 1.0), (2, 3.0)):
        push(world.strangers, threshold, event_tag(0, person, int(world.people[person]["door_version"])))
    world.people[1]["state"] = State.MEMBER
    schedule_discovery(world, Source.OPEN.value, 1.0)
    assert [entry[0] for entry in due(world, EventKind.DISCOVERY)] == [6.0]


def test_a_changed_rate_folds_what_has_added_up() -> None:
    world = outside()
    hazard, p = world.hazards[Source.OPEN], world.params[0]
    world.totals[0]["reputation"] = 1.5
    hazard["value"], hazard["at"], hazard["rate"] = 0.5, 2.0, 0.25
    p["visibility"], p["reach"], p["bought_reach"], p["event_reach"] = 0.5, 0.25, 1.0, 4.0
    version = int(hazard["version"])
    set_discovery_rate(world, 4.0)
    assert hazard["rate"] == pytest.approx(0.375)  # 0.5 × 0.25 × 1.5 × (1 + 1)
    assert (hazard["value"], hazard["at"], hazard["version"]) == (1.0, 4.0, version + 1)
    events = world.hazards[Source.EVENTS]
    assert events["rate"] == pytest.approx(0.75)  # 0.5 × 0.25 × 1.5 × 4
    assert events["at"] == 4.0
    set_discovery_rate(world, 9.0)  # the same: nothing is folded or scheduled
    assert (hazard["value"], hazard["at"], hazard["version"]) == (1.0, 4.0, version + 1)


def test_who_cares_for_events_has_a_threshold_of_their_own_by_how_much() -> None:
    world = outside({"joining": {"by_topic": 0}})
    empty(world.strangers)
    world = world._replace(event_strangers=empty_heap(8))
    world.hazards[Source.EVENTS]["value"] = 2.0
    records(world)["drivers"][3:5] = [[1, 0, 0, 0, 0, 0], [0.75, 0, 0, 0, 0.25, 0]]
    for person in (3, 4):
        wait_outside(world, person, 6.0)
    assert world.strangers.size[0] == 2
    assert world.event_strangers.size[0] == 1
    member = world.people[4]
    unit = exponential(
        world.totals[0]["seed"], Purpose.EVENT_DISCOVERY, member["key"], member["door_version"]
    )
    assert world.event_strangers.values[0] == pytest.approx(2.0 + unit / 0.25)
    assert world.event_strangers.tags[0] == event_tag(0, 4, int(member["door_version"]))


def test_before_the_first_event_nobody_has_a_threshold_of_it() -> None:
    world = outside({"joining": {"by_topic": 0}})
    assert len(world.event_strangers.values) == 0
    empty(world.strangers)
    wait_outside(world, 4, 6.0)
    assert (world.strangers.size[0], world.event_strangers.size[0]) == (1, 0)
    assert has_room(world)


def test_the_first_event_gives_a_threshold_to_who_may_be_found_and_cares() -> None:
    world = outside({"joining": {"by_topic": 0}})
    drivers = records(world)["drivers"]
    drivers[:] = [0.75, 0, 0, 0, 0.25, 0]
    drivers[2] = [1, 0, 0, 0, 0, 0]
    world.people["state"][3], world.people["state"][5] = State.MEMBER, State.LEFT
    wait_outside(world, 4, 6.0)  # been at the door: a new version; the old entry is stale
    wait_outside(world, 5, 6.0)
    world.people["door_version"][6] += 1  # no present threshold: waiting, or never to be found
    world = with_event_thresholds(world)
    n = int(world.event_strangers.size[0])
    found = dict(zip(world.event_strangers.tags[:n].tolist(), world.event_strangers.values[:n], strict=True))
    who = [0, 1, 4, 5, 7, 8, 9, 10, 11]
    assert found == {
        event_tag(0, person, int(world.people["door_version"][person])): pytest.approx(
            exponential(
                world.totals[0]["seed"], Purpose.EVENT_DISCOVERY, world.people["key"][person],
                world.people["door_version"][person],
            ) / 0.25
        )
        for person in who
    }  # fmt: skip
    assert world.people["door_version"][4] == 1
    assert len(world.event_strangers.values) >= n + 2
    before = drivers[4].copy()
    wait_outside(world, 4, 7.0)
    assert world.event_strangers.size[0] == n + 1
    assert (before == drivers[4]).all()


def test_reach_that_is_bought_is_paid_for_each_stranger_it_reaches() -> None:
    world = outside()
    p, total = world.params[0], world.totals[0]
    p["bought_reach"], p["stranger_price"] = 1.0, 2.5
    found = []
    for person in range(PEOPLE):
        member = world.people[person]
        u = uniform(total["seed"], Purpose.REACHED, member["key"], member["door_version"])
        found.append(how_found(world, member, Source.OPEN.value))
        assert found[-1] == (Reach.BOUGHT if u < 0.5 else Reach.OWN)
    assert 0 < found.count(Reach.BOUGHT) < PEOPLE
    assert total["reach_cost"] == 2.5 * found.count(Reach.BOUGHT)
    assert how_found(world, world.people[0], Source.EVENTS.value) == Reach.EVENT
    p["bought_reach"] = 0.0
    assert how_found(world, world.people[found.index(Reach.BOUGHT)], Source.OPEN.value) == Reach.OWN
    assert total["reach_cost"] == 2.5 * found.count(Reach.BOUGHT)
