"""From paired effects to a verdict on a claim.

A claim says where an effect lies: see `Claim.claimed`. In a setting it *holds* if the whole corrected interval lies
inside, *fails* if the whole interval lies outside, and is *open* otherwise. Where a claim needs several contrasts, it
holds if all do and fails if one does. Over all settings:

- **holds**: it holds in every setting, and in each 90 % of the draws of assumed numbers or more are on its side;
- **does not**: it fails in every setting, and nowhere do more than half of the draws reach what is claimed;
- **depends**: it holds in some settings and fails in others; or it would hold, but fewer draws are on the claimed side
  than 90 %, and than luck alone would leave there; or it would fail, but more than half of the draws of a setting
  reach it;
- **undecided**: all else, with the number of pairs that would decide. The draws do not decide either if so few are on
  the claimed side by luck alone, as each draw has few pairs;
- **cannot fail here**, **not tried**: the design says so;
- **not the article's claim**: as *does not*, of a claim that we inferred.
"""

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, assert_never

import numpy as np
import numpy.typing as npt

from shequn.experiments.claims.design import Claim, Range
from shequn.experiments.comparison.paired import MAX_PAIRS
from shequn.experiments.intervals import mean_interval

AGREEMENT = 0.9  # share of the draws that must be on the claimed side
BEYOND_LUCK = 0.05  # chance of so few draws on the claimed side, below which luck alone does not explain them
REACH = 0.5  # share of the draws beyond which a failure depends on assumed numbers

Numbers = npt.NDArray[np.float64]


