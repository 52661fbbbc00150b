"""Which assumed numbers move an answer most: each halved and raised by half, one at a time, in both arms."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.agents.rules import GROUPS
from shequn.experiments.comparison.question import Question
from shequn.experiments.comparison.wording import name as in_words
from shequn.experiments.comparison.wording import number
from shequn.experiments.designs.responses import Response
from shequn.experiments.sweeps.plan import Plan
from shequn.sim.language import _
from shequn.sim.scenario import Scenario

Numbers = npt.NDArray[np.float64]

SIZES = (0.5, 1.5)  # times its value in each arm
CLEAR = 4.0  # standard errors, as in experiments/studies/sensitivity.py
NAMED = 5
#: Sources that are none, see MODEL.md, "How numbers are sourced" (where model.md is called brief).
_ASSUMED = ("assumed", "model.md")


def is_assumed(source: str) -> bool:
    """Whether nothing but plausibility speaks for a number of this source."""
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
        """So many times its value, within its bounds."""
        return min(max(size * self.value(scenario), self.low), self.high)


def assumed_numbers(arms: Sequence[Scenario]) -> list[Assumed]:
    """The assumed coefficients that can be moved: finite in all arms, and not 0 in all."""
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
    """The runs: of each number, each size and each of the two arms, on the seeds of the first pairs."""
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
    """What each number does to each difference: a row for each response and number, by size.

    Parameters
    ----------
    question : Question
        Of two arms.
    base : f8 array (2, pair, response)
        The comparison as it stands.
    moved : f8 array (number × size × arm, pair, response)
        Runs of `assumed_plan`.

    Returns
    -------
    DataFrame
        The table :data:`shequn.experiments.comparison.answer.ASSUMED`.
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
    changes = after - before  # nan where a run failed, or knows nothing
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
    """Mean over the last axis of what is known."""
    known = np.isfinite(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.asarray(np.divide(total, count, out=np.full(np.shape(count), np.nan), where=count > 0))


def sentences(table: pd.DataFrame, response: Response, pairs: int, runs: int) -> Iterator[str]:
    """Which numbers move the difference in a response most, and what is left of it."""
    rows = table[table["response"] == str(response)]
    error = float(rows["error"].iloc[0])
    stands = float(rows["difference"].iloc[0])
    what = in_words(str(response))
    still, clear = int((rows["largest"] == 0.0).sum()), int(rows["clear"].sum())
    yield (
        _(
            "Of {n} assumed numbers, each halved and raised by half in both arms ({pairs} pairs, "
            "{runs:,} more runs), {still} change no difference in {what} and {clear} change it clearly "
            "(more than {errors:.0f} standard errors)."
        ).format(n=len(rows), pairs=pairs, runs=runs, still=still, what=what, clear=clear, errors=CLEAR)
    )
    shown = [
        _("{number} ({half} with half, {more} with one and a half)").format(
            number=row["number"], half=number(row["half"], error), more=number(row["more"], error)
        )
        for row in rows.head(NAMED).to_dict("records")
        if row["largest"] > 0.0
    ]
    if shown:
        yield _("The difference of {stands} moves most with {shown}.").format(
            stands=number(stands, error), shown=_("; ").join(shown)
        )
    turning = list(rows.loc[rows["turns"], "number"])
    yield (
        _("Its sign turns with {turning}.").format(turning=_(", ").join(turning))
        if turning
        else _("None of them turns its sign beyond chance.")
    )
