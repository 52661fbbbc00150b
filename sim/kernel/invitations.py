"""Members bring members: whom one asks and when, and the answer."""

from typing import Any

import numpy as np

from shequn.agents import interest, inviting
from shequn.agents.compiled import compiled
from shequn.sim.kernel.chance import Purpose, exponential, pair, uniform
from shequn.sim.kernel.discovery import may_come
from shequn.sim.kernel.heap import drop, event_tag, next_version, push, tag_other, tag_person
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.params import COMPLETE
from shequn.sim.kernel.state import NEVER, NOBODY, EventKind, JournalKind, State
from shequn.sim.kernel.ties import find_link, strength_now
from shequn.sim.kernel.world import World

MOST_ASKS = 255  # a tie's record counts no further


@compiled
def schedule_invitation(world: World, person: int, now: float) -> None:
    """Draw the waiting time to a member's next invitation (one clock per member)."""
    p = world.params[0]
    if p["inviting_mode"] != inviting.MEMBER:
        return
    member = world.people[person]
    count = member["n_invites"] + 65536 * np.int64(member["n_joins"])
    member["invite_work"] = exponential(world.totals[0]["seed"], Purpose.INVITE, member["key"], count)
    member["invite_rate"] = 0.0
    member["invite_due"] = NEVER
    update_invitation(world, person, now)


@compiled
def update_invitation(world: World, person: int, now: float) -> None:
    """The rate may have changed: the rest of the same waiting time runs at the present one.

    A slower rate needs no new entry: the old one rings too early and is put off.
    """
    p = world.params[0]
    if p["inviting_mode"] != inviting.MEMBER:
        return
    member = world.people[person]
    targets = 1.0 if p["mixing"] == COMPLETE else float(member["n_links"] - member["ties_inside"])
    if member["lapsed"] == 1:
        targets = 0.0
    incentive = p["invitation_factor"] * (1.0 + p["inviting_asker_reward"] * p["reward_inviter"])
    before = np.float64(member["invite_rate"])
    content = np.float64(member["satisfaction"])
    member["invite_rate"] = inviting.invitation_rate(targets, content, incentive, p)
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
def enter_invitation(world: World, person: int) -> None:
    """Put the next invitation into the queue at its due time."""
    member = world.people[person]
    if member["invite_due"] < NEVER:
        tag = event_tag(EventKind.INVITATION, person, member["invite_version"])
        push(world.queue, member["invite_due"], tag)


@compiled
def update_inviters(world: World, person: int, now: float) -> None:
    """Somebody has come in or gone: those tied to them have one to ask less, or more."""
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
    """A member's clock has rung: ask somebody, and wind it up again."""
    p = world.params[0]
    member = world.people[person]
    if now < member["invite_due"]:  # too early: the rate has fallen since
        enter_invitation(world, person)
        return
    if p["mixing"] == COMPLETE:
        invite_anybody(world, person, now)
    else:
        invite_tied(world, person, now)
    member["n_invites"] += 1
    schedule_invitation(world, person, now)


@compiled
def invite_tied(world: World, person: int, now: float) -> None:
    """Choose one of the ties outside, by strength and topic; ask them if they may come (again)."""
    p = world.params[0]
    member = world.people[person]
    best = -1
    least = NEVER
    start = member["links_start"]
    for k in range(start, start + member["n_links"]):
        link = world.links[k]
        other = world.people[link["other"]]
        if other["state"] == State.MEMBER:
            continue
        strength = strength_now(world.ties[link["tie"]], now, p)
        match = interest.topic_match(np.float64(member["topic"]), np.float64(other["topic"]), p)
        weight = inviting.choice_weight(strength, match, p)
        if weight <= 0.0:
            continue
        key = pair(member["key"], other["key"])
        race = exponential(world.totals[0]["seed"], Purpose.INVITE_WHOM, key, member["n_invites"]) / weight
        if race < least:
            least = race
            best = k
    if best >= 0 and may_come(world, int(world.links[best]["other"]), now):
        tie = world.ties[world.links[best]["tie"]]
        asked = int(world.links[best]["other"])
        number = next_ask(tie, person, asked)
        if send_invitation(world, person, asked, now, number, strength_now(tie, now, p)):
            push(world.queue, now, event_tag(EventKind.ANSWER, asked, person, number))


@compiled
def invite_anybody(world: World, person: int, now: float) -> None:
    """Complete mixing: one of all the others, each with the same chance; members in vain."""
    if world.anybody.size[0] < 2:
        return
    met = meet(world)
    while met == person:
        met = meet(world)
    number = int(world.people[person]["n_invites"]) + 1
    if may_come(world, met, now) and send_invitation(world, person, met, now, number, 1.0):
        push(world.queue, now, event_tag(EventKind.ANSWER, met, person, number))


@compiled
def meet(world: World) -> int:
    """The person whose threshold comes next, and a new one for them.

    Everybody has one, an own Exp(1) above the last that was reached. Exponentials have no memory, so
    each is next with the same chance. (A common hazard that grew with each invitation would let
    none or several pass at once: offspring would be compound Poisson.)
    """
    anybody = world.anybody
    reached = anybody.values[0]
    met = tag_person(anybody.tags[0])
    times = tag_other(anybody.tags[0]) + 1
    drop(anybody)
    world.totals[0]["anybody"] = reached
    mix_in(world, met, times)
    return met


@compiled
def mix_in(world: World, person: int, times: int) -> None:
    """Give a person, met so many times before, a threshold for being asked by anybody."""
    total = world.totals[0]
    unit = exponential(total["seed"], Purpose.MIXING, world.people[person]["key"], times)
    push(world.anybody, total["anybody"] + unit, event_tag(0, person, times))


