"""Where a verdict turns: one assumed number is moved from a quarter to four times its value, all else as it is.

Of a claim that depends, three numbers are moved: those whose straight lines through the draws go farthest on both sides
of the end of what is claimed, among all settings and contrasts. The draws only propose them. With the number that turns
the claim most clearly, runs with other seeds are made on each side: they say whether it turns.
"""

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from shequn.experiments.claims.design import Range
from shequn.experiments.claims.draws import factors
from shequn.experiments.claims.study import SEED, Cell, Numbers, Runs, Study, draw_effects
from shequn.experiments.claims.verdicts import Effect, Finding, Outcome, Verdict, outcome_of
from shequn.experiments.comparison.assumed import AssumedNumber
from shequn.experiments.designs.responses import Response
from shequn.experiments.intervals import corrected_level, mean_interval
from shequn.experiments.sweeps.plan import Plan
from shequn.sim.scenario import Scenario

#: Of the number's value: from a quarter to four times, in steps of the square root of 2.
TIMES = tuple(float(f"{2.0 ** (step / 2.0):.4g}") for step in range(-4, 5))
NUMBERS = 3  # that are moved for each claim
PAIRS = 20  # of runs at each factor, at most
SIDE_PAIRS = 5  # times as many on each side
_LEVEL = 0.95  # of the interval around a line's slope
_FEWEST_DRAWS = 8  # through which a line is laid


class Turn(NamedTuple):
    """A number that may turn a claim in a setting."""

    cell: Cell
    effect: Effect  # with the number as it is
    number: AssumedNumber


class Step(NamedTuple):
    """The effect with the number at some factor."""

    times: float
    value: float  # of the number, in the second arm
    n: int  # pairs in which the effect is known
    effect: float
    low: float  # of its interval, corrected for the steps
    high: float
    claimed: Range
    outcome: Outcome

    @property
    def margin(self) -> float:
        """How far the effect lies inside what is claimed; negative outside."""
        return _margin(self.effect, self.claimed)


def turns(study: Study, findings: Sequence[tuple[list[Effect], Finding]], runs: Runs) -> list[Turn]:
    """The numbers to move for each claim that depends, the most promising first; none if the draws show none."""
    found = []
    for claim, (effects, finding) in zip(study.chosen, findings, strict=True):
        if finding.verdict is not Verdict.DEPENDS:
            continue
        reaches = [
            (reach, Turn(cell, one, number))
            for cell, moved in zip(study.cells, runs.moved, strict=True)
            if cell.claim is claim
            for one in effects
            if one.setting == cell.setting
            for number in cell.numbers
            if (reach := _reach(number.name, draw_effects(moved, one.first, one.second), one)) is not None
        ]
        chosen: dict[tuple[str, str], Turn] = {}  # a number once in each setting
        for _ignored, turn in sorted(reaches, key=lambda candidate: -candidate[0]):
            chosen.setdefault((turn.cell.setting, turn.number.name), turn)
        found += list(chosen.values())[:NUMBERS]
    return found


def _reach(number: str, moved: Numbers, one: Effect) -> float | None:
    """How far the line of a number goes on both sides of what is claimed, in standard errors of the effect.

    Negative if it stays on one side between the first factor and the last. Its slope is the one nearest to 0 in its
    interval; None if that has both signs.
    """
    from scipy import stats

    known = np.isfinite(moved)
    if not one.sd > 0.0 or known.sum() < _FEWEST_DRAWS or np.ptp(moved[known]) == 0.0:
        return None
    line = stats.linregress(factors(number, len(moved))[known], moved[known])
    slack = float(stats.t.ppf(0.5 + _LEVEL / 2.0, known.sum() - 2)) * line.stderr
    if abs(line.slope) <= slack:
        return None
    slope = line.slope - math.copysign(slack, line.slope)
    margins = [_margin(one.effect + slope * (times - 1.0), one.claimed) for times in TIMES]
    return float(min(max(margins), -min(margins)) / (one.sd / math.sqrt(one.n)))


def _margin(effect: float, claimed: Range) -> float:
    return min(effect - claimed.low, claimed.high - effect)


def turning_plan(study: Study, found: Sequence[Turn]) -> Plan:
    """The pairs of runs at each factor, with the seeds of the study's pairs."""
    return _plan([(turn, times) for turn in found for times in TIMES], min(study.size.pairs, PAIRS), SEED)


def sides_plan(study: Study, found: Sequence[tuple[Turn, tuple[float, ...]]]) -> Plan:
    """The pairs of runs at the factors on both sides, with seeds of their own."""
    places = [(turn, times) for turn, both in found for times in both]
    return _plan(places, SIDE_PAIRS * min(study.size.pairs, PAIRS), SEED + 1)


