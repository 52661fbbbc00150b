"""At the door: each kind of gate, the waiting list, and the rooms."""

from typing import Any

import pytest

from shequn.sim.kernel.chance import Purpose, exponential, uniform
from shequn.sim.kernel.entry import (
    NO_ROOM,
    admit_next,
    come_to_door,
    give_up,
    leave_waiting_list,
    move_waiting_list,
    passes,
)
from shequn.sim.kernel.gates.kinds import GateKind
from shequn.sim.kernel.heap import event_tag
from shequn.sim.kernel.lines import cancel_admission, schedule_admission
from shequn.sim.kernel.loop import is_stale
from shequn.sim.kernel.membership import depart
from shequn.sim.kernel.rooms import choose_room
from shequn.sim.kernel.state import (
    MAX_SPACES,
    NOBODY,
    Channel,
    EventKind,
    JournalKind,
    Payment,
    Reason,
    State,
)
from shequn.sim.kernel.world import World
from tests.sim.kernel.laws.worlds import PEOPLE, due, inside, outside, rows
from tests.sim.records import record_of, records

QUOTA: dict[str, Any] = {"kind": "quota", "per_day": 2, "patience": "never"}


def members(world: World) -> list[int]:
    """Who is inside."""
    return [person for person in range(PEOPLE) if world.people[person]["state"] == State.MEMBER]


def application(world: World, person: int) -> Any:
    """A person's place on the waiting list."""
    assert record_of(world, person)["application"] != NOBODY
    return world.applications[record_of(world, person)["application"]]


def come(world: World, *persons: int, now: float = 1.0, channel: int = Channel.ARRIVAL) -> None:
    """These people come to the door, one after the other."""
    for person in persons:
        come_to_door(world, person, now, channel, NOBODY)


def test_without_gates_whoever_comes_joins_at_once() -> None:
    world = outside()
    record_of(world, 3)["commitment"] = 0.5
    come_to_door(world, 3, 2.5, Channel.INVITATION, 7)
    who, member = world.people[3], record_of(world, 3)
    assert (who["state"], member["joined_at"], who["channel"], member["invited_by"]) == (
        State.MEMBER, 2.5, Channel.INVITATION, 7,
    )  # fmt: skip
    assert (member["commitment"], member["application"]) == (0.0, NOBODY)


def test_costs_of_all_gates_passed_bind_and_fees_are_income() -> None:
    gates = ({"kind": "fee", "amount": 9, "cost": 0.5}, {"kind": "rules", "cost": 0.25})
    world = outside({"joining": {"binding": 0.2}}, gates=gates)
    come(world, 0, 1, channel=Channel.INVITATION)  # the invited weighed the cost before: nobody is deterred
    assert members(world) == [0, 1]
    assert world.totals[0]["income"] == 18.0
    assert world.everybody["commitment"][:2].tolist() == pytest.approx([0.15, 0.15])
    assert rows(world, JournalKind.PAY) == [(1.0, k, NOBODY, NOBODY, Payment.FEE, 9.0) for k in (0, 1)]


def test_others_are_deterred_by_a_cost_with_1_minus_e_to_minus_cost() -> None:
    world = outside(gates=({"kind": "rules", "cost": 0.7},))
    gate = world.gates[0]
    willing = []
    for person in range(PEOPLE):
        member = world.people[person]
        member["channel"], member["door_version"] = Channel.STRANGER, 3
        u = uniform(world.totals[0]["seed"], Purpose.GATE, member["key"], 256 * 3 + gate["name"])
        willing.append(u < 0.4965853037914095)  # e^−0.7
        assert passes(world, gate, member, 0.0, 1.0) == willing[-1]
        member["channel"] = Channel.INVITATION
        assert passes(world, gate, member, 0.0, 1.0)
    assert 0 < sum(willing) < PEOPLE


def test_whoever_is_refused_is_a_stranger_again_with_a_new_threshold() -> None:
    world = outside(gates=({"kind": "rules", "cost": 0}, {"kind": "invitation"}), strangers_per_day=5)
    version, waiting = int(world.people[0]["door_version"]), int(world.strangers.size[0])
    come(world, 0, channel=Channel.STRANGER)
    assert members(world) == []
    assert world.people[0]["state"] == State.OUTSIDE
    assert world.totals[0]["refused"] == 1
    assert rows(world, JournalKind.REFUSE) == [(1.0, 0, NOBODY, NOBODY, 1, 0.0)]
    assert world.people[0]["door_version"] == version + 2  # of coming, and of the threshold
    assert world.strangers.size[0] == waiting + 1


