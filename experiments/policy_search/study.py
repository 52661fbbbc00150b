"""The trials of a search, chosen by Optuna and stored in its journal beside the results."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

import numpy as np
import numpy.typing as npt

from shequn.experiments.designs.factors import Factor, Value
from shequn.experiments.policy_search.question import Search
from shequn.experiments.sweeps.folder import TRIALS
from shequn.sim.language import _

if TYPE_CHECKING:
    import optuna

Numbers = npt.NDArray[np.float64]

_STUDY = "search"
_POPULATION = 20  # of NSGA-II: a hundred trials are five generations


class FinishedTrial(NamedTuple):
    """A finished trial."""

    number: int
    params: dict[str, Value]
    values: Numbers | None  # (replicate, response); None if it failed
    message: str = ""

    @property
    def means(self) -> Numbers:
        """Means over replicates with known values (nan where none is known)."""
        return means(self.values)[0]


def means(values: Numbers | None) -> tuple[Numbers, Numbers]:
    """Means (response) and their standard errors over replicates; nan where they are unknown."""
    if values is None:
        return np.array([]), np.array([])
    count = np.isfinite(values).sum(axis=0)
    total = np.where(np.isfinite(values), values, 0.0).sum(axis=0)
    mean = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    squares = np.where(np.isfinite(values), (values - mean) ** 2, 0.0).sum(axis=0)
    error = np.full(len(count), np.nan)
    known = count > 1
    error[known] = np.sqrt(squares[known] / (count[known] - 1) / count[known])
    return mean, error


class Trials:
    """The trials of a search, including those already stored in the folder.

    Each trial gets a new sampler, seeded by the seed of the search and the number of the trial, so that an
    interrupted search continues exactly as it would have.

    Parameters
    ----------
    folder : Path
        Folder of the journal.
    search : Search
    """

    def __init__(self, folder: Path, search: Search) -> None:
        import optuna
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.search = search
        path = folder / TRIALS
        _repair(path)
        backend = JournalFileBackend(str(path), lock_obj=JournalFileOpenLock(str(path)))
        self._study = optuna.create_study(
            study_name=_STUDY,
            storage=JournalStorage(backend),
            directions=["maximize" if aim.sign > 0 else "minimize" for aim in search.objectives],
            load_if_exists=True,
        )

    def ask(self, n: int) -> "list[optuna.Trial]":
        """The next ``n`` trials: first unfinished ones of an interrupted command, then new ones."""
        import optuna

        unfinished = self._study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.RUNNING,))
        trials = []
        for index in range(n):
            is_new = index >= len(unfinished)
            number = len(self._study.get_trials(deepcopy=False)) if is_new else unfinished[index].number
            self._study.sampler = _sampler(self.search, number)
            # an unfinished trial is reopened: its stored values are read, and the others are drawn as before
            trial = self._study.ask() if is_new else optuna.Trial(self._study, unfinished[index]._trial_id)
            for factor in self.search.design.factors:
                _suggest(trial, factor)
            trials.append(trial)
        return trials

    def tell(self, trial: "optuna.Trial", values: Numbers | None, message: str = "") -> None:
        """Record the result of a trial: its responses (replicate, response), or why it failed."""
        import optuna

        if values is not None:
            mean_of = dict(zip(self.search.responses, means(values)[0], strict=True))
            unknown = [
                str(response) for response in self.search.aim_responses if math.isnan(mean_of[response])
            ]
            if unknown:
                message = _("{unknown} is unknown in all its runs").format(unknown=", ".join(unknown))
            plain = [[x if math.isfinite(x) else None for x in row] for row in values.tolist()]
            trial.set_user_attr("values", plain)
        self._study.sampler = _sampler(self.search, trial.number)
        if values is None or message:
            trial.set_user_attr("message", message)
            self._study.tell(trial, state=optuna.trial.TrialState.FAIL)
            return
        for aim in self.search.constraints:
            if str(aim) not in trial.constraints:  # it may have been set just before a kill
                trial.set_constraint(str(aim), float(aim.violation(mean_of[aim.response])))
        self._study.tell(trial, [float(mean_of[aim.response]) for aim in self.search.objectives])

    @property
    def finished(self) -> list[FinishedTrial]:
        """All finished trials, by number."""
        import optuna

        states = (optuna.trial.TrialState.COMPLETE, optuna.trial.TrialState.FAIL)
        return [_finished_trial(trial) for trial in self._study.get_trials(deepcopy=False, states=states)]

    def best(self) -> list[int]:
        """Numbers of the trials that no other dominates, among those that meet all constraints.

        With one objective, only the best. Among trials at the same point, only the first.
        """
        feasible = {
            t.number
            for t in self._study.get_trials(deepcopy=False)
            if max(t.constraints.values(), default=0) <= 0
        }
        by_point: dict[tuple[Any, ...], int] = {}
        for trial in self._study.best_trials:
            if trial.number in feasible:
                by_point.setdefault(tuple(trial.params.items()), trial.number)
        numbers = sorted(by_point.values())
        return numbers[:1] if len(self.search.objectives) == 1 else numbers


def _repair(path: Path) -> None:
    """Repair what a kill may have left: an incomplete last line, and a lock."""
    Path(f"{path}.lock").unlink(missing_ok=True)  # no other process writes here: the folder itself is locked
    if path.exists():
        whole = path.read_bytes()
        end = whole.rfind(b"\n") + 1
        if end < len(whole):
            with path.open("r+b") as file:
                file.truncate(end)


def _sampler(search: Search, number: int) -> Any:
    from optuna import samplers

    seed = int(np.random.SeedSequence((search.design.seed, number)).generate_state(1)[0])
    match search.sampler:
        case "nsga2":
            return samplers.NSGAIISampler(population_size=_POPULATION, seed=seed)
        case "cma":
            return samplers.CmaEsSampler(seed=seed)
        case "tpe":
            return samplers.TPESampler(seed=seed)
        case _:
            assert_never(search.sampler)


def _suggest(trial: "optuna.Trial", factor: Factor) -> None:
    if not factor.is_range:
        trial.suggest_categorical(factor.name, [level.value for level in factor.levels])
    elif factor.whole:
        trial.suggest_int(factor.name, int(factor.low), int(factor.high), log=factor.log)
    else:
        trial.suggest_float(factor.name, factor.low, factor.high, log=factor.log)


def _finished_trial(trial: "optuna.trial.FrozenTrial") -> FinishedTrial:
    message = trial.user_attrs.get("message", "")
    stored = None if message else trial.user_attrs.get("values")
    values = None if stored is None else np.array(stored, dtype=np.float64)
    return FinishedTrial(trial.number, dict(trial.params), values, message)
