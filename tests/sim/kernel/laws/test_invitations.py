"""Members bring members: clocks, choices, asks and answers."""

from typing import Any

import pytest

from shequn.agents import interest, inviting
from shequn.sim.kernel.chance import Purpose, exponential, pair, uniform
from shequn.sim.kernel.heap import event_tag, push, tag_other
from shequn.sim.kernel.invitations import (
    MAX_INVITATIONS,
    accepts,
    bring_forward_invitation,
    count_invitation,
    enter_invitation,
    invitation_name,
    invite,
    invite_along_tie,
    invite_anybody,
    n_invitations_along,
    next_invitee,
    reset_tie_clock,
    schedule_invitation,
    send_invitation,
    set_tie_clock,
    start_tie_clocks,
    update_invitation,
    update_inviters,
)
from shequn.sim.kernel.params import COMPLETE
from shequn.sim.kernel.state import NEVER, NOBODY, EventKind, JournalKind, State
from shequn.sim.kernel.ties import find_link
from shequn.sim.kernel.world import World
from tests.sim.kernel.laws.worlds import due, empty, give, inside, outside, rows, tie_between
from tests.sim.records import record_of, records

STAR = ((0, 1), (0, 2), (0, 3), (0, 4))
RULES: dict[str, Any] = {"inviting": {"rate": 0.5, "by_satisfaction": 0, "delay": 2}}


def star(**inviting_rules: Any) -> World:
    """One member tied to four outside."""
    world = outside({"inviting": {**RULES["inviting"], **inviting_rules}}, edges=STAR)
    inside(world, 0)
    return world


def clock(world: World, due_at: float, rate: float) -> Any:
    """Person 0, whose next invitation is due then at this rate."""
    member = record_of(world, 0)
    member["invite_due"], member["invite_rate"], member["invite_work"] = due_at, rate, 77.0
    return member


# --- the member's clock


def test_a_clock_is_wound_up_with_one_unit_of_work_named_by_stay_and_count() -> None:
    world = star()
    who, member = world.people[0], record_of(world, 0)
    member["n_invites"], who["n_joins"] = 5, 2
    schedule_invitation(world, 0, 10.0)
    unit = exponential(world.totals[0]["seed"], Purpose.INVITE, who["key"], 5 + 65536 * 2)
    assert member["invite_work"] == unit
    assert member["invite_rate"] == 2.0  # 0.5 × four outside
    assert member["invite_due"] == pytest.approx(10.0 + unit / 2.0)
    assert due(world, EventKind.INVITATION) == [
        (pytest.approx(10.0 + unit / 2.0), 0, member["invite_version"]),
    ]


@pytest.mark.parametrize(("cares", "factor"), [(0.0, 1.0), (0.5, 1.25), (1.0, 1.5)])
def test_the_rate_follows_rewards_as_far_as_the_member_cares_for_benefit(cares: float, factor: float) -> None:
    world = star(asker_reward=2)
    p = world.params[0]
    p["pay_inviter"], p["purse_mean"], p["benefit_purse_per_gain"] = 2.5, 100.0, 0.1  # a quarter of a gain
    member = clock(world, NEVER, 0.0)
    record_of(world, 0)["drivers"] = [1.0 - cares, 0.0, cares, 0.0, 0.0, 0.0]
    update_invitation(world, 0, 10.0)
    assert member["invite_rate"] == pytest.approx(0.5 * 4 * factor)


def test_a_reminder_brings_the_next_invitation_forward_to_now_at_most() -> None:
    world = star()
    member = clock(world, 18.0, 1.0)
    version = int(member["invite_version"])
    bring_forward_invitation(world, 0, 10.0, 3.0)
    assert member["invite_due"] == 15.0
    bring_forward_invitation(world, 0, 12.0, 9.0)
    assert member["invite_due"] == 12.0
    assert due(world, EventKind.INVITATION) == [(12.0, 0, version + 2), (15.0, 0, version + 1)]


