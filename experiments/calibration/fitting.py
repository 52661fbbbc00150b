"""A fit: trials over the whole ranges, then more where the log lies, then what it says."""

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

#: Runs trials, from a number on at places (n, n_parameters): see `search.Trials.run`.
Run = Callable[[int, Numbers], list[Trial]]

_FIRST = 0.6  # of the trials cover all of the ranges, the others the part where the log lies
_CHECKED = 0.08  # as many draws are run beside the trials, to see which comes nearest to the log
_KEPT = 0.998  # of the draws lie in what the next round searches, before it is widened
_WIDENED = 0.15  # of its width, to each side
_FEWEST_FOUND = 60  # trials that must be like the log at all


class NothingLikeItError(RuntimeError):
    """Hardly any trial made a log that could be compared with the one given."""


@dataclass(frozen=True)
class Fitted:
    """What a fit found.

    Attributes
    ----------
    posterior : Posterior
    trials : int
        Trials run.
    compared : int
        Of these, inside the last region and like the log enough to be compared.
    low, high : floats (n_parameters,)
        The last region searched, as places in the ranges.
    best : floats (n_parameters,)
        Of the draws that were run, the one whose log came nearest: parameters that go together, as medians
        taken one by one need not.
    """

    posterior: Posterior
    trials: int
    compared: int
    low: Numbers
    high: Numbers
    best: Numbers


def n_runs(n_trials: int) -> int:
    """Number of runs that a fit with this many trials takes, including those that check its draws."""
    return n_trials + round(_CHECKED * n_trials)


def fit(
    parameters: Sequence[Parameter], target: dict[str, float], run: Run, n_trials: int, seed: int
) -> Fitted:
    """Fit parameters to the moments of a log.

    Three fifths of the trials cover the ranges evenly (Sobol's points). From what they say a region is cut
    out around the draws, box-shaped, and the others cover that evenly. What the moments mean is learned
    from all trials; the draws are those inside the region, where both are even. Then some of the draws
    are run, and the nearest to the log is kept as the best.

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
        Of the points.

    Raises
    ------
    NothingLikeItError
        Fewer than 60 trials can be compared with the log.
    """
    names = sorted(target)
    goal = np.array([target[name] for name in names])
    n_first = round(_FIRST * n_trials)
    all_of_it = np.zeros(len(parameters)), np.ones(len(parameters))
    trials = run(0, sobol(n_first, len(parameters), seed))
    low, high = _region(_compared(parameters, trials, names, goal, *all_of_it))
    points = low + (high - low) * sobol(n_trials - n_first, len(parameters), seed + 1)
    trials = [*trials, *run(n_first, points)]
    found = _compared(parameters, trials, names, goal, low, high)
    again = found.posterior.sample(n_runs(n_trials) - n_trials, seed)
    best = _nearest_to(goal, names, run(n_trials, again), found.posterior.point())
    return replace(found, best=best)


def _nearest_to(goal: Numbers, names: Sequence[str], trials: Sequence[Trial], otherwise: Numbers) -> Numbers:
    """The place of the trial nearest to the log, by moments in their median deviation over the trials.

    What hardly varies counts in a tenth of the median deviation's mean at most, and no moment by
    more than five deviations: one that the model cannot meet must not decide alone.
    """
    like = [(trial.unit, trial.moments) for trial in trials if trial.moments is not None]
    if not like:
        return otherwise
    moments = np.array([[found[name] for name in names] for _, found in like])
    known = np.isfinite(goal) & np.isfinite(moments).all(axis=0)
    moments = moments[:, known]
    spread = np.median(np.abs(moments - np.median(moments, axis=0)), axis=0)
    apart = np.abs(moments - goal[known]) / np.maximum(spread, 0.1 * spread.mean() + 1e-12)
    return np.array(like[int(np.argmin((np.minimum(apart, 5.0) ** 2).mean(axis=1)))][0])


def _compared(
    parameters: Sequence[Parameter],
    trials: Sequence[Trial],
    names: Sequence[str],
    goal: Numbers,
    low: Numbers,
    high: Numbers,
) -> Fitted:
    """What trials say, of which those between ``low`` and ``high`` are draws."""
    like = [(trial.unit, trial.moments) for trial in trials if trial.moments is not None]
    units = np.array([unit for unit, _ in like]).reshape(len(like), len(parameters))
    inside = ((units >= low) & (units <= high)).all(axis=1)
    if np.count_nonzero(inside) < _FEWEST_FOUND:
        raise NothingLikeItError(
            _(
                "only {inside} of {n} runs made a log that can be compared with this one: its events lie "
                "outside of what the ranges give; search wider ones, or run more trials"
            ).format(inside=np.count_nonzero(inside), n=len(trials))
        )
    moments = np.array([[found[name] for name in names] for _, found in like])
    summaries, of_log = learned_summaries(units, moments, goal)
    found = posterior(parameters, units[inside], summaries[inside], of_log, low, high)
    return Fitted(found, len(trials), int(np.count_nonzero(inside)), low, high, found.point())


def _region(found: Fitted) -> tuple[Numbers, Numbers]:
    """Where the next round looks: around the draws, widened, within what was searched."""
    interval = found.posterior.interval(_KEPT)
    margin = _WIDENED * np.maximum(interval[:, 1] - interval[:, 0], 0.02)
    return np.maximum(interval[:, 0] - margin, found.low), np.minimum(interval[:, 1] + margin, found.high)
