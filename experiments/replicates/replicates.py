"""Runs all replicates of a scenario and combines them into a complete result folder.

The tables of a finished replicate are stored at once (see ``folder.py``). The same command after an interrupt
therefore continues with the first unfinished replicate, and the files are the same as without the interrupt.
"""

import contextlib
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shequn.experiments.replicates.course import WHOLE, Course
from shequn.experiments.replicates.saved_run import STATES, state_name
from shequn.experiments.replicates.workers import Workers
from shequn.sim.building import last_kind
from shequn.sim.features import compiled_alike
from shequn.sim.kernel.chance import run_seed
from shequn.sim.language import current_language
from shequn.sim.results import folder as folders
from shequn.sim.results.channels import CHANNELS
from shequn.sim.results.cohorts import COHORTS
from shequn.sim.results.departures import DEPARTURES
from shequn.sim.results.folder import DamagedError
from shequn.sim.results.funnel import FUNNEL
from shequn.sim.results.groups import GROUPS
from shequn.sim.results.incentives import EARNED, OFFERS, UNITS
from shequn.sim.results.invitations import INVITATIONS
from shequn.sim.results.key_figures import RUNS
from shequn.sim.results.manifest import DIGESTS, file_digest, read_json, seal, write_json, write_manifest
from shequn.sim.results.marks import MARKS
from shequn.sim.results.network import EDGES, NODES
from shequn.sim.results.parquet import JournalFile, TableFile, write_csv
from shequn.sim.results.schema import Table
from shequn.sim.results.spaces import SPACES
from shequn.sim.results.staff import DUTIES, TASKS
from shequn.sim.results.stages import STAGES
from shequn.sim.results.tables import DAYS, MEMBERS
from shequn.sim.results.viral import GROWTH
from shequn.sim.saving.state_file import state_digest

if TYPE_CHECKING:
    from shequn.sim.result import Result
    from shequn.sim.scenario import Scenario

#: ``simulate(scenario, seed, sink=..., progress=...) -> Result``: one run.
Simulate = Callable[..., "Result"]
#: Called with (replicate, day) during a run.
Progress = Callable[[int, float], None]

#: Tables of every replicate, besides the journal.
TABLES = {
    table.name: table
    for table in (
        RUNS,
        DAYS,
        SPACES,
        GROUPS,
        DUTIES,
        TASKS,
        UNITS,
        MARKS,
        EARNED,
        OFFERS,
        STAGES,
        FUNNEL,
        CHANNELS,
        MEMBERS,
        COHORTS,
        DEPARTURES,
        INVITATIONS,
        GROWTH,
    )
}
#: Tables of replicates whose network is recorded.
NETWORK = {table.name: table for table in (NODES, EDGES)}
_MAX_MEMBERS = 200_000  # rows of `members`; with more, the table has run 0 only
_FACTS = "facts.json"  # about a stored replicate, with the digests of its files
_JOURNAL = "tables/journal.parquet"
_SEAL = "seal"


class FinishedRun(NamedTuple):
    """A finished run with all its replicates, whose tables are in the folder of results.

    Attributes
    ----------
    scenario : Scenario
    course : Course
    notes : sequence of str
        Notes on the run, for the summary.
    workers : Workers
        Idle processes, which may help to draw the figures.
    """

    scenario: "Scenario"
    course: Course
    notes: Sequence[str]
    workers: Workers


#: Writes a summary and figures into the unfinished folder; returns remarks for the user.
Presenter = Callable[[FinishedRun, Path], list[str]]


def tables_of(scenario: "Scenario", course: Course) -> dict[str, Table]:
    """The tables of replicates: groups and marks only if there are any, those of the network if asked for."""
    absent = {GROUPS.name: not scenario.population.groups, MARKS.name: not scenario.marks}
    tables = {name: table for name, table in TABLES.items() if not absent.get(name)}
    return tables | NETWORK if course.network else tables


def _discard(rows: npt.NDArray[Any]) -> None:
    """A sink that discards the journal."""