def test_there_is_nothing_to_bring_forward_without_an_invitation_or_with_clocks_per_tie() -> None:
    world = star()
    member = clock(world, NEVER, 0.0)
    bring_forward_invitation(world, 0, 10.0, 3.0)
    assert member["invite_due"] == NEVER
    member["invite_due"] = 18.0
    world.params[0]["inviting_mode"] = inviting.TIE
    bring_forward_invitation(world, 0, 10.0, 3.0)
    assert member["invite_due"] == 18.0
    assert due(world, EventKind.INVITATION) == []


def test_the_rest_of_the_work_runs_at_the_new_rate_and_a_slower_one_needs_no_entry() -> None:
    world = star()
    member = clock(world, 18.0, 1.0)
    version = int(member["invite_version"])
    update_invitation(world, 0, 10.0)  # 8 days at 1 are 4 at 2
    assert (member["invite_work"], member["invite_due"]) == (8.0, 14.0)
    assert due(world, EventKind.INVITATION) == [(14.0, 0, version + 1)]
    world.people[0]["ties_inside"] = 3  # one outside: rate 0.5
    update_invitation(world, 0, 12.0)  # 2 at 2 are 8 at 0.5
    assert (member["invite_work"], member["invite_due"]) == (4.0, 20.0)
    assert len(due(world, EventKind.INVITATION)) == 1
    update_invitation(world, 0, 15.0)
    assert (member["invite_work"], member["invite_due"]) == (4.0, 20.0)


def test_overdue_work_is_none() -> None:
    world = star()
    member = clock(world, 9.0, 1.0)
    update_invitation(world, 0, 10.0)
    assert (member["invite_work"], member["invite_due"]) == (0.0, 10.0)


def test_away_for_long_or_with_nobody_to_ask_the_clock_stands_still_and_goes_on_later() -> None:
    world = star()
    member = clock(world, 14.0, 2.0)
    member["lapsed"] = 1
    update_invitation(world, 0, 10.0)
    assert (member["invite_rate"], member["invite_due"], member["invite_work"]) == (0.0, NEVER, 8.0)
    assert due(world, EventKind.INVITATION) == []
    member["lapsed"] = 0
    update_invitation(world, 0, 30.0)
    assert (member["invite_due"], member["invite_work"]) == (34.0, 8.0)


def test_the_clock_of_one_who_may_ask_anybody_runs_at_the_rate_itself() -> None:
    world = star()
    world.params[0]["mixing"] = COMPLETE
    member = clock(world, NEVER, 0.0)
    update_invitation(world, 0, 10.0)
    assert member["invite_rate"] == 0.5


def test_where_ties_have_clocks_members_have_none() -> None:
    world = star()
    world.params[0]["inviting_mode"] = inviting.TIE
    member = clock(world, 18.0, 1.0)
    update_invitation(world, 0, 10.0)
    schedule_invitation(world, 0, 10.0)
    invited = (float(member["invite_due"]), float(member["invite_rate"]), float(member["invite_work"]))
    assert invited == (18.0, 1.0, 77.0)


def test_an_invitation_that_is_never_due_is_not_entered() -> None:
    world = star()
    clock(world, NEVER, 0.0)
    enter_invitation(world, 0)
    assert due(world, EventKind.INVITATION) == []
    clock(world, 12.0, 0.0)
    enter_invitation(world, 0)
    assert [entry[:2] for entry in due(world, EventKind.INVITATION)] == [(12.0, 0)]


