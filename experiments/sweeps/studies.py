"""Studies: the runs of several plans, combined in one folder of tables and pages."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.experiments.replicates.replicates import add_csv
from shequn.experiments.sweeps import folder as folders
from shequn.experiments.sweeps.execution import Watch, execute_on
from shequn.experiments.sweeps.executors import check_backend
from shequn.experiments.sweeps.plan import Plan
from shequn.experiments.sweeps.run_store import RunStore
from shequn.experiments.sweeps.work import warm_up
from shequn.sim.results.manifest import write_manifest
from shequn.sim.scenario import Scenario

#: Writes a summary into the unfinished folder; returns remarks for the user.
Presenter = Callable[[Path], list[str]]

Numbers = npt.NDArray[np.float64]


class Where(NamedTuple):
    """How the runs of a study are made: as in :func:`shequn.experiments.sweeps.sweep.sweep`."""

    watch: Watch
    on: str = "processes"
    jobs: int | None = None
    csv: bool = False
    restart: bool = False


def write_study(
    final: Path,
    inputs: dict[str, Any],
    title: str,
    pairs: int,
    fill: Callable[[Path], int],
    where: Where,
    present: Presenter | None = None,
) -> list[str]:
    """Write the folder ``final``, complete or not at all; returns remarks for the user.

    Parameters
    ----------
    final : Path
    inputs : dict
        Everything that the results depend on, except the version.
    title : str
        Of the manifest.
    pairs : int
        Runs of each arm.
    fill : callable
        Makes the runs in the unfinished folder and writes its tables; returns the number of runs that failed.
    where : Where
    present : callable, optional

    Raises
    ------
    ExecutorError, MismatchError, InUseError, OSError
    """
    start = time.perf_counter()
    check_backend(where.on)
    with folders.writing(final, inputs, where.restart) as folder:
        failed = fill(folder)
        remarks = [] if present is None else present(folder)
        if where.csv:
            add_csv(folder)
        about = {"runs": pairs, "failed": failed, "seconds": round(time.perf_counter() - start, 3)}
        write_manifest(folder, title=title, **about)
    return remarks


def values_of(plan: Plan, folder: Path, where: Where, stage: int = 0) -> tuple[Numbers, int]:
    """The responses of all runs of a plan; what an earlier command finished is not repeated.

    Parameters
    ----------
    plan : Plan
    folder : Path
        The unfinished folder.
    where : Where
    stage : int
        Number of this plan among those of the study.

    Returns
    -------
    tuple
        An f8 array (point, replicate, response), nan where a run failed; and the number of runs that failed.
    """
    first = plan.scenario_of(0)
    assert isinstance(first, Scenario)
    warm_up(first)
    at = folder.joinpath(*[folders.RUNNING] * stage)
    at.mkdir(parents=True, exist_ok=True)
    values = np.full((plan.points, plan.replicates, len(plan.responses)), np.nan)
    failed = 0
    with RunStore(at, plan) as store:
        execute_on(store, where.on, where.jobs, where.watch(plan.runs, store.count))
        for run in store:
            if run.values is None:
                failed += 1
            else:
                values[plan.point_and_replicate(run.number)] = run.values
    return values, failed
