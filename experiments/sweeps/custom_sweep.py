"""A sweep of a custom model: seeds, executors, resuming after a kill, and tables as in any sweep."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from shequn.experiments.designs.factors import Value
from shequn.experiments.designs.responses import Response
from shequn.experiments.sweeps import folder as folders
from shequn.experiments.sweeps.custom_model import CustomModel, model_parameters
from shequn.experiments.sweeps.execution import Watch, execute_on
from shequn.experiments.sweeps.executors import check
from shequn.experiments.sweeps.plan import Plan
from shequn.experiments.sweeps.run_store import FILE, RunStore
from shequn.experiments.sweeps.tables import write_tables
from shequn.experiments.sweeps.work import RunOutcome, work
from shequn.sim.results.folder import MANIFEST
from shequn.sim.results.manifest import read_json, write_manifest


def custom_sweep(
    models: Sequence[CustomModel],
    columns: Mapping[str, Sequence[Value]],
    responses: Sequence[str],
    final: Path,
    watch: Watch | None = None,
    replicates: int = 10,
    seed: int = 1,
    on: str = "processes",
    jobs: int | None = None,
    restart: bool = False,
) -> int:
    """Run each model a number of times, and write the folder ``final``, complete or not at all.

    Parameters
    ----------
    models : sequence of OwnModel
        The parameter sets.
    columns : mapping of str to sequence
        What tables record about each of them: a value for each model.
    responses : sequence of str
        Names of what is measured.
    final : Path
        The folder; when it holds results of exactly this, nothing is run.
    watch : callable, optional
        See :data:`shequn.experiments.sweeps.execution.Watch`.
    replicates, seed : int
        Replicate ``k`` has the same seed in all parameter sets.
    on, jobs : str, int
        Where: see :func:`shequn.experiments.sweeps.executors.executor`. Workers elsewhere need the same files.
    restart : bool
        Throw away what an earlier call left, finished or not.

    Returns
    -------
    int
        Number of runs that failed; ``tables/failures.parquet`` says why. ``tables/responses.parquet``
        has a row for each run and response.

    Raises
    ------
    PlaceError, MixedError, InUseError, OSError
    """
    check(on)
    names = tuple(columns)
    plan = Plan(
        columns=names,
        is_number=tuple(all(_is_number(value) for value in columns[name]) for name in names),
        points=len(models),
        values=lambda point: tuple(columns[name][point] for name in names),
        scenario_of=lambda point: models[point],
        responses=tuple(Response(name) for name in responses),
        replicates=replicates,
        seed=seed,
    )
    asked = {
        "replicates": replicates,
        "seed": seed,
        "responses": list(responses),
        "design": [model_parameters(model) for model in models],
    }
    if not restart and folders.is_there(final, asked):
        return int(read_json(final / MANIFEST)["failed"])
    with folders.writing(final, asked, restart) as folder:
        with RunStore(folder, plan) as finished:
            tell = watch(plan.runs, finished.count) if watch is not None else _tell_nobody
            if plan.runs and 0 not in finished:  # by itself: what it compiles is kept for all workers
                finished.add(done := work(plan.run(0)))
                tell(done)
            execute_on(finished, on, jobs, tell)
            failed = write_tables(finished, folder / "tables")
        (folder / FILE).unlink()
        about = {"points": plan.points, "replicates": replicates, "runs": plan.runs, "failed": failed}
        write_manifest(folder, **about)
    return failed


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tell_nobody(_: RunOutcome) -> None:
    """Where nobody watches."""