def test_members_tied_to_one_who_comes_or_goes_have_one_more_or_less_to_ask() -> None:
    world = outside(RULES, edges=((0, 1), (1, 2), (1, 3)))
    inside(world, 0, 3)
    for person in (0, 2, 3):
        record_of(world, person)["invite_rate"], record_of(world, person)["invite_due"] = 9.0, 20.0
    update_inviters(world, 1, 10.0)
    assert world.everybody["invite_rate"][[0, 2, 3]].tolist() == [0.5, 9.0, 0.5]  # 2 is outside
    records(world)["invite_rate"] = 9.0
    world.params[0]["mixing"] = COMPLETE
    update_inviters(world, 1, 10.0)
    assert (world.everybody["invite_rate"] == 9.0).all()


def test_a_clock_that_rings_too_early_is_entered_again_and_asks_nobody() -> None:
    world = star()
    member = clock(world, 12.0, 1.0)
    invite(world, 0, 11.0)
    assert member["n_invites"] == 0
    assert [entry[0] for entry in due(world, EventKind.INVITATION)] == [12.0]
    assert rows(world, JournalKind.INVITE) == []


def test_a_clock_that_rings_asks_one_outside_and_is_wound_up_again() -> None:
    world = star(strong_ties=2)
    world.people["topic"][:5] = [0.5, 0.5, 0.625, 0.25, 0.5]
    for other in (1, 2, 3, 4):
        give(world, other / 4, 0, other)
    member = clock(world, 12.0, 1.0)
    member["n_invites"] = 3
    p, seed = world.params[0], world.totals[0]["seed"]
    races = {}
    for other in (1, 2, 3, 4):
        match = interest.topic_match(0.5, float(world.people[other]["topic"]), p)
        weight = (other / 4) ** 2 * match
        key = pair(world.people[0]["key"], world.people[other]["key"])
        races[other] = exponential(seed, Purpose.INVITE_WHOM, key, 3) / weight
    first = min(races, key=lambda other: races[other])
    invite(world, 0, 12.0)
    assert [row[:3] for row in rows(world, JournalKind.INVITE)] == [(12.0, 0, first)]
    assert member["n_invites"] == 4
    assert len(due(world, EventKind.INVITATION)) == 1
    # who is inside is not asked
    world.people[first]["state"] = State.MEMBER
    clock(world, 13.0, 1.0)
    invite(world, 0, 13.0)
    assert rows(world, JournalKind.INVITE)[-1][2] != first


def test_of_ties_without_weight_or_people_who_may_not_come_nobody_is_asked() -> None:
    world = star()
    give(world, 0.0)
    clock(world, 12.0, 1.0)
    invite(world, 0, 12.0)
    give(world, 0.5)
    world.people["state"][1:5] = State.REMOVED
    clock(world, 13.0, 1.0)
    invite(world, 0, 13.0)
    assert rows(world, JournalKind.INVITE) == []
    assert record_of(world, 0)["n_invites"] == 2


# --- anybody


def test_anybody_is_met_in_the_order_of_thresholds_and_gets_a_new_one() -> None:
    world = outside(RULES, mixing="complete")
    heap = world.anybody
    assert heap.size[0] == 12
    threshold = float(heap.values[0])
    first = int(heap.tags[0] >> 31)
    times = tag_other(heap.tags[0])
    assert next_invitee(world) == first
    assert world.totals[0]["anybody"] == threshold
    assert heap.size[0] == 12
    unit = exponential(world.totals[0]["seed"], Purpose.MIXING, world.people[first]["key"], times + 1)
    place = heap.tags.tolist().index(event_tag(0, first, times + 1))
    assert heap.values[place] == pytest.approx(threshold + unit)


def test_of_two_people_each_meets_the_other() -> None:
    world = outside(RULES, mixing="complete")
    empty(world.anybody)
    inside(world, 3)
    for person, threshold in ((3, 0.5), (8, 1.5)):
        push(world.anybody, threshold, event_tag(0, person, 0))
    invite_anybody(world, 3, 3.0)
    assert [row[2] for row in rows(world, JournalKind.INVITE)] == [8]


