"""What is to be noticed in a lesson: read off the run on the screen, also when it did not come as expected."""

import math
from collections.abc import Callable

from shequn.app.classroom.measures import STAYED, Measures
from shequn.app.classroom.overview import FEW, change, few, level, percent_or_dash, whole
from shequn.app.classroom.pair import Pair
from shequn.app.classroom.settings import FLOOD_DAY
from shequn.sim.language import _

_SLIGHT = (
    0.02  # of mean quality: less is no difference to speak of (replicates of one setting differ by as much)
)
_TELLING = 2.0  # standard errors by which a mean rank must differ from one half
_RANK_SD = 1 / math.sqrt(12)  # of the rank of one leaver, were leaving blind to quality: uniform


def observations(lesson: str, pair: Pair, a: Measures, b: Measures) -> list[str]:
    """Sentences on what the run of a lesson shows.

    Parameters
    ----------
    lesson : str
        Name of a lesson.
    pair : Pair
        At the end of its run.
    a, b : Measures
        Of its two communities.
    """
    told = _RULES[lesson](pair, a, b)
    told.append(
        _(
            "This was one run with one luck. Change the seed and run again: what comes back each time is the rule, the rest is chance."
        )
    )
    return told


def best_first(m: Measures) -> bool | None:
    """Whether the better ones left first; none if so few left, or so evenly, that it cannot be said."""
    if m.leavers_ranked < FEW:
        return None
    error = _RANK_SD / math.sqrt(m.leavers_ranked)
    if abs(m.leavers_rank - 0.5) < _TELLING * error:
        return None
    return m.leavers_rank > 0.5


def _leavers(side: str, m: Measures) -> str:
    match best_first(m):
        case True:
            return _(
                "In {side} the better ones left first: leavers ranked {rank} among those who had come at about the same time (½ would be like everybody else)."
            ).format(side=side, rank=level(m.leavers_rank))
        case False:
            return _(
                "In {side} the weaker ones left first: leavers ranked {rank} among those who had come at about the same time (½ would be like everybody else)."
            ).format(side=side, rank=level(m.leavers_rank))
    return _(
        "In {side} leaving was about blind to quality: {n} left, too few or too evenly to tell more."
    ).format(side=side, n=m.left)


def _cooling(pair: Pair, a: Measures, b: Measures) -> list[str]:
    told = [
        _("The mean quality fell from {start} to {a} in A and to {b} in B.").format(
            start=level(a.temperature_start), a=level(a.temperature), b=level(b.temperature)
        ),
        _("Of the change in B, those who came made {dilution} and those who left made {evaporation}; in A {a_dilution} and {a_evaporation}.").format(
            dilution=change(b.dilution), evaporation=change(b.evaporation),
            a_dilution=change(a.dilution), a_evaporation=change(a.evaporation),
        ),
        _leavers("A", a),
        _leavers("B", b),
    ]  # fmt: skip
    if b.evaporation < a.evaporation - _SLIGHT and best_first(b):
        told.append(
            _(
                "So the open door cooled B twice: first the crowd thinned out the good ones, then the good ones found it no longer worth their while and left. That is evaporative cooling. The first is the larger part."
            )
        )
    elif b.temperature < a.temperature - _SLIGHT:
        told.append(
            _(
                "The open door cooled B, but not by evaporation this time: what newcomers diluted is all there is to see."
            )
        )
    else:
        told.append(_("The expected did not happen here: B is not colder than A."))
    return told


def _viral(pair: Pair, a: Measures, b: Measures) -> list[str]:
    people = pair.settings.value("A", "people")
    told = [
        _("A has {a} members and B {b}, that is {times} times as many, at three times the invitations.").format(
            a=whole(a.members), b=whole(b.members), times=few(b.members / max(1, a.members))
        ),
        _("K is {a} in A and {b} in B. Above 1 each member more than replaces herself, and growth feeds on itself; below 1 it dies down by itself.").format(
            a=level(a.k), b=level(b.k)
        ),
    ]  # fmt: skip
    joins = pair.sides["B"].days["joins"]
    fastest = max(range(len(joins)), key=lambda day: int(joins[max(0, day - 13) : day + 1].sum()))
    lately = int(joins[-14:].sum())
    peak = int(joins[max(0, fastest - 13) : fastest + 1].sum())
    if lately < 0.7 * peak:
        told.append(
            _(
                "B grew fastest in the fortnight before day {day} ({peak} joined), and by {lately} in the last one: {share} of all {people} people are members, and fewer and fewer are left to be asked. No K stays above 1 for ever."
            ).format(
                day=fastest,
                peak=peak,
                lately=lately,
                share=percent_or_dash(b.members / people),
                people=whole(people),
            )
        )
    else:
        told.append(
            _(
                "B is still growing as fast as ever: {lately} joined in the last fortnight. Give it more days (a slider; then Reset) and see it slow down."
            ).format(lately=lately)
        )
    return told


