"""The event loop."""

from typing import Any

from shequn.agents import inviting
from shequn.agents.compiled import compiled
from shequn.sim.kernel.accounts import expire
from shequn.sim.kernel.day import end_of_day
from shequn.sim.kernel.discovery import (
    discovery_name,
    hazard_until,
    how_found,
    may_come,
    schedule_discovery,
    skip_stale,
    thresholds,
    wait_outside,
)
from shequn.sim.kernel.entry import admit_next, apply, come_to_door, give_up, leave_waiting_list
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.heap import LARGEST_IN_TAG, drop, push, tag_kind, tag_other, tag_person, tag_stint
from shequn.sim.kernel.invitations import (
    accepts,
    invite,
    invite_along_tie,
    reset_tie_clock,
    set_mixing_threshold,
)
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.lines import admission_name
from shequn.sim.kernel.membership import depart
from shequn.sim.kernel.params import COMPLETE
from shequn.sim.kernel.people import member_of
from shequn.sim.kernel.prefetch import will_read
from shequn.sim.kernel.rewards import keep_promise, most_rewards
from shequn.sim.kernel.scheduling import put_off_visit
from shequn.sim.kernel.staff import journal_rows_of_a_post, work_on
from shequn.sim.kernel.state import MARGIN, MAX_SPACES, NOBODY, Channel, EventKind, JournalKind, Reason, State
from shequn.sim.kernel.visits import visit
from shequn.sim.kernel.world import World
from shequn.sim.kernel.writing import write_again, write_for_pay

WORK_MARGIN = 256  # pieces of work that one event may add: at most three for each duty


@compiled
def run_until(world: World, until: float) -> bool:
    """Handle events in order of (time, kind, person) up to ``until``.

    All events before ``until`` are handled, and of those at ``until`` only the end of a day: at one
    instant the order is end of day, operations (between two segments), then members' events.

    Returns
    -------
    True when done; False when an array must grow, or the journal must be emptied, before it can go on.
    """
    queue = world.queue
    total = world.totals[0]
    while queue.size[0] > 0:
        now = queue.values[0]
        tag = queue.tags[0]
        kind = tag_kind(tag)
        if now > until or (now == until and kind != EventKind.END_OF_DAY):
            return True
        if not has_room(world):
            return False
        drop(queue)
        prefetch_next(world)
        total["events"] += 1
        if is_stale(world, tag):
            continue
        person = tag_person(tag)
        other = tag_other(tag)
        match kind:
            case EventKind.VISIT:
                if now < member_of(world, person)["visit_due"]:
                    put_off_visit(world, person)
                else:
                    visit(world, person, now)
            case EventKind.WRITE_AGAIN:
                write_again(world, person, now)
            case EventKind.INVITATION:
                if world.params[0]["inviting_mode"] == inviting.MEMBER:
                    invite(world, person, now)
                else:
                    number = invite_along_tie(world, person, other, now)
                    if number > 0:
                        answer(world, other, person, now, number)
                    reset_tie_clock(world, person, other, now)
            case EventKind.ANSWER:
                answer(world, person, other, now, tag_stint(tag))
            case EventKind.DISCOVERY:
                discover(world, other & 1, now)
            case EventKind.ARRIVAL:
                if world.params[0]["mixing"] == COMPLETE:
                    set_mixing_threshold(world, person, 0)
                world.batches[other]["came"] += 1
                world.totals[0]["reach_cost"] += world.batches[other]["cost"]
                come_to_door(world, person, now, Channel.ARRIVAL.value, NOBODY)
            case EventKind.ADMISSION:
                admit_next(world, other % MAX_SPACES, now)
            case EventKind.GIVING_UP:
                give_up(world, person, now)
            case EventKind.DEPARTURE:
                depart(world, person, now, Reason.CLOCK.value)
            case EventKind.REMOVAL:
                depart(world, person, now, Reason.REMOVAL.value)
            case EventKind.WORK:
                work_on(world, other, now)
            case EventKind.EXPIRY:
                expire(world, other, now)
            case EventKind.PAYOUT:
                keep_promise(world, other, now)
            case EventKind.WRITE_FOR_PAY:
                write_for_pay(world, person, now)
            case EventKind.END_OF_DAY:
                end_of_day(world, now)
    return True


@compiled
def prefetch_next(world: World) -> None:
    """Prefetch the records of the person of the next event, and who they are of those one of whom comes after them."""
    tags = world.queue.tags
    who = world.people[tag_person(tags[0])]
    will_read(world.members, who["member"])
    will_read(world.memberships, max(0, who["membership"]))
    for k in range(1, min(5, len(tags))):
        will_read(world.people, tag_person(tags[k]))


@compiled
def is_stale(world: World, tag: int) -> bool:
    """Whether a queue entry is out of date: the person or version that it was made for has changed since."""
    who = world.people[tag_person(tag)]
    member = world.members[who["member"]]
    other = tag_other(tag)
    inside = who["state"] == State.MEMBER
    match tag_kind(tag):
        case EventKind.VISIT:
            return not inside or member["visit_version"] != other
        case EventKind.INVITATION:
            if world.params[0]["inviting_mode"] == inviting.MEMBER:
                return not inside or member["invite_version"] != other
            return not inside or who["n_joins"] & 7 != tag_stint(tag)
        case (
            EventKind.WRITE_AGAIN | EventKind.WRITE_FOR_PAY
        ):  # lapsing or leaving at a visit ends the session
            return not inside or who["door_version"] != other or member["lapsed"] == 1
        case EventKind.DEPARTURE | EventKind.REMOVAL:
            return not inside or who["door_version"] != other
        case EventKind.GIVING_UP:
            number = member["application"]
            return number == NOBODY or world.applications[number]["ticket"] & LARGEST_IN_TAG != other
        case EventKind.DISCOVERY:
            return discovery_name(world, other & 1) != other
        case EventKind.ADMISSION:
            return admission_name(world, other % MAX_SPACES) != other
    return False