def test_one_never_asks_oneself_nor_anybody_where_there_is_nobody_else() -> None:
    world = outside(RULES, mixing="complete")
    first = int(world.anybody.tags[0] >> 31)
    inside(world, first)
    record_of(world, first)["n_invites"] = 4
    invite_anybody(world, first, 3.0)
    ((time, asker, asked, _room, before, strength),) = rows(world, JournalKind.INVITE)
    assert (time, asker, before, strength) == (3.0, first, 0, 1.0)
    assert asked != first
    empty(world.anybody)
    invite_anybody(world, first, 4.0)
    assert len(rows(world, JournalKind.INVITE)) == 1


def test_members_are_asked_in_vain() -> None:
    world = outside(RULES, mixing="complete")
    inside(world, *range(12))
    invite_anybody(world, 0, 3.0)
    assert rows(world, JournalKind.INVITE) == []
    assert world.totals[0]["anybody"] > 0.0


# --- asks


def test_asks_are_counted_in_each_direction_for_itself_up_to_255() -> None:
    world = star()
    tie = tie_between(world, 0, 1)
    assert [count_invitation(tie, 0, 1) for _ in range(3)] == [1, 2, 3]
    assert count_invitation(tie, 1, 0) == 1
    assert (n_invitations_along(tie, 0, 1), n_invitations_along(tie, 1, 0)) == (3, 1)
    assert tie["asked"].tolist() == [3, 1]
    tie["asked"][0] = 254
    assert [count_invitation(tie, 0, 1) for _ in range(2)] == [255, 255] == [MAX_INVITATIONS] * 2


def test_an_ask_is_named_by_its_number_and_beyond_255_by_the_asked_ones_count() -> None:
    world = star()
    world.people[1]["n_asked"] = 300
    assert [invitation_name(world, 1, number) for number in (1, 254, 255)] == [1, 254, 555]
    world.params[0]["mixing"] = COMPLETE
    assert invitation_name(world, 1, 255) == 255


def test_an_ask_is_counted_written_down_and_answered_after_a_delay() -> None:
    world = star()
    other = world.people[1]
    assert not send_invitation(world, 0, 1, 5.0, 3, 0.75)
    assert (other["n_asked"], world.totals[0]["invitations"]) == (1, 1)
    assert rows(world, JournalKind.INVITE) == [(5.0, 0, 1, NOBODY, 2, 0.75)]
    key = pair(world.people[0]["key"], other["key"])
    unit = exponential(world.totals[0]["seed"], Purpose.ANSWER_DELAY, key, 3)
    assert due(world, EventKind.ANSWER) == [(pytest.approx(5.0 + 2.0 * unit), 1, 0)]
    assert world.queue.tags[0] == event_tag(EventKind.ANSWER, 1, 0, 3)


def test_without_a_delay_the_answer_is_due_at_once() -> None:
    world = star(delay=0)
    assert send_invitation(world, 0, 1, 5.0, 1, 0.75)
    assert due(world, EventKind.ANSWER) == []


@pytest.mark.parametrize("friends", [0, 2, 50])
def test_the_answer_is_a_draw_against_the_rules_chance(friends: int) -> None:
    world = outside(
        {"inviting": {**RULES["inviting"], "odds": 2, "fatigue": 2}},
        edges=STAR,
        gates=({"kind": "rules", "cost": 0.1}, {"kind": "fee", "amount": 1, "cost": 0.2}),
    )
    inside(world, 0)
    total, p = world.totals[0], world.params[0]
    total["reputation"], p["pay_invited"], p["purse_mean"] = 1.25, 5.0, 100.0  # half a gain
    p["benefit_purse_per_gain"], p["purse_log_sd"] = 0.1, 0.0
    answers = []
    for asked in (1, 2, 3, 4):
        world.people[asked]["ties_inside"] = friends
        tie = tie_between(world, 0, asked)
        tie["asked"][0] = 3
        record_of(world, asked)["drivers"] = [0.75, 0.0, 0.25, 0.0, 0.0, 0.0]
        chance = inviting.acceptance_probability(0.5, float(friends), 1.25, 0.125, 0.1 + 0.2, 2.0, p)
        key = pair(world.people[0]["key"], world.people[asked]["key"])
        yes = uniform(total["seed"], Purpose.ANSWER, key, 3) < chance
        assert accepts(world, asked, 0, 6.0, 3) == yes
        kind = JournalKind.ACCEPT if yes else JournalKind.DECLINE
        assert rows(world, kind)[-1] == (6.0, asked, 0, NOBODY, friends, pytest.approx(chance))
        answers.append(yes)
    assert total["accepted"] == sum(answers)
    assert record_of(world, 0)["n_accepted"] == 0  # counted when they join


