"""Membership: what a join, a departure or a removal changes.

Temperature is the mean quality of members. A join changes it by (q − T)/(n + 1), a departure or
removal by −(q − T)/(n − 1); the sums of these changes are dilution, evaporation and pruning (Price's
equation, event by event). The departure of the last member changes nothing.
"""

import math
from typing import Any

import numpy as np

from shequn.agents import leaving
from shequn.agents.compiled import compiled
from shequn.agents.drivers import N_DRIVERS
from shequn.sim.kernel.accounts import close_accounts, open_accounts
from shequn.sim.kernel.chance import Purpose, exponential
from shequn.sim.kernel.discovery import wait_outside
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.heap import event_tag, next_version, push
from shequn.sim.kernel.invitations import schedule_invitation, start_tie_clocks, update_inviters
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.lines import withdraw
from shequn.sim.kernel.locality import add_presence
from shequn.sim.kernel.marks import count_shown
from shequn.sim.kernel.money import reward
from shequn.sim.kernel.people import member_of
from shequn.sim.kernel.ranks import count, rank
from shequn.sim.kernel.recognition import enter_day, enter_last_day, leave_board, leave_day
from shequn.sim.kernel.rewards import earn
from shequn.sim.kernel.rooms import contains, count_in_rooms, count_in_space, home_of, pond_of
from shequn.sim.kernel.scheduling import schedule_visit, visit_at_once
from shequn.sim.kernel.staff import give, leave_places
from shequn.sim.kernel.state import (
    LEVELS,
    MONTH,
    MONTH_RING,
    NEVER,
    NOBODY,
    WEEK,
    Act,
    Channel,
    EventKind,
    JournalKind,
    Occasion,
    Reason,
    State,
)
from shequn.sim.kernel.ties import update_neighbours
from shequn.sim.kernel.world import World

#: A departure belongs to a cascade if somebody tied to the member left at most this long before (assumed).
CASCADE_DAYS = 14.0


@compiled
def take_seat(world: World, person: int, room: int, level: float) -> None:
    """Give a person a membership record (seat) in a room; reuse a free one if there is any."""
    total = world.totals[0]
    seat_id = int(total["free_membership"])
    if seat_id == NOBODY:
        seat_id = int(total["n_memberships"])
        total["n_memberships"] = seat_id + 1
    else:
        total["free_membership"] = world.memberships[seat_id]["person"]
    seat = world.memberships[seat_id]
    seat["person"] = person
    seat["room"] = room
    for up in range(LEVELS):  # newcomers may read the posts in view: up to `shown` posts back
        seat["read_to"][up] = first_in_view(world, room)
        room = int(world.rooms[room]["parent"]) if room != NOBODY else NOBODY
    seat["n_read"] = 0
    seat["level"] = level
    for driver in range(N_DRIVERS):  # clear the values of the previous owner
        seat["usual"][driver] = 0.0
    seat["usual_shortfall"] = 0.0
    seat["usual_crowding"] = -1.0  # marks that nothing is usual yet
    for task in range(len(world.tasks)):
        world.progress[seat_id, task]["last"] = -1
        world.progress[seat_id, task]["done"] = 0
        world.progress[seat_id, task]["answered"] = 0
    leave_board(world, seat_id)
    open_accounts(world, seat_id)
    world.people[person]["membership"] = seat_id


@compiled
def first_in_view(world: World, room: int) -> int:
    """Number of the first post in view in a room; 0 where there is no room."""
    if room == NOBODY:
        return 0
    return int(max(0, world.rooms[room]["n_posts"] - int(world.params[0]["shown"])))