def test_an_invitation_gate_lets_only_the_invited_pass() -> None:
    world = outside(gates=({"kind": "invitation"},))
    come(world, 0, channel=Channel.STRANGER)
    come(world, 1, channel=Channel.ARRIVAL)
    come(world, 2, channel=Channel.INVITATION)
    assert members(world) == [2]


def test_a_capacity_gate_is_shut_while_so_many_are_in() -> None:
    world = outside(gates=({"kind": "capacity", "members": 2},))
    come(world, 0, 1, 2)
    assert members(world) == [0, 1]
    depart(world, 0, 2.0, Reason.OPTIONS.value)
    come(world, 3, 4, now=3.0)
    assert members(world) == [1, 3]


def test_a_share_of_people_are_customers_for_good() -> None:
    world = outside(gates=({"kind": "purchase", "share": 0.6},))
    seed = world.totals[0]["seed"]
    customers = [
        p for p in range(PEOPLE) if uniform(seed, Purpose.GATE, world.people[p]["key"], 16777216) < 0.6
    ]
    assert 0 < len(customers) < PEOPLE
    for now in (1.0, 2.0):  # another coming changes nothing
        for person in range(PEOPLE):
            if world.people[person]["state"] != State.MEMBER:
                come(world, person, now=now, channel=Channel.INVITATION)
        assert members(world) == customers


def test_a_task_needs_quality_as_seen() -> None:
    world = outside(gates=({"kind": "task", "at_least": 0.5, "noise": 0, "cost": 0},))
    world.people["quality"][:4] = [0.25, 0.5, 0.75, 0.4375]
    come(world, 0, 1, 2, 3)
    assert members(world) == [1, 2]


def test_noise_moves_what_a_task_shows() -> None:
    world = outside(gates=({"kind": "task", "at_least": 0.5, "noise": 1, "cost": 0},))
    come(world, *range(PEOPLE))  # all of quality 0.5: half of them pass
    assert 2 <= len(members(world)) <= 10


def test_identity_by_topic_goes_by_the_distance_on_the_circle() -> None:
    world = outside(gates=({"kind": "identity", "sees": "topic", "within": 0.25},))
    world.params[0]["centre"] = 0.125
    world.people["topic"][:5] = [0.125, 0.375, 0.875, 0.4375, 0.75]
    come(world, 0, 1, 2, 3, 4)
    assert members(world) == [0, 1, 2]


def test_identity_by_place_goes_by_the_distance_from_the_middle() -> None:
    world = outside(gates=({"kind": "identity", "sees": "place", "within": 1.25},), places=True)
    records(world)["x"][:6] = [2.0, 3.25, 2.75, 1.0, 2.0, 3.0]  # of a city of 4 km
    records(world)["y"][:6] = [2.0, 2.0, 3.0, 1.0, 0.5, 2.75]
    come(world, 0, 1, 2, 3, 4, 5)
    assert members(world) == [0, 1, 2, 5]  # 0, 1.25, 1.25 (.75, 1), 1.41, 1.5, 1.25 (1, .75)


@pytest.mark.parametrize(("bypass", "pass_"), [(0.0, False), (1.0, True)])
def test_a_share_of_strangers_bypass_the_gates_and_others_do_not(bypass: float, pass_: bool) -> None:
    world = outside(gates=({"kind": "invitation"}, {"kind": "fee", "amount": 5}))
    world.params[0]["visibility"], world.params[0]["bypass"] = 0.5, bypass
    come(world, 0, channel=Channel.STRANGER)
    come(world, 1, channel=Channel.ARRIVAL)
    assert members(world) == ([0] if pass_ else [])
    assert world.totals[0]["income"] == 0.0
    assert record_of(world, 0)["commitment"] == 0.0


def test_nobody_slips_past_a_full_house() -> None:
    world = outside(gates=({"kind": "capacity", "members": 1},))
    world.params[0]["bypass"] = 1.0
    come(world, 0, 1, channel=Channel.STRANGER)
    assert members(world) == [0]


# --- money


def purses(world: World, size: float) -> None:
    """Everybody's purse has this size."""
    world.params[0]["purse_mean"], world.params[0]["purse_log_sd"] = size, 0.0


def test_nobody_pays_without_getting_in() -> None:
    gates = ({"kind": "fee", "amount": 99}, {"kind": "capacity", "members": 2})
    for world in (outside(gates=gates), outside(gates=gates[:1], capacity=2)):
        purses(world, 1000.0)
        come(world, 0, 1, 2, 3)
        assert members(world) == [0, 1]
        assert world.totals[0]["income"] == 198.0
        assert [row[1] for row in rows(world, JournalKind.PAY)] == [0, 1]
        assert records(world)["account"][:4].tolist() == [0, 1, NOBODY, NOBODY]


