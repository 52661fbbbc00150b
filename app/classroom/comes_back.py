"""What comes back in ten pairs of runs: in how many of them B ends higher or lower than A, measure by measure."""

import math
import statistics
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from shequn.app.classroom.measures import STAY_DAYS, Measures
from shequn.app.classroom.overview import MIN_COUNT, change, count, level, percent_or_dash, rate
from shequn.app.classroom.series import Pair
from shequn.sim.language import N_, _, paragraph

#: Level of the sign test from which on a difference comes back: nine of ten pairs, or all of six to eight.
LEVEL = 0.05
MOST_ROWS = 7
#: Shown without a lesson, and after the measures that a lesson names.
USUAL = ("members", "temperature", "evaporation", "posts", "written_quality", "satisfaction", "stayed_share")


class Measure(NamedTuple):
    """A measure of which both communities are compared, pair by pair.

    ``less`` and ``more`` say in how many runs B ends below and above A.
    """

    label: str
    less: str
    more: str
    text: Callable[[float], str]
    value: Callable[[Measures], float]


def _of(name: str) -> Callable[[Measures], float]:
    return lambda m: float(getattr(m, name))


#: By the names that lessons use.
MEASURES: dict[str, Measure] = {
    "members": Measure(
        N_("Members"),
        N_("In {n} of {total} runs B ends with fewer members than A."),
        N_("In {n} of {total} runs B ends with more members than A."),
        count,
        _of("members"),
    ),
    "temperature": Measure(
        N_("Mean quality"),
        N_("In {n} of {total} runs B ends with lower quality than A."),
        N_("In {n} of {total} runs B ends with higher quality than A."),
        level,
        _of("temperature"),
    ),
    "evaporation": Measure(
        N_("Evaporation"),
        N_("In {n} of {total} runs departures lower the quality of B more (or raise it less)."),
        N_("In {n} of {total} runs departures lower the quality of B less (or raise it more)."),
        change,
        _of("evaporation"),
    ),
    "matched_rank": Measure(
        N_("Rank of those who left"),
        N_("In {n} of {total} runs weaker members leave B than leave A, by their rank."),
        N_("In {n} of {total} runs better members leave B than leave A, by their rank."),
        level,
        lambda m: m.matched_rank if m.ranked_departures >= MIN_COUNT else math.nan,
    ),
    "posts": Measure(
        N_("Posts a day, last week"),
        N_("In {n} of {total} runs less is written in B in the last week."),
        N_("In {n} of {total} runs more is written in B in the last week."),
        rate,
        _of("posts"),
    ),
    "written": Measure(
        N_("Posts a week and member"),
        N_("In {n} of {total} runs a member of B writes less than one of A."),
        N_("In {n} of {total} runs a member of B writes more than one of A."),
        level,
        _of("written"),
    ),
    "written_quality": Measure(
        N_("Quality of what is written"),
        N_("In {n} of {total} runs what is written in B is worse."),
        N_("In {n} of {total} runs what is written in B is better."),
        level,
        _of("written_quality"),
    ),
    "visits": Measure(
        N_("Visits a week and member"),
        N_("In {n} of {total} runs a member of B comes less often than one of A."),
        N_("In {n} of {total} runs a member of B comes more often than one of A."),
        level,
        _of("visits"),
    ),
    "satisfaction": Measure(
        N_("Satisfaction"),
        N_("In {n} of {total} runs members of B are less satisfied in the last week."),
        N_("In {n} of {total} runs members of B are more satisfied in the last week."),
        level,
        _of("satisfaction"),
    ),
    "stayed_share": Measure(
        N_("Newcomers who stayed"),
        N_("In {n} of {total} runs fewer of B's newcomers stay 60 days."),
        N_("In {n} of {total} runs more of B's newcomers stay 60 days."),
        percent_or_dash,
        lambda m: m.stayed_share if m.newcomers >= MIN_COUNT else math.nan,
    ),
    "k": Measure(
        N_("K"),
        N_("In {n} of {total} runs a member of B brings in fewer others."),
        N_("In {n} of {total} runs a member of B brings in more others."),
        level,
        _of("k"),
    ),
    "handed_in": Measure(
        N_("Tasks done"),
        N_("In {n} of {total} runs fewer tasks are done in B."),
        N_("In {n} of {total} runs more tasks are done in B."),
        count,
        _of("handed_in"),
    ),
    "advertisements": Measure(
        N_("Advertisements"),
        N_("In {n} of {total} runs there are fewer advertisements in B."),
        N_("In {n} of {total} runs there are more advertisements in B."),
        count,
        _of("advertisements"),
    ),
    "paid": Measure(
        N_("Paid to members"),
        N_("In {n} of {total} runs members of B are paid less."),
        N_("In {n} of {total} runs members of B are paid more."),
        count,
        _of("paid"),
    ),
}  # fmt: skip
assert STAY_DAYS == 60, "as the sentences say"