@compiled
def join(
    world: World, person: int, room_id: int, now: float, channel: int, inviter: int, commitment: float
) -> None:
    """A person becomes a member of a room, with the commitment that the gates have created.

    Changes the temperature, the room and the records of those tied to them. Schedules the first visit
    (at once; for founders at their own pace), invitations and the departure by a clock.
    """
    p = world.params[0]
    total = world.totals[0]
    who = world.people[person]
    quality = np.float64(who["quality"])
    # the temperature; founders join before anything is measured
    n = total["members"]
    change = (quality - total["temperature"]) / (n + 1)
    total["members"] = n + 1
    total["temperature"] += change
    if channel != Channel.FOUNDER:
        total["dilution"] += change
    count_in_rooms(world, room_id, quality, 1, NOBODY)
    space_id = int(world.rooms[room_id]["space"])
    while space_id != NOBODY:
        space = world.spaces[space_id]
        change_here = count_in_space(space, quality, 1)
        if channel != Channel.FOUNDER:
            space["dilution"] += change_here
        space_id = int(space["parent"])
    note_if_full(world, room_id, now)
    # the person
    first_time = who["n_joins"] == 0
    if first_time:
        total["ever"] += 1
        world.post_counts[0] += 1
    member = world.members[who["member"]]
    who["n_joins"] += 1
    who["state"] = State.MEMBER
    who["channel"] = channel
    member["invited_by"] = inviter
    member["joined_at"] = now
    member["left_at"] = NEVER
    member["stocks_at"] = now
    member["satisfaction"] = p["satisfaction_start"]
    member["need"] = 1.0
    member["habit"] = 0.0
    member["commitment"] = commitment
    member["recognition"] = 0.0
    member["answers"] = 0.0
    member["gains"] = 0.0
    member["aspiration"] = 0.0
    member["lapsed"] = 0
    member["seen_leaving_of"] = NOBODY
    if member["founder"] == 2:  # one of the founding top decile is back
        total["founders_top"] += 1
    who["door_version"] += 1
    take_seat(world, person, room_id, total["reputation"] * p["population_level"])
    count(world.ranks, quality, 1)
    be_seen(world, pond_of(world, room_id), who, now, first=True)
    update_neighbours(world, person, now, 1)
    update_inviters(world, person, now)
    add_presence(world, home_of(world, room_id), who, 1.0)
    # the day's counts
    if channel != Channel.FOUNDER:
        total["joins"] += 1
        if channel == Channel.STRANGER:
            total["joins_stranger"] += 1
        elif channel == Channel.INVITATION:
            total["joins_invitation"] += 1
        else:
            total["joins_arrival"] += 1
    write(world, now, JournalKind.JOIN.value, person, inviter, room_id, channel, change)
    if inviter != NOBODY:
        member_of(world, inviter)["n_accepted"] += 1
        if p["pay_inviter"] > 0.0:
            reward(world, inviter, now, p["pay_inviter"])
        if p["pay_invited"] > 0.0:
            reward(world, person, now, p["pay_invited"])
    # schedule what comes next
    if p["leaving_mode"] == leaving.CLOCK:
        hazard = leaving.leaving_hazard(quality, p)
        if hazard > 0.0:
            unit = exponential(total["seed"], Purpose.DEPARTURE, who["key"], who["n_joins"])
            member["left_at"] = now + unit / hazard
    elif p["leaving_mode"] == leaving.STAY:
        member["left_at"] = now + p["leaving_stay_days"]
    version = who["door_version"]
    if member["left_at"] < NEVER:
        push(world.queue, member["left_at"], event_tag(EventKind.DEPARTURE, person, version))
    if channel == Channel.FOUNDER:
        schedule_visit(world, person, now)
    else:
        visit_at_once(world, person, now)
    schedule_invitation(world, person, now)
    start_tie_clocks(world, person, now)
    if channel != Channel.FOUNDER:
        give(world, Occasion.JOIN.value, NOBODY, person, room_id, 0, now)
        earn(world, Act.JOINED.value, NOBODY, person, now)
        if inviter != NOBODY:
            earn(world, Act.INVITED.value, NOBODY, inviter, now)


@compiled
def note_if_full(world: World, room_id: int, now: float) -> None:
    """If a room has become full whose space divides full rooms, have it divided after this event."""
    room = world.rooms[room_id]
    if room["members"] == room["capacity"] and world.spaces[room["space"]]["splits"] != 0:
        world.totals[0]["rooms_full"] = 1
        world.totals[0]["full_at"] = now


@compiled
def be_seen(world: World, room: Any, who: Any, now: float, first: bool) -> None:
    """Count a member as seen today, no longer on the day they were last seen."""
    member = world.members[who["member"]]
    total = world.totals[0]
    today = int(now)
    if not first:
        uncount_seen(world, room, who, now)
    total["seen"][today % MONTH_RING] += 1
    total["seen_quality"][today % MONTH_RING] += np.float64(who["quality"])
    enter_day(room, member, now, world.params[0])
    count_shown(world, room, who, today, 1)
    member["last_visit_at"] = now


@compiled
def uncount_seen(world: World, room: Any, who: Any, now: float) -> None:
    """Remove a member from the counts of members seen recently."""
    member = world.members[who["member"]]
    total = world.totals[0]
    today = int(now)
    last = int(member["last_visit_at"])
    if today - last < MONTH:
        total["seen"][last % MONTH_RING] -= 1
        total["seen_quality"][last % MONTH_RING] -= np.float64(who["quality"])
    leave_day(room, member, now, world.params[0])
    if today - last < WEEK:
        count_shown(world, room, who, last, -1)


