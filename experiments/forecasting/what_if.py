"""What a change does to the coming weeks: the calibrated scenario run as it is and changed, on the same seeds.

A log says how many will come if all goes on; only a model can be asked what another gate would do. So the level is the
log's forecast, and the model gives a factor: changed over as it is, run by run, with the same people and the same luck.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from shequn.experiments.calibration.trials import simulate_posts
from shequn.experiments.forecasting.bands import LEVELS, quantiles_of
from shequn.experiments.forecasting.forecast import SERIES, Forecast
from shequn.experiments.forecasting.weeks import WEEK, Integers, Numbers
from shequn.sim.kernel.chance import run_seed
from shequn.sim.language import N_, _
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.errors import ScenarioError, scenario_error
from shequn.sim.scenario.group import read_group
from shequn.sim.scenario.merging import Override, file_override
from shequn.sim.scenario.reading import parse, read_text
from shequn.sim.scenario.scenario import TEXTS

_DRAWS, _SEED = 20_000, 1  # of forecast times factor
_OF_THE_GROUP = ("days", "start", "population", "runs", "seed")  # keys that the forecast sets itself


@dataclass(frozen=True)
class Effect:
    """Logarithm of changed over as it is, each plus 1, in each pair of runs and week.

    Attributes
    ----------
    active, joins : floats (n_pairs, n_weeks)
    """

    active: Numbers
    joins: Numbers

    @property
    def factors(self) -> Forecast:
        """Quantiles of the factor, estimated from the pairs."""
        return Forecast(*(np.exp(quantiles_of(getattr(self, name))) for name in SERIES))

    def on(self, forecast: Forecast) -> Forecast:
        """The forecast with the change: quantiles of forecast times factor, both drawn by themselves."""
        rng = np.random.default_rng(_SEED)
        return Forecast(*(_product(getattr(forecast, name), getattr(self, name), rng) for name in SERIES))


def _product(quantiles: Numbers, logarithms: Numbers, rng: np.random.Generator) -> Numbers:
    """Quantiles of a forecast, given by its quantiles (len(LEVELS), n_weeks), times a factor."""
    heights = rng.uniform(size=_DRAWS)
    pairs = rng.integers(len(logarithms), size=_DRAWS)
    found = np.empty_like(quantiles)
    for week in range(quantiles.shape[1]):
        level = _drawn(np.log1p(quantiles[:, week]), heights)
        found[:, week] = np.quantile(np.maximum(np.expm1(level + logarithms[pairs, week]), 0.0), LEVELS)
    return found


def _drawn(quantiles: Numbers, heights: Numbers) -> Numbers:
    """Draws from quantiles on the logarithm: linear between them in normal scores, and beyond the outer ones."""
    from scipy.interpolate import make_interp_spline
    from scipy.stats import norm

    line = make_interp_spline(norm.ppf(LEVELS), quantiles, k=1)
    return np.asarray(line(norm.ppf(heights)))


def read_change(scenario: Scenario, path: str) -> Scenario:
    """The scenario with the changes of a file, which is written like a variant.

    Raises
    ------
    ScenarioError
        The file or a change in it cannot be used; or it changes nothing, or what a run starts from, its length or
        what is recorded of it.
    """
    text, _remarks = read_text(Path(path), N_("a change"))
    root, problems = parse(text, path, what=N_("a change"), least=N_("one key of a scenario"))
    if problems:
        raise ScenarioError(problems)
    overrides: list[Override] = []
    for key, value in root.items.items():
        override = file_override(key, root.keys[key], value)
        if override.path[0] in _OF_THE_GROUP:
            raise scenario_error(
                _("{key} cannot be changed: both arms begin with the group at the end of the log").format(
                    key=key
                ),
                root.keys[key],
            )
        if override.path[0] == "journal":
            raise scenario_error(
                _("{key} cannot be changed: it says what is recorded, not what happens").format(key=key),
                root.keys[key],
            )
        overrides.append(override)
    changed = scenario.with_(overrides)
    if scenario.with_([override for override in overrides if override.path[0] not in TEXTS]) == scenario:
        raise scenario_error(_("{path} changes nothing").format(path=path))
    return changed


def effect(
    base: Scenario,
    changed: Scenario,
    weeks: int,
    pairs: int,
    seed: int,
    executor: Executor,
    progress: Callable[[int], object] | None = None,
) -> Effect:
    """Run both arms on the same seeds, as `run_arms` does."""
    as_is, with_change = run_arms(base, changed, weeks, pairs, seed, executor, progress)
    return Effect(*(with_change - as_is))


def run_arms(
    base: Scenario,
    changed: Scenario,
    weeks: int,
    pairs: int,
    seed: int,
    executor: Executor,
    progress: Callable[[int], object] | None = None,
) -> tuple[Numbers, Numbers]:
    """Run both arms on the same seeds: for each, logarithms of the counts plus 1 (n_series, n_pairs, n_weeks).

    Parameters
    ----------
    base, changed : Scenario
        Started from the group at the end of the log; from `read_change`.
    weeks, pairs : int
    seed : int
    executor : Executor
    progress : callable, optional
        Called with the number of runs that have just finished.
    """
    arms = [arm.with_({"days": WEEK * weeks}) for arm in (base, changed)]
    seeds = [run_seed(seed, k) for k in range(pairs)]
    jobs = [(arm, n_known(base), one) for one in seeds for arm in arms]
    counts = []
    for found in executor.map(_weeks_of_run, *zip(*jobs, strict=True)):
        counts.append(found)
        if progress is not None:
            progress(1)
    logarithms = np.log1p(np.array(counts, dtype=float)).reshape(pairs, 2, len(SERIES), -1)
    as_is, with_change = np.transpose(logarithms, (1, 2, 0, 3))
    return as_is, with_change


def _weeks_of_run(scenario: Scenario, known: int, seed: int) -> Numbers:
    """People active and first posts in each week of a run (2, n_weeks)."""
    weeks = scenario.days // WEEK
    person, time = simulate_posts(scenario, seed)
    week = (time // WEEK).astype(int)
    pairs = np.unique(np.column_stack((person, week)), axis=0)
    who, first = np.unique(pairs[:, 0], return_index=True)  # the weeks of a person are in order
    new = who >= known
    return np.array(
        [np.bincount(pairs[:, 1], minlength=weeks), np.bincount(pairs[first[new], 1], minlength=weeks)],
        dtype=float,
    )


def events_of_writers(scenario: Scenario) -> Integers:
    """How many events in the log each of the group had who wrote (n_writers,), in ascending order; all draws."""
    if scenario.group_path is None:
        return np.zeros(0, dtype=np.int64)
    table = pd.read_csv(scenario.group_path, dtype={"person": str}, encoding="utf-8-sig")
    if "events" not in table:
        return np.zeros(0, dtype=np.int64)
    writers = table[table["events"] > 0].drop_duplicates("person")
    return np.sort(writers["events"].to_numpy(dtype=np.int64))


def n_known(scenario: Scenario) -> int:
    """People of a draw who wrote before the end of the log; they are its first rows."""
    if scenario.group_path is None:
        return 0
    return int(np.count_nonzero(read_group(scenario.group_path)[0].numbers["events"] > 0))
