"""The mood of a group, read from the weeks of its log: how strong and how lasting it is, and what it is at the end.

Runs of the fitted model without a mood say how many people would write in a week if members shared no luck. What the
log has beyond this, week by week, is a constant misfit, a mood (an Ornstein–Uhlenbeck process, which is a Gaussian
process with the Matérn 1/2 kernel) and chance. The mood's size and half-life maximise the likelihood of the last three
years; its present value is the expected one given all these weeks. So a boom of the whole group is no trait of its
members, and passes.
"""

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.experiments.calibration.trials import Map, Posts, TooManyEventsError, activity_of
from shequn.experiments.forecasting.weeks import WEEK, History
from shequn.experiments.logs.activity import Activity
from shequn.sim.course import run_to_the_end
from shequn.sim.scenario import Scenario

Numbers = npt.NDArray[np.float64]

WEEKS = 156  # at the end of a log, from which the mood is estimated: a longer past differs by more
FEWEST_WEEKS = 26  # of these; and as many at the start of a log are left out: a group that grows from nothing
_LEAST_ACTIVE = 5.0  # people in a mean week: fewer say nothing
HALF_LIVES = (7.0, 182.0)  # days searched
_A_WEEK = float(np.log(2)) * WEEK  # days of half-life of a length of one week
LARGEST = 1.0  # standard deviation searched; the shipped kinds have .31 to .45
_SMALLEST = 0.02  # standard deviation; a smaller one is no mood
_MISFIT = 4.0  # variance of the constant misfit's prior, which is all but flat
NONE = {"log_sd": 0.0, "now": None}  # of ``community.mood``
_PROBE = {"log_sd": 0.3, "half_life": 28.0}  # a mood under which the response of weekly actives is measured
_PROBES = 4  # runs under it
_RESPONSES = (0.2, 1.5)  # the measured response is kept within them


@dataclass(frozen=True)
class GroupMood:
    """The mood of a log's group.

    Attributes
    ----------
    log_sd, half_life : float
        As in ``community.mood``; half-life in days.
    response : float
        Change of the logarithm of weekly actives for a change of the mood's logarithm by 1, in the fitted model.
    path : floats (n_weeks,)
        Logarithm of its factor in each whole week of the log, counted back from the last day; 0 is the mean.
    """

    log_sd: float
    half_life: float
    response: float
    path: Numbers

    @property
    def lasting(self) -> dict[str, float | None]:
        """``community.mood`` of a scenario that begins where the log begins."""
        if self.log_sd == 0.0:
            return dict(NONE)
        return {"log_sd": _rounded(self.log_sd), "half_life": _rounded(self.half_life), "now": None}

    @property
    def from_now(self) -> dict[str, float | None]:
        """``community.mood`` of a scenario that goes on from the log's end."""
        return self.lasting if self.log_sd == 0.0 else {**self.lasting, "now": _rounded(self.path[-1])}

    @property
    def is_pressed(self) -> bool:
        """Whether its size or its half-life is at the upper end of what was searched."""
        at_an_end = self.log_sd > 0.98 * LARGEST or self.half_life > 0.98 * HALF_LIVES[1]
        return self.log_sd > 0.0 and at_an_end

    def busier(self, weeks: int) -> Numbers:
        """How many times as many people write in each of the last weeks as in a usual one, by its value (weeks,)."""
        usual = 0.5 * self.log_sd**2  # the logarithm of a factor of 1, the mean
        padded = np.concatenate((np.full(weeks, usual), self.path))[-weeks:]
        return np.exp(self.response * (padded - usual))


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def without_mood(scenario: Scenario) -> Scenario:
    """The scenario, whose members share no luck."""
    return scenario.with_({"community.mood": NONE})


def estimate(
    activity: Activity,
    model: Scenario,
    share: float,
    seeds: Sequence[int],
    each: Map = map,
    max_events: int | None = None,
) -> GroupMood | None:
    """The mood of a log's group, given the fitted model.

    Parameters
    ----------
    activity : Activity
        The whole log.
    model : Scenario
        The fitted scenario, over the days of the log.
    share : float
        Share of the log's people who are modelled.
    seeds : sequence of int
        Seeds of the runs, 4 or more.
    each : callable, optional
        Runs them.
    max_events : int, optional
        Number of events after which a run is stopped and does not count.

    Returns
    -------
    GroupMood or None
        None if the log is too short, too few people write in a week, or no run counts.
    """
    active = History.of(activity).weekly.active
    n = min(WEEKS, len(active) - FEWEST_WEEKS)
    if n < FEWEST_WEEKS or active[-n:].mean() < _LEAST_ACTIVE:
        return None
    calm = without_mood(model)
    arguments = len(active), max_events
    as_usual = list(each(partial(_weekly, calm, *arguments), seeds))
    runs = np.array([found[0] for found in as_usual if found is not None])
    if not len(runs):
        return None
    expected = runs.mean(axis=0)[-n:]
    excess = np.log((active[-n:] * share + 0.5) / (expected + 0.5))
    alike = np.log((runs[:, -n:] + 0.5) / (expected + 0.5))
    moody = each(partial(_weekly, calm.with_({"community.mood": _PROBE}), *arguments), seeds[:_PROBES])
    response = _response(
        (one[0], *other)
        for one, other in zip(as_usual, moody, strict=False)
        if one is not None and other is not None
    )
    sd, half_life, path = _separated(excess, alike, 1 / (expected + 0.5), LARGEST * response)
    if sd < _SMALLEST:
        return GroupMood(0.0, half_life, response, np.zeros(0))
    return GroupMood(sd / response, half_life, response, path / response)


