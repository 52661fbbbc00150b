"""A fit: trials over the whole ranges, then more where the log lies, then what it says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from experiments.calibration.inference import learned_summaries, posterior
from experiments.calibration.parameters import Parameter
from experiments.calibration.posterior import Posterior
from experiments.calibration.search import sobol
from experiments.calibration.trials import Trial

Numbers = npt.NDArray[np.float64]

#: Runs trials, from a number on at places (n, n_parameters): see `search.Trials.run`.
Run = Callable[[int, Numbers], list[Trial]]

FEWEST_TRIALS = 200  # that a fit needs
_ROUNDS = (0.5, 0.25, 0.25)  # shares of the trials: all of the ranges, then ever nearer to the log
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
    """

    posterior: Posterior
    trials: int
    compared: int
    low: Numbers
    high: Numbers


def fit(
    parameters: Sequence[Parameter], target: dict[str, float], run: Run, n_trials: int, seed: int
) -> Fitted:
    """Fit parameters to the moments of a log.

    Half of the trials cover the ranges evenly (Sobol's points). From them a region is cut out around the draws
    found so far, box-shaped, and a quarter covers that evenly; then again. Trials of earlier rounds
    that lie inside count too: inside the region they are as even.

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
    low, high = np.zeros(len(parameters)), np.ones(len(parameters))
    names = sorted(target)
    goal = np.array([target[name] for name in names])
    units, moments = np.empty((0, len(parameters))), np.empty((0, len(names)))
    done = 0
    found = None
    for number, share in enumerate(_ROUNDS):
        n = n_trials - done if number == len(_ROUNDS) - 1 else round(share * n_trials)
        points = low + (high - low) * sobol(n, len(parameters), seed + number)
        new = [trial for trial in run(done, points) if trial.moments is not None]
        done += n
        if new:
            units = np.concatenate((units, [trial.unit for trial in new]))
            rows = [[trial.moments[name] for name in names] for trial in new if trial.moments is not None]
            moments = np.concatenate((moments, rows))
        inside = ((units >= low) & (units <= high)).all(axis=1)
        units, moments = units[inside], moments[inside]
        if len(units) < _FEWEST_FOUND:
            raise NothingLikeItError(
                f"only {len(units)} of {done} runs made a log that can be compared with this one: "
                "its events lie outside of what the ranges can give; search wider ones"
            )
        summaries, of_log = learned_summaries(units, moments, goal)
        found = Fitted(
            posterior(parameters, units, summaries, of_log, low, high), done, len(units), low, high
        )
        if number < len(_ROUNDS) - 1:
            low, high = _region(found)
    if found is None:
        raise RuntimeError("no round was run")
    return found


def _region(found: Fitted) -> tuple[Numbers, Numbers]:
    """Where the next round looks: around the draws, widened, within what was searched."""
    interval = found.posterior.interval(_KEPT)
    margin = _WIDENED * np.maximum(interval[:, 1] - interval[:, 0], 0.02)
    return np.maximum(interval[:, 0] - margin, found.low), np.minimum(interval[:, 1] + margin, found.high)
