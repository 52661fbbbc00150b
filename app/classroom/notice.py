"""Observations at the end of a lesson, computed from the run on the screen, expected or not."""

import math
from collections.abc import Callable
from typing import assert_never

from shequn.app.classroom import notice_playbook
from shequn.app.classroom.knobs import FLOOD_DAY
from shequn.app.classroom.measures import STAY_DAYS, Measures
from shequn.app.classroom.overview import MIN_COUNT, change, count, level, percent_or_dash, rate
from shequn.app.classroom.pair import Pair
from shequn.sim.language import _
from shequn.sim.results.cooling import LeftFirst, decide

#: Smallest difference of mean quality that counts: replicates of one setting differ by as much.
_MIN_CHANGE = 0.02
_MIN_ERRORS = 2.0  # standard errors; a smaller difference of shares does not count


def observations(lesson: str, pair: Pair, a: Measures, b: Measures) -> list[str]:
    """Sentences on what the run of a lesson shows.

    Parameters
    ----------
    lesson : str
        Name of a lesson.
    pair : Pair
        At the end of its run.
    a, b : Measures
        Measures of its two communities.
    """
    sentences = _OBSERVERS[lesson](pair, a, b)
    sentences.append(
        _("This was one run with one seed. Press Run ten: what comes back is the rule, the rest is chance.")
    )
    return sentences


def _left_first(m: Measures) -> LeftFirst:
    """Whether the better members left first, in this one run."""
    return decide(m.matched_rank, math.nan, m.ranked_departures)


def _who_left_first(side: str, m: Measures) -> str:
    answer = _left_first(m)
    match answer:
        case LeftFirst.BETTER:
            return _(
                "In {side} the better members left first: departing members ranked {rank} among those who had joined at about the same time (½ would be like everybody else)."
            ).format(side=side, rank=level(m.matched_rank))
        case LeftFirst.WORSE:
            return _(
                "In {side} the weaker members left first: departing members ranked {rank} among those who had joined at about the same time (½ would be like everybody else)."
            ).format(side=side, rank=level(m.matched_rank))
        case LeftFirst.ALIKE:
            return _(
                "In {side} the better members left no sooner than the others: departing members ranked {rank} among those who had joined at about the same time."
            ).format(side=side, rank=level(m.matched_rank))
        case LeftFirst.UNKNOWN:
            return _(
                "Whether the better members left first in {side} is not known: {n} departures are too few, or too even, to say."
            ).format(side=side, n=m.ranked_departures)
    assert_never(answer)


def _cooling(pair: Pair, a: Measures, b: Measures) -> list[str]:
    sentences = [
        _("The mean quality fell from {start} to {a} in A and to {b} in B.").format(
            start=level(a.temperature_start), a=level(a.temperature), b=level(b.temperature)
        ),
        _("Of the change in B, {dilution} came from joins and {evaporation} from departures; in A it was {a_dilution} and {a_evaporation}.").format(
            dilution=change(b.dilution), evaporation=change(b.evaporation),
            a_dilution=change(a.dilution), a_evaporation=change(a.evaporation),
        ),
        _who_left_first("A", a),
        _who_left_first("B", b),
    ]  # fmt: skip
    if b.evaporation < a.evaporation - _MIN_CHANGE and _left_first(b) is LeftFirst.BETTER:
        sentences.append(
            _(
                "So the open door cooled B twice: first the newcomers diluted the good members, then the good members found it no longer worth their while and left. That is evaporative cooling. Dilution is the larger part."
            )
        )
    elif b.temperature < a.temperature - _MIN_CHANGE:
        sentences.append(
            _(
                "The open door cooled B, but not by evaporation this time: all there is to see is dilution by newcomers."
            )
        )
    else:
        sentences.append(_("What was expected did not happen here: B is not colder than A."))
    return sentences


def _viral(pair: Pair, a: Measures, b: Measures) -> list[str]:
    people = pair.sides["A"].scenario.population.people or 0
    sentences = [
        _("A has {a} members and B {b}, that is {times} times as many, at three times the invitations.").format(
            a=count(a.members), b=count(b.members), times=rate(b.members / max(1, a.members))
        ),
        _("K is {a} in A and {b} in B. Above 1, each member more than replaces herself and growth sustains itself; below 1, growth dies down.").format(
            a=level(a.k), b=level(b.k)
        ),
    ]  # fmt: skip
    joins = pair.sides["B"].days["joins"]
    fastest_day = max(range(len(joins)), key=lambda day: int(joins[max(0, day - 13) : day + 1].sum()))
    recent_joins = int(joins[-14:].sum())
    peak = int(joins[max(0, fastest_day - 13) : fastest_day + 1].sum())
    if recent_joins < 0.7 * peak:
        sentences.append(
            _(
                "B grew fastest in the fortnight before day {day} ({peak} joins); in the last fortnight {lately} joined. {share} of all {people} people are members, and fewer and fewer are left to invite. No K stays above 1 for ever."
            ).format(
                day=fastest_day,
                peak=peak,
                lately=recent_joins,
                share=percent_or_dash(b.members / people),
                people=count(people),
            )
        )
    else:
        sentences.append(
            _(
                "B is still growing as fast as ever: {lately} joined in the last fortnight. Give it more days (a slider; then Reset) and see it slow down."
            ).format(lately=recent_joins)
        )
    return sentences


