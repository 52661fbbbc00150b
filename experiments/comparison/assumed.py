"""The effect of assumed numbers on a comparison: one at a time, each is multiplied by 0.5 and 1.5 in both arms."""

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

FACTORS = (0.5, 1.5)  # of its value in each arm
CLEAR = 4.0  # standard errors, as in experiments/studies/sensitivity.py
#: Sources that are no evidence: see MODEL.md, "How numbers are sourced" (where model.md is called brief).
_ASSUMED = ("assumed", "model.md")


def is_assumed(source: str) -> bool:
    """Whether a number with this source rests on plausibility alone."""
    return source.startswith(_ASSUMED)


class AssumedNumber(NamedTuple):
    """An assumed number and its bounds."""

    name: str  # such as inviting.rate
    low: float
    high: float

    def value(self, scenario: Scenario) -> float:
        """Its value in a scenario."""
        group, _, own = self.name.partition(".")
        return float(scenario.rules[group][own])

    def scaled(self, scenario: Scenario, factor: float) -> float:
        """Its value times ``factor``, within its bounds."""
        return min(max(factor * self.value(scenario), self.low), self.high)


def assumed_numbers(arms: Sequence[Scenario]) -> list[AssumedNumber]:
    """The assumed coefficients that can be changed: finite in all arms, and not 0 in all of them."""
    numbers = []
    for group in GROUPS:
        for c in group.coefficients:
            if c.choices or not is_assumed(c.source):
                continue
            number = AssumedNumber(f"{group.name}.{c.name}", c.low, c.high)
            values = [number.value(arm) for arm in arms]
            can_move = any(number.scaled(arm, f) != number.value(arm) for arm in arms for f in FACTORS)
            if all(map(math.isfinite, values)) and can_move:
                numbers.append(number)
    return numbers


def assumed_plan(question: Question) -> Plan:
    """The runs for each number, factor and arm, with the seeds of the first pairs."""
    arms = tuple(question.arms.values())
    names = tuple(question.arms)
    numbers = assumed_numbers(arms)

    def parts(point: int) -> tuple[AssumedNumber, float, int]:
        rest, arm = divmod(point, len(arms))
        index, factor = divmod(rest, len(FACTORS))
        return numbers[index], FACTORS[factor], arm

    def scenario_of(point: int) -> Scenario:
        number, factor, arm = parts(point)
        return arms[arm].with_({f"rules.{number.name}": number.scaled(arms[arm], factor)})

    def values(point: int) -> tuple[str, float, str]:
        number, factor, arm = parts(point)
        return number.name, factor, names[arm]

    return Plan(
        columns=("number", "times", "arm"),
        is_number=(False, True, False),
        points=len(numbers) * len(FACTORS) * len(arms),
        values=values,
        scenario_of=scenario_of,
        responses=question.responses,
        replicates=question.assumed,
        seed=question.seed,
    )


def effects_of_assumed(question: Question, base: Numbers, moved: Numbers) -> pd.DataFrame:
    """The effect of each assumed number on each difference: a row for each response and number, the largest first.

    Parameters
    ----------
    question : Question
        Of two arms.
    base : f8 array (2, pair, response)
        Responses with the numbers unchanged.
    moved : f8 array (number × factor × arm, pair, response)
        Responses of the runs of `assumed_plan`.

    Returns
    -------
    DataFrame
        The table :data:`shequn.experiments.comparison.tables.ASSUMED`.
    """
    arms = tuple(question.arms.values())
    names = [number.name for number in assumed_numbers(arms)]
    pairs, responses = moved.shape[1], len(question.responses)
    runs = moved.reshape(len(names), len(FACTORS), 2, pairs, responses)
    before = base[1, :pairs] - base[0, :pairs]
    after = runs[:, :, 1] - runs[:, :, 0]  # (number, factor, pair, response)
    return pd.concat(
        [
            _table(str(response), names, before[:, index], after[..., index])
            for index, response in enumerate(question.responses)
        ],
        ignore_index=True,
    )


def is_known(rows: pd.DataFrame) -> bool:
    """Whether the changes of a response, rows of `effects_of_assumed`, can be distinguished from chance.

    With one pair they cannot, unless nothing changes at all.
    """
    return bool(rows["error"].notna().all() or (rows["largest"] == 0.0).all())


def _table(response: str, names: list[str], before: Numbers, after: Numbers) -> pd.DataFrame:
    """The rows of one response, from differences before (pair) and after the changes (number, factor, pair)."""
    changes = after - before  # nan where a run failed, or the response is unknown
    means = _mean(changes)
    deviations = (changes - means[..., None])[np.any(changes != 0.0, axis=(1, 2))]
    known = np.isfinite(deviations)
    freedom = known.sum() - known.any(axis=-1).sum()
    variance = float((deviations[known] ** 2).sum() / freedom) if freedom > 0 else math.nan
    error = math.sqrt(variance / after.shape[-1]) if after.shape[-1] > 1 else math.nan
    largest = np.fmax(np.abs(means[:, 0]), np.abs(means[:, 1]))
    difference = float(_mean(before))
    moved = difference + means
    clear = largest > CLEAR * error
    sign_changes = (np.sign(moved) == -np.sign(difference)) & (np.abs(moved) > CLEAR * error)
    table = pd.DataFrame(
        {
            "response": response,
            "number": names,
            "difference": difference,
            "half": moved[:, 0],
            "more": moved[:, 1],
            "error": error,
            "largest": largest,
            "clear": clear,
            "turns": clear & sign_changes.any(axis=1),
        }
    )
    return table.sort_values("largest", ascending=False, kind="stable", ignore_index=True)


def _mean(values: Numbers) -> Numbers:
    """Mean of the known values over the last axis."""
    known = np.isfinite(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.asarray(np.divide(total, count, out=np.full(np.shape(count), np.nan), where=count > 0))
