"""A sweep: all runs of a design, and its folder of results."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shequn.experiments.designs.design import Design
from shequn.experiments.replicates.replicates import add_csv
from shequn.experiments.sweeps import folder as folders
from shequn.experiments.sweeps.execution import Watch, execute_on
from shequn.experiments.sweeps.executors import check_backend
from shequn.experiments.sweeps.plan import plan_of, scenario_digest
from shequn.experiments.sweeps.run_store import RunStore
from shequn.experiments.sweeps.series import check_names, write_series
from shequn.experiments.sweeps.tables import write_tables
from shequn.experiments.sweeps.work import warm_up
from shequn.sim.results.manifest import write_manifest

#: Writes a summary and figures into the unfinished folder, which has its tables; returns remarks for the user.
Presenter = Callable[[Design, Path], list[str]]

#: Keys of a design that do not affect the runs.
_WORDS = ("title", "question", "figures")


def inputs(design: Design, series: bool = False) -> dict[str, Any]:
    """Everything that the results of a design depend on; results of different inputs are never mixed."""
    content = {key: value for key, value in design.content.items() if key not in _WORDS}
    bases = {name or "base": scenario_digest(base) for name, base in design.bases.scenarios.items()}
    return {
        "replicates": design.replicates,
        "seed": design.seed,
        "responses": [str(response) for response in design.responses],
        "design": content,
        "scenario": bases,
        **({"series": True} if series else {}),
    }


def sweep(
    design: Design,
    final: Path,
    watch: Watch,
    on: str = "processes",
    jobs: int | None = None,
    csv: bool = False,
    restart: bool = False,
    present: Presenter | None = None,
    series: bool = False,
) -> list[str]:
    """Run a design and write the folder ``final``, complete or not at all.

    Parameters
    ----------
    design : Design
    final : Path
        A folder of this design's results, or one that does not exist yet.
    watch : callable
        See :data:`shequn.experiments.sweeps.execution.Watch`.
    on, jobs : str, int
        Place and number of processes: see :func:`shequn.experiments.sweeps.executors.executor`.
    csv : bool
        Also write every table as CSV.
    restart : bool
        Delete the results of an earlier command, finished or not.
    present : callable, optional
        Called once the tables are written: see `Presenter`. Without it the folder gets tables only.
    series : bool
        Also write the measures of every day of every run, ``tables/series.parquet``.

    Returns
    -------
    list of str
        Remarks for the user, such as a missing font.

    Raises
    ------
    ExecutorError, MismatchError, InUseError, OSError
    NameTakenError
        With ``series``: a factor has the name of one of its columns.
    """
    start = time.perf_counter()
    check_backend(on)
    if series:
        check_names(design)
    design = design.compiled_alike()
    plan = plan_of(design, series)
    with folders.writing(final, inputs(design, series), restart) as folder:
        with RunStore(folder, plan) as store:
            progress = watch(plan.runs, store.count)
            if store.count < plan.runs:
                warm_up(design.bases.variant(None))
                execute_on(store, on, jobs, progress)
            failed = write_tables(store, folder / "tables")
            if series:
                write_series(store, folder / "tables")
        (folder / "design.yaml").write_text(design.text, encoding="utf-8", newline="\n")
        (folder / "scenario.yaml").write_text(
            design.bases.variant(None).dump(), encoding="utf-8", newline="\n"
        )
        remarks = [] if present is None else present(design, folder)
        if csv:
            add_csv(folder)
        about = {
            "title": design.title,
            "points": plan.points,
            "replicates": plan.replicates,
            "runs": plan.runs,
            "failed": failed,
            "seconds": round(time.perf_counter() - start, 3),
        }
        write_manifest(folder, **about)
    return remarks
