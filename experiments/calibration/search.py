"""The trials of a fit: run in parallel, kept by Optuna, gone on with after an interruption."""

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
_CHUNK = 8  # trials handed to a process at a time: a few seconds' work lost by an interruption

_bench: Bench | None = None  # of a worker process, set once


class OtherFitError(RuntimeError):
    """The trials kept in a folder belong to another fit."""


class Trials:
    """The trials of one fit, each with its place, moments and distance to the log.

    A trial is named by its number: its place in the design and its seed follow from that. So neither
    the number of processes nor an interruption changes any.

    Parameters
    ----------
    path : Path
        Optuna's journal file; trials in it are taken over.
    bench : Bench
    parameters : sequence of Parameter
    target : dict
        Moments of the log.
    about : str
        All that the trials depend on; kept with them.

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
        storage = JournalStorage(JournalFileBackend(str(path)))
        self.study = optuna.create_study(study_name=_STUDY, storage=storage, load_if_exists=True)
        digest = hashlib.sha256(about.encode()).hexdigest()
        if self.study.user_attrs.setdefault("about", digest) != digest:
            raise OtherFitError(_("{name} holds the trials of another fit").format(name=path.name))
        self.study.set_user_attr("about", digest)
        self._distributions: dict[str, Any] = {
            p.key: optuna.distributions.FloatDistribution(p.low, p.high, log=p.scale == "log")
            for p in self.parameters
        }
        self._done = {trial.number: trial for trial in map(_kept, self.study.trials)}

    @property
    def done(self) -> list[Trial]:
        """All finished trials, by number."""
        return [self._done[number] for number in sorted(self._done)]

    def take(self, trials: Iterable[Trial]) -> None:
        """Take over trials that were run elsewhere with the same bench."""
        for trial in trials:
            if trial.number not in self._done:
                self._keep(trial)

    def run(
        self, first: int, points: Numbers, executor: Executor, progress: Callable[[int], object] | None = None
    ) -> list[Trial]:
        """The trials from number ``first`` on at these points (n, n_parameters); none is run twice."""
        todo = [n for n in range(first, first + len(points)) if n not in self._done]
        chunks = [todo[k : k + _CHUNK] for k in range(0, len(todo), _CHUNK)]
        places = [[tuple(float(x) for x in points[n - first]) for n in chunk] for chunk in chunks]
        if progress is not None:
            progress(len(points) - len(todo))
        for found in executor.map(_run_chunk, chunks, places, [self.parameters] * len(chunks)):
            for trial in found:
                self._keep(trial)
            if progress is not None:
                progress(len(found))
        return [self._done[number] for number in range(first, first + len(points))]

    def _keep(self, trial: Trial) -> None:
        state = self._optuna.trial.TrialState
        found = trial.moments is not None
        self.study.add_trial(
            self._optuna.trial.create_trial(
                state=state.COMPLETE if found else state.FAIL,
                value=distance(trial.moments, self._target) if trial.moments is not None else None,
                params=overrides(self.parameters, np.array(trial.unit)),
                distributions=self._distributions,
                user_attrs={"number": trial.number, "unit": trial.unit, "moments": _plain(trial.moments)},
            )
        )
        self._done[trial.number] = trial


def _plain(moments: dict[str, float] | None) -> dict[str, float | None] | None:
    """As JSON holds them: what is not known is null."""
    if moments is None:
        return None
    return {name: value if math.isfinite(value) else None for name, value in moments.items()}


def _kept(trial: Any) -> Trial:
    attrs = trial.user_attrs
    moments = attrs["moments"]
    found = None if moments is None else {k: float("nan") if v is None else v for k, v in moments.items()}
    return Trial(attrs["number"], tuple(attrs["unit"]), found)


def about_fit(bench: Bench, parameters: Sequence[Parameter], target: dict[str, float]) -> str:
    """All that the trials of a fit depend on, as text: setting, log, files, and the sources of the rules."""
    said = [(p.key, p.low, p.high, p.scale) for p in parameters]
    made_by = [__version__, source_digest(), graph_digest(bench.scenario)]
    rest = [bench.silence, bench.fewest, bench.most, bench.seed, sorted(target.items()), made_by]
    return json.dumps([bench.scenario.resolved(), said, rest], default=str)


def workers(jobs: int, bench: Bench) -> Executor:
    """So many processes that run trials."""
    return pool(jobs, _begin, bench)


def _begin(bench: Bench) -> None:
    global _bench
    _bench = bench


def _run_chunk(
    numbers: list[int], places: list[tuple[float, ...]], parameters: tuple[Parameter, ...]
) -> list[Trial]:
    if _bench is None:
        raise RuntimeError("this process was not begun as a worker")
    return [
        _bench.run(number, unit, overrides(parameters, np.array(unit)))
        for number, unit in zip(numbers, places, strict=True)
    ]


def sobol(n: int, n_parameters: int, seed: int) -> Numbers:
    """The first ``n`` points of a scrambled Sobol sequence in the unit cube (n, n_parameters)."""
    from scipy.stats import qmc

    power = max(0, int(np.ceil(np.log2(max(n, 1)))))
    return np.asarray(qmc.Sobol(n_parameters, rng=seed).random_base2(power)[:n])