def _plan(places: Sequence[tuple[Turn, float]], pairs: int, seed: int) -> Plan:
    points = [(turn, times, arm) for turn, times in places for arm in _arms(turn)]

    def scenario_of(point: int) -> Scenario:
        turn, times, arm = points[point]
        scenario = turn.cell.arms[arm]
        return scenario.with_({f"rules.{turn.number.name}": turn.number.scaled(scenario, times)})

    def values(point: int) -> tuple[str, str, str, float, str]:
        turn, times, arm = points[point]
        return turn.cell.claim.id, turn.cell.setting, turn.number.name, times, arm

    return Plan(
        columns=("claim", "setting", "number", "times", "arm"),
        is_number=(False, False, False, True, False),
        points=len(points),
        values=values,
        scenario_of=scenario_of,
        responses=(Response("end"),),  # as many as each point has; which one is in the claim
        responses_at=lambda point: (points[point][0].cell.response,),
        replicates=pairs,
        seed=seed,
    )


def steps(found: Sequence[tuple[Turn, tuple[float, ...]]], values: Numbers) -> list[tuple[Turn, list[Step]]]:
    """The effect at each of some factors; intervals are corrected for the number of these.

    Parameters
    ----------
    found : sequence of tuple
        Numbers, and factors of each.
    values : f8 array (point, pair)
        Responses of the runs of `turning_plan` or `sides_plan`; nan where unknown.
    """
    rows, point = [], 0
    for turn, factors_of_it in found:
        level, its_steps = corrected_level(len(factors_of_it)), []
        for times in factors_of_it:
            arms = len(_arms(turn))
            its_steps.append(_step(turn, times, values[point : point + arms], level))
            point += arms
        rows.append((turn, its_steps))
    return rows


def crossing(found: Sequence[Step]) -> float | None:
    """The factor at which the effect crosses an end of what is claimed: the one nearest to 1; None if it does not.

    Between two steps the margin is taken to be linear in the logarithm of the factor.
    """
    logs = [math.log(step.times) for step in found]
    at = [
        logs[k] + (logs[k + 1] - logs[k]) * a.margin / (a.margin - b.margin)
        for k, (a, b) in enumerate(itertools.pairwise(found))
        if (a.margin > 0.0) != (b.margin > 0.0) and math.isfinite(a.margin - b.margin)
    ]
    return math.exp(min(at, key=abs)) if at else None


def shows_both_sides(found: Sequence[Step]) -> bool:
    """Whether the claim holds at one factor and fails at another."""
    return {Outcome.HOLDS, Outcome.FAILS} <= {step.outcome for step in found}


def sides(found: Sequence[Step]) -> tuple[float, float] | None:
    """The factors at which the effect lies most clearly inside and outside what is claimed, the smaller first.

    None if it stays on one side.
    """
    inside, outside = _clearest(found)
    if inside is None or outside is None:
        return None
    return min(inside.times, outside.times), max(inside.times, outside.times)


def clearest_first(turned: Sequence[tuple[Turn, list[Step]]]) -> list[tuple[Turn, list[Step]]]:
    """Of each claim, the number with which it turns most clearly first; those with which it does not turn last."""

    def key(one: tuple[Turn, list[Step]]) -> tuple[str, float]:
        ends = _clearest(one[1])
        return one[0].cell.claim.id, -min(0.0 if step is None else _clarity(step) for step in ends)

    return sorted(turned, key=key)


def _clearest(found: Sequence[Step]) -> tuple[Step | None, Step | None]:
    """The steps most clearly inside and outside what is claimed."""
    known = [step for step in found if math.isfinite(step.margin)]
    inside, outside = (
        [step for step in known if step.margin > 0.0],
        [step for step in known if step.margin <= 0.0],
    )
    return max(inside, key=_clarity, default=None), max(outside, key=_clarity, default=None)


def _clarity(step: Step) -> float:
    """Distance of the effect from the end of what is claimed, in half-widths of its interval."""
    width = (step.high - step.low) / 2.0
    if width > 0.0:
        return abs(step.margin) / width
    return math.inf if step.margin != 0.0 else 0.0


def _arms(turn: Turn) -> tuple[str, ...]:
    """First and second arm, or the only one."""
    return tuple(dict.fromkeys((turn.effect.first, turn.effect.second)))


def _step(turn: Turn, times: float, runs: Numbers, level: float) -> Step:
    """``runs``: f8 array (arm, pair)."""
    known = np.isfinite(runs).all(axis=0)
    runs = runs[:, known]
    n, mean, low, high = mean_interval(runs[-1] if len(runs) == 1 else runs[1] - runs[0], level)
    claimed = turn.cell.claim.claimed(float(runs[0].mean()) if n else 0.0)
    outcome = outcome_of(low, high, claimed) if n > 1 else Outcome.OPEN
    value = turn.number.scaled(turn.cell.arms[turn.effect.second], times)
    return Step(times, value, n, mean, low, high, claimed, outcome)
