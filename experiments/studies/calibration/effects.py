"""What-if on simulated truth: a change whose effect is known is forecast from the log before it.

``python -m shequn.experiments.studies.calibration.effects`` simulates communities with the parameters of
``recovery.yaml``, each twice from the day of a change on, with the same seed: as it is and changed. The log before that
day is calibrated, as by `shequn calibrate`, and the change is forecast, as by `shequn forecast --with`: 40 pairs of
runs, in the 13th week. Counted is how often the 90 % interval of the factor covers the true one, and how wide it is
beside the interval of arms that share no seed. With ``--known`` nothing is calibrated: the pairs are of the true
community from the day of the change on. Nobody can have a narrower interval without knowing what is still to come.
"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import click
import numpy as np

from shequn.experiments.calibration.calibration import calibrate, prepare
from shequn.experiments.calibration.fitting import NoSimilarRunError
from shequn.experiments.calibration.parameters import overrides
from shequn.experiments.calibration.search import workers
from shequn.experiments.calibration.trials import Posts, TooManyEventsError, activity_of, simulate_posts
from shequn.experiments.forecasting.bands import quantiles_of
from shequn.experiments.forecasting.forecast import SERIES
from shequn.experiments.forecasting.weeks import WEEK, Numbers, weekly
from shequn.experiments.forecasting.what_if import run_arms
from shequn.experiments.logs.activity import Activity
from shequn.experiments.studies.calibration.recovery import SILENCE, Study, read_study
from shequn.sim.course import Course
from shequn.sim.processes import pool, processors
from shequn.sim.scenario import Scenario

WEEKS, PAIRS = 13, 40  # ahead, and of runs: that of `shequn forecast`
PEOPLE = 4000  # in the world: strangers are not used up
MOST_EVENTS = 10_000  # of a run until 13 weeks after the change
FEWEST = 10.0  # people who write in a week in the last 13 weeks: factors of fewer are chance
#: Operations on the day of the change; cases take them in turn.
CHANGES: dict[str, dict[str, Any]] = {
    "half as many strangers": {"do": "season", "days": 400, "discovery": 0.5},
    "twice as many strangers": {"do": "season", "days": 400, "discovery": 2},
    "200 newcomers in 3 days": {"do": "shock", "people": 200, "over": 3},
    "a third of the members removed": {"do": "remove", "who": "random", "share": 0.33},
}


@dataclass(frozen=True)
class Case:
    """A community, a change, and what the change does to it.

    Attributes
    ----------
    change : str
        A key of `CHANGES`.
    arms : pair of Scenario
        As it is, and changed.
    seed : int
        Of both.
    day : int
        Of the change.
    before : Activity
        The log before the change.
    truth : dict
        Logarithm of changed over as it is, each plus 1, in the last week, by series.
    """

    change: str
    arms: tuple[Scenario, Scenario]
    seed: int
    day: int
    before: Activity
    truth: Mapping[str, float]


def changed(scenario: Scenario, change: str, day: int) -> Scenario:
    """The scenario with a change on a day."""
    return scenario.with_({"operations": {"change": {**CHANGES[change], "day": day}}})


def cases(study: Study) -> Iterator[Case]:
    """The study's communities, without end; those with too few or too many events are passed over."""
    rng = np.random.default_rng(study.seed + 1)
    number, day = 0, study.scenario.days
    while True:
        values = overrides(study.parameters, rng.uniform(size=len(study.parameters)))
        seed = int(rng.integers(2**31))
        base = study.scenario.with_({**values, "days": day + WEEK * WEEKS, "population.people": PEOPLE})
        change = list(CHANGES)[number % len(CHANGES)]
        arms = (base, changed(base, change, day))
        try:
            runs = [simulate_posts(arm, seed, MOST_EVENTS) for arm in arms]
        except TooManyEventsError:
            continue
        person, time = runs[0]
        is_before = time < day
        if np.count_nonzero(is_before) < study.bench.min_events:
            continue
        before = activity_of(person[is_before], time[is_before], study.scenario)
        if weekly(before, before.days - WEEK * WEEKS, WEEKS).active.mean() < FEWEST:
            continue
        as_is, with_change = (last_week(*run, day + WEEK * (WEEKS - 1)) for run in runs)
        truth = {name: float(np.log1p(with_change[name]) - np.log1p(as_is[name])) for name in SERIES}
        number += 1
        yield Case(change, arms, seed, day, before, truth)


