"""Founding: the founders join without gates, clocks are set, and the first day begins."""

from typing import Any

from shequn.agents.compiled import compiled
from shequn.sim.kernel.day import reputation_now, write_row
from shequn.sim.kernel.discovery import appeal_to, set_discovery_rate
from shequn.sim.kernel.heap import event_tag, push
from shequn.sim.kernel.invitations import update_invitation
from shequn.sim.kernel.locality import add_presence
from shequn.sim.kernel.membership import join
from shequn.sim.kernel.people import member_of
from shequn.sim.kernel.rooms import choose_room, home_of
from shequn.sim.kernel.scheduling import enter_visit, rate_now, schedule_visit
from shequn.sim.kernel.state import ENTRANCE, NOBODY, Channel, EventKind
from shequn.sim.kernel.world import World


@compiled
def found_community(world: World, founders: Any, marks: Any) -> None:
    """Let the founders join, without gates; founders for whom no room has space stay outside.

    ``marks`` has 2 for a founder in the top decile of quality, else 1.
    """
    total = world.totals[0]
    for k in range(len(founders)):
        person = int(founders[k])
        who = world.people[person]
        who["channel"] = Channel.FOUNDER
        room = choose_room(world, person, ENTRANCE)
        if room == NOBODY:
            continue
        join(world, person, room, 0.0, Channel.FOUNDER.value, NOBODY, 0.0)
        member_of(world, person)["founder"] = marks[k]
        if marks[k] == 2:
            total["founders_top"] += 1
    total["founders_top_start"] = total["founders_top"]


@compiled
def fill_appeals(world: World, people: Any, appeal: Any) -> None:
    """Fill ``appeal`` with the community's appeal to each of these people."""
    for k in range(len(people)):
        appeal[k] = appeal_to(world, world.people[people[k]])


@compiled
def begin(world: World) -> None:
    """Write the row of day 0, set the reputation of the first day, and schedule the end of that day."""
    total = world.totals[0]
    write_row(world, 0.0)
    total["reputation"] = reputation_now(world, 0)
    set_discovery_rate(world, 0.0)
    push(world.queue, 1.0, event_tag(EventKind.END_OF_DAY, 0, 0))


@compiled
def set_clocks(world: World, inside: Any, due: Any, away: Any) -> None:
    """Set the next visits of members to the days ``due`` (−1: draw one), and update their invitations.

    ``away`` marks members who have lapsed.
    """
    for k in range(len(inside)):
        person = int(inside[k])
        who = world.people[person]
        member = world.members[who["member"]]
        if due[k] < 0.0:
            schedule_visit(world, person, 0.0)
        else:
            member["visit_rate"] = rate_now(world, who, 0.0)
            member["visit_due"] = due[k]
            enter_visit(world, person)
        if away[k]:
            member["lapsed"] = 1
            member["visit_rate"] = 0.0
            room_id = int(world.memberships[who["membership"]]["room"])
            add_presence(world, home_of(world, room_id), who, -1.0)
        update_invitation(world, person, 0.0)