def _run_one(
    scenario: "Scenario", run: int, folder: Path, simulate: Simulate, course: Course, progress: Progress
) -> None:
    """Simulate one replicate and store its tables."""
    stores_members = run < _runs_with_members(folder, scenario.runs)
    started = time.perf_counter()
    seed = run_seed(scenario.seed, run)
    with folders.writing_part(folder, run) as part:
        journal = None
        if run == 0 and scenario.journal != "none":
            journal = JournalFile(folder / _JOURNAL, run)
        try:
            if journal is not None and course.past is not None:
                for rows in course.past.journal(last_kind(scenario)):
                    journal(rows)
            result = simulate(
                scenario,
                seed,
                sink=journal or _discard,
                progress=lambda day: progress(run, day),
                **course.arguments(run, part),
            )
        finally:
            if journal is not None:
                journal.close()
        for name, declared in tables_of(scenario, course).items():
            if name != "members" or stores_members:
                table = declared.arrow_of_run(getattr(result, name), run)
                path = str(part / f"{name}.arrow")
                with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
                    writer.write_table(table)
        facts = {"seed": seed, "notes": list(result.notes), "seconds": time.perf_counter() - started}
        facts["members"] = len(np.unique(result.stays.person))
        facts[DIGESTS] = {path.name: file_digest(path) for path in sorted(part.iterdir())}
        if journal is not None:
            facts[_JOURNAL] = file_digest(folder / _JOURNAL)
        write_json(part / _FACTS, {**facts, _SEAL: seal(facts)})


def _is_stored(folder: Path, run: int) -> bool:
    """Whether a replicate is stored, and as it was written; else what is left of it is deleted, to be made again."""
    part = folders.part_folder(folder, run)
    if not part.exists():
        return False
    with contextlib.suppress(DamagedError, OSError):
        facts = read_json(part / _FACTS)
        if facts.pop(_SEAL, None) == seal(facts):
            sums = {part / name: known for name, known in facts[DIGESTS].items()}
            if _JOURNAL in facts:
                sums[folder / _JOURNAL] = facts[_JOURNAL]
            if all(file_digest(path) == known for path, known in sums.items()):
                return True
    shutil.rmtree(part)
    return False


def _runs_with_members(folder: Path, runs: int) -> int:
    """Number of runs whose members are stored: all, unless run 0 shows that there would be too many rows."""
    first = folders.part_folder(folder, 0) / _FACTS
    if first.exists() and read_json(first)["members"] * runs > _MAX_MEMBERS:
        return 1
    return runs


def _run_all(
    scenario: "Scenario",
    folder: Path,
    simulate: Simulate,
    course: Course,
    progress: Progress,
    workers: Workers,
) -> None:
    """Run every replicate that is not stored yet, in this process and in the workers."""
    waiting = [run for run in range(scenario.runs) if not _is_stored(folder, run)]

    def serve() -> None:
        workers.listen()
        while waiting and workers.n_idle:
            run = waiting.pop(0)
            workers.begin(_run_one, scenario, run, folder, simulate, course)

    def progress_here(run: int, day: float) -> None:
        progress(run, day)
        serve()

    while waiting:
        run = waiting.pop(0)  # this process takes run 0, which writes the journal
        serve()
        _run_one(scenario, run, folder, simulate, course, progress_here)
        progress(run, course.last_day(scenario))
    workers.finish()


def _compile(scenario: "Scenario", workers: Workers, founding: bool) -> None:
    """Compile the engine in two processes if it is not compiled yet; otherwise every process would do it."""
    from shequn.sim import warmup

    if not warmup.is_compiled(scenario):
        if founding:
            workers.begin(_compile_beside_loop, scenario)
        warmup.compile_loop(scenario)
        workers.finish()


def _compile_beside_loop(scenario: "Scenario", progress: Progress) -> None:
    from shequn.sim.warmup import compile_beside_loop

    compile_beside_loop(scenario)


def _combine(folder: Path, scenario: "Scenario", course: Course, runs_with_members: int) -> None:
    """Write one Parquet file for each table, from the stored tables of all replicates."""
    for name, declared in tables_of(scenario, course).items():
        with TableFile(folder / "tables" / f"{name}.parquet", declared) as file:
            for run in range(runs_with_members if name == "members" else scenario.runs):
                file.append(_read_part(folders.part_folder(folder, run) / f"{name}.arrow"))


