"""A sweep of a custom model, with the seeds, executors, continuation after a kill and tables of any sweep."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from shequn.experiments.designs.factors import Value
from shequn.experiments.designs.responses import Response
from shequn.experiments.sweeps import folder as folders
from shequn.experiments.sweeps.custom_model import CustomModel, model_digest
from shequn.experiments.sweeps.execution import Watch, execute_on
from shequn.experiments.sweeps.executors import check_backend
from shequn.experiments.sweeps.plan import Plan
from shequn.experiments.sweeps.run_store import RunStore
from shequn.experiments.sweeps.tables import write_tables
from shequn.experiments.sweeps.work import RunOutcome, perform_run
from shequn.sim.results.manifest import read_manifest, write_manifest


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
    """Run each model ``replicates`` times and write the folder ``final``, complete or not at all.

    Parameters
    ----------
    models : sequence of CustomModel
        The parameter sets.
    columns : mapping of str to sequence
        Columns that tables have besides: a value for each model.
    responses : sequence of str
        Names of the responses.
    final : Path
        If it already holds the results of these inputs, nothing is run.
    watch : callable, optional
        See :data:`shequn.experiments.sweeps.execution.Watch`.
    replicates, seed : int
        Runs of each model, and seed of the sweep; replicate ``k`` has the same seed in all models.
    on, jobs : str, int
        See :func:`shequn.experiments.sweeps.executors.executor`. Remote workers need the same source files.
    restart : bool
        Delete the results of an earlier call, finished or not.

    Returns
    -------
    int
        Number of runs that failed, for the reasons in ``tables/failures.parquet``. The table
        ``tables/responses.parquet`` has a row for each run and response.

    Raises
    ------
    ExecutorError, MismatchError, InUseError, OSError
    """
    check_backend(on)
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
    inputs = {
        "replicates": replicates,
        "seed": seed,
        "responses": list(responses),
        "design": [model_digest(model) for model in models],
    }
    if not restart and folders.holds_results(final, inputs):
        return int(read_manifest(final)["failed"])
    with folders.writing(final, inputs, restart) as folder:
        with RunStore(folder, plan) as store:
            progress = watch(plan.runs, store.count) if watch is not None else _ignore
            if plan.runs and 0 not in store:  # alone, because it compiles the model for all workers
                store.add(outcome := perform_run(plan.run(0)))
                progress(outcome)
            execute_on(store, on, jobs, progress)
            failed = write_tables(store, folder / "tables")
        about = {"points": plan.points, "replicates": replicates, "runs": plan.runs, "failed": failed}
        write_manifest(folder, **about)
    return failed


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _ignore(_: RunOutcome) -> None:
    """Report the progress to nobody."""