def _pond(pair: Pair, a: Measures, b: Measures) -> list[str]:
    told = [
        _("A kept to {a} members; B had {b} at the end.").format(a=whole(a.members), b=whole(b.members)),
        _("A member of A wrote {a} posts a week, one of B {b}. In A {a_seen} were seen in the last week, in B {b_seen}.").format(
            a=few(7 * a.posts / max(1, a.members)), b=few(7 * b.posts / max(1, b.members)),
            a_seen=percent_or_dash(a.seen), b_seen=percent_or_dash(b.seen),
        ),
        _("Standing, what honor is about (½ would be as much noticed as the others together), is {a} in A and {b} in B on average; satisfaction {a_satisfied} and {b_satisfied}.").format(
            a=level(a.standing), b=level(b.standing),
            a_satisfied=level(a.satisfaction), b_satisfied=level(b.satisfaction),
        ),
        _("Of the newcomers {a} stayed {days} days in A and {b} in B.").format(
            a=percent_or_dash(a.stayed), b=percent_or_dash(b.stayed), days=STAYED
        ),
    ]  # fmt: skip
    better = (b.standing > a.standing) + (b.stayed > a.stayed) + (b.seen > a.seen)
    if better >= 2:
        told.append(
            _(
                "So the pond was too small: with forty people who look in now and then, what one writes is seldom read before it is old. Being somebody needs somebody who notices. Try a limit of 100 or 200."
            )
        )
    else:
        told.append(_("So here the small pond is the better one for those who are in it."))
    return told


def _gates(pair: Pair, a: Measures, b: Measures) -> list[str]:
    told = [
        _("Without a gate {a} came in, behind it {b}; {a_members} and {b_members} are members now.").format(
            a=whole(a.joined), b=whole(b.joined), a_members=whole(a.members), b_members=whole(b.members)
        ),
        _("The mean quality is {a} without and {b} behind the gate.").format(
            a=level(a.temperature), b=level(b.temperature)
        ),
        _("Of the newcomers {a} stayed {days} days without and {b} behind the gate.").format(
            a=percent_or_dash(a.stayed), b=percent_or_dash(b.stayed), days=STAYED
        ),
    ]
    both = min(a.newcomers, b.newcomers)
    if both < FEW or math.isnan(a.stayed) or math.isnan(b.stayed):
        return told
    error = math.sqrt(a.stayed * (1 - a.stayed) / a.newcomers + b.stayed * (1 - b.stayed) / b.newcomers)
    if b.stayed - a.stayed > _TELLING * error:
        told.append(
            _(
                "Who passed the gate did stay longer: what was hard to get is valued, and the company is better."
            )
        )
    elif a.stayed - b.stayed > _TELLING * error:
        told.append(_("Who passed the gate stayed less long: they expect more of others, too."))
    else:
        told.append(
            _(
                "Who passed the gate stayed no longer: what the gate binds, their higher standard takes away again."
            )
        )
    return told


def _flood(pair: Pair, a: Measures, b: Measures) -> list[str]:
    temperature = pair.sides["B"].days["temperature"]
    before = float(temperature[min(FLOOD_DAY, len(temperature) - 1)])
    after = temperature[FLOOD_DAY + 1 :]
    if len(after) == 0:
        return [_("The flood comes on day {day}: run longer.").format(day=FLOOD_DAY)]
    lowest = float(after.min())
    day = FLOOD_DAY + 1 + int(after.argmin())
    fall, back = before - lowest, float(temperature[-1]) - lowest
    told = [
        _("Before the flood the mean quality of B was {before}; it fell to {lowest} (day {day}) and is {now} at the end. In A, without a flood, it is {a}.").format(
            before=level(before), lowest=level(lowest), day=day, now=level(b.temperature), a=level(a.temperature)
        ),
        _leavers("B", b),
    ]  # fmt: skip
    if fall < _SLIGHT:
        told.append(_("The flood hardly changed the level here."))
    elif back < _SLIGHT:
        told.append(_("It has not recovered: those who came stayed."))
    elif back < fall - _SLIGHT:
        told.append(
            _(
                "It has recovered by {share} of the fall: not by itself, but because the task at the door lets in good ones again and some of the crowd leave."
            ).format(share=percent_or_dash(back / fall))
        )
    else:
        told.append(_("It has recovered entirely."))
    return told


_RULES: dict[str, Callable[[Pair, Measures, Measures], list[str]]] = {
    "cooling": _cooling,
    "viral": _viral,
    "pond": _pond,
    "gates": _gates,
    "flood": _flood,
}
