"""The effect of assumed numbers on a comparison: each is halved and raised by half, in both arms, one at a time."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.agents.rules import GROUPS
from shequn.experiments.comparison.question import Question
from shequn.experiments.sweeps.plan import Plan
from shequn.sim.scenario import Scenario

Numbers = npt.NDArray[np.float64]

SIZES = (0.5, 1.5)  # times its value in each arm
CLEAR = 4.0  # standard errors, as in experiments/studies/sensitivity.py
#: Sources that are no evidence: see MODEL.md, "How numbers are sourced" (where model.md is called brief).
_ASSUMED = ("assumed", "model.md")


def is_assumed(source: str) -> bool:
    """Whether a number with this source rests on plausibility alone."""
    return source.startswith(_ASSUMED)


class Assumed(NamedTuple):
    """An assumed number and its bounds."""

    name: str  # such as inviting.rate
    low: float
    high: float

    def value(self, scenario: Scenario) -> float:
        """Its value in a scenario."""
        group, _, own = self.name.partition(".")
        return float(scenario.rules[group][own])

    def moved(self, scenario: Scenario, size: float) -> float:
        """Its value times ``size``, within its bounds."""
        return min(max(size * self.value(scenario), self.low), self.high)


def assumed_numbers(arms: Sequence[Scenario]) -> list[Assumed]:
    """The assumed coefficients that can be moved: finite in all arms, and not 0 in all of them."""
    found = []
    for group in GROUPS:
        for c in group.coefficients:
            if c.choices or not is_assumed(c.source):
                continue
            one = Assumed(f"{group.name}.{c.name}", c.low, c.high)
            values = [one.value(arm) for arm in arms]
            can_move = any(one.moved(a, s) != one.value(a) for a in arms for s in SIZES)
            if all(map(math.isfinite, values)) and can_move:
                found.append(one)
    return found


def assumed_plan(question: Question) -> Plan:
    """The runs for each number, each size and each of the two arms, with the seeds of the first pairs."""
    arms = tuple(question.arms.values())
    names = tuple(question.arms)
    numbers = assumed_numbers(arms)

    def parts(point: int) -> tuple[Assumed, float, int]:
        rest, arm = divmod(point, len(arms))
        which, size = divmod(rest, len(SIZES))
        return numbers[which], SIZES[size], arm

    def scenario_of(point: int) -> Scenario:
        one, size, arm = parts(point)
        return arms[arm].with_({f"rules.{one.name}": one.moved(arms[arm], size)})

    def values(point: int) -> tuple[str, float, str]:
        one, size, arm = parts(point)
        return one.name, size, names[arm]

    return Plan(
        columns=("number", "times", "arm"),
        is_number=(False, True, False),
        points=len(numbers) * len(SIZES) * len(arms),
        values=values,
        scenario_of=scenario_of,
        responses=question.responses,
        replicates=question.assumed,
        seed=question.seed,
    )


def moved_differences(question: Question, base: Numbers, moved: Numbers) -> pd.DataFrame:
    """The effect of each number on each difference: a row for each response and number, the largest first.

    Parameters
    ----------
    question : Question
        Of two arms.
    base : f8 array (2, pair, response)
        Responses with the numbers unmoved.
    moved : f8 array (number × size × arm, pair, response)
        Responses of the runs of `assumed_plan`.

    Returns
    -------
    DataFrame
        The table :data:`shequn.experiments.comparison.tables.ASSUMED`.
    """
    arms = tuple(question.arms.values())
    names = [one.name for one in assumed_numbers(arms)]
    pairs, responses = moved.shape[1], len(question.responses)
    runs = moved.reshape(len(names), len(SIZES), 2, pairs, responses)
    before = base[1, :pairs] - base[0, :pairs]
    after = runs[:, :, 1] - runs[:, :, 0]  # (number, size, pair, response)
    return pd.concat(
        [
            _table(str(response), names, before[:, place], after[..., place])
            for place, response in enumerate(question.responses)
        ],
        ignore_index=True,
    )


def _table(response: str, names: list[str], before: Numbers, after: Numbers) -> pd.DataFrame:
    changes = after - before  # nan where a run failed, or the response is unknown
    means = _mean(changes)
    deviations = (changes - means[..., None])[np.any(changes != 0.0, axis=(1, 2))]
    known = np.isfinite(deviations)
    freedom = known.sum() - known.any(axis=-1).sum()
    variance = float((deviations[known] ** 2).sum() / freedom) if freedom > 0 else math.nan
    error = math.sqrt(variance / after.shape[-1]) if after.shape[-1] > 1 else math.nan
    largest = np.fmax(np.abs(means[:, 0]), np.abs(means[:, 1]))
    stands = float(_mean(before))
    moved = stands + means
    clear = largest > CLEAR * error
    turned = (np.sign(moved) == -np.sign(stands)) & (np.abs(moved) > CLEAR * error)
    table = pd.DataFrame(
        {
            "response": response,
            "number": names,
            "difference": stands,
            "half": moved[:, 0],
            "more": moved[:, 1],
            "error": error,
            "largest": largest,
            "clear": clear,
            "turns": clear & turned.any(axis=1),
        }
    )
    return table.sort_values("largest", ascending=False, kind="stable", ignore_index=True)


def _mean(values: Numbers) -> Numbers:
    """Mean of the known values over the last axis."""
    known = np.isfinite(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.asarray(np.divide(total, count, out=np.full(np.shape(count), np.nan), where=count > 0))
