"""The results of a run in sentences and figures."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from shequn.experiments.replicates.course import Course
from shequn.experiments.replicates.replicates import FinishedRun
from shequn.sim.language import _, ngettext
from shequn.sim.presentation.formats import join_words
from shequn.sim.presentation.summary import summary
from shequn.sim.results.parquet import read_table

if TYPE_CHECKING:
    from shequn.experiments.replicates.replicates import Progress
    from shequn.sim.presentation.marks import Mark
    from shequn.sim.presentation.summary import Tables
    from shequn.sim.scenario import Scenario
    from shequn.sim.scenario.changing import Change

_FIGURES = ("size", "temperature", "growth", "retention")
_WORKER_FIGURES = ("growth", "retention")  # the shorter half: a worker has the tables to read first


def present(finished: FinishedRun, folder: Path) -> list[str]:
    """Write ``summary.txt`` and the figures of a run; return remarks about the figures.

    Where a worker is idle, it draws half of the figures.

    Parameters
    ----------
    finished : FinishedRun
    folder : Path
        The unfinished folder of results, with a folder ``tables``.
    """
    scenario, course, workers = finished.scenario, finished.course, finished.workers
    (folder / "figures").mkdir(exist_ok=True)
    if workers.n_idle:
        workers.begin(_draw, scenario, folder, _WORKER_FIGURES, course)
        names = tuple(name for name in _FIGURES if name not in _WORKER_FIGURES)
    else:
        names = _FIGURES
    tables = read_tables(folder)
    text = summary(
        scenario.title, str(scenario.question), scenario.start, scenario.seed, tables, list(finished.notes)
    )
    (folder / "summary.txt").write_text(text, encoding="utf-8", newline="\n")
    from shequn.sim.presentation.figures import remarks, write_figures

    moments = _moments(scenario, tables, course)
    write_figures(
        folder / "figures", tables, scenario.title, scenario.start, names, course.branching_day, moments
    )
    workers.finish()
    return remarks(scenario.title)


def _draw(
    scenario: "Scenario", folder: Path, names: tuple[str, ...], course: Course, progress: "Progress"
) -> None:
    """Draw some of the figures, in a worker."""
    from shequn.sim.presentation.figures import write_figures

    tables = read_tables(folder)
    moments = _moments(scenario, tables, course)
    write_figures(
        folder / "figures", tables, scenario.title, scenario.start, names, course.branching_day, moments
    )


def _moments(scenario: "Scenario", tables: "Tables", course: Course) -> "list[Mark]":
    """When the operator did something in run 0."""
    from shequn.sim.presentation.marks import marks

    return marks(scenario, tables["days"], tables["stages"], course.about(scenario).get("branching"))


def read_tables(folder: Path) -> dict[str, Any]:
    """The tables of a run from which its summary and figures are made."""
    names = ("runs", "days", "spaces", "stages", "duties", "tasks", "earned", "offers", "cohorts", "growth")
    return {name: read_table(folder / "tables" / f"{name}.parquet") for name in names}


def branch_notes(course: Course, scenario: "Scenario") -> list[str]:
    """How a branch came about, in a sentence; nothing for a run from the founding."""
    if course.past is None:
        return []
    origin = {
        "day": course.past.day,
        "run": course.past.run,
        "scenario": _full_name(course.past.scenario, course.past.variant),
    }
    changes = [_change_text(change) for change in course.changes(scenario)]
    if not changes:
        return [
            _("Up to day {day} this is run {run} of {scenario}; it continues unchanged.").format(**origin)
        ]
    words = ngettext(
        "Up to day {day} this is run {run} of {scenario}; from then on {keys} differs.",
        "Up to day {day} this is run {run} of {scenario}; from then on {keys} differ.",
        len(changes),
    )
    return [words.format(keys=join_words(changes), **origin)]


def _change_text(change: "Change") -> str:
    """A key that differs, with its values if these are single ones."""
    values = (change.before, change.after)
    if not all(isinstance(value, int | float | str) for value in values):
        return change.key
    return _("{key} ({before}, now {after})").format(key=change.key, before=values[0], after=values[1])


def _full_name(scenario: str, variant: str | None) -> str:
    return scenario if variant is None else f"{scenario}:{variant}"