def _pond(pair: Pair, a: Measures, b: Measures) -> list[str]:
    sentences = [
        _("At the end A had {a} members and B had {b}.").format(a=count(a.members), b=count(b.members)),
        _("A member of A wrote {a} posts a week, a member of B {b}. In the last week {a_seen} of the members of A were seen, and {b_seen} of those of B.").format(
            a=rate(7 * a.posts / max(1, a.members)), b=rate(7 * b.posts / max(1, b.members)),
            a_seen=percent_or_dash(a.seen_share), b_seen=percent_or_dash(b.seen_share),
        ),
        _("Standing, which is what honor is about (½ means noticed as much as the average member), is {a} in A and {b} in B on average; satisfaction is {a_satisfied} and {b_satisfied}.").format(
            a=level(a.standing), b=level(b.standing),
            a_satisfied=level(a.satisfaction), b_satisfied=level(b.satisfaction),
        ),
        _("Of the newcomers, {a} stayed {days} days in A and {b} in B.").format(
            a=percent_or_dash(a.stayed_share), b=percent_or_dash(b.stayed_share), days=STAY_DAYS
        ),
    ]  # fmt: skip
    better = (b.standing > a.standing) + (b.stayed_share > a.stayed_share) + (b.seen_share > a.seen_share)
    if better >= 2:
        sentences.append(
            _(
                "So the pond was too small: with forty people who visit now and then, posts are seldom read before they are old. To be somebody, you need somebody who notices. Try a limit of 100 or 200."
            )
        )
    else:
        sentences.append(_("So here the small pond is better for its members."))
    return sentences


def _gates(pair: Pair, a: Measures, b: Measures) -> list[str]:
    sentences = [
        _(
            "Without the gate {a} people joined, with it {b}; {a_members} and {b_members} are members now."
        ).format(
            a=count(a.joined), b=count(b.joined), a_members=count(a.members), b_members=count(b.members)
        ),
        _("The mean quality is {a} without the gate and {b} with it.").format(
            a=level(a.temperature), b=level(b.temperature)
        ),
        _("Of the newcomers, {a} stayed {days} days without the gate and {b} with it.").format(
            a=percent_or_dash(a.stayed_share), b=percent_or_dash(b.stayed_share), days=STAY_DAYS
        ),
    ]
    n_newcomers = min(a.newcomers, b.newcomers)
    if n_newcomers < MIN_COUNT or math.isnan(a.stayed_share) or math.isnan(b.stayed_share):
        return sentences
    error = math.sqrt(
        a.stayed_share * (1 - a.stayed_share) / a.newcomers
        + b.stayed_share * (1 - b.stayed_share) / b.newcomers
    )
    if b.stayed_share - a.stayed_share > _MIN_ERRORS * error:
        sentences.append(
            _(
                "Those who passed the gate did stay longer: what was hard to get is valued, and the company is better."
            )
        )
    elif a.stayed_share - b.stayed_share > _MIN_ERRORS * error:
        sentences.append(_("Those who passed the gate left sooner: they also expect more of others."))
    else:
        sentences.append(
            _(
                "Those who passed the gate stayed no longer: it makes them more committed, but their higher standard cancels that out."
            )
        )
    return sentences


def _flood(pair: Pair, a: Measures, b: Measures) -> list[str]:
    temperature = pair.sides["B"].days["temperature"]
    before = float(temperature[min(FLOOD_DAY, len(temperature) - 1)])
    after = temperature[FLOOD_DAY + 1 :]
    if len(after) == 0:
        return [_("The flood comes on day {day}: run longer.").format(day=FLOOD_DAY)]
    lowest = float(after.min())
    day = FLOOD_DAY + 1 + int(after.argmin())
    drop, recovery = before - lowest, float(temperature[-1]) - lowest
    sentences = [
        _("Before the flood the mean quality of B was {before}; it fell to {lowest} (day {day}) and is {now} at the end. In A, without a flood, it is {a}.").format(
            before=level(before), lowest=level(lowest), day=day, now=level(b.temperature), a=level(a.temperature)
        ),
        _who_left_first("B", b),
    ]  # fmt: skip
    if drop < _MIN_CHANGE:
        sentences.append(_("The flood hardly changed the level here."))
    elif recovery < _MIN_CHANGE:
        sentences.append(_("It has not recovered: those who came stayed."))
    elif recovery < drop - _MIN_CHANGE:
        sentences.append(
            _(
                "It has recovered {share} of the fall: not by itself, but because the task at the door lets in good newcomers again and part of the flood leaves."
            ).format(share=percent_or_dash(recovery / drop))
        )
    else:
        sentences.append(_("It has recovered entirely."))
    return sentences


_OBSERVERS: dict[str, Callable[[Pair, Measures, Measures], list[str]]] = {
    "cooling": _cooling,
    "viral": _viral,
    "pond": _pond,
    "gates": _gates,
    "flood": _flood,
    "points": notice_playbook.points,
    "attention": notice_playbook.attention,
    "splitting": notice_playbook.splitting,
    "star": notice_playbook.star,
    "spam": notice_playbook.spam,
}