def test_a_price_deters_those_whose_purse_is_smaller_whoever_invited_them() -> None:
    gates = ({"kind": "fee", "amount": 60}, {"kind": "fee", "amount": 40})
    for channel in (Channel.ARRIVAL, Channel.INVITATION):
        world = outside(gates=gates)
        purses(world, 100.0)
        come(world, 0, channel=channel)
        assert members(world) == [0]
        assert world.totals[0]["income"] == 100.0
        purses(world, 99.0)
        come(world, 1, channel=channel)
        assert members(world) == [0]
        assert rows(world, JournalKind.REFUSE)[-1][4] == 1  # the second gate: 60 fitted, 100 does not


def test_a_waiting_candidate_owes_what_was_asked_when_they_passed_and_pays_at_admission() -> None:
    world = outside(gates=({"kind": "fee", "amount": 9}, QUOTA))
    purses(world, 100.0)
    come(world, 0, 1, now=1.0)
    assert world.totals[0]["income"] == 9.0
    assert application(world, 1)["owed"] == 9.0
    world.gates[0]["price"] = 99.0
    admit_next(world, 0, 1.5)
    assert members(world) == [0, 1]
    assert world.totals[0]["income"] == 18.0
    assert rows(world, JournalKind.PAY)[-1] == (1.5, 1, NOBODY, NOBODY, Payment.FEE, 9.0)


def test_who_gives_up_waiting_pays_nothing_and_their_record_is_used_again() -> None:
    world = outside(gates=({"kind": "fee", "amount": 9}, QUOTA))
    purses(world, 100.0)
    come(world, 0, 1, 2, now=1.0)
    assert records(world)["application"][1:3].tolist() == [0, 1]
    give_up(world, 1, 1.25)
    come(world, 3, now=1.3)
    assert (record_of(world, 3)["application"], world.totals[0]["n_applications"]) == (0, 2)
    assert world.totals[0]["income"] == 9.0


# --- the waiting list


def test_a_quota_gate_lets_one_pass_and_is_shut_for_its_interval() -> None:
    world = outside(gates=(QUOTA,))
    total, space = world.totals[0], world.spaces[0]
    come(world, 0, 1, 2, now=1.0)
    assert members(world) == [0]
    assert space["free_at"] == 1.5
    assert (total["waiting"], space["admission_pending"]) == (2, 1)
    assert [world.people[k]["state"] for k in (1, 2)] == [State.WAITING] * 2
    assert [float(application(world, k)["since"]) for k in (1, 2)] == [1.0, 1.0]
    assert [entry[0] for entry in due(world, EventKind.ADMISSION)] == [1.5]
    assert [row[:2] for row in rows(world, JournalKind.WAIT)] == [(1.0, 1), (1.0, 2)]
    assert rows(world, JournalKind.PASS_LINE) == [(1.0, 0, NOBODY, NOBODY, 0, 0.0)]
    assert due(world, EventKind.GIVING_UP) == []  # patience for ever


def test_the_line_passes_in_the_order_of_coming_one_an_interval() -> None:
    rules = {"joining": {"binding": 0.15}}
    world = outside(rules, gates=({"kind": "rules", "cost": 0}, {**QUOTA, "cost": 0.5}))
    total, space = world.totals[0], world.spaces[0]
    come(world, 5, 9, 2, now=1.0, channel=Channel.INVITATION)
    admit_next(world, 0, 1.5)
    assert members(world) == [5, 9]
    assert (total["waiting"], space["free_at"], space["admission_pending"]) == (1, 2.0, 1)
    admit_next(world, 0, 2.0)
    assert members(world) == [2, 5, 9]
    assert (total["waiting"], space["free_at"], space["admission_pending"]) == (0, 2.5, 0)
    assert rows(world, JournalKind.PASS_LINE)[1:] == [
        (1.5, 9, NOBODY, NOBODY, 1, 0.5), (2.0, 2, NOBODY, NOBODY, 1, 1.0),
    ]  # fmt: skip
    assert record_of(world, 2)["commitment"] > 0.0  # who passed the line has paid its cost
    assert records(world)["application"].tolist() == [NOBODY] * PEOPLE
    admit_next(world, 0, 2.5)
    assert total["waiting"] == 0


def test_nothing_is_saved_up_and_the_free_gate_is_passed_at_once() -> None:
    world = outside(gates=(QUOTA,))
    come(world, 0, now=1.0)
    come(world, 1, now=1.5)  # just free again
    come(world, 2, now=5.0)
    come(world, 3, now=5.25)
    assert members(world) == [0, 1, 2]
    assert world.spaces[0]["free_at"] == 5.5


