"""Invitations: whom a member invites and when, and the answer."""

from typing import Any

import numpy as np

from shequn.agents import benefit, interest, inviting, paying
from shequn.agents.compiled import compiled
from shequn.agents.drivers import Driver
from shequn.sim.kernel.buyers import worth_of_a_buyer
from shequn.sim.kernel.chance import Purpose, exponential, pair, uniform
from shequn.sim.kernel.discovery import may_come
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.gates.kinds import MAX_GATES
from shequn.sim.kernel.heap import drop, event_tag, next_version, push, tag_other, tag_person
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.marks import may
from shequn.sim.kernel.money import left_in_purse
from shequn.sim.kernel.params import COMPLETE
from shequn.sim.kernel.people import member_of, open_record
from shequn.sim.kernel.rewards import gains_of_joining, worth_of_act
from shequn.sim.kernel.state import ENTRANCE, NEVER, NOBODY, Act, EventKind, JournalKind, Privilege, State
from shequn.sim.kernel.ties import find_link, strength_along, strength_now, used_tie
from shequn.sim.kernel.world import World

MAX_INVITATIONS = 255  # of one person to another that a tie's record can count


@compiled
def schedule_invitation(world: World, person: int, now: float) -> None:
    """Draw the waiting time to a member's next invitation (one clock per member)."""
    p = world.params[0]
    if p["inviting_mode"] != inviting.MEMBER:
        return
    who = world.people[person]
    member = world.members[who["member"]]
    count = member["n_invites"] + 65536 * np.int64(who["n_joins"])
    member["invite_work"] = exponential(world.totals[0]["seed"], Purpose.INVITE, who["key"], count)
    member["invite_rate"] = 0.0
    member["invite_due"] = NEVER
    update_invitation(world, person, now)


@compiled
def update_invitation(world: World, person: int, now: float) -> None:
    """The rate may have changed: run the rest of the same waiting time at the new rate.

    A slower rate needs no new queue entry: the old one comes too early and is then rescheduled.
    """
    p = world.params[0]
    if p["inviting_mode"] != inviting.MEMBER:
        return
    who = world.people[person]
    member = world.members[who["member"]]
    targets = 1.0 if p["mixing"] == COMPLETE else float(who["n_links"] - who["ties_inside"])
    if member["lapsed"] == 1:
        targets = 0.0
    cares = np.float64(member["drivers"][Driver.BENEFIT])
    promised = cares * benefit.gain_of_money(p["pay_inviter"], p["purse_mean"], p)
    promised += worth_of_act(world, Act.INVITED.value, NOBODY, person, now)
    incentive = inviting.incentive(promised + worth_of_a_buyer(world, person, now), p)
    before = np.float64(member["invite_rate"])
    satisfaction = np.float64(member["satisfaction"])
    member["invite_rate"] = inviting.invitation_rate(targets, satisfaction, incentive, p)
    rate = np.float64(member["invite_rate"])
    if rate == before:
        return
    old = member["invite_due"]
    if before > 0.0:
        member["invite_work"] = max(0.0, (old - now) * before)
    member["invite_due"] = now + member["invite_work"] / rate if rate > 0.0 else NEVER
    if member["invite_due"] < old:
        member["invite_version"] = next_version(member["invite_version"])
        enter_invitation(world, person)


@compiled
def bring_forward_invitation(world: World, person: int, now: float, days: float) -> None:
    """Bring a member's next invitation forward by ``days``, to now at most (one clock per member)."""
    who = world.people[person]
    member = world.members[who["member"]]
    if world.params[0]["inviting_mode"] == inviting.MEMBER and member["invite_due"] < NEVER:
        member["invite_due"] = max(now, member["invite_due"] - days)
        member["invite_version"] = next_version(member["invite_version"])
        enter_invitation(world, person)


