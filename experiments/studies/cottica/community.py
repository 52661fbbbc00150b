"""The life of Cottica's community: one event at a time, on our queue and our draws.

A tick is a unit of time. Within it every member has a turn at an instant of its own, drawn again for
each tick: that is the random order. At its end strengths fade, the weak leave, and the manager comments.
"""

from shequn.agents.compiled import compiled
from shequn.experiments.studies.cottica.rules import (
    Draw,
    closeness,
    leaves,
    own_chattiness,
    posting_probability,
    precedence,
)
from shequn.experiments.studies.cottica.state import NO_TICK, Community, Kind
from shequn.sim.kernel.chance import pair, uniform
from shequn.sim.kernel.heap import drop, event_tag, push, tag_kind, tag_other, tag_person


@compiled
def run(community: Community, seed: int) -> None:
    """Run an empty community until its last member has joined and that tick has faded."""
    rules, totals = community.rules[0], community.totals[0]
    start = int(rules["founders"])  # the program's clock begins so; a founder's joining is tick 0
    for _ in range(start):
        join(community, seed, 0, start)
    if totals["n_members"] >= rules["members"]:
        return
    schedule(community, float(start), Kind.JOIN, 0, start)
    schedule(community, start + 1.0, Kind.FADE, 0, start)
    schedule(community, start + 1.0, Kind.MANAGE, 0, start)
    queue = community.queue
    while True:
        now, tag = queue.values[0], queue.tags[0]
        drop(queue)
        kind, person, tick = tag_kind(tag), tag_person(tag), tag_other(tag)
        if kind == Kind.TURN:
            if community.members[person]["active"]:
                take_turn(community, seed, person, tick)
                schedule_turn(community, seed, person, tick + 1)
            continue
        if kind == Kind.JOIN:
            join(community, seed, tick, tick)
        elif kind == Kind.FADE:
            fade(community, tick)
            if totals["n_members"] >= rules["members"]:
                return
        else:
            manage(community, seed, tick)
        schedule(community, now + 1.0, kind, 0, tick + 1)


@compiled
def schedule(community: Community, at: float, kind: int, person: int, tick: int) -> None:
    """Put an event of a tick into the queue."""
    push(community.queue, at, event_tag(kind, person, tick))


@compiled
def schedule_turn(community: Community, seed: int, person: int, tick: int) -> None:
    """A member's turn in a tick: strictly within it."""
    schedule(community, tick + uniform(seed, Draw.TURN, person, tick), Kind.TURN, person, tick)


@compiled
def join(community: Community, seed: int, joined: int, first_tick: int) -> None:
    """One more member, whose first turn is in ``first_tick``."""
    totals = community.totals[0]
    person = int(totals["n_members"])
    totals["n_members"] = person + 1
    member = community.members[person]
    member["joined"] = joined
    member["active"] = True
    member["chattiness"] = own_chattiness(seed, person, community.rules[0])
    member["got"] = NO_TICK
    member["got_before"] = NO_TICK
    member["wrote"] = NO_TICK
    schedule_turn(community, seed, person, first_tick)


@compiled
def take_turn(community: Community, seed: int, person: int, tick: int) -> None:
    """Post or not; a poster comments to each other member, those who left included, or not."""
    rules, member = community.rules[0], community.members[person]
    # the latest may be of this tick already, from one whose turn was before
    got = (member["got_before"] if member["got"] == tick else member["got"]) == tick - 1
    probability = posting_probability(member["chattiness"], got, rules)
    if uniform(seed, Draw.POST, person, tick) < probability:
        comment(community, seed, person, tick)


@compiled
def comment(community: Community, seed: int, writer: int, tick: int) -> None:
    """Comment to each other member with its share of all weights, the writer's own of 1 included."""
    rules, ties, totals = community.rules[0], community.ties, community.totals[0]
    n = int(totals["n_members"])
    weights = float(n)
    for reader in range(n):
        weights += closeness(ties[writer, reader], ties[reader, writer], rules)
    written = 0
    for reader in range(n):
        if reader == writer:
            continue
        weight = 1.0 + closeness(ties[writer, reader], ties[reader, writer], rules)
        if uniform(seed, Draw.COMMENT, pair(writer, reader), tick) * weights < weight:
            ties[writer, reader] += 1.0
            receive(community, reader, tick)
            written += 1
    if written > 0:
        member = community.members[writer]
        member["wrote"] = tick
        member["n_comments"] += written
        totals["n_comments"] += written


@compiled
def receive(community: Community, reader: int, tick: int) -> None:
    """A comment reaches a member."""
    member = community.members[reader]
    member["strength"] += 1.0
    if member["got"] != tick:
        member["got_before"] = member["got"]
        member["got"] = tick


@compiled
def fade(community: Community, tick: int) -> None:
    """Strengths fade; then those with too little leave. What they had counts in the total once more."""
    rules, ties, totals = community.rules[0], community.ties, community.totals[0]
    n = int(totals["n_members"])
    by = 1.0 + rules["decay"]
    for writer in range(n):
        for reader in range(n):
            ties[writer, reader] /= by
    for person in range(n):
        member = community.members[person]
        member["strength"] /= by
        if not member["active"]:
            continue
        totals["membership_strength"] += member["strength"]
        if leaves(member["strength"], tick - member["joined"], rules):
            member["active"] = False
            totals["n_dropouts"] += 1


@compiled
def manage(community: Community, seed: int, tick: int) -> None:
    """The manager's comments, which are received in this tick."""
    rules, totals = community.rules[0], community.totals[0]
    if rules["onboard"]:
        for person in range(totals["n_members"]):
            if community.members[person]["joined"] == tick - 1:
                receive(community, person, tick)
                totals["management_effort"] += 1
    if rules["engage"]:
        engage(community, seed, tick)


@compiled
def engage(community: Community, seed: int, tick: int) -> None:
    """Comment to those who last commented in the tick before, up to the capacity.

    One who has commented in this tick again is not among them: the program keeps only the latest.
    """
    rules, totals, members = community.rules[0], community.totals[0], community.members
    for _ in range(rules["capacity"]):
        first, first_precedence, first_luck = -1, 0, 0.0
        for person in range(totals["n_members"]):
            member = members[person]
            # those engaged already have been given a tick that never comes
            if member["wrote"] != tick - 1:
                continue
            its = precedence(member["joined"], member["n_comments"], rules)
            luck = uniform(seed, Draw.ENGAGE, person, tick)
            if first < 0 or its > first_precedence or (its == first_precedence and luck > first_luck):
                first, first_precedence, first_luck = person, its, luck
        if first < 0:
            return
        members[first]["wrote"] = NO_TICK
        receive(community, first, tick)
        totals["management_effort"] += 1