def test_who_comes_while_others_wait_stands_behind_them() -> None:
    world = outside(gates=(QUOTA,))
    come(world, 0, 1, now=1.0)
    come(world, 2, now=1.75)  # free since 1.5, but 1 still waits
    assert members(world) == [0]
    assert world.totals[0]["waiting"] == 2
    assert [entry[0] for entry in due(world, EventKind.ADMISSION)] == [1.5]  # one entry is enough


def test_an_admission_that_comes_too_early_is_put_off() -> None:
    world = outside(gates=(QUOTA,))
    come(world, 0, 1, now=1.0)
    admit_next(world, 0, 1.25)
    assert members(world) == [0]
    assert world.spaces[0]["admission_pending"] == 1
    assert [entry[0] for entry in due(world, EventKind.ADMISSION)] == [1.5, 1.5]
    newest = max(entry[2] for entry in due(world, EventKind.ADMISSION))
    assert newest == MAX_SPACES * world.spaces[0]["admission_version"]


def test_who_loses_patience_is_a_stranger_again_and_the_line_goes_on_without_them() -> None:
    world = outside(gates=({**QUOTA, "patience": 3},))
    total = world.totals[0]
    come(world, 0, 1, 2, now=1.0)
    member = world.people[1]
    unit = exponential(total["seed"], Purpose.PATIENCE, member["key"], member["door_version"])
    assert (pytest.approx(1.0 + 3.0 * unit), 1, application(world, 1)["ticket"]) in due(
        world, EventKind.GIVING_UP
    )
    give_up(world, 1, 1.25)
    assert (total["waiting"], total["given_up"]) == (1, 1)
    assert member["state"] == State.OUTSIDE
    assert rows(world, JournalKind.GIVE_UP) == [(1.25, 1, NOBODY, NOBODY, 0, 0.25)]
    admit_next(world, 0, 1.5)
    assert members(world) == [0, 2]
    assert total["waiting"] == 0


def test_an_old_ticket_of_one_who_gave_up_and_came_again_is_void() -> None:
    world = outside(gates=({**QUOTA, "patience": 3},))
    come(world, 0, 1, 2, now=1.0)
    give_up(world, 1, 1.25)
    come(world, 1, now=1.3)  # again, now behind 2
    admit_next(world, 0, 1.5)
    assert members(world) == [0, 2]
    admit_next(world, 0, 2.0)
    assert members(world) == [0, 1, 2]


def test_when_gates_are_replaced_the_line_stands_at_the_new_one_with_its_interval() -> None:
    world = outside(gates=({"kind": "rules", "cost": 0}, QUOTA))
    space = world.spaces[0]
    come(world, 0, 1, 2, now=1.0, channel=Channel.INVITATION)
    world.gates[0]["kind"], world.gates[0]["quota_per_day"] = GateKind.QUOTA, 0.5
    give_up(world, 1, 1.1)
    move_waiting_list(world, 0, 1.25, 0, 0.5)
    assert space["free_at"] == pytest.approx(3.0)  # two days after the last one at 1.0
    assert application(world, 2)["at_gate"] == 0
    assert record_of(world, 1)["application"] == NOBODY  # who gave up stands nowhere
    assert space["admission_pending"] == 1
    assert due(world, EventKind.ADMISSION)[-1][0] == pytest.approx(3.0)


def test_a_gate_that_is_free_or_keeps_its_interval_stays_as_it_was() -> None:
    world = outside(gates=(QUOTA,))
    come(world, 0, 1, now=1.0)
    move_waiting_list(world, 0, 1.25, 0, 0.5)
    assert world.spaces[0]["free_at"] == 1.5
    world.gates[0]["quota_per_day"] = 1 / 3
    move_waiting_list(world, 0, 1.5, 0, 0.5)  # free by now
    assert world.spaces[0]["free_at"] == 1.5
    assert due(world, EventKind.ADMISSION)[-1][0] == 1.5
    move_waiting_list(world, 0, 1.75, 0, 0.5)  # free for some time
    assert world.spaces[0]["free_at"] == 1.5
    move_waiting_list(world, 0, 4.0, 0, -1.0)  # there was none before: free at once
    assert world.spaces[0]["free_at"] == 4.0
    assert due(world, EventKind.ADMISSION)[-1][0] == 4.0


def test_a_faster_quota_gate_opens_sooner_after_the_last_admission() -> None:
    world = outside(gates=(QUOTA,))
    come(world, 0, 1, now=1.0)
    world.gates[0]["quota_per_day"] = 4.0
    move_waiting_list(world, 0, 1.1, 0, 0.5)
    assert world.spaces[0]["free_at"] == pytest.approx(1.25)