@compiled
def enter_invitation(world: World, person: int) -> None:
    """Put the next invitation into the queue at its time ``invite_due``."""
    who = world.people[person]
    member = world.members[who["member"]]
    if member["invite_due"] < NEVER:
        tag = event_tag(EventKind.INVITATION, person, member["invite_version"])
        push(world.queue, member["invite_due"], tag)


@compiled
def update_inviters(world: World, person: int, now: float) -> None:
    """After a join or departure: those tied to the person have one fewer, or one more, to invite."""
    p = world.params[0]
    if p["inviting_mode"] != inviting.MEMBER or p["mixing"] == COMPLETE:
        return
    start = world.people[person]["links_start"]
    for k in range(start, start + world.people[person]["n_links"]):
        other = int(world.links[k]["other"])
        if world.people[other]["state"] == State.MEMBER:
            update_invitation(world, other, now)


@compiled
def invite(world: World, person: int, now: float) -> None:
    """A member's clock has rung: invite somebody, and set the clock again."""
    p = world.params[0]
    who = world.people[person]
    member = world.members[who["member"]]
    if now < member["invite_due"]:  # too early, as the rate has fallen since
        enter_invitation(world, person)
        return
    if may(world, person, Privilege.INVITE.value):
        if p["mixing"] == COMPLETE:
            invite_anybody(world, person, now)
        else:
            invite_tied(world, person, now)
    member["n_invites"] += 1
    schedule_invitation(world, person, now)


@compiled
def invite_tied(world: World, person: int, now: float) -> None:
    """Choose one of the people tied to the member who are outside, by strength and topic.

    They are invited if they may come (again).
    """
    p = world.params[0]
    who = world.people[person]
    member = world.members[who["member"]]
    best = -1
    least = NEVER
    start = who["links_start"]
    for k in range(start, start + who["n_links"]):
        other = world.people[world.links[k]["other"]]
        if other["state"] == State.MEMBER:
            continue
        strength = strength_along(world, k, now)
        match = interest.topic_match(np.float64(who["topic"]), np.float64(other["topic"]), p)
        weight = inviting.choice_weight(strength, match, p)
        if weight <= 0.0:
            continue
        key = pair(who["key"], other["key"])
        race = exponential(world.totals[0]["seed"], Purpose.INVITE_WHOM, key, member["n_invites"]) / weight
        if race < least:
            least = race
            best = k
    if best >= 0 and may_come(world, int(world.links[best]["other"]), now):
        tie = world.ties[used_tie(world, person, best)]
        invitee = int(world.links[best]["other"])
        number = count_invitation(tie, person, invitee)
        if send_invitation(world, person, invitee, now, number, strength_now(tie, now, p)):
            push(world.queue, now, event_tag(EventKind.ANSWER, invitee, person, number))


@compiled(only_with=Feature.MEETING)
def invite_anybody(world: World, person: int, now: float) -> None:
    """Complete mixing: invite anybody else, each person with the same chance.

    If the one chosen is a member, or may not come yet, nothing happens.
    """
    if world.anybody.size[0] < 2:
        return
    invitee = next_invitee(world)
    while invitee == person:
        invitee = next_invitee(world)
    number = int(member_of(world, person)["n_invites"]) + 1
    if may_come(world, invitee, now) and send_invitation(world, person, invitee, now, number, 1.0):
        push(world.queue, now, event_tag(EventKind.ANSWER, invitee, person, number))


@compiled
def next_invitee(world: World) -> int:
    """Choose the person with the smallest threshold, and draw a new threshold for them.

    Everybody has a threshold: their own Exp(1) draw above the last threshold that was reached.
    Exponentials have no memory, so everybody is next with the same chance. (With a common hazard
    that grew with each invitation, none or several could be reached at once, and the number of
    offspring would be compound Poisson.)
    """
    anybody = world.anybody
    reached = anybody.values[0]
    person = tag_person(anybody.tags[0])
    times = tag_other(anybody.tags[0]) + 1
    drop(anybody)
    world.totals[0]["anybody"] = reached
    set_mixing_threshold(world, person, times)
    return person