def _separated(
    excess: Numbers, alike: Numbers, chance: Numbers, largest: float = LARGEST
) -> tuple[float, float, Numbers]:
    """Standard deviation and half-life in days of the mood in a series, and its path.

    Parameters
    ----------
    excess : floats (n_weeks,)
        Logarithm of the log's weekly actives over the expected ones.
    alike : floats (n_runs, n_weeks)
        The same of runs without a mood, which differ by who happened to come and to stay.
    chance : floats (n_weeks,)
        Variance of these logarithms by chance within a week.
    largest : float
        Largest standard deviation searched.
    """
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern

    week = np.arange(len(excess), dtype=float)[:, np.newaxis]
    of_people = _fitted(_process(LARGEST), week, alike.T, chance).kernel_
    of_people = ConstantKernel(of_people.k1.constant_value, "fixed") * Matern(
        of_people.k2.length_scale, "fixed", 0.5
    )
    fitted = _fitted(of_people + ConstantKernel(_MISFIT, "fixed") + _process(largest), week, excess, chance)
    mood = fitted.kernel_.k2
    variance, length = float(mood.k1.constant_value), float(mood.k2.length_scale)
    return float(np.sqrt(variance)), length * _A_WEEK, np.asarray(mood(week) @ fitted.alpha_)


def _process(largest: float) -> Any:
    """The kernel of an Ornstein–Uhlenbeck process over weeks, with a standard deviation up to ``largest``."""
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern

    lengths = (HALF_LIVES[0] / _A_WEEK, HALF_LIVES[1] / _A_WEEK)
    return ConstantKernel(largest**2 / 4, (1e-4, largest**2)) * Matern(60 / _A_WEEK, lengths, nu=0.5)


def _fitted(kernel: Any, week: Numbers, series: Numbers, chance: Numbers) -> Any:
    """A Gaussian process of greatest likelihood for one series or several (n_weeks, n_series)."""
    from sklearn.gaussian_process import GaussianProcessRegressor

    with warnings.catch_warnings(action="ignore"):  # of values at an end of what is searched
        process = GaussianProcessRegressor(kernel, alpha=chance, n_restarts_optimizer=2, random_state=0)
        return process.fit(week, series)


def _response(pairs: Iterable[tuple[Numbers, Numbers, Numbers]]) -> float:
    """Slope of the logarithm of weekly actives on that of a mood's weekly mean, in pairs of runs with the same seed.

    Parameters
    ----------
    pairs : iterable of three floats (n_weeks,)
        Weekly actives without a mood and with one, and its mean factor.
    """
    above = below = 0.0
    for active, under_mood, factors in pairs:
        difference = np.log((under_mood + 0.5) / (active + 0.5))
        factor = np.log(factors)
        weight = active * (factor - np.average(factor, weights=active + 1e-9))
        above += float(weight @ difference)
        below += float(weight @ factor)
    return float(np.clip(above / below if below > 0 else 1.0, *_RESPONSES))


def _weekly(
    scenario: Scenario, weeks: int, max_events: int | None, seed: int
) -> tuple[Numbers, Numbers] | None:
    """People active in each week of a run, and the mean factor of its mood; weeks are counted back from its end.

    None if it was stopped.
    """
    posts = Posts(max_events)
    try:
        machine = run_to_the_end(scenario, seed, posts)
    except TooManyEventsError:
        return None
    person, time = posts.log()
    active = History.of(activity_of(person, time, scenario)).weekly.active if len(person) else np.zeros(0)
    days = np.ones(scenario.days)
    days[: len(machine.world.moods)] = machine.world.moods["factor"][: scenario.days]
    factors = days[scenario.days - WEEK * (scenario.days // WEEK) :].reshape(-1, WEEK).mean(axis=1)
    return _last(active, weeks, 0.0), _last(factors, weeks, 1.0)


def _last(values: Numbers, n: int, before: float) -> Numbers:
    """The last ``n`` values; ``before`` stands for those that are missing at the start."""
    return np.concatenate((np.full(n, before), values))[len(values) :]
