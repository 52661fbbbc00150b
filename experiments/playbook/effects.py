"""What the runs say of each lever: effects, costs, ratios of both, ranks, and where they turn over."""

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from shequn.experiments.intervals import (
    Interval,
    Numbers,
    Ratio,
    mean_interval,
    ratio_by_pair,
    ratio_interval,
)
from shequn.experiments.playbook.design import AS_IT_IS, GOALS
from shequn.experiments.playbook.reading import Kind
from shequn.experiments.playbook.study import MEASURED

YUAN = 1000.0  # effects are per 1,000 yuan

Runs = Mapping[str, Numbers]  # of each arm: f8 array (pair, response), in the order of MEASURED


class Per(StrEnum):
    """By what levers are ranked: the effect itself, or the effect for what the lever costs."""

    LEVER = "lever"
    YUAN = "1,000 yuan"
    HOUR = "hour"


class Turn(StrEnum):
    """Whether an effect has another sign with a mix than with the mix as shipped."""

    NO = "no"
    PERHAPS = "perhaps"  # its mean has, its interval includes 0
    SHOWN = "shown"


class Effect(NamedTuple):
    """What a lever does for a goal: with it minus as it is, over pairs of runs."""

    before: float  # mean as it is
    after: float
    interval: Interval

    @property
    def is_shown(self) -> bool:
        """Whether its interval excludes 0."""
        return is_shown(self.interval)


class Rank(NamedTuple):
    """A lever's place among those of its kind."""

    lever: str
    value: float
    is_ahead: bool  # whether it is clearly ahead of the next one


class First(NamedTuple):
    """The first lever with a mix, and its lead over the one that is first with the mix as shipped."""

    lever: str
    lead_over: str
    lead: Interval


def is_shown(interval: Interval) -> bool:
    """Whether an interval excludes 0."""
    return interval.low > 0.0 or interval.high < 0.0


def goal_values(kind: Kind, runs: Numbers) -> dict[str, Numbers]:
    """Each goal in each run of an arm.

    Parameters
    ----------
    kind : Kind
    runs : f8 array (pair, response)
    """
    of = _columns(runs)
    if kind.retention == "newcomers":
        retention = of["present_week_4"]
    else:
        everybody = of["start"] + of["joins"]
        retention = np.divide(of["end"], everybody, out=np.full(len(runs), np.nan), where=everybody > 0.0)
    return dict(zip(GOALS, (retention, of["temperature_end"], of["end"], of["income"]), strict=True))


def costs(arms: Runs, lever: str) -> tuple[Numbers, Numbers]:
    """What a lever costs more than the arm as it is, in each pair: yuan, and hours of the staff's work."""
    before, after = _columns(arms[AS_IT_IS]), _columns(arms[lever])
    money = sum(
        (after[name] - before[name] for name in ("rewards", "reach_cost", "staff_cost")), start=np.zeros(1)
    )
    return money, (after["staff_minutes"] - before["staff_minutes"]) / 60.0


def _columns(runs: Numbers) -> dict[str, Numbers]:
    return dict(zip(MEASURED, runs.T, strict=True))


def differences(kind: Kind, arms: Runs) -> dict[str, dict[str, Numbers]]:
    """Of each goal and lever: with the lever minus as it is, in each pair; nan where one is unknown."""
    goals = {arm: goal_values(kind, runs) for arm, runs in arms.items()}
    return {
        goal: {lever: goals[lever][goal] - goals[AS_IT_IS][goal] for lever in kind.levers} for goal in GOALS
    }


def effect(kind: Kind, arms: Runs, lever: str, goal: str, level: float) -> Effect:
    """The effect of a lever on a goal, with its interval."""
    before, after = (goal_values(kind, arms[arm])[goal] for arm in (AS_IT_IS, lever))
    known = np.isfinite(before) & np.isfinite(after)
    before, after = before[known], after[known]
    interval = mean_interval(after - before, level)
    if not interval.n:
        return Effect(math.nan, math.nan, interval)
    return Effect(float(before.mean()), float(after.mean()), interval)


def ratios(difference: Numbers, money: Numbers, hours: Numbers, level: float) -> dict[Per, Ratio | None]:
    """The effect per 1,000 yuan and per hour; None where the cost is not clearly above 0."""
    return {
        Per.YUAN: ratio_interval(difference, money / YUAN, level),
        Per.HOUR: ratio_interval(difference, hours, level),
    }


def ranking(values: Mapping[str, Numbers], level: float) -> list[Rank]:
    """Levers by the mean of their values, the largest first.

    Parameters
    ----------
    values : dict
        Of each lever: its effect in each pair; or the effect for its cost, see `ratio_by_pair`.
    level : float
        Of the interval of the difference between a lever and the next.
    """
    means = {
        lever: float(np.nanmean(of_lever))
        for lever, of_lever in values.items()
        if np.isfinite(of_lever).any()
    }
    order = sorted(means, key=lambda lever: -means[lever])  # of equal ones the earlier in the file
    return [
        Rank(
            lever,
            means[lever],
            after is not None and mean_interval(values[lever] - values[after], level).low > 0.0,
        )
        for lever, after in zip_longest(order, order[1:])
    ]


def rankings(kind: Kind, arms: Runs, goal: str, level: float) -> dict[Per, list[Rank]]:
    """The levers by their effect on a goal, and by that for what they cost, where the cost is clearly above 0."""
    of_goal = differences(kind, arms)[goal]
    by_cost: dict[Per, dict[str, Numbers]] = {Per.YUAN: {}, Per.HOUR: {}}
    for lever, difference in of_goal.items():
        money, hours = costs(arms, lever)
        for per, cost in ((Per.YUAN, money / YUAN), (Per.HOUR, hours)):
            if ratio_interval(difference, cost, level) is not None:
                by_cost[per][lever] = ratio_by_pair(difference, cost)
    return {
        Per.LEVER: ranking(of_goal, level),
        **{per: ranking(values, level) for per, values in by_cost.items()},
    }


def best(ranks: Sequence[Rank], shown: Mapping[str, bool]) -> str | None:
    """The lever to take first: of those whose effect is shown to be good the first, else the first of all.

    Parameters
    ----------
    ranks : sequence of Rank
    shown : dict
        Of each lever: whether its effect is shown to be above 0.
    """
    return next((rank.lever for rank in ranks if shown[rank.lever]), ranks[0].lever if ranks else None)


def turn(shipped: Effect, mixed: Effect) -> Turn:
    """Whether an effect that is shown with the mix as shipped has another sign with another mix."""
    if not shipped.is_shown or not shipped.interval.mean * mixed.interval.mean < 0.0:
        return Turn.NO
    return Turn.SHOWN if mixed.is_shown else Turn.PERHAPS


def first_with(values: Mapping[str, Numbers], shipped_first: str, level: float) -> First | None:
    """The first lever with a mix, and its lead over the one that is first with the mix as shipped.

    Parameters
    ----------
    values : dict
        Of each lever: its effect in each pair.
    shipped_first : str
    level : float
        Of the interval of the lead.
    """
    ranks = ranking(values, level)
    if not ranks:
        return None
    lever = ranks[0].lever
    return First(lever, shipped_first, mean_interval(values[lever] - values[shipped_first], level))