@compiled(only_with=Feature.MEETING)
def set_mixing_threshold(world: World, person: int, times: int) -> None:
    """Draw a person's threshold with complete mixing; they have been chosen ``times`` times before."""
    total = world.totals[0]
    unit = exponential(total["seed"], Purpose.MIXING, world.people[person]["key"], times)
    push(world.anybody, total["anybody"] + unit, event_tag(0, person, times))


@compiled
def n_invitations_along(tie: Any, person: int, invitee: int) -> int:
    """How often one end of a tie has invited the other, 255 at most; each direction has its count."""
    return int(tie["asked"][0 if person < invitee else 1])


@compiled
def count_invitation(tie: Any, person: int, invitee: int) -> int:
    """Count one more invitation along a tie; returns its number in this direction, from 1."""
    number = min(MAX_INVITATIONS, n_invitations_along(tie, person, invitee) + 1)
    tie["asked"][0 if person < invitee else 1] = number
    return number


@compiled
def invitation_name(world: World, invitee: int, number: int) -> int:
    """The count that names an invitation in the draws of its pair.

    It is the number of the invitation within the pair, so invitations by others do not change it.
    A tie counts no further than 255; beyond that it is 255 + all invitations the invitee has had.
    """
    if number < MAX_INVITATIONS or world.params[0]["mixing"] == COMPLETE:
        return number
    return MAX_INVITATIONS + int(world.people[invitee]["n_asked"])


@compiled
def send_invitation(
    world: World, person: int, invitee: int, now: float, number: int, strength: float
) -> bool:
    """Invite somebody who may come in; they answer after a delay.

    ``number``, from 1, is the number of this invitation within the pair; with complete mixing, where
    pairs are not counted, its number among all invitations by this person. The answer's queue entry
    holds its last three bits.

    Returns
    -------
    Whether there is no delay; then the caller handles the answer.
    """
    p = world.params[0]
    total = world.totals[0]
    other = world.people[invitee]
    other["n_asked"] += 1
    total["invitations"] += 1
    before = 0 if p["mixing"] == COMPLETE else number - 1
    write(world, now, JournalKind.INVITE.value, person, invitee, NOBODY, before, strength)
    if p["inviting_delay"] <= 0.0:
        return True
    key = pair(world.people[person]["key"], other["key"])
    unit = exponential(total["seed"], Purpose.ANSWER_DELAY, key, invitation_name(world, invitee, number))
    push(world.queue, now + p["inviting_delay"] * unit, event_tag(EventKind.ANSWER, invitee, person, number))
    return False


@compiled
def promised_to(world: World, invitee: int, now: float) -> float:
    """What somebody is promised if they join, by their weight of benefit. Who is promised nothing needs no record."""
    p = world.params[0]
    money = benefit.gain_of_money(p["pay_invited"], p["purse_mean"], p)
    units = gains_of_joining(world, now)
    if money == 0.0 and units == 0.0:
        return 0.0
    open_record(world, invitee)
    cares = np.float64(member_of(world, invitee)["drivers"][Driver.BENEFIT])
    return cares * money + cares * units


