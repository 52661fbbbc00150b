"""A visit: read, update satisfaction, perhaps write, then stay, lapse or leave."""

from typing import Any

import numpy as np

from shequn.agents import benefit, interest, joining, leaving, perception, satisfaction, visiting
from shequn.agents.compiled import compiled
from shequn.agents.curves import clamp, halving
from shequn.agents.drivers import N_DRIVERS, Driver, signal
from shequn.agents.event import fading
from shequn.agents.observation import Observation
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.contacts import keep_hours, pull_of_rival
from shequn.sim.kernel.heap import event_tag, next_version, push
from shequn.sim.kernel.invitations import bring_forward_invitation, update_invitation
from shequn.sim.kernel.journal import write
from shequn.sim.kernel.locality import add_presence, near_by
from shequn.sim.kernel.marks import shown_by, shown_by_others
from shequn.sim.kernel.membership import be_seen, depart
from shequn.sim.kernel.moderation import perhaps_advertise
from shequn.sim.kernel.offers import look_at_offers, use_what_lasts
from shequn.sim.kernel.reading import read_path
from shequn.sim.kernel.reasons import departure_reason, update_usual_signals
from shequn.sim.kernel.recognition import rank_of, recognition_of_others
from shequn.sim.kernel.rewards import earn
from shequn.sim.kernel.rooms import home_of, pond_of
from shequn.sim.kernel.scheduling import schedule_visit
from shequn.sim.kernel.staff import come_back
from shequn.sim.kernel.state import NOBODY, Act, EventKind, JournalKind
from shequn.sim.kernel.tasks import do_tasks
from shequn.sim.kernel.ties import friends_strength
from shequn.sim.kernel.world import World
from shequn.sim.kernel.writing import maybe_write, perhaps_write_for_pay


@compiled
def visit(world: World, person: int, now: float) -> None:
    """One visit of a member, up to the decision to come again, to lapse or to leave."""
    p = world.params[0]
    total = world.totals[0]
    who = world.people[person]
    member = world.members[who["member"]]
    seat = world.memberships[who["membership"]]
    room_id = int(seat["room"])
    absent = begin_visit(world, who, person, room_id, now)
    read_path(world, person, now)
    use_what_lasts(world, person, now)
    earn(world, Act.VISIT.value, NOBODY, person, now)
    do_tasks(world, person, now)
    reading = world.reading[0]
    observation = perceive(world, who, seat, room_id, reading, now)
    new_satisfaction = update_satisfaction(world, who, seat, observation, p)
    total["visits"] += 1
    total["visits_total"] += 1
    total["unread"] += observation.unread
    total["satisfaction"] += new_satisfaction
    n_read = int(reading["n_read"])
    write(world, now, JournalKind.VISIT.value, person, NOBODY, room_id, n_read, new_satisfaction)
    maybe_write(world, person, observation, now)
    perhaps_write_for_pay(world, person, now, 2 * np.int64(member["n_visits"]))
    perhaps_advertise(world, person, observation, now)
    member["n_visits"] += 1
    # what changes slowly: need, habit, commitment, aspiration
    need = visiting.need_left(np.float64(member["need"]), absent, p)
    cares = np.float64(member["drivers"][Driver.EVENT])
    renewed = p["event_renewal"] * cares * clamp(observation.event_intensity)
    member["need"] = need + renewed * (1.0 - need)
    near = keep_hours(world, who, now)
    member["habit"] = visiting.habit_after_visit(np.float64(member["habit"]), absent, near, p)
    member["commitment"] = joining.commitment_left(np.float64(member["commitment"]), absent, p)
    gains = np.float64(member["gains"])
    closed = 1.0 - halving(absent, p["benefit_aspiration_half_life"])
    used_to = np.float64(member["aspiration"])
    member["aspiration"] = used_to + closed * (gains - used_to)
    below = below_standard(who, seat, world.rooms[home_of(world, room_id)], p)
    if p["leaving_mode"] == leaving.VISIT and wants_to_leave(world, who, observation, below, absent):
        u = uniform(total["seed"], Purpose.LAPSE, who["key"], member["n_visits"])
        if u >= p["leaving_lapse"]:
            depart(world, person, now, departure_reason(member, seat, observation, below, p))
            return
        lapse(world, person, room_id, now, u / p["leaving_lapse"])
    else:
        schedule_visit(world, person, now)
    update_invitation(world, person, now)
    if p["reminders"] > 0.0:
        bring_forward_invitation(world, person, now, p["reminders"] * p["inviting_reminder"])
    update_usual_signals(seat, observation, below, p)
    look_at_offers(world, person, now)