def test_who_cannot_pay_what_all_gates_take_declines() -> None:
    gates = ({"kind": "fee", "amount": 60}, {"kind": "rules"}, {"kind": "fee", "amount": 40})
    world = outside({"inviting": {**RULES["inviting"], "odds": 1e6}}, edges=STAR, gates=gates)
    inside(world, 0)
    p = world.params[0]
    p["purse_log_sd"] = 0.0
    tie_between(world, 0, 1)["asked"][0] = 1
    for purse, chance in ((100.0, 1.0), (99.0, 0.0)):
        p["purse_mean"] = purse
        assert bool(accepts(world, 1, 0, 6.0, 1)) is bool(chance)
    assert rows(world, JournalKind.DECLINE)[-1][5] == 0.0
    p["inviting_acceptance"] = inviting.ALWAYS
    record_of(world, 0)["n_invites"] = 1
    assert accepts(world, 1, 0, 6.0, 1)


def test_the_last_three_bits_name_the_ask_that_is_answered() -> None:
    world = star(odds=2, fatigue=2)
    p = world.params[0]
    tie = tie_between(world, 0, 1)
    tie["asked"][0] = 10
    for bits, number in ((10 & 7, 10), (9 & 7, 9), (3, 3), (4, 4)):
        accepts(world, 1, 0, 6.0, bits)
        written = max(
            rows(world, JournalKind.ACCEPT) + rows(world, JournalKind.DECLINE), key=lambda row: row[0]
        )
        chance = inviting.acceptance_probability(0.5, 0.0, 1.0, 0.0, 0.0, number - 1.0, p)
        assert written[5] == pytest.approx(chance)
        world.totals[0]["n_journal"] = 0


def test_where_anybody_may_be_asked_the_askers_invitations_name_the_answer_and_nobody_tires() -> None:
    world = star(odds=2, fatigue=1)
    p, total = world.params[0], world.totals[0]
    p["mixing"] = COMPLETE
    record_of(world, 0)["n_invites"] = 12
    for other in (1, 2, 3, 4):
        tie_between(world, 0, other)["asked"] = 5  # not counted here
    for asked in (1, 2, 3, 4):
        chance = inviting.acceptance_probability(0.5, 0.0, 1.0, 0.0, 0.0, 0.0, p)
        for bits, number in ((12 & 7, 12), (11 & 7, 11)):
            key = pair(world.people[0]["key"], world.people[asked]["key"])
            yes = uniform(total["seed"], Purpose.ANSWER, key, number) < chance
            assert accepts(world, asked, 0, 6.0, bits) == yes
    written = rows(world, JournalKind.ACCEPT) + rows(world, JournalKind.DECLINE)
    assert {round(row[5], 12) for row in written} == {round(chance, 12)}


def test_always_means_always() -> None:
    world = star(acceptance="always")
    record_of(world, 0)["n_invites"] = 1
    assert all(accepts(world, asked, 0, 6.0, 1) for asked in (1, 2, 3, 4))
    assert [row[5] for row in rows(world, JournalKind.ACCEPT)] == [1.0] * 4


# --- the clocks of ties