@compiled
def accepts(world: World, invitee: int, inviter: int, now: float, number: int) -> bool:
    """Whether the invitee accepts; the answer is written to the journal.

    Only the last three bits of ``number`` are known. They identify the invitation as long as fewer
    than eight of one pair are pending (with complete mixing: as long as the inviter has made fewer
    than eight since).
    """
    p = world.params[0]
    total = world.totals[0]
    other = world.people[invitee]
    strength = 1.0
    before = 0.0
    last = int(member_of(world, inviter)["n_invites"])
    link = -1
    if p["inviting_acceptance"] == inviting.MODEL:
        link = find_link(world, invitee, inviter)
    if link >= 0:
        strength = strength_along(world, link, now)
        if p["mixing"] != COMPLETE:
            tie = world.ties[used_tie(world, invitee, link)]
            last = n_invitations_along(tie, inviter, invitee)
    number = last - ((last - number) & 7)
    if p["mixing"] != COMPLETE:
        before = number - 1.0
    cost = 0.0
    price = 0.0
    space = ENTRANCE
    while space != NOBODY:  # all gates on the way to a seat
        for k in range(space * MAX_GATES, space * MAX_GATES + world.spaces[space]["n_gates"]):
            cost += world.gates[k]["cost"]
            price += world.gates[k]["price"]
        space = int(world.spaces[space]["child"])
    friends = int(other["ties_inside"])
    promised = promised_to(world, invitee, now)
    chance = inviting.acceptance_probability(
        strength, float(friends), total["reputation"], promised, cost, before, p
    )
    priced = price > 0.0 and p["inviting_acceptance"] == inviting.MODEL
    if priced and not paying.can_pay(price, left_in_purse(world, other, now)):
        chance = 0.0
    key = pair(world.people[inviter]["key"], other["key"])
    yes = uniform(total["seed"], Purpose.ANSWER, key, invitation_name(world, invitee, number)) < chance
    if yes:
        total["accepted"] += 1
        write(world, now, JournalKind.ACCEPT.value, invitee, inviter, NOBODY, friends, chance)
    else:
        write(world, now, JournalKind.DECLINE.value, invitee, inviter, NOBODY, friends, chance)
    return yes


@compiled(only_with=Feature.MEETING)
def start_tie_clocks(world: World, person: int, now: float) -> None:
    """One clock per tie: draw when a new member first invites each person they are tied to."""
    p = world.params[0]
    if p["inviting_mode"] != inviting.TIE or p["mixing"] == COMPLETE:
        return
    who = world.people[person]
    start = who["links_start"]
    for k in range(start, start + who["n_links"]):
        set_tie_clock(world, person, int(world.links[k]["other"]), now, int(who["n_joins"]))


@compiled
def set_tie_clock(world: World, person: int, other_id: int, now: float, count: int) -> None:
    """Schedule the next invitation along one tie, if the other person may ever come in."""
    p = world.params[0]
    who = world.people[person]
    member = world.members[who["member"]]
    other = world.people[other_id]
    state = other["state"]
    joined_before = state == State.MEMBER or state == State.LEFT
    if state == State.REMOVED or (joined_before and p["return_after"] == NEVER):
        return
    rate = p["inviting_rate"]  # without the factors of campaigns: clocks of ties are set long before
    if rate <= 0.0:
        return
    key = pair(who["key"], other["key"])
    at = now + exponential(world.totals[0]["seed"], Purpose.INVITE, key, count) / rate
    if at < member["left_at"]:
        push(world.queue, at, event_tag(EventKind.INVITATION, person, other_id, who["n_joins"]))


@compiled(only_with=Feature.MEETING, otherwise=0)
def invite_along_tie(world: World, person: int, other_id: int, now: float) -> int:
    """The clock of one tie has rung: invite the other person if they may come.

    Returns
    -------
    The number of the invitation if there is no delay before the answer; else 0.
    """
    who = world.people[person]
    member = world.members[who["member"]]
    member["n_invites"] += 1
    if not may(world, person, Privilege.INVITE.value) or not may_come(world, other_id, now):
        return 0
    tie = world.ties[used_tie(world, person, find_link(world, person, other_id))]
    strength = strength_now(tie, now, world.params[0])
    number = count_invitation(tie, person, other_id)
    return number if send_invitation(world, person, other_id, now, number, strength) else 0


@compiled(only_with=Feature.MEETING)
def reset_tie_clock(world: World, person: int, other_id: int, now: float) -> None:
    """Set the clock of one tie again after it has rung."""
    who = world.people[person]
    member = world.members[who["member"]]
    count = int(65536 * np.int64(who["n_joins"]) + member["n_invites"])
    set_tie_clock(world, person, other_id, now, count)
