"""From a log to a scenario: fit on the past, judge on what was held out, start from the group."""

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
from shequn.experiments.calibration.posterior import spread_words
from shequn.experiments.calibration.search import Trials, about_fit
from shequn.experiments.calibration.setting import check_size, joins_a_day, parts, setting, thinned, until
from shequn.experiments.calibration.snapshot import Snapshot
from shequn.experiments.calibration.trials import Bench, activity_of, simulated
from shequn.experiments.logs.activity import Activity
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.dumping import dump

MEMBERS = "members.csv"
TRIALS = "trials.journal"
REPLICATES = 20  # runs of the fitted model beside the log, and of a forecast
_DONOR_RUNS, _DRAWS = 6, 4  # runs that members' states are drawn from; draws of the group, at least
_INFLOW_RUNS = 4  # by which the inflow of a group is found
_HINDCASTS = 8  # by which the paces of a group are found
_SPAN = 8.0  # a run with so many times more or fewer events than the log is nothing like it
_DAYS_AHEAD = 365  # length of a run of the scenario that is written
_FIRST_REPLICATE = 2**31  # number whose seed is the first of those: no trial has it


@dataclass(frozen=True)
class Prepared:
    """What is fitted to what.

    Attributes
    ----------
    whole, past, part : Activity
        The log; without what is held out; and of that the people fitted.
    share : float
        Share of the people who are in the part.
    base : Scenario
        As given.
    setting : Scenario
        With what the log shows.
    parameters : tuple of Parameter
    target : dict
        Moments of the part.
    bench : Bench
    holdout : int
        Weeks held out.
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
    """Take from a log what it shows, and see that the rest can be fitted.

    Parameters
    ----------
    whole : Activity
    scenario : Scenario
    parameters : sequence of Parameter
        What to fit; without any, `default_parameters`.
    silence : int
        Days without an event after which somebody counts as having left.
    holdout : int
        Weeks at the end that are not looked at in fitting.
    seed : int

    Raises
    ------
    LogError
        The log is too short or too small.
    ScenarioError
        The scenario does not have the parameters, or not these values.
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
    """What came of it.

    Attributes
    ----------
    prepared : Prepared
    fitted : Fitted
    values : dict
        The best values found together, by key.
    replicates : list of dict
        Moments of runs of the fitted model.
    forecast : Forecast or None
        Of the weeks held out.
    seen : Weekly or None
        What happened in them.
    scores : DataFrame or None
    scenario : Scenario
        The fitted scenario, started from the group at the log's end.
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
    """Fit, compare, forecast what was held out, and write the group's members into ``folder``.

    Parameters
    ----------
    prepared : Prepared
    folder : Path
        Gets the trials and the tables of members.
    n_trials : int
    executor : Executor
        From `search.workers`.
    progress : callable, optional
        Told how many more trials are done.
    inviters : integers (n_people,), optional
        Who brought each person of the whole log; −1 for nobody.

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
    given = donors(known, seeds[:_DONOR_RUNS])
    told, seen, scores = None, None, None
    if prepared.holdout:
        group = _standing(prepared, known, given, prepared.past, folder / ".past.csv")
        ahead = _continuing(prepared, known, group, WEEK * prepared.holdout, joining(prepared.past))
        told = forecast(ahead, group, seeds, prepared.holdout)
        seen = weekly(prepared.whole, prepared.past.days, prepared.holdout)
        scores = score(told, prepared.past, seen)
        (folder / ".past.csv").unlink()
    group = _standing(prepared, known, given, prepared.whole, folder / MEMBERS, inviters)
    final = _continuing(prepared, known, group, _DAYS_AHEAD, joining(prepared.whole))
    return Calibrated(prepared, fitted, values, replicates, told, seen, scores, final)


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _moments_of(scenario: Scenario, seed: int, bench: Bench) -> dict[str, float] | None:
    person, time = simulated(scenario, seed)
    return moments(activity_of(person, time, scenario), bench.silence) if len(person) else None


def _standing(
    prepared: Prepared, known: Scenario, given: Donors, past: Activity, path: Path, inviters: Any = None
) -> Snapshot:
    """The group at the end of a log, as active as hindcasts say; its members are written to ``path``."""
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
    """The fitted scenario, from a group on, with so many first posts a day."""
    seeds = [prepared.bench.seed_of(_FIRST_REPLICATE + REPLICATES + k) for k in range(_INFLOW_RUNS)]
    return continuing(known, group, days, seeds, wanted)


def baselines_of(calibrated: Calibrated) -> dict[str, Weekly]:
    """What the baselines say of the weeks held out."""
    prepared = calibrated.prepared
    return {name: told(prepared.past, prepared.holdout) for name, told in BASELINES.items()}


def scenario_text(calibrated: Calibrated) -> str:
    """The scenario file: the one given with the values fitted, and the group beside it."""
    prepared, found = calibrated.prepared, calibrated.scenario
    resolved = found.resolved()
    resolved["population"]["from_log"] = {"file": MEMBERS}
    resolved["journal"] = prepared.base.journal
    spreads = spread_words(prepared.parameters, calibrated.fitted.posterior.interval())
    notes = [
        f"#   {p.key}: {calibrated.values[p.key]:.4g} ({spread})"
        for p, spread in zip(prepared.parameters, spreads, strict=True)
    ]
    head = ["# Calibrated to a log by shequn calibrate; fitted values with their 90 % intervals:", *notes]
    n_people, n = prepared.whole.n_people, prepared.part.n_people
    if n < n_people:
        head.append(
            f"# The group has {n_people:,} people who ever wrote; a run starts from {n:,} of them, drawn "
            f"by lot, so that counts of people are to be multiplied by {n_people / n:.3g}."
        )
    head += [f"# {said}" for said in calibrated.fitted.posterior.not_identified()]
    return "\n".join(head) + "\n" + dump(resolved)
