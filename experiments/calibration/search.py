"""The trials of a fit: run in parallel, stored by Optuna, and continued after an interruption."""

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.agents.compiled import source_digest
from shequn.experiments.calibration.moments import distance
from shequn.experiments.calibration.parameters import Parameter, overrides
from shequn.experiments.calibration.trials import Bench, Trial
from shequn.sim.language import _
from shequn.sim.processes import pool
from shequn.sim.results.folder import graph_digest
from shequn.sim.version import __version__

Numbers = npt.NDArray[np.float64]

_STUDY = "trials"
_CHUNK = 8  # trials submitted to a process at a time; an interruption loses a few seconds of work

_bench: Bench | None = None  # set once in each worker process


class OtherFitError(RuntimeError):
    """The trials stored in a folder belong to another fit."""


class Trials:
    """The trials of one fit, each with its position, moments and distance from the log.

    The position and the seed of a trial follow from its number, so neither the number of processes nor an
    interruption changes any trial.

    Parameters
    ----------
    path : Path
        Optuna's journal file; trials in it are reused.
    bench : Bench
    parameters : sequence of Parameter
    target : dict
        Moments of the log.
    about : str
        Everything that the trials depend on; a digest of it is stored with them.

    Raises
    ------
    OtherFitError
        The file holds the trials of another fit.
    """

    def __init__(
        self, path: Path, bench: Bench, parameters: Sequence[Parameter], target: dict[str, float], about: str
    ) -> None:
        import optuna
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._optuna = optuna
        self.bench, self.parameters, self._target = bench, tuple(parameters), target
        try:
            storage = JournalStorage(JournalFileBackend(str(path)))
            self.study = optuna.create_study(study_name=_STUDY, storage=storage, load_if_exists=True)
            self._done = {trial.number: trial for trial in map(_trial, self.study.trials)}
        except (ValueError, KeyError, TypeError, AttributeError):  # also of JSON and of UTF-8
            raise OtherFitError(_("{name} is damaged").format(name=path.name)) from None
        digest = hashlib.sha256(about.encode()).hexdigest()
        if self.study.user_attrs.setdefault("about", digest) != digest:
            raise OtherFitError(_("{name} holds the trials of another fit").format(name=path.name))
        self.study.set_user_attr("about", digest)
        self._distributions: dict[str, Any] = {
            p.key: optuna.distributions.FloatDistribution(p.low, p.high, log=p.scale == "log")
            for p in self.parameters
        }

    @property
    def done(self) -> list[Trial]:
        """All finished trials, by number."""
        return [self._done[number] for number in sorted(self._done)]

    def take(self, trials: Iterable[Trial]) -> None:
        """Add trials that were run elsewhere with the same bench."""
        for trial in trials:
            if trial.number not in self._done:
                self._store(trial)

    def run(
        self, first: int, points: Numbers, executor: Executor, progress: Callable[[int], object] | None = None
    ) -> list[Trial]:
        """The trials with numbers from ``first`` on, at these points (n, n_parameters); no number is run twice."""
        todo = [n for n in range(first, first + len(points)) if n not in self._done]
        chunks = [todo[k : k + _CHUNK] for k in range(0, len(todo), _CHUNK)]
        places = [[tuple(float(x) for x in points[n - first]) for n in chunk] for chunk in chunks]
        if progress is not None:
            progress(len(points) - len(todo))
        for trials in executor.map(_run_chunk, chunks, places, [self.parameters] * len(chunks)):
            for trial in trials:
                self._store(trial)
            if progress is not None:
                progress(len(trials))
        return [self._done[number] for number in range(first, first + len(points))]

    def _store(self, trial: Trial) -> None:
        state = self._optuna.trial.TrialState
        has_moments = trial.moments is not None
        self.study.add_trial(
            self._optuna.trial.create_trial(
                state=state.COMPLETE if has_moments else state.FAIL,
                value=distance(trial.moments, self._target) if trial.moments is not None else None,
                params=overrides(self.parameters, np.array(trial.unit)),
                distributions=self._distributions,
                user_attrs={
                    "number": trial.number,
                    "unit": trial.unit,
                    "moments": _without_nan(trial.moments),
                    "events": trial.events,
                },
            )
        )
        self._done[trial.number] = trial


def _without_nan(moments: dict[str, float] | None) -> dict[str, float | None] | None:
    """Moments for JSON, with None for unknown values."""
    if moments is None:
        return None
    return {name: value if math.isfinite(value) else None for name, value in moments.items()}


def _trial(stored: Any) -> Trial:
    """The trial of an entry in Optuna's journal."""
    attrs = stored.user_attrs
    values = attrs["moments"]
    moments = None if values is None else {k: float("nan") if v is None else v for k, v in values.items()}
    return Trial(attrs["number"], tuple(attrs["unit"]), moments, attrs["events"])


def about_fit(bench: Bench, parameters: Sequence[Parameter], target: dict[str, float]) -> str:
    """Everything that the trials of a fit depend on, as text: setting, log, files, version and sources."""
    ranges = [(p.key, p.low, p.high, p.scale) for p in parameters]
    provenance = [__version__, source_digest(), graph_digest(bench.scenario)]
    rest = [bench.silence, bench.min_events, bench.max_events, bench.seed, sorted(target.items()), provenance]
    return json.dumps([bench.scenario.resolved(), ranges, rest], default=str)


def workers(jobs: int, bench: Bench) -> Executor:
    """A pool of ``jobs`` processes that run trials."""
    return pool(jobs, _begin, bench)


def _begin(bench: Bench) -> None:
    global _bench
    _bench = bench


def _run_chunk(
    numbers: list[int], places: list[tuple[float, ...]], parameters: tuple[Parameter, ...]
) -> list[Trial]:
    if _bench is None:
        raise RuntimeError("this process was not started as a worker")
    return [
        _bench.run(number, unit, overrides(parameters, np.array(unit)))
        for number, unit in zip(numbers, places, strict=True)
    ]


def sobol(n: int, n_parameters: int, seed: int) -> Numbers:
    """The first ``n`` points of a scrambled Sobol sequence in the unit cube (n, n_parameters)."""
    from scipy.stats import qmc

    power = max(0, int(np.ceil(np.log2(max(n, 1)))))
    return np.asarray(qmc.Sobol(n_parameters, rng=seed).random_base2(power)[:n])