class Counts(NamedTuple):
    """Pairs in which B is below and above A, and those that can be compared."""

    less: int
    more: int
    total: int

    @property
    def comes_back(self) -> bool:
        """Whether a sign test rejects, at `LEVEL`, that either may be above; pairs that are equal do not count."""
        untied = self.less + self.more
        tail = sum(math.comb(untied, k) for k in range(min(self.less, self.more) + 1))
        return untied > 0 and 2 * tail / 2**untied <= LEVEL


def counts(pairs: Sequence[Pair], measure: Measure) -> Counts:
    """Count the pairs of runs by which of the two is higher; pairs in which one cannot be measured are left out."""
    values = [(measure.value(a), measure.value(b)) for a, b in pairs]
    known = [(a, b) for a, b in values if not math.isnan(a + b)]
    return Counts(sum(b < a for a, b in known), sum(b > a for a, b in known), len(known))


def rows(pairs: Sequence[Pair], first: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What the page shows of ten pairs, one row for each measure.

    Parameters
    ----------
    pairs : sequence of Pair
    first : sequence of str
        Names of the measures that come first.
    """
    names = [*first, *(name for name in USUAL if name not in first)]
    shown = [row for name in names if (row := _row(pairs, MEASURES[name])) is not None]
    return shown[:MOST_ROWS]


def _row(pairs: Sequence[Pair], measure: Measure) -> dict[str, Any] | None:
    found = counts(pairs, measure)
    values = [[measure.value(a), measure.value(b)] for a, b in pairs]
    known = [value for pair in values for value in pair if not math.isnan(value)]
    if not known or not any(known):
        return None  # nobody can have it here
    more = found.more >= found.less
    n = found.more if more else found.less
    if found.total == 0:
        sentence = _("It can be measured in none of the runs.")
    elif n == 0:
        sentence = _("In all runs it is the same.")
    else:
        sentence = paragraph(
            [_(measure.more if more else measure.less).format(n=n, total=found.total), _size(values, measure)]
        )
    low, high = min(known), max(known)
    return {
        "label": _(measure.label),
        "sentence": sentence,
        "comes_back": found.comes_back,
        "verdict": _("comes back") if found.comes_back else _("not shown"),
        "low": measure.text(low),
        "high": measure.text(high),
        # positions of A and B on the strip from 0 to 1, pair by pair
        "pairs": [
            None if math.isnan(a + b) else [_position(a, low, high), _position(b, low, high)]
            for a, b in values
        ],
        "text": _("A: {a}; B: {b}.").format(
            a=_(", ").join(measure.text(a) for a, _b in values),
            b=_(", ").join(measure.text(b) for _a, b in values),
        ),
    }


def _size(values: Sequence[Sequence[float]], measure: Measure) -> str:
    """How large the difference is, as the median over the pairs."""
    median = statistics.median(b - a for a, b in values if not math.isnan(a + b))
    sign = "−" if median < 0 else "+" if median > 0 else ""
    if measure.text is percent_or_dash:
        return _("Median difference: {d} percentage points.").format(d=f"{sign}{100 * abs(median):.0f}")
    return _("Median difference: {d}.").format(d=sign + measure.text(abs(median)).lstrip("+"))


def _position(value: float, low: float, high: float) -> float:
    return 0.5 if high == low else round((value - low) / (high - low), 4)