class Outcome(StrEnum):
    """A claim in one setting."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"


class Verdict(StrEnum):
    """A claim over all settings."""

    HOLDS = "holds"
    DOES_NOT = "does not"
    DEPENDS = "depends"
    UNDECIDED = "undecided"
    CANNOT_FAIL = "cannot fail here"
    NOT_THE_ARTICLES = "not the article's claim"
    NOT_TRIED = "not tried"


class Effect(NamedTuple):
    """A contrast of a claim in a setting: second arm minus first, or the value of the only arm."""

    setting: str
    first: str
    second: str
    n: int  # pairs in which both are known
    mean_first: float
    mean_second: float
    effect: float
    low: float  # of the corrected interval
    high: float
    sd: float
    claimed: Range
    outcome: Outcome
    draws: int  # of the assumed numbers, in which the effect is known
    agreement: float  # share of them on the claimed side; nan without draws
    by_luck: float  # share of them that would be there if assumed numbers made no difference
    reach: float  # share of them in the claimed range
    needed: int | None  # pairs in all that would decide; None if decided already, or too many


class Finding(NamedTuple):
    """The verdict on a claim, and what it rests on."""

    verdict: Verdict
    holds_in: tuple[str, ...] = ()
    fails_in: tuple[str, ...] = ()
    open_in: tuple[str, ...] = ()
    by_numbers: Effect | None = None  # the effect because of which it depends on assumed numbers
    more: int | None = None  # pairs in all that would decide; None if decided, or too many


def effect(
    claim: Claim,
    setting: str,
    arms: tuple[str, str],
    values: tuple[Numbers, Numbers],
    moved: Numbers,
    draw_pairs: int,
    level: float,
) -> Effect:
    """A contrast from the responses of its runs.

    Parameters
    ----------
    claim : Claim
    setting : str
    arms : pair of str
        First and second arm; the same twice if there is one only.
    values : pair of f8 arrays (pairs)
        Their responses, run by run; nan where unknown.
    moved : f8 array (draws)
        The effect in each draw of the assumed numbers; nan where unknown.
    draw_pairs : int
        Pairs of runs in each draw.
    level : float
        Of the interval: see `corrected_level`.
    """
    a, b = values
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    d = b if arms[0] == arms[1] else b - a
    n, mean, low, high = mean_interval(d, level)
    mean_first, mean_second = (float(x.mean()) if n else math.nan for x in (a, b))
    sd = float(d.std(ddof=1)) if n > 1 else math.nan
    claimed = claim.claimed(mean_first if n else 0.0)
    outcome = outcome_of(low, high, claimed) if n > 1 else Outcome.OPEN
    moved = moved[np.isfinite(moved)]
    side = claim.claimed_sign(claimed)
    agreement, reach = (
        float(np.mean((moved >= part.low) & (moved <= part.high))) if len(moved) else math.nan
        for part in (side, claimed)
    )
    needed = pairs_to_decide(mean, sd, claimed, level) if outcome is Outcome.OPEN and n > 1 else None
    return Effect(
        setting, *arms, n, mean_first, mean_second, mean, low, high, sd, claimed, outcome,
        len(moved), agreement, _by_luck(mean, sd, draw_pairs, side), reach, needed,
    )  # fmt: skip


def _by_luck(mean: float, sd: float, pairs: int, side: Range) -> float:
    """Share of draws on a side if each had the same mean effect, and only the luck of its few pairs differed."""
    from scipy import stats

    if not sd > 0.0:
        return math.nan if math.isnan(sd) else float(mean in side)
    spread = sd / math.sqrt(pairs)
    return float(stats.norm.cdf(side.high, mean, spread) - stats.norm.cdf(side.low, mean, spread))


def outcome_of(low: float, high: float, claimed: Range) -> Outcome:
    """Whether an interval lies inside the claimed range, outside, or across its end."""
    if low > claimed.low and high < claimed.high:
        return Outcome.HOLDS
    return Outcome.FAILS if high < claimed.low or low > claimed.high else Outcome.OPEN


def pairs_to_decide(mean: float, sd: float, claimed: Range, level: float) -> int | None:
    """Pairs with which an interval around this mean would no longer cross an end of the claimed range.

    None if the mean lies on an end, or if it would take more than a million pairs.
    """
    from scipy import stats

    ends = [abs(mean - end) for end in claimed if math.isfinite(end)]
    distance = min(ends)
    if distance == 0.0:
        return None

    def decides(n: int) -> bool:
        return bool(stats.t.ppf(0.5 + level / 2.0, n - 1) * sd / math.sqrt(n) < distance)

    low, high = 1, 2
    while not decides(high):
        low, high = high, 2 * high
        if low > MAX_PAIRS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if decides(middle) else (middle, high)
    return high


def outcome_in(effects: Sequence[Effect]) -> Outcome:
    """A claim in a setting, from all its contrasts there."""
    outcomes = {one.outcome for one in effects}
    if Outcome.FAILS in outcomes:
        return Outcome.FAILS
    return Outcome.OPEN if Outcome.OPEN in outcomes or not outcomes else Outcome.HOLDS


def finding(claim: Claim, effects: Sequence[Effect]) -> Finding:
    """The verdict on a claim, from its effects in all settings."""
    if claim.built_in is not None:
        return Finding(Verdict.CANNOT_FAIL)
    if claim.untried is not None:
        return Finding(Verdict.NOT_TRIED)
    settings = list(dict.fromkeys(one.setting for one in effects))
    where: dict[Outcome, tuple[str, ...]] = dict.fromkeys(Outcome, ())
    for setting in settings:
        outcome = outcome_in([one for one in effects if one.setting == setting])
        where[outcome] = (*where[outcome], setting)
    holds, fails, still_open = where[Outcome.HOLDS], where[Outcome.FAILS], where[Outcome.OPEN]
    places = (holds, fails, still_open)
    if holds and fails:
        return Finding(Verdict.DEPENDS, *places)
    if still_open or not effects:
        needed = [one.needed for one in effects if one.setting in still_open and one.outcome is Outcome.OPEN]
        enough = None if None in needed or not needed else max(n for n in needed if n is not None)
        return Finding(Verdict.UNDECIDED, *places, more=enough)
    if holds:
        least = min(effects, key=lambda one: one.agreement if one.draws else -1.0)
        if not least.draws:  # without draws nothing is known about assumed numbers
            return Finding(Verdict.UNDECIDED, *places)
        few = [one for one in effects if one.agreement < AGREEMENT]
        if not few:
            return Finding(Verdict.HOLDS, *places)
        beyond = [one for one in few if _is_beyond_luck(one)]
        by = min(beyond, key=lambda one: one.agreement) if beyond else least
        return Finding(Verdict.DEPENDS if beyond else Verdict.UNDECIDED, *places, by_numbers=by)
    reaching = _reaching(effects)
    if reaching is not None:
        return Finding(Verdict.DEPENDS, *places, by_numbers=reaching)
    return Finding(_refuted(claim), *places)


def _is_beyond_luck(one: Effect) -> bool:
    """Whether fewer draws are on the claimed side than luck alone would leave there."""
    from scipy import stats

    there = round(one.agreement * one.draws)
    return bool(stats.binomtest(there, one.draws, one.by_luck, alternative="less").pvalue < BEYOND_LUCK)


def _reaching(effects: Sequence[Effect]) -> Effect | None:
    """Where every contrast of a setting reaches the claim in more than half of the draws, the one that does least."""
    for setting in dict.fromkeys(one.setting for one in effects):
        there = [one for one in effects if one.setting == setting]
        least = min(there, key=lambda one: one.reach if one.draws else -1.0)
        if least.draws and least.reach > REACH:
            return least
    return None


def _refuted(claim: Claim) -> Verdict:
    match claim.whose:
        case "articles":
            return Verdict.DOES_NOT
        case "inferred":
            return Verdict.NOT_THE_ARTICLES
        case _:
            assert_never(claim.whose)
