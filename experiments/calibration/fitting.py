"""A fit: trials over the whole ranges, more trials near the log, and the posterior from both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shequn.experiments.calibration.inference import learned_summaries, posterior
from shequn.experiments.calibration.parameters import Parameter
from shequn.experiments.calibration.posterior import Posterior
from shequn.experiments.calibration.search import sobol
from shequn.experiments.calibration.trials import Trial
from shequn.sim.language import _

Numbers = npt.NDArray[np.float64]

#: Runs trials with numbers from ``first`` on, at positions (n, n_parameters): see `search.Trials.run`.
Run = Callable[[int, Numbers], list[Trial]]

_FIRST_SHARE = 0.6  # of the trials, which cover the whole ranges; the others cover a region near the log
_CHECK_SHARE = 0.08  # of the number of trials: additional runs at draws, to find the nearest to the log
_REGION_LEVEL = 0.998  # level of the interval of draws that becomes the region, before the margin
_MARGIN = 0.15  # of the region's width, on each side
_MIN_SIMILAR = 60  # trials similar enough to the log to be compared
PROBE = 64  # first trials, a balanced set, after which a log that the ranges cannot meet is refused
_SURE = 0.95  # … with this probability, given the share of them that are similar


class NoSimilarRunError(RuntimeError):
    """Too few trials produced a log that can be compared with the given one."""


@dataclass(frozen=True)
class Fit:
    """The result of a fit.

    Attributes
    ----------
    posterior : Posterior
    trials : int
        Number of trials run.
    compared : int
        Number of these inside the last region and similar enough to the log to be compared.
    too_unlike : int
        Number of these with too few or too many events to be compared.
    low, high : floats (n_parameters,)
        The last region searched, as positions in the ranges.
    best : floats (n_parameters,)
        Of the draws that were run, the one whose log is nearest to the given one. Its parameters fit together,
        which separate medians need not.
    """

    posterior: Posterior
    trials: int
    compared: int
    too_unlike: int
    low: Numbers
    high: Numbers
    best: Numbers


def n_runs(n_trials: int) -> int:
    """Number of runs of a fit with this number of trials, including those that check its draws."""
    return n_trials + round(_CHECK_SHARE * n_trials)


def fit(parameters: Sequence[Parameter], target: dict[str, float], run: Run, n_trials: int, seed: int) -> Fit:
    """Fit parameters to the moments of a log.

    Three fifths of the trials cover the ranges evenly, by Sobol points. Their posterior gives a box-shaped region,
    which the other trials cover evenly. Summaries of the moments are learned from all trials; the draws come from
    the trials inside the region, which both rounds cover evenly. Then some draws are run, and the one nearest to
    the log is the best.

    Parameters
    ----------
    parameters : sequence of Parameter
    target : dict
        Moments of the log.
    run : callable
        Runs trials.
    n_trials : int
        At least 200.
    seed : int
        Seed of the points.

    Raises
    ------
    NoSimilarRunError
        Fewer than 60 trials can be compared with the log; said after 64 trials if these show it.
    """
    names = sorted(target)
    goal = np.array([target[name] for name in names])
    n_first = round(_FIRST_SHARE * n_trials)
    whole = np.zeros(len(parameters)), np.ones(len(parameters))
    evenly = sobol(n_first, len(parameters), seed)
    trials = run(0, evenly[:PROBE])
    _refuse_hopeless(parameters, trials, target, n_first)
    trials = [*trials, *run(PROBE, evenly[PROBE:])]
    low, high = _region(_infer(parameters, trials, names, goal, *whole))
    points = low + (high - low) * sobol(n_trials - n_first, len(parameters), seed + 1)
    trials = [*trials, *run(n_first, points)]
    result = _infer(parameters, trials, names, goal, low, high)
    draws = result.posterior.sample(n_runs(n_trials) - n_trials, seed)
    best = _nearest_to(goal, names, run(n_trials, draws), result.posterior.point())
    return replace(result, best=best)


def _refuse_hopeless(
    parameters: Sequence[Parameter], trials: Sequence[Trial], target: dict[str, float], n_first: int
) -> None:
    """Refuse a log if the first trials show that too few of the first round will be similar to it.

    Raises
    ------
    NoSimilarRunError
        Names the parameter that moves the number of events most, and the end of its range.
    """
    from scipy.stats import beta, spearmanr

    similar = sum(trial.moments is not None for trial in trials)
    highest_share = float(beta.ppf(_SURE, similar + 1, max(len(trials) - similar, 1)))
    if highest_share * n_first >= _MIN_SIMILAR:
        return
    events = np.array([trial.events for trial in trials])
    units = np.array([trial.unit for trial in trials])
    slopes = np.zeros(len(parameters))
    if np.ptp(events) > 0:
        slopes = np.array([spearmanr(column, events).statistic for column in units.T])
    mover = int(np.argmax(np.abs(slopes)))
    log_events = float(np.exp(target["log_events"]))
    key, low, high = parameters[mover].key, parameters[mover].low, parameters[mover].high
    is_short = np.median(events) < log_events
    at_high_end = is_short == (slopes[mover] >= 0)
    raise NoSimilarRunError(
        _(
            "the ranges searched cannot meet this log: {similar} of the first {n} runs are similar to it. It has "
            "{events:,} events, half of the runs have at most {middle:,}. {key} moves this number most, and was "
            "searched from {low:g} to {high:g}: search {further} values, such as --fit {key}={new_low:g}..{new_high:g}"
        ).format(
            similar=similar,
            n=len(trials),
            events=round(log_events),
            middle=round(float(np.median(events))),
            key=key,
            low=low,
            high=high,
            further=_("higher") if at_high_end else _("lower"),
            **_further(parameters[mover], at_high_end),
        )
    )


def _further(parameter: Parameter, at_high_end: bool) -> dict[str, float]:
    """The range moved on by its own width, and overlapping by half."""
    low, high = parameter.values([0.5, 1.5] if at_high_end else [-0.5, 0.5])
    return {"new_low": float(f"{low:.2g}"), "new_high": float(f"{high:.2g}")}


def _nearest_to(goal: Numbers, names: Sequence[str], trials: Sequence[Trial], default: Numbers) -> Numbers:
    """The position of the trial nearest to the log, with moments in units of their median deviation over the trials.

    The unit is at least a tenth of the mean of all units, and no moment counts more than five units, so that one
    that the model cannot reproduce does not decide alone. ``default`` is the position if no trial has moments.
    """
    similar = [(trial.unit, trial.moments) for trial in trials if trial.moments is not None]
    if not similar:
        return default
    moments = np.array([[values[name] for name in names] for _, values in similar])
    known = np.isfinite(goal) & np.isfinite(moments).all(axis=0)
    moments = moments[:, known]
    spread = np.median(np.abs(moments - np.median(moments, axis=0)), axis=0)
    distances = np.abs(moments - goal[known]) / np.maximum(spread, 0.1 * spread.mean() + 1e-12)
    return np.array(similar[int(np.argmin((np.minimum(distances, 5.0) ** 2).mean(axis=1)))][0])


def _infer(
    parameters: Sequence[Parameter],
    trials: Sequence[Trial],
    names: Sequence[str],
    goal: Numbers,
    low: Numbers,
    high: Numbers,
) -> Fit:
    """Infer the posterior from trials, with draws from those between ``low`` and ``high``."""
    similar = [(trial.unit, trial.moments) for trial in trials if trial.moments is not None]
    units = np.array([unit for unit, _ in similar]).reshape(len(similar), len(parameters))
    inside = ((units >= low) & (units <= high)).all(axis=1)
    if np.count_nonzero(inside) < _MIN_SIMILAR:
        raise NoSimilarRunError(
            _(
                "only {inside} of {n} runs produced a log that can be compared with this one: its number of "
                "events lies outside what the ranges produce; search wider ranges, or run more trials"
            ).format(inside=np.count_nonzero(inside), n=len(trials))
        )
    moments = np.array([[values[name] for name in names] for _, values in similar])
    summaries, of_log = learned_summaries(units, moments, goal)
    result = posterior(parameters, units[inside], summaries[inside], of_log, low, high)
    too_unlike = len(trials) - len(similar)
    return Fit(result, len(trials), int(np.count_nonzero(inside)), too_unlike, low, high, result.point())


def _region(first: Fit) -> tuple[Numbers, Numbers]:
    """Bounds of the next round: the interval of the draws plus a margin, within the bounds of the first round."""
    interval = first.posterior.interval(_REGION_LEVEL)
    margin = _MARGIN * np.maximum(interval[:, 1] - interval[:, 0], 0.02)
    return np.maximum(interval[:, 0] - margin, first.low), np.minimum(interval[:, 1] + margin, first.high)
