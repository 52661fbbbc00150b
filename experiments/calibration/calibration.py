"""Calibrates a scenario to a log: fits the past, scores a forecast of the weeks held out, starts from the group."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from shequn.experiments.calibration.fitting import Fit, fit
from shequn.experiments.calibration.forecast import (
    INFLOW_WEEKS,
    RunsAhead,
    continued_scenario,
    held_out,
    inflow,
    run_ahead,
    score,
)
from shequn.experiments.calibration.hindcast import WEEKS, hindcast
from shequn.experiments.calibration.members import Donors, donors, table_of_members, write_members
from shequn.experiments.calibration.moments import moments
from shequn.experiments.calibration.mood import GroupMood, estimate, without_mood
from shequn.experiments.calibration.parameters import (
    Parameter,
    check_parameters,
    default_parameters,
    overrides,
)
from shequn.experiments.calibration.search import Trials, about_fit
from shequn.experiments.calibration.setting import (
    check_size,
    joins_a_day,
    parts,
    setting,
    subsample,
    truncate,
)
from shequn.experiments.calibration.snapshot import Snapshot
from shequn.experiments.calibration.trials import Bench, Map, TooManyEventsError, activity_of, simulate_posts
from shequn.experiments.forecasting.baselines import forecasts_beside
from shequn.experiments.forecasting.forecast import Forecast
from shequn.experiments.forecasting.forecast import forecast as forecast_log
from shequn.experiments.forecasting.weeks import WEEK, Weekly, weekly
from shequn.experiments.logs.activity import Activity
from shequn.experiments.logs.log import LogError
from shequn.sim.language import _
from shequn.sim.scenario import Scenario

MEMBERS = "members.csv"
TRIALS = "trials.journal"
REPLICATES = 20  # runs of the fitted model for the comparison with the log, and of a forecast
_DONOR_RUNS, _DRAWS = 6, 4  # runs from which members' states are drawn; least number of draws of the group
_INFLOW_RUNS = 4  # to estimate the inflow of a group
_HINDCASTS = 8  # runs to estimate the activity of a group
_MOOD_RUNS = 12  # that say how many people would write in a week without a mood
_SPAN = 8.0  # factor in events beyond which a run is too unlike the log to be compared
_DAYS_AHEAD = 365  # length in days of the calibrated scenario
_FIRST_REPLICATE = 2**31  # number of the first replicate, beyond those of all trials


@dataclass(frozen=True)
class CalibrationSetup:
    """A log and a scenario, ready to be fitted.

    Attributes
    ----------
    whole, past, part : Activity
        The log; the log without the weeks held out; and, of that, the people fitted.
    share : float
        Share of the people who are in ``part``.
    base : Scenario
        The original scenario.
    setting : Scenario
        The scenario with the values that the log shows directly.
    parameters : tuple of Parameter
    target : dict
        Moments of ``part``.
    bench : Bench
    holdout : int
        Number of weeks held out.
    """

    whole: Activity
    past: Activity
    part: Activity
    share: float
    base: Scenario
    setting: Scenario
    parameters: tuple[Parameter, ...]
    target: dict[str, float]
    bench: Bench
    holdout: int


def prepare(
    whole: Activity,
    scenario: Scenario,
    parameters: Sequence[Parameter] = (),
    silence: int = 180,
    holdout: int = 13,
    seed: int = 1,
) -> CalibrationSetup:
    """Set the values that a log shows directly, and check that the parameters can be fitted.

    Parameters
    ----------
    whole : Activity
    scenario : Scenario
    parameters : sequence of Parameter
        The parameters to fit; if empty, `default_parameters`.
    silence : int
        Days without an event after which somebody counts as having left.
    holdout : int
        Weeks at the end that the fit does not use.
    seed : int

    Raises
    ------
    LogError
        The log is too short or too small.
    ScenarioError
        The scenario lacks a parameter, or does not allow its values.
    """
    if WEEK * holdout >= whole.days:
        raise LogError(
            _(
                "the log has {days:,} days: nothing is left to fit without the last {weeks} weeks (--holdout)"
            ).format(days=whole.days, weeks=holdout)
        )
    past = truncate(whole, whole.days - WEEK * holdout)
    check_size(past)
    part, share = subsample(past, seed)
    known = setting(scenario, part)
    fit_parameters = tuple(parameters) or default_parameters(joins_a_day(part))
    check_parameters(known, fit_parameters)
    events = len(part.person)
    bench = Bench(
        known, tuple(p.key for p in fit_parameters), silence, int(events / _SPAN), int(events * _SPAN), seed
    )
    return CalibrationSetup(
        whole, past, part, share, scenario, known, fit_parameters, moments(part, silence), bench, holdout
    )


@dataclass(frozen=True)
class HeldOut:
    """The weeks held out, and forecasts of them.

    Attributes
    ----------
    model : RunsAhead
        Runs of the fitted model.
    combined : Forecast
        The forecast of `shequn forecast`, from the log alone.
    beside : dict of Weekly
        That forecast and the baselines, by name.
    observed : Weekly
        What came.
    """

    model: RunsAhead
    combined: Forecast
    beside: dict[str, Weekly]
    observed: Weekly

    @property
    def scores(self) -> pd.DataFrame:
        """Errors of the forecasts: the table `forecast.FORECAST`."""
        return score({"model": self.model.mean, **self.beside}, self.observed)

    @property
    def weeks(self) -> pd.DataFrame:
        """What came and what was forecast, week by week: the table `forecast.HELD_OUT`."""
        return held_out(self.model, self.combined, self.observed)


@dataclass(frozen=True)
class Calibration:
    """The results of a calibration.

    Attributes
    ----------
    setup : CalibrationSetup
    fit : Fit
    values : dict
        Values of the best fit of all parameters together, by key.
    replicates : list of dict
        Moments of runs of the fitted model.
    mood : GroupMood or None
        The mood of the group at the end of the log; None if the log cannot say, then ``scenario`` has the base's.
    held_out : HeldOut or None
        The weeks held out, if any.
    scenario : Scenario
        The fitted scenario, starting from the group at the end of the log.
    """

    setup: CalibrationSetup
    fit: Fit
    values: dict[str, float]
    replicates: list[dict[str, float]]
    mood: GroupMood | None
    held_out: HeldOut | None
    scenario: Scenario


def calibrate(
    setup: CalibrationSetup,
    folder: Path,
    n_trials: int,
    executor: Executor,
    progress: Callable[[int], object] | None = None,
    inviters: Any = None,
) -> Calibration:
    """Fit the parameters, forecast the weeks held out, and write the members of the group into ``folder``.

    Parameters
    ----------
    setup : CalibrationSetup
    folder : Path
        Folder for the trials and the table of members.
    n_trials : int
    executor : Executor
        Processes from `search.workers`.
    progress : callable, optional
        Called with the number of trials that have just finished.
    inviters : integers (n_people,), optional
        Inviter of each person of the whole log; −1 for none.

    Raises
    ------
    NoSimilarRunError, OtherFitError
        See `fitting.fit`, `search.Trials`.
    """
    bench, parameters, target = setup.bench, setup.parameters, setup.target
    about = about_fit(bench, parameters, target)
    trials = Trials(folder / TRIALS, bench, parameters, target, about)

    def run(first: int, points: Any) -> Any:
        return trials.run(first, points, executor, progress)

    result = fit(parameters, target, run, n_trials, bench.seed)
    values = {key: _rounded(v) for key, v in overrides(parameters, result.best).items()}
    seeds = [bench.seed_of(_FIRST_REPLICATE + k) for k in range(REPLICATES)]
    past = _model(setup, values, setup.past, setup.part, setup.share, seeds, executor.map)
    fitted = past.under_mood(past.fitted, goes_on=False)
    found = executor.map(partial(_moments_of, fitted, bench.silence, bench.max_events), seeds)
    replicates = [one for one in found if one is not None]
    donor_pool = donors(past.calm, seeds[:_DONOR_RUNS], executor.map, bench.max_events)
    judged = None
    if setup.holdout:
        ahead, group = _continued(
            setup, past, donor_pool, WEEK * setup.holdout, folder / ".past.csv", executor.map
        )
        judged = HeldOut(
            run_ahead(ahead, group, seeds, setup.holdout),
            forecast_log(setup.past, setup.holdout),
            forecasts_beside(setup.past, setup.holdout),
            weekly(setup.whole, setup.past.days, setup.holdout),
        )
        (folder / ".past.csv").unlink()
        whole = _model(setup, values, setup.whole, *subsample(setup.whole, bench.seed), seeds, executor.map)
    else:
        whole = past
    final, _group = _continued(
        setup, whole, donor_pool, _DAYS_AHEAD, folder / MEMBERS, executor.map, inviters
    )
    return Calibration(setup, result, values, replicates, whole.mood, judged, final)


@dataclass(frozen=True)
class _Model:
    """The fitted model of a log.

    Attributes
    ----------
    log : Activity
    fitted : Scenario
        Over the days of the log, with the mood of the base scenario.
    mood : GroupMood or None
        The mood of the log's group, where the log can say.
    """

    log: Activity
    fitted: Scenario
    mood: GroupMood | None

    @property
    def calm(self) -> Scenario:
        """The fitted scenario without any mood."""
        return without_mood(self.fitted)

    def under_mood(self, scenario: Scenario, *, goes_on: bool) -> Scenario:
        """A scenario with this mood; one that goes on from the log's end begins with its value there."""
        if self.mood is None:
            settings = self.fitted.resolved()["community"]["mood"]
        else:
            settings = self.mood.from_now if goes_on else self.mood.lasting
        return scenario.with_({"community.mood": settings})

    def busier(self, weeks: int) -> Any:
        """See `GroupMood.busier`; 1 where the log cannot say."""
        return np.ones(weeks) if self.mood is None else self.mood.busier(weeks)