def test_with_nobody_waiting_no_admission_is_pending() -> None:
    world = outside(gates=(QUOTA,))
    space = world.spaces[0]
    space["admission_pending"] = 1
    version = int(space["admission_version"])
    move_waiting_list(world, 0, 1.0, 0, 0.5)
    assert (space["admission_pending"], space["admission_version"]) == (0, version + 1)
    space["admission_pending"] = 1
    cancel_admission(world, 0)
    assert (space["admission_pending"], space["admission_version"]) == (0, version + 2)


def test_without_a_quota_gate_the_first_in_line_goes_on_behind_what_they_have_passed() -> None:
    world = outside(gates=(QUOTA, {"kind": "rules", "cost": 0}))
    total = world.totals[0]
    come(world, 0, 1, 2, 3, now=1.0)
    give_up(world, 1, 1.25)
    leave_waiting_list(world, 0, 2.0, 1)
    assert (members(world), total["waiting"]) == ([0, 2], 1)
    assert rows(world, JournalKind.PASS_LINE)[-1] == (2.0, 2, NOBODY, NOBODY, 0, 1.0)
    leave_waiting_list(world, 0, 2.5, 0)  # from the first gate on, which is free by now
    assert (members(world), total["waiting"]) == ([0, 2, 3], 0)


# --- rooms


def test_the_invited_sit_with_their_inviter_while_that_one_is_in() -> None:
    world = outside(rooms=3, placing="fill")
    inside(world, 0, room=2)
    record_of(world, 1)["invited_by"] = 0
    assert choose_room(world, 1, 0) == 2
    depart(world, 0, 1.0, Reason.OPTIONS.value)
    assert choose_room(world, 1, 0) == 0


def test_an_inviter_who_has_left_draws_nobody_into_a_room() -> None:
    world = outside(rooms=3, placing="fill")
    inside(world, 0, room=2)
    depart(world, 0, 1.0, Reason.OPTIONS.value)
    record_of(world, 1)["invited_by"] = 0
    world.memberships[NOBODY]["room"] = 1  # a seat of nobody's
    assert choose_room(world, 1, 0) == 0


def test_placing_by_topic_takes_the_nearest_room_and_a_full_one_leads_on_to_the_next() -> None:
    world = outside(rooms=4, placing="topic", capacity=1)
    topics = {0: 0.0, 1: 0.3, 2: 0.55, 3: 0.999, 4: 1.0}
    for person, topic in topics.items():
        world.people[person]["topic"] = topic
    assert [choose_room(world, person, 0) for person in topics] == [0, 1, 2, 3, 3]
    inside(world, 9, room=3)
    inside(world, 10, room=0)
    assert choose_room(world, 3, 0) == 1  # round the end
    inside(world, 8, room=1)
    inside(world, 7, room=2)
    assert choose_room(world, 3, 0) == NOBODY


def test_fill_takes_the_first_room_with_space() -> None:
    world = outside(rooms=3, placing="fill", capacity=2)
    for person, room in enumerate([0, 0, 1, 1, 2, 2]):
        assert choose_room(world, person, 0) == room
        inside(world, person, room=room)
    assert choose_room(world, 8, 0) == NOBODY
    come(world, 8)
    assert rows(world, JournalKind.REFUSE) == [(1.0, 8, NOBODY, NOBODY, NO_ROOM, 0.0)]
    assert NO_ROOM == 255


def test_random_placing_is_a_draw_by_person_and_stay() -> None:
    world = outside(rooms=3, placing="random")
    seed = world.totals[0]["seed"]
    for stay in (0, 1):
        world.people["n_joins"] = stay
        expected = [int(uniform(seed, Purpose.ROOM, world.people[k]["key"], stay) * 3) for k in range(PEOPLE)]
        assert [choose_room(world, k, 0) for k in range(PEOPLE)] == expected
        assert len(set(expected)) > 1


def test_an_admission_scheduled_again_makes_the_earlier_entry_stale() -> None:
    world = outside(gates=(QUOTA,))
    schedule_admission(world, 0, 3.0)
    (first,) = due(world, EventKind.ADMISSION)
    schedule_admission(world, 0, 2.0)
    second, again = due(world, EventKind.ADMISSION)
    assert again == first
    assert second[0] == 2.0
    tags = {at: event_tag(EventKind.ADMISSION.value, 0, other) for at, _, other in (first, second)}
    assert is_stale(world, tags[3.0])
    assert not is_stale(world, tags[2.0])
