"""From a log to a scenario: fit the past, score a forecast of the weeks held out, start from the group at the end."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from shequn.experiments.calibration.baselines import BASELINES, WEEK, Weekly, weekly
from shequn.experiments.calibration.fitting import Fitted, fit
from shequn.experiments.calibration.forecast import Forecast, continuing, forecast, joining, score
from shequn.experiments.calibration.hindcast import WEEKS, hindcast
from shequn.experiments.calibration.members import Donors, donors, table_of_members, write_members
from shequn.experiments.calibration.moments import moments
from shequn.experiments.calibration.parameters import Parameter, check, default_parameters, overrides
from shequn.experiments.calibration.search import Trials, about_fit
from shequn.experiments.calibration.setting import check_size, joins_a_day, parts, setting, thinned, until
from shequn.experiments.calibration.snapshot import Snapshot
from shequn.experiments.calibration.trials import Bench, activity_of, simulated
from shequn.experiments.logs.activity import Activity
from shequn.sim.scenario import Scenario

MEMBERS = "members.csv"
TRIALS = "trials.journal"
REPLICATES = 20  # runs of the fitted model that are compared with the log, and of a forecast
_DONOR_RUNS, _DRAWS = 6, 4  # runs from which members' states are drawn; least number of draws of the group
_INFLOW_RUNS = 4  # by which the inflow of a group is estimated
_HINDCASTS = 8  # by which the activity of a group is estimated
_SPAN = 8.0  # a run with this many times more or fewer events is nothing like the log
_DAYS_AHEAD = 365  # length of a run of the scenario that is written
_FIRST_REPLICATE = 2**31  # number of the first replicate: no trial has it


@dataclass(frozen=True)
class Prepared:
    """A log and a scenario, ready to be fitted.

    Attributes
    ----------
    whole, past, part : Activity
        The log; the log without the weeks held out; and of that, the people fitted.
    share : float
        Share of the people who are in ``part``.
    base : Scenario
        The scenario given.
    setting : Scenario
        The same with the values that the log shows directly.
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
) -> Prepared:
    """Set what a log shows directly, and check that the rest can be fitted.

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
    past = until(whole, whole.days - WEEK * holdout)
    check_size(past)
    part, share = thinned(past, seed)
    known = setting(scenario, part)
    chosen = tuple(parameters) or default_parameters(joins_a_day(part))
    check(known, chosen)
    events = len(part.person)
    bench = Bench(
        known, tuple(p.key for p in chosen), silence, int(events / _SPAN), int(events * _SPAN), seed
    )
    return Prepared(whole, past, part, share, scenario, known, chosen, moments(part, silence), bench, holdout)


@dataclass(frozen=True)
class Calibrated:
    """The results of a calibration.

    Attributes
    ----------
    prepared : Prepared
    fitted : Fitted
    values : dict
        Values of the best fit of all parameters together, by key.
    replicates : list of dict
        Moments of runs of the fitted model.
    forecast : Forecast or None
        Forecast of the weeks held out.
    seen : Weekly or None
        The log in these weeks.
    scores : DataFrame or None
        Errors of the forecast and of the baselines.
    scenario : Scenario
        The fitted scenario, starting from the group at the end of the log.
    """

    prepared: Prepared
    fitted: Fitted
    values: dict[str, float]
    replicates: list[dict[str, float]]
    forecast: Forecast | None
    seen: Weekly | None
    scores: pd.DataFrame | None
    scenario: Scenario


def calibrate(
    prepared: Prepared,
    folder: Path,
    n_trials: int,
    executor: Executor,
    progress: Callable[[int], object] | None = None,
    inviters: Any = None,
) -> Calibrated:
    """Fit, compare with the log, forecast the weeks held out, and write the members of the group into ``folder``.

    Parameters
    ----------
    prepared : Prepared
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
    NothingLikeItError, OtherFitError
        See `fitting.fit`, `search.Trials`.
    """
    bench, parameters, target = prepared.bench, prepared.parameters, prepared.target
    about = about_fit(bench, parameters, target)
    trials = Trials(folder / TRIALS, bench, parameters, target, about)

    def run(first: int, points: Any) -> Any:
        return trials.run(first, points, executor, progress)

    fitted = fit(parameters, target, run, n_trials, bench.seed)
    values = {key: _rounded(v) for key, v in overrides(parameters, fitted.best).items()}
    known = prepared.setting.with_(values)
    seeds = [bench.seed_of(_FIRST_REPLICATE + k) for k in range(REPLICATES)]
    replicates = [found for seed in seeds if (found := _moments_of(known, seed, bench)) is not None]
    member_donors = donors(known, seeds[:_DONOR_RUNS])
    prediction, seen, scores = None, None, None
    if prepared.holdout:
        group = _standing(prepared, known, member_donors, prepared.past, folder / ".past.csv")
        ahead = _continuing(prepared, known, group, WEEK * prepared.holdout, joining(prepared.past))
        prediction = forecast(ahead, group, seeds, prepared.holdout)
        seen = weekly(prepared.whole, prepared.past.days, prepared.holdout)
        scores = score(prediction, prepared.past, seen)
        (folder / ".past.csv").unlink()
    group = _standing(prepared, known, member_donors, prepared.whole, folder / MEMBERS, inviters)
    final = _continuing(prepared, known, group, _DAYS_AHEAD, joining(prepared.whole))
    return Calibrated(prepared, fitted, values, replicates, prediction, seen, scores, final)


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _moments_of(scenario: Scenario, seed: int, bench: Bench) -> dict[str, float] | None:
    person, time = simulated(scenario, seed)
    return moments(activity_of(person, time, scenario), bench.silence) if len(person) else None


def _standing(
    prepared: Prepared, known: Scenario, given: Donors, past: Activity, path: Path, inviters: Any = None
) -> Snapshot:
    """The group at the end of a log, as active as hindcasts suggest; its members are written to ``path``."""
    seed, width = prepared.bench.seed, float(known.rules["leaving"]["width"])

    def stand(log: Activity, factors: Any, file: Path, inviters: Any = None) -> Snapshot:
        who = parts(log.n_people, min(log.n_people, prepared.part.n_people), _DRAWS, seed)
        table = table_of_members(log, given, who, factors, width, seed, inviters)
        write_members(table, file)
        return Snapshot(log, file, who, len(table) // len(who))

    with TemporaryDirectory() as folder:
        aside = Path(folder) / MEMBERS
        factors = hindcast(
            past,
            lambda log, factors: stand(log, factors, aside),
            lambda group: _continuing(prepared, known, group, WEEK * WEEKS, joining(past, WEEKS)),
            [prepared.bench.seed_of(_FIRST_REPLICATE + REPLICATES + k) for k in range(_HINDCASTS)],
        )
    return stand(past, factors, path, inviters)


def _continuing(prepared: Prepared, known: Scenario, group: Snapshot, days: int, wanted: float) -> Scenario:
    """The fitted scenario continued from a group, with ``wanted`` first posts a day."""
    seeds = [prepared.bench.seed_of(_FIRST_REPLICATE + REPLICATES + k) for k in range(_INFLOW_RUNS)]
    return continuing(known, group, days, seeds, wanted)


def baselines_of(calibrated: Calibrated) -> dict[str, Weekly]:
    """The baseline forecasts of the weeks held out."""
    prepared = calibrated.prepared
    return {name: predict(prepared.past, prepared.holdout) for name, predict in BASELINES.items()}