@compiled
def drop_stale(world: World) -> None:
    """Drop stale entries so that the queue does not fill up with rescheduled visits."""
    queue = world.queue
    n = queue.size[0]
    queue.size[0] = 0
    for k in range(n):  # an entry moves only towards the front, over entries already checked
        if not is_stale(world, queue.tags[k]):
            push(queue, queue.values[k], queue.tags[k])


@compiled
def dissolve_waiting_list(world: World, space_id: int, now: float, position: int) -> bool:
    """A space has no quota gate any more: people waiting go on, in order, at its gate at ``position``.

    Returns
    -------
    True when done; False when an array must grow before it can go on.
    """
    while world.spaces[space_id]["waiting"] > 0:
        if not has_room(world):
            return False
        leave_waiting_list(world, space_id, now, position)
    return True


@compiled
def apply_members(world: World, people: Any, space_id: int, now: float) -> int:
    """Send those of these people who are members to the door of a space, in order.

    Returns
    -------
    How many have been sent; fewer than all when an array must grow, or a room be divided, before it can go on.
    """
    for k in range(len(people)):
        if not has_room(world):
            return k
        if world.people[people[k]]["state"] == State.MEMBER:
            apply(world, people[k], now, space_id)
    return len(people)


@compiled
def has_room(world: World) -> bool:
    """Whether every growing array has room for everything that one event may add, and no room must be divided."""
    total = world.totals[0]
    most_links = total["most_links"]
    rewards = most_rewards(world)
    return (
        world.queue.size[0] + most_links + 2 * len(world.staff) + rewards + MARGIN <= len(world.queue.values)
        and total["n_journal"] + MARGIN + journal_rows_of_an_event(world) <= len(world.journal)
        and total["n_ties"] + MARGIN <= len(world.ties)
        and total["n_links"] + 2 * most_links + MARGIN <= len(world.links)
        and total["n_memberships"] + MARGIN <= len(world.memberships)
        and total["n_records"] + MARGIN <= len(world.members)
        and total["n_days"] + 2 <= len(world.days)
        and total["n_space_days"] + 2 * len(world.spaces) <= len(world.space_days)
        and total["n_applications"] + 2 <= len(world.applications)
        and total["n_accounts"] + 2 <= len(world.accounts)
        and has_room_for_staff(world)
        and has_room_for_units(world)
        and world.strangers.size[0] + 2 <= len(world.strangers.values)
        and (
            len(world.event_strangers.values) == 0
            or world.event_strangers.size[0] + 2 <= len(world.event_strangers.values)
        )
        and world.anybody.size[0] + MARGIN <= len(world.anybody.values)
        and total["rooms_full"] == 0
        and world.post_counts[-2] == 0
    )


@compiled
def journal_rows_of_an_event(world: World) -> int:
    """Rows that one event may add to the journal, besides the margin.

    Of a reward or piece sold: a signature, what is sold or earned, a price, money given, a title, a move, and levels.
    """
    return journal_rows_of_a_post(world) + (6 + len(world.marks)) * most_rewards(world)


@compiled(only_with=Feature.STAFF, otherwise=True)
def has_room_for_units(world: World) -> bool:
    """Whether accounts have room for what one event may add."""
    total = world.totals[0]
    more = most_rewards(world)
    return bool(
        total["n_lots"] + more <= len(world.lots)
        and total["n_promises"] + more <= len(world.promises)
        and total["n_unit_days"] + 2 * len(world.units) <= len(world.unit_days)
        and total["n_rule_days"] + 2 * len(world.earn) <= len(world.rule_days)
        and total["n_offer_days"] + 2 * len(world.offers) <= len(world.offer_days)
    )


@compiled(only_with=Feature.STAFF, otherwise=True)
def has_room_for_staff(world: World) -> bool:
    """Whether the arrays of duties and tasks have room for what one event may add."""
    total = world.totals[0]
    return bool(
        total["n_work"] + WORK_MARGIN <= len(world.work)
        and total["n_duty_days"] + 2 * len(world.duties) <= len(world.duty_days)
        and total["n_task_days"] + 2 * len(world.tasks) <= len(world.task_days)
    )


@compiled
def answer(world: World, invitee: int, inviter: int, now: float, number: int) -> None:
    """The invitee answers and, after a yes, comes to the door.

    The invitation is void if the inviter has left since.
    """
    inside = world.people[inviter]["state"] == State.MEMBER
    if inside and may_come(world, invitee, now) and accepts(world, invitee, inviter, now, number):
        come_to_door(world, invitee, now, Channel.INVITATION.value, inviter)


@compiled
def discover(world: World, source: int, now: float) -> None:
    """The stranger with the smallest threshold of a source finds the community and comes to the door."""
    strangers = thresholds(world, source)
    skip_stale(world, strangers)
    if strangers.size[0] > 0 and strangers.values[0] <= hazard_until(world.hazards[source], now) + 1e-9:
        person = tag_person(strangers.tags[0])
        drop(strangers)
        if may_come(world, person, now):
            world.totals[0]["finds"] += 1
            how = how_found(world, world.people[person], source)
            write(world, now, JournalKind.FIND.value, person, NOBODY, NOBODY, how, 0.0)
            come_to_door(world, person, now, Channel.STRANGER.value, NOBODY)
        else:  # left too recently
            wait_outside(world, person, now)
    schedule_discovery(world, source, now)