def last_week(person: Any, time: Any, first: int) -> dict[str, int]:
    """People who write in the week from a day on, and those who do so for the first time."""
    now = np.unique(person[(time >= first) & (time < first + WEEK)])
    return {"active": len(now), "joins": int(np.count_nonzero(~np.isin(now, person[time < first])))}


def predicted(study: Study, case: Case, n_trials: int, jobs: int) -> tuple[Numbers, Numbers]:
    """What the model, calibrated to the log before the change, says of both arms: see `run_arms`."""
    setup = prepare(case.before, study.scenario, silence=SILENCE, holdout=0, seed=study.bench.seed)
    with tempfile.TemporaryDirectory() as folder, workers(jobs, setup.bench) as executor:
        base = calibrate(setup, Path(folder), n_trials, executor).scenario
        return run_arms(base, changed(base, case.change, 0), WEEKS, PAIRS, 1, executor)


def known(case: Case, jobs: int) -> tuple[Numbers, Numbers]:
    """The same, of the true community, each pair with luck of its own from the day of the change on."""
    runs = [(arm, case.seed, case.day, luck) for luck in range(PAIRS) for arm in case.arms]
    with pool(jobs) as executor:
        found = np.array(list(executor.map(with_other_luck, *zip(*runs, strict=True))))
    as_is, with_change = np.transpose(found.reshape(PAIRS, 2, len(SERIES), 1), (1, 2, 0, 3))
    return as_is, with_change


def with_other_luck(arm: Scenario, seed: int, day: int, luck: int) -> Numbers:
    """Logarithms of the counts in the last week plus 1 (n_series,), in a run with other draws from a day on.

    What was drawn before that day stays: next visits, invitations under way, and how soon strangers find the community.
    """
    posts = Posts()
    course = Course(arm, seed, sink=posts)
    course.run_until(float(day), operations_then=False)  # the change has its own luck, too
    course.machine.world.totals["seed"] = luck
    course.run_until(float(arm.days))
    course.machine.empty_journal()
    counts = last_week(*posts.log(), day + WEEK * (WEEKS - 1))
    return np.log1p([counts[name] for name in SERIES])


def ends(logarithms: Numbers) -> tuple[float, float]:
    """The 90 % interval of a factor's logarithm, of its values in pairs of runs."""
    low, *_between, high = quantiles_of(logarithms)
    return float(low), float(high)


@click.command(help=__doc__)
@click.option(
    "--cases", "n_cases", default=60, show_default=True, type=click.IntRange(1), help="Communities."
)
@click.option(
    "--trials", default=1200, show_default=True, type=click.IntRange(200), help="Of each calibration."
)
@click.option("--known", "is_known", is_flag=True, help="Calibrate nothing: the true community is known.")
@click.option("--jobs", default=processors(), show_default=True, help="Processes.")
def main(n_cases: int, trials: int, is_known: bool, jobs: int) -> None:
    """Print a row for each case and series, then coverage and widths."""
    study = read_study()
    covered: dict[str, list[bool]] = {name: [] for name in SERIES}
    widths: dict[str, list[tuple[float, float]]] = {name: [] for name in SERIES}
    click.echo("| change | series | true | 90 % interval | covered | width, of unpaired arms |")
    click.echo("| --- | --- | --- | --- | --- | --- |")
    for case in islice(cases(study), n_cases):
        try:
            if is_known:
                as_is, with_change = known(case, jobs)
            else:
                as_is, with_change = predicted(study, case, trials, jobs)
        except NoSimilarRunError as error:
            click.echo(f"| {case.change} | refused: {error} | | | | |")
            continue
        for k, name in enumerate(SERIES):
            low, high = ends(with_change[k, :, -1] - as_is[k, :, -1])
            others = ends(with_change[k, :, -1] - np.roll(as_is[k, :, -1], 1))
            truth = case.truth[name]
            covered[name].append(low <= truth <= high)
            widths[name].append((high - low, others[1] - others[0]))
            click.echo(
                f"| {case.change} | {name} | {np.exp(truth):.2f} | {np.exp(low):.2f} to {np.exp(high):.2f} "
                f"| {'yes' if covered[name][-1] else 'NO'} | {high - low:.2f}, {others[1] - others[0]:.2f} |"
            )
    for name in SERIES:
        paired, unpaired = np.median(widths[name], axis=0)
        click.echo(
            f"{name}: {sum(covered[name])} of {len(covered[name])} covered; median width of the logarithm "
            f"{paired:.2f}, of unpaired arms {unpaired:.2f}"
        )


if __name__ == "__main__":
    main()
