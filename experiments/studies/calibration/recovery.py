"""Recovery of known parameters: logs are simulated with known parameters, and a fit must recover them.

``python -m shequn.experiments.studies.calibration.recovery`` runs the study of ``recovery.yaml``. All logs have the
same setting, so the trials of the first round are run once for all of them; the later rounds are separate.
``--alone N`` measures the time of one complete fit instead.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt
from ruamel.yaml import YAML

from shequn.experiments.calibration.fitting import PROBE, Fit, fit
from shequn.experiments.calibration.moments import moments
from shequn.experiments.calibration.parameters import Parameter, overrides, parameters_from
from shequn.experiments.calibration.search import Trials, about_fit, workers
from shequn.experiments.calibration.trials import (
    Bench,
    TooManyEventsError,
    Trial,
    activity_of,
    simulate_posts,
)
from shequn.sim.processes import processors
from shequn.sim.scenario import Scenario

Numbers = npt.NDArray[np.float64]

STUDY = Path(__file__).with_suffix(".yaml")
SILENCE = 180  # days


@dataclass(frozen=True)
class Study:
    """The study as fixed beforehand: see ``recovery.yaml``."""

    scenario: Scenario
    parameters: tuple[Parameter, ...]
    logs: int
    trials: int
    seed: int
    bench: Bench
    level: float
    error: float


def read_study(defaults: bool = False) -> Study:
    """The study with six parameters, or with the eight that `shequn calibrate` fits by default."""
    named = YAML(typ="safe").load(STUDY.read_text(encoding="utf-8"))
    scenario = Scenario.from_mapping({**named["setting"], "start": str(named["setting"]["start"])})
    parameters = parameters_from({**named["parameters"], **(named["defaults"] if defaults else {})})
    keys = tuple(p.key for p in parameters)
    bench = Bench(scenario, keys, SILENCE, named["fewest_events"], named["most_events"], named["fit_seed"])
    return Study(
        scenario,
        parameters,
        named["logs"],
        named["trials"],
        named["seed"],
        bench,
        named["level"],
        named["error"],
    )


def known_logs(study: Study) -> Iterator[tuple[Numbers, dict[str, float]]]:
    """True positions (n_parameters,) and moments of each of the study's logs."""
    rng = np.random.default_rng(study.seed)
    n_logs = 0
    while n_logs < study.logs:
        truth = rng.uniform(size=len(study.parameters))
        scenario = study.scenario.with_(overrides(study.parameters, truth))
        try:
            person, when = simulate_posts(scenario, int(rng.integers(2**31)), study.bench.max_events)
        except TooManyEventsError:
            continue
        if len(person) < study.bench.min_events:
            continue
        n_logs += 1
        yield truth, moments(activity_of(person, when, scenario), SILENCE)


class SharedTrials:
    """The trials of all logs, of which those of the first round are shared."""

    def __init__(self, study: Study, folder: Path, executor: Executor) -> None:
        self._study, self._folder, self._executor = study, folder, executor
        self._first: dict[int, Trial] = {}

    def run(self, log: int, target: dict[str, float]) -> Any:
        """The function that runs the trials of one log."""
        study = self._study
        about = about_fit(study.bench, study.parameters, target)
        path = self._folder / f"log-{log:02d}.trials"
        own = Trials(path, study.bench, study.parameters, target, about)
        own.take(self._first.values())

        def run(first: int, points: Numbers) -> list[Trial]:
            trials = own.run(first, points, self._executor)
            if first in (0, PROBE):  # the first round
                self._first |= {trial.number: trial for trial in trials}
            return trials

        return run


def coverage(truths: Numbers, intervals: Numbers) -> npt.NDArray[np.bool_]:
    """Whether each interval (…, 2) covers its truth (…)."""
    return np.asarray((truths >= intervals[..., 0]) & (truths <= intervals[..., 1]))


def report(study: Study, truths: Numbers, fits: Sequence[Fit]) -> str:
    """The table: coverage with its exact test, widths, errors, and how often a parameter was not identified."""
    from scipy.stats import binomtest

    intervals = np.array([one.posterior.interval(study.level) for one in fits])
    points = np.array([one.posterior.point() for one in fits])
    covered, width = coverage(truths, intervals), intervals[..., 1] - intervals[..., 0]
    unidentified = [one.posterior.unidentified(study.level) for one in fits]
    lines = [
        f"{len(fits)} logs, {study.level:.0%} intervals; widths and errors in shares of the range searched",
        f"{'parameter':34}{'covered':>9}{'p':>8}{'median width':>14}{'median error':>14}{'unidentified':>14}",
    ]
    for k, parameter in enumerate(study.parameters):
        hits = int(covered[:, k].sum())
        p = binomtest(hits, len(fits), study.level).pvalue
        n_unidentified = sum(parameter.key in keys for keys in unidentified)
        error = np.median(np.abs(points[:, k] - truths[:, k]))
        numbers = f"{p:>8.3f}{np.median(width[:, k]):>14.2f}{error:>14.3f}{n_unidentified:>14}"
        lines.append(f"{parameter.key:34}{hits:>6}/{len(fits)}{numbers}")
    hits = int(covered.sum())
    p = binomtest(hits, covered.size, study.level).pvalue
    lines.append(f"{'all':34}{hits:>5}/{covered.size}{p:>8.3f}{np.median(width):>14.2f}")
    lines.append(f"Coverage is {'rejected' if p < study.error else 'not rejected'} at {study.error:g}.")
    confounded = sum(bool(one.posterior.confounded()) for one in fits)
    lines.append(f"In {confounded} fits two parameters were reported as indistinguishable.")
    return "\n".join(lines)


@click.command()
@click.option("--jobs", default=processors(), show_default=True, help="Processes.")
@click.option("--alone", type=int, help="Fit only this log, without shared trials, and print the time.")
@click.option("--defaults", is_flag=True, help="Fit the eight parameters that shequn calibrate does.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the trials; a later command continues from it."
)
def main(jobs: int, alone: int | None, defaults: bool, out: Path | None) -> None:
    """Run the recovery study."""
    study = read_study(defaults)
    with tempfile.TemporaryDirectory() as temporary, workers(jobs, study.bench) as executor:
        folder = out or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        shared = SharedTrials(study, folder, executor)
        truths, fits = [], []
        for log, (truth, target) in enumerate(known_logs(study)):
            if alone is not None and log != alone:
                continue
            start = time.perf_counter()
            result = fit(study.parameters, target, shared.run(log, target), study.trials, study.bench.seed)
            truths.append(truth)
            fits.append(result)
            click.echo(
                f"log {log}: {result.trials} trials in {time.perf_counter() - start:.0f} s, "
                f"{result.compared} in the last region",
                err=True,
            )
    click.echo(report(study, np.array(truths), fits))


if __name__ == "__main__":
    main()