def _read_part(path: Path) -> pa.Table:
    with pa.OSFile(str(path), "rb") as file:
        return pa.ipc.open_file(file).read_all()


def write_run(
    scenario: "Scenario",
    final: Path,
    simulate: Simulate,
    progress: Progress,
    csv: bool = False,
    workers: Workers | None = None,
    course: Course = WHOLE,
    notes: Sequence[str] = (),
    present: Presenter | None = None,
) -> list[str]:
    """Run all replicates of a scenario and write the folder ``final``, complete or not at all.

    Parameters
    ----------
    scenario : Scenario
    final : Path
        From :func:`result_folder`.
    simulate : callable
        Runs one replicate.
    progress : callable
        Called with (replicate, day) during the runs.
    csv : bool
        Whether to write every table as CSV too.
    workers : Workers, optional
        Additional processes that run replicates; results do not depend on them. ``simulate`` must then be
        importable by name.
    course : Course
        Beginning and end of the runs.
    notes : sequence of str
        Notes on the runs, for the manifest and the summary.
    present : callable, optional
        Called once the tables are written: see `Presenter`. Without it the folder gets tables only.

    Returns
    -------
    list of str
        Remarks, for example that a font is missing.

    Raises
    ------
    InUseError
        Another process is writing the same run.
    OSError
        The folder cannot be written, or the disk is full; nothing is left under ``final``.
    WorkerDiedError
        One of the processes was killed.
    StateError
        A saved state that a run should continue cannot be used.
    """
    started = time.perf_counter()
    workers = workers or Workers()
    with folders.writing(final) as folder:
        (folder / "tables").mkdir(exist_ok=True)
        if course.past is not None:
            scenario = compiled_alike({"": scenario}, [course.past.settings()])[""]
        if workers.n_idle:
            _compile(scenario, workers, course.past is None)
        _run_all(scenario, folder, simulate, course, progress, workers)
        facts = [read_json(folders.part_folder(folder, run) / _FACTS) for run in range(scenario.runs)]
        runs_with_members = _runs_with_members(folder, scenario.runs)
        _combine(folder, scenario, course, runs_with_members)
        (folder / "scenario.yaml").write_text(scenario.dump(), encoding="utf-8", newline="\n")
        notes = [*facts[0]["notes"], *notes]
        finished = FinishedRun(scenario, course, notes, workers)
        remarks = [] if present is None else present(finished, folder)
        states = _move_states(folder, scenario.runs) if course.save else []
        if csv:
            add_csv(folder)
        about = {
            "run": final.name,
            "scenario": scenario.name,
            "variant": scenario.variant,
            "title": scenario.title,
            "language": current_language(),
            "seeds": [fact["seed"] for fact in facts],
            "runs_in": {
                "members": list(range(runs_with_members)),
                "journal": [] if scenario.journal == "none" else [0],
                "all other tables": list(range(scenario.runs)),
            },
            "journal": scenario.journal,
            "notes": [*notes, *remarks],
            **course.about(scenario),
            **({"state": {"day": course.last_day(scenario), "sha256": states}} if course.save else {}),
            "seconds": {
                "each run": [round(fact["seconds"], 3) for fact in facts],
                "this command": round(time.perf_counter() - started, 3),
            },
        }
        write_manifest(folder, **about)
    return remarks


def _move_states(folder: Path, runs: int) -> list[str]:
    """Move the states of all replicates into one folder; returns their digests."""
    (folder / STATES).mkdir(exist_ok=True)
    for run in range(runs):
        name = state_name(run)
        (folders.part_folder(folder, run) / name).replace(folder / STATES / name)
    return [state_digest(folder / STATES / state_name(run)) for run in range(runs)]


def add_csv(folder: Path) -> None:
    """Write every table of a folder as CSV beside its Parquet file, unless the CSV file exists."""
    for source in sorted((folder / "tables").glob("*.parquet")):
        target = source.with_suffix(".csv")
        if not target.exists():
            unfinished = target.with_suffix(".unfinished")
            try:
                write_csv(source, unfinished)
                unfinished.replace(target)
            finally:
                unfinished.unlink(missing_ok=True)
