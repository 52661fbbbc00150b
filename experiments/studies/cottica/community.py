"""The events of Cottica's community, with our queue and our draws.

A tick is a unit of time. Within it every member has a turn at a random instant, drawn for each tick, which gives the
random order. At its end strengths fade, the weak leave, and the manager comments.
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
    """Run an empty community until its last member has joined and strengths have faded in that tick."""
    rules, totals = community.rules[0], community.totals[0]
    start = int(rules["founders"])  # first tick of the published program's clock; founders join in tick 0
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
    """Schedule a member's turn strictly within a tick."""
    schedule(community, tick + uniform(seed, Draw.TURN, person, tick), Kind.TURN, person, tick)


@compiled
def join(community: Community, seed: int, joined: int, first_tick: int) -> None:
    """Add a member, whose first turn is in ``first_tick``."""
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
    """Post with the member's probability; the author of a post comments to other members, including dropouts."""
    rules, member = community.rules[0], community.members[person]
    # the latest comment may be of this tick, from somebody who had an earlier turn
    has_comment = (member["got_before"] if member["got"] == tick else member["got"]) == tick - 1
    probability = posting_probability(member["chattiness"], has_comment, rules)
    if uniform(seed, Draw.POST, person, tick) < probability:
        comment(community, seed, person, tick)


@compiled
def comment(community: Community, seed: int, writer: int, tick: int) -> None:
    """Comment to each other member with a probability of its share of all weights, including the writer's of 1."""
    rules, ties, totals = community.rules[0], community.ties, community.totals[0]
    n = int(totals["n_members"])
    weights = float(n)
    for reader in range(n):
        weights += closeness(ties[writer, reader], ties[reader, writer], rules)
    n_written = 0
    for reader in range(n):
        if reader == writer:
            continue
        weight = 1.0 + closeness(ties[writer, reader], ties[reader, writer], rules)
        if uniform(seed, Draw.COMMENT, pair(writer, reader), tick) * weights < weight:
            ties[writer, reader] += 1.0
            receive(community, reader, tick)
            n_written += 1
    if n_written > 0:
        member = community.members[writer]
        member["wrote"] = tick
        member["n_comments"] += n_written
        totals["n_comments"] += n_written


@compiled
def receive(community: Community, reader: int, tick: int) -> None:
    """Record a comment that a member receives."""
    member = community.members[reader]
    member["strength"] += 1.0
    if member["got"] != tick:
        member["got_before"] = member["got"]
        member["got"] = tick


@compiled
def fade(community: Community, tick: int) -> None:
    """Fade strengths; then members with too little leave. Their strength still counts in this tick's total."""
    rules, ties, totals = community.rules[0], community.ties, community.totals[0]
    n = int(totals["n_members"])
    divisor = 1.0 + rules["decay"]
    for writer in range(n):
        for reader in range(n):
            ties[writer, reader] /= divisor
    for person in range(n):
        member = community.members[person]
        member["strength"] /= divisor
        if not member["active"]:
            continue
        totals["membership_strength"] += member["strength"]
        if leaves(member["strength"], tick - member["joined"], rules):
            member["active"] = False
            totals["n_dropouts"] += 1


@compiled
def manage(community: Community, seed: int, tick: int) -> None:
    """Make the manager's comments, which are received in this tick."""
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
    """Comment to members whose last comment was in the previous tick, up to the capacity.

    Members who also commented in this tick are not among them: the program stores only the latest tick.
    """
    rules, totals, members = community.rules[0], community.totals[0], community.members
    for _ in range(rules["capacity"]):
        best, best_precedence, best_luck = -1, 0, 0.0
        for person in range(totals["n_members"]):
            member = members[person]
            # members already engaged have NO_TICK
            if member["wrote"] != tick - 1:
                continue
            own = precedence(member["joined"], member["n_comments"], rules)
            luck = uniform(seed, Draw.ENGAGE, person, tick)
            if best < 0 or own > best_precedence or (own == best_precedence and luck > best_luck):
                best, best_precedence, best_luck = person, own, luck
        if best < 0:
            return
        members[best]["wrote"] = NO_TICK
        receive(community, best, tick)
        totals["management_effort"] += 1