def _model(
    setup: CalibrationSetup,
    values: dict[str, float],
    log: Activity,
    part: Activity,
    share: float,
    seeds: Sequence[int],
    each: Map,
) -> _Model:
    """The fitted model of a log, ``part`` of which is modelled."""
    fitted = setting(setup.base, part).with_(values)
    most = int(len(part.person) * _SPAN)
    return _Model(log, fitted, estimate(log, fitted, share, seeds[:_MOOD_RUNS], each, most))


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _moments_of(scenario: Scenario, silence: int, max_events: int, seed: int) -> dict[str, float] | None:
    """Moments of a run; None if it has no event, or so many that it was stopped."""
    try:
        person, time = simulate_posts(scenario, seed, max_events)
    except TooManyEventsError:
        return None
    return moments(activity_of(person, time, scenario), silence) if len(person) else None


def _continued(
    setup: CalibrationSetup,
    model: _Model,
    donor_pool: Donors,
    days: int,
    path: Path,
    each: Map,
    inviters: Any = None,
) -> tuple[Scenario, Snapshot]:
    """The fitted scenario continued from the group at the end of a log, and the group, written to ``path``.

    The members are as active and the first posts as many as without the mood, which then comes on top of both.
    """
    log, seed, width = model.log, setup.bench.seed, float(model.fitted.rules["leaving"]["width"])
    seeds = [setup.bench.seed_of(_FIRST_REPLICATE + REPLICATES + k) for k in range(_HINDCASTS)]

    def take_snapshot(log: Activity, factors: Any, file: Path, inviters: Any = None) -> Snapshot:
        who = parts(log.n_people, min(log.n_people, setup.part.n_people), _DRAWS, seed)
        table = table_of_members(log, donor_pool, who, factors, width, seed, inviters)
        write_members(table, file)
        return Snapshot(log, file, who, len(table) // len(who), each)

    def continued(group: Snapshot, days: int, weeks: int) -> Scenario:
        """Continued with the first posts of the last weeks."""
        usual = inflow(log, model.busier(weeks))
        return continued_scenario(model.calm, group, days, seeds[:_INFLOW_RUNS], usual)

    with TemporaryDirectory() as folder:
        temporary = Path(folder) / MEMBERS
        factors = hindcast(
            log,
            model.busier(WEEKS),
            lambda log, factors: take_snapshot(log, factors, temporary),
            lambda group: continued(group, WEEK * WEEKS, WEEKS),
            seeds,
        )
    group = take_snapshot(log, factors, path, inviters)
    return model.under_mood(continued(group, days, INFLOW_WEEKS), goes_on=True), group