@compiled
def begin_visit(world: World, who: Any, person: int, room_id: int, now: float) -> float:
    """Begin a visit: count the member as seen, end a lapse; returns the days since the last visit."""
    member = world.members[who["member"]]
    absent = now - member["last_visit_at"]
    be_seen(world, pond_of(world, room_id), who, now, False)
    if member["lapsed"] == 1:
        member["lapsed"] = 0
        add_presence(world, home_of(world, room_id), who, 1.0)
        write(world, now, JournalKind.RETURN.value, person, NOBODY, room_id, 0, absent)
        come_back(world, person, now)
    return absent


@compiled
def perceive(world: World, who: Any, seat: Any, room_id: int, reading: Any, now: float) -> Observation:
    """Make the member's observation from what they read and the state of their room."""
    member = world.members[who["member"]]
    p = world.params[0]
    n_read = int(reading["n_read"])
    if n_read > 0:
        mean = reading["quality"] / n_read
        seat["level"] = perception.remembered_level(np.float64(seat["level"]), mean, p)
    gained = benefit.gain_of_reading(reading["usefulness"], p)
    member["gains"] = np.float64(member["gains"]) + gained
    waits = seat["n_read"] == 0 and now - member["joined_at"] < p["interest_expectation_days"]
    intensity = 0.0
    for k in range(world.totals[0]["n_happenings"]):
        happening = world.happenings[k]
        intensity += fading(happening["intensity"], now - happening["start"], happening["fades"])
    return Observation(
        reading["enjoyment"],
        reading["usefulness"],
        float(n_read),
        float(reading["unread"]),
        float(reading["strangers"]) / max(1, n_read),
        1.0 if waits else 0.0,
        np.float64(member["recognition"]),
        recognition_of_others(pond_of(world, room_id), member, now, p),
        np.float64(member["gains"]),
        np.float64(member["aspiration"]),
        friends_strength(who, member, now, p),
        np.float64(member["answers"]),
        intensity,
        shown_by(world, who),
        shown_by_others(world, pond_of(world, room_id), who, now),
        rank_of(world, who),
        near_by(world, home_of(world, room_id), who),
    )


@compiled
def update_satisfaction(world: World, who: Any, seat: Any, observation: Observation, p: Any) -> float:
    """Update the member's satisfaction by the weighted signals; returns the new value, in [0, 1]."""
    member = world.members[who["member"]]
    weighted = 0.0
    weight = 0.0
    for driver in range(N_DRIVERS):
        if p["possible"][driver] > 0.0:
            w = np.float64(member["drivers"][driver])
            weighted += w * signal(driver, observation, p)
            weight += w
    trait = np.float64(member["contentment"])
    offer = satisfaction.offer(weighted, weight, trait, satisfaction.crowding(observation, p))
    new_satisfaction = satisfaction.satisfaction(
        np.float64(member["satisfaction"]), offer, p["satisfaction_update"]
    )
    member["satisfaction"] = new_satisfaction
    return new_satisfaction


@compiled
def below_standard(who: Any, seat: Any, room: Any, p: Any) -> float:
    """How far the perceived level of the room is below the member's own standard, >= 0."""
    level = perception.perceived_level(np.float64(seat["level"]), room["level"], p)
    return leaving.shortfall(interest.own_standard(np.float64(who["quality"]), p), level)


@compiled
def wants_to_leave(world: World, who: Any, observation: Observation, below: float, absent: float) -> bool:
    """Whether the member decides to leave at the end of a visit, `absent` days after the last one."""
    member = world.members[who["member"]]
    p = world.params[0]
    lost = leaving.lost_by_leaving(observation.friends, np.float64(member["n_visits"]), p)
    quality = np.float64(who["quality"])
    reserve = leaving.reservation(quality, below, np.float64(member["commitment"]), lost, p)
    reserve += pull_of_rival(world, who)
    chance = leaving.leaving_probability(np.float64(member["satisfaction"]), reserve, p)
    chance *= leaving.exposure(absent, np.float64(member["n_visits"]), p)
    if chance <= 0.0:
        return False
    return uniform(world.totals[0]["seed"], Purpose.LEAVE, who["key"], member["n_visits"]) < chance


@compiled
def lapse(world: World, person: int, room_id: int, now: float, u: float) -> None:
    """Lapse instead of leaving: the next visit comes after a heavy-tailed absence."""
    who = world.people[person]
    member = world.members[who["member"]]
    away = leaving.absence(u, world.params[0])
    member["lapsed"] = 1
    add_presence(world, home_of(world, room_id), who, -1.0)
    world.totals[0]["lapses"] += 1
    member["visit_version"] = next_version(member["visit_version"])
    member["visit_due"] = now + away
    member["visit_rate"] = 0.0
    push(world.queue, member["visit_due"], event_tag(EventKind.VISIT, person, member["visit_version"]))
    write(world, now, JournalKind.LAPSE.value, person, NOBODY, room_id, 0, away)