@compiled
def n_asks_along(tie: Any, person: int, asked: int) -> int:
    """How often one end of a tie has asked the other, 255 at most: each direction for itself."""
    return int(tie["asked"][0 if person < asked else 1])


@compiled
def next_ask(tie: Any, person: int, asked: int) -> int:
    """Count one more invitation along a tie; its number among this person's of that one, from 1."""
    number = min(MOST_ASKS, n_asks_along(tie, person, asked) + 1)
    tie["asked"][0 if person < asked else 1] = number
    return number


@compiled
def ask_name(world: World, asked: int, number: int) -> int:
    """What names an ask in the draws of its pair: its number, so nobody else's ask shifts it.

    A tie counts no further than 255: beyond, the asked one's count of invitations takes over.
    """
    if number < MOST_ASKS or world.params[0]["mixing"] == COMPLETE:
        return number
    return MOST_ASKS + int(world.people[asked]["n_asked"])


@compiled
def send_invitation(world: World, person: int, asked: int, now: float, number: int, strength: float) -> bool:
    """One person asks another who may come in; they answer after a delay.

    ``number``, from 1, is of this person's asks of that one; with complete mixing, where nobody
    counts those, of all their invitations. The answer carries its last three bits.

    Returns
    -------
    Whether the answer is due at once (no delay): then the caller sees to it.
    """
    p = world.params[0]
    total = world.totals[0]
    other = world.people[asked]
    other["n_asked"] += 1
    total["invitations"] += 1
    before = 0 if p["mixing"] == COMPLETE else number - 1
    write(world, now, JournalKind.INVITE.value, person, asked, NOBODY, before, strength)
    if p["inviting_delay"] <= 0.0:
        return True
    key = pair(world.people[person]["key"], other["key"])
    unit = exponential(total["seed"], Purpose.ANSWER_DELAY, key, ask_name(world, asked, number))
    push(world.queue, now + p["inviting_delay"] * unit, event_tag(EventKind.ANSWER, asked, person, number))
    return False


@compiled
def accepts(world: World, asked: int, asker: int, now: float, number: int) -> bool:
    """The answer to an invitation, written down; of its ``number`` the last three bits count.

    So it is known which ask is answered while fewer than eight of one pair are pending (with
    complete mixing: while the asker has asked fewer than eight since).
    """
    p = world.params[0]
    total = world.totals[0]
    other = world.people[asked]
    strength = 1.0
    before = 0.0
    last = int(world.people[asker]["n_invites"])
    link = -1
    if p["inviting_acceptance"] == inviting.MODEL:
        link = find_link(world, asked, asker)
    if link >= 0:
        tie = world.ties[world.links[link]["tie"]]
        strength = strength_now(tie, now, p)
        if p["mixing"] != COMPLETE:
            last = n_asks_along(tie, asker, asked)
    number = last - ((last - number) & 7)
    if p["mixing"] != COMPLETE:
        before = number - 1.0
    cost = 0.0
    for k in range(total["n_gates"]):
        cost += world.gates[k]["cost"]
    friends = int(other["ties_inside"])
    chance = inviting.acceptance_probability(
        strength, float(friends), total["reputation"], p["reward_invited"], cost, before, p
    )
    key = pair(world.people[asker]["key"], other["key"])
    yes = uniform(total["seed"], Purpose.ANSWER, key, ask_name(world, asked, number)) < chance
    if yes:
        total["accepted"] += 1
        write(world, now, JournalKind.ACCEPT.value, asked, asker, NOBODY, friends, chance)
    else:
        write(world, now, JournalKind.DECLINE.value, asked, asker, NOBODY, friends, chance)
    return yes


@compiled
def start_tie_clocks(world: World, person: int, now: float) -> None:
    """One clock per tie: draw when a new member will first ask each of them."""
    p = world.params[0]
    if p["inviting_mode"] != inviting.TIE or p["mixing"] == COMPLETE:
        return
    member = world.people[person]
    start = member["links_start"]
    for k in range(start, start + member["n_links"]):
        wind_tie_clock(world, person, int(world.links[k]["other"]), now, int(member["n_joins"]))


@compiled
def wind_tie_clock(world: World, person: int, other_id: int, now: float, count: int) -> None:
    """Schedule the next invitation along one tie, if it can ever matter."""
    p = world.params[0]
    member = world.people[person]
    other = world.people[other_id]
    state = other["state"]
    gone = state == State.MEMBER or state == State.LEFT
    if state == State.REMOVED or (gone and p["return_after"] == NEVER):
        return
    rate = p["inviting_rate"]  # campaigns do not reach clocks of ties, which are wound up long before
    if rate <= 0.0:
        return
    key = pair(member["key"], other["key"])
    at = now + exponential(world.totals[0]["seed"], Purpose.INVITE, key, count) / rate
    if at < member["left_at"]:
        push(world.queue, at, event_tag(EventKind.INVITATION, person, other_id, member["n_joins"]))


@compiled
def ask_along_tie(world: World, person: int, other_id: int, now: float) -> int:
    """The clock of one tie has rung: ask who may come.

    Returns
    -------
    The ask's number if the answer is due at once; else 0.
    """
    member = world.people[person]
    member["n_invites"] += 1
    if not may_come(world, other_id, now):
        return 0
    tie = world.ties[world.links[find_link(world, person, other_id)]["tie"]]
    strength = strength_now(tie, now, world.params[0])
    number = next_ask(tie, person, other_id)
    return number if send_invitation(world, person, other_id, now, number, strength) else 0


@compiled
def rewind_tie_clock(world: World, person: int, other_id: int, now: float) -> None:
    """Wind the clock of one tie up again after it has rung."""
    member = world.people[person]
    count = int(65536 * np.int64(member["n_joins"]) + member["n_invites"])
    wind_tie_clock(world, person, other_id, now, count)
