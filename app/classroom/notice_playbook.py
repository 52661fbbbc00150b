"""Observations at the end of the lessons on what operators do: points, attention, splitting, a star, silence."""

from shequn.app.classroom.measures import STAY_DAYS, Measures
from shequn.app.classroom.overview import count, level, percent_or_dash, rate
from shequn.app.classroom.pair import Pair
from shequn.sim.language import _

_MUCH = 1.2  # times as much: replicates of one setting differ by less
_FEW = 0.1  # a difference in members by less than this share is small


def points(_pair: Pair, a: Measures, b: Measures) -> list[str]:
    """On points that can be turned into money."""
    sentences = [
        _("A member of A wrote {a} posts a week, a member of B {b}; {paid} yuan were paid for them.").format(
            a=level(a.written), b=level(b.written), paid=count(b.paid)
        ),
        _("The quality of what was written is {a} in A and {b} in B on average.").format(
            a=level(a.written_quality), b=level(b.written_quality)
        ),
        _members(a, b),
        _stayed(a, b),
    ]
    if b.written > _MUCH * a.written and b.written_quality < a.written_quality:
        sentences.append(
            _(
                "So the points were farmed: who cares for gain writes for it, carelessly and about anything, and everybody else has to read that."
            )
        )
        if b.members < a.members:
            sentences.append(
                _(
                    "B is livelier to count and worse to read, and it is smaller. Count what is worth reading, not what is written."
                )
            )
    else:
        sentences.append(_("Here the points were not farmed."))
    return sentences  # fmt: skip


def attention(_pair: Pair, a: Measures, b: Measures) -> list[str]:
    """On a head who answers."""
    sentences = [
        _("{a} pieces of homework were handed in in A, and {b} in B.").format(
            a=count(a.handed_in), b=count(b.handed_in)
        ),
        _("A member of A wrote {a} posts a week, a member of B {b}; satisfaction is {a_satisfied} and {b_satisfied}.").format(
            a=level(a.written), b=level(b.written), a_satisfied=level(a.satisfaction), b_satisfied=level(b.satisfaction)
        ),
        _members(a, b),
    ]  # fmt: skip
    if b.handed_in > _MUCH * a.handed_in:
        sentences.append(_("So who is answered hands in more: attention pays in what is done."))
        if abs(b.members - a.members) < _FEW * max(a.members, b.members):
            sentences.append(
                _("It hardly decides who stays.")
            )  # fmt: skip
    else:
        sentences.append(_("Here the answers brought hardly any more homework."))
    return sentences


def splitting(_pair: Pair, a: Measures, b: Measures) -> list[str]:
    """On groups that divide when they are full."""
    sentences = [
        _("A member of A wrote {a} posts a week, a member of B {b}; they came {a_visits} and {b_visits} times a week.").format(
            a=level(a.written), b=level(b.written), a_visits=rate(a.visits), b_visits=rate(b.visits)
        ),
        _("Satisfaction is {a} in A and {b} in B.").format(a=level(a.satisfaction), b=level(b.satisfaction)),
        _members(a, b),
        _stayed(a, b),
    ]  # fmt: skip
    if b.written < a.written and b.visits < a.visits:
        sentences.append(
            _("So groups of sixty are too small here: with so few who write, there is seldom anything new, people come less, and then write less again.")
        )  # fmt: skip
        sentences.append(
            _("B still grew without turning anybody away. Groups that divide at 200 lose much less.")
        )  # fmt: skip
    else:
        sentences.append(_("Here members of the small groups are no worse off."))
    return sentences


def star(pair: Pair, a: Measures, b: Measures) -> list[str]:
    """On a star who leaves half-way."""
    side = pair.sides["B"]
    leaves = int(side.scenario.staff["star"].days or 0)
    posts = side.days["posts"]
    before, after = posts[max(1, leaves - 13) : leaves + 1], posts[leaves + 1 : leaves + 15]
    sentences = [
        _("In the fortnight before the star left, {before} posts a day were written in B, the star's among them; in the fortnight after it {after}.").format(
            before=rate(float(before.mean())) if len(before) else "–",
            after=rate(float(after.mean())) if len(after) else "–",
        ),
        _("In the last week it was {a} posts a day in A and {b} in B.").format(a=rate(a.posts), b=rate(b.posts)),
        _members(a, b),
        _stayed(a, b),
    ]  # fmt: skip
    if b.members >= a.members:
        sentences.append(
            _("So the group did not fall apart: who had come while the star was there stayed on. The star is missed in what there is to read, not in the number of members.")
        )  # fmt: skip
    else:
        sentences.append(_("So here B fell behind when the star had left."))
    sentences.append(
        _("The model has no wish to be near one person, beyond what that person writes and answers: a star whom people love for themselves may be missed more.")
    )  # fmt: skip
    return sentences


def spam(_pair: Pair, a: Measures, b: Measures) -> list[str]:
    """On advertisements in a group in which hardly anybody writes."""
    sentences = [
        _("A member of A wrote {a} posts a week, a member of B {b}.").format(
            a=level(a.written), b=level(b.written)
        ),
        _("There were {a} advertisements in A and {b} in B, although a member of B came only {b_visits} times a week, and one of A {a_visits} times.").format(
            a=count(a.advertisements), b=count(b.advertisements), a_visits=level(a.visits), b_visits=level(b.visits)
        ),
        _members(a, b),
    ]  # fmt: skip
    if b.advertisements > a.advertisements:
        sentences.append(
            _("So silence brings the advertisements: who finds nothing to read makes something of the visit.")
        )
    else:
        sentences.append(_("Here the silence brought no more advertisements."))
    sentences.append(
        _(
            "Whether it is they who drive people away, this pair cannot say. Runs of B in which nobody may advertise can: it ends no larger, and mostly smaller. In the model members leave because there is nothing to read."
        )
    )
    return sentences  # fmt: skip


def _members(a: Measures, b: Measures) -> str:
    return _("At the end A has {a} members and B {b}.").format(a=count(a.members), b=count(b.members))


def _stayed(a: Measures, b: Measures) -> str:
    return _("Of the newcomers, {a} stayed {days} days in A and {b} in B.").format(
        a=percent_or_dash(a.stayed_share), b=percent_or_dash(b.stayed_share), days=STAY_DAYS
    )