def test_each_tie_of_a_newcomer_has_a_clock_of_its_own() -> None:
    world = star(mode="tie")
    member = world.people[0]
    empty(world.queue)
    start_tie_clocks(world, 0, 3.0)
    seed = world.totals[0]["seed"]
    expected = sorted(
        (
            3.0 + exponential(seed, Purpose.INVITE, pair(member["key"], world.people[other]["key"]), 1) / 0.5,
            0,
            other,
        )
        for other in (1, 2, 3, 4)
    )
    assert due(world, EventKind.INVITATION) == [(pytest.approx(at), a, b) for at, a, b in expected]
    empty(world.queue)
    reset_tie_clock(world, 0, 2, 3.0)  # its count goes by stay and invitations
    count = 65536 * 1 + 0
    unit = exponential(seed, Purpose.INVITE, pair(member["key"], world.people[2]["key"]), count)
    assert due(world, EventKind.INVITATION) == [(pytest.approx(3.0 + unit / 0.5), 0, 2)]


def test_where_members_have_clocks_or_anybody_is_asked_ties_have_none() -> None:
    world = star()
    empty(world.queue)
    start_tie_clocks(world, 0, 3.0)
    world.params[0]["inviting_mode"], world.params[0]["mixing"] = inviting.TIE, COMPLETE
    start_tie_clocks(world, 0, 3.0)
    assert due(world, EventKind.INVITATION) == []


@pytest.mark.parametrize(
    ("state", "returns", "wound"),
    [
        (State.OUTSIDE, NEVER, True),
        (State.WAITING, NEVER, True),
        (State.REMOVED, 5.0, False),
        (State.MEMBER, NEVER, False),
        (State.LEFT, NEVER, False),
        (State.MEMBER, 5.0, True),
        (State.LEFT, 5.0, True),
    ],
)
def test_a_tie_clock_is_wound_up_only_if_it_can_ever_matter(state: int, returns: float, wound: bool) -> None:
    world = star(mode="tie")
    empty(world.queue)
    world.people[1]["state"], world.params[0]["return_after"] = state, returns
    set_tie_clock(world, 0, 1, 3.0, 1)
    assert len(due(world, EventKind.INVITATION)) == wound
    empty(world.queue)
    world.people[1]["state"] = State.OUTSIDE
    record_of(world, 0)["left_at"] = 3.0  # gone by then
    set_tie_clock(world, 0, 1, 3.0, 1)
    world.params[0]["inviting_rate"], record_of(world, 0)["left_at"] = 0.0, NEVER
    set_tie_clock(world, 0, 1, 3.0, 1)
    assert due(world, EventKind.INVITATION) == []


def test_along_a_tie_who_may_come_is_asked_with_its_strength_and_number() -> None:
    world = star(mode="tie", delay=0)
    assert invite_along_tie(world, 0, 1, 4.0) == 1
    assert invite_along_tie(world, 0, 1, 5.0) == 2
    assert rows(world, JournalKind.INVITE) == [(4.0, 0, 1, NOBODY, 0, 0.5), (5.0, 0, 1, NOBODY, 1, 0.5)]
    world.people[1]["state"] = State.MEMBER
    assert invite_along_tie(world, 0, 1, 6.0) == 0
    assert record_of(world, 0)["n_invites"] == 3  # the clock has rung all the same
    world.params[0]["inviting_delay"] = 2.0
    assert invite_along_tie(world, 0, 2, 7.0) == 0  # answered later
    assert len(due(world, EventKind.ANSWER)) == 1


def test_the_first_link_of_all_leads_to_an_invitee_like_any_other() -> None:
    world = star()
    assert find_link(world, 0, 1) == 0
    world.people["state"][2:5] = State.MEMBER
    clock(world, 12.0, 1.0)
    invite(world, 0, 12.0)
    assert [row[:3] for row in rows(world, JournalKind.INVITE)] == [(12.0, 0, 1)]