@compiled
def depart(world: World, person: int, now: float, reason: int) -> None:
    """A member leaves of their own accord, or by the operator: removed for good (REMOVAL), or a term is over (TERM).

    Changes the temperature, the room and the records of those tied to them: one tie inside fewer, the
    shock to the level they perceive, and whom they last saw leaving.
    """
    total = world.totals[0]
    who = world.people[person]
    member = world.members[who["member"]]
    seat_id = int(who["membership"])
    seat = world.memberships[seat_id]
    room_id = int(seat["room"])
    quality = np.float64(who["quality"])
    by_operator = reason == Reason.REMOVAL or reason == Reason.TERM
    n = int(total["members"])
    change = -(quality - total["temperature"]) / (n - 1) if n > 1 else 0.0
    rank_now = rank(world.ranks, quality, n)
    count(world.ranks, quality, -1)
    total["members"] = n - 1
    total["temperature"] += change
    count_in_rooms(world, room_id, quality, -1, NOBODY)
    space_id = int(world.rooms[room_id]["space"])
    while space_id != NOBODY:
        space = world.spaces[space_id]
        change_here = count_in_space(space, quality, -1)
        if by_operator:
            space["pruning"] += change_here
        else:
            space["evaporation"] += change_here
        space_id = int(space["parent"])
    uncount_seen(world, pond_of(world, room_id), who, now)
    if member["lapsed"] == 0:
        add_presence(world, home_of(world, room_id), who, -1.0)
    if member["founder"] == 2:
        total["founders_top"] -= 1
    cause = NOBODY
    if member["seen_leaving_of"] != NOBODY and now - np.float64(member["seen_leaving_at"]) <= CASCADE_DAYS:
        cause = int(member["seen_leaving_of"])
    if member["application"] != NOBODY:
        withdraw(world, person)
    leave_places(world, person, NOBODY, now)
    close_accounts(world, person, now)
    seat["person"] = total["free_membership"]
    total["free_membership"] = seat_id
    who["membership"] = NOBODY
    member["left_at"] = now
    member["visit_version"] = next_version(member["visit_version"])
    member["invite_version"] = next_version(member["invite_version"])
    update_neighbours(world, person, now, -1)
    update_inviters(world, person, now)
    who["state"] = State.LEFT
    if by_operator:
        total["pruning"] += change
        total["removals"] += 1
        write(world, now, JournalKind.REMOVE.value, person, NOBODY, room_id, reason, change)
    if reason == Reason.REMOVAL:
        who["state"] = State.REMOVED
        who["door_version"] += 1
        return
    if not by_operator:
        total["evaporation"] += change
        total["departures"] += 1
        if not math.isnan(rank_now):
            total["ranks"] += rank_now
            total["n_ranks"] += 1
        write(world, now, JournalKind.LEAVE.value, person, cause, room_id, reason, change)
    wait_outside(world, person, now)


@compiled(only_with=Feature.SPACES)
def move(world: World, person: int, room_id: int, now: float) -> None:
    """A member takes a seat in another room, which may be of another space.

    What they have read in rooms around both stays read. The temperature of the whole stays.
    """
    who = world.people[person]
    member = world.members[who["member"]]
    seat = world.memberships[who["membership"]]
    old_id = int(seat["room"])
    quality = np.float64(who["quality"])
    shared = shared_room(world, old_id, room_id)
    if member["lapsed"] == 0:
        add_presence(world, home_of(world, old_id), who, -1.0)
        add_presence(world, home_of(world, room_id), who, 1.0)
    leave_day(pond_of(world, old_id), member, now, world.params[0])
    enter_last_day(pond_of(world, room_id), member, now, world.params[0])
    last = int(member["last_visit_at"])
    if int(now) - last < WEEK:
        count_shown(world, pond_of(world, old_id), who, last, -1)
        count_shown(world, pond_of(world, room_id), who, last, 1)
    count_in_rooms(world, old_id, quality, -1, shared)
    count_in_rooms(world, room_id, quality, 1, shared)
    around = int(world.rooms[shared]["space"]) if shared != NOBODY else NOBODY
    space_id = int(world.rooms[old_id]["space"])
    entered = int(world.rooms[room_id]["space"])
    if space_id != entered:
        while space_id != around and not contains(world, space_id, entered):
            space = world.spaces[space_id]
            space["moved_out"] += count_in_space(space, quality, -1)
            space_id = int(space["parent"])
        left = int(world.rooms[old_id]["space"])
        space_id = entered
        while space_id != around and not contains(world, space_id, left):
            space = world.spaces[space_id]
            space["moved_in"] += count_in_space(space, quality, 1)
            space_id = int(space["parent"])
    note_if_full(world, room_id, now)
    if world.rooms[old_id]["pond"] != world.rooms[room_id]["pond"]:
        leave_board(world, int(who["membership"]))
    seat["room"] = room_id
    set_read(world, seat, old_id, room_id)
    leave_places(world, person, room_id, now)
    write(world, now, JournalKind.MOVE.value, person, NOBODY, room_id, old_id, 0.0)


@compiled
def shared_room(world: World, a: int, b: int) -> int:
    """The innermost room that two rooms are in; NOBODY if there is none."""
    outer = int(world.rooms[a]["parent"])
    while outer != NOBODY:
        other = int(world.rooms[b]["parent"])
        while other != NOBODY:
            if other == outer:
                return outer
            other = int(world.rooms[other]["parent"])
        outer = int(world.rooms[outer]["parent"])
    return NOBODY


@compiled
def set_read(world: World, seat: Any, old_id: int, room_id: int) -> None:
    """After a move: rooms that are around both stay read up to the same post, others from what is in view."""
    before = (seat["read_to"][0], seat["read_to"][1], seat["read_to"][2], seat["read_to"][3])
    room = room_id
    for up in range(LEVELS):
        seat["read_to"][up] = first_in_view(world, room)
        if room == NOBODY:
            continue
        old = old_id
        for down in range(LEVELS):
            if old == room:
                seat["read_to"][up] = before[down]
            if old != NOBODY:
                old = int(world.rooms[old]["parent"])
        room = int(world.rooms[room]["parent"])
