"""The playbook's runs, and the folder of results."""

from pathlib import Path

from shequn.experiments.playbook.study import Cell, Study
from shequn.experiments.playbook.writing import CellRuns, write_tables
from shequn.experiments.sweeps.studies import Numbers, Presenter, Where, values_of, write_study


def rank_levers(study: Study, final: Path, where: Where, present: Presenter | None = None) -> list[str]:
    """Run a study and write the folder ``final``, complete or not at all; returns remarks for the user.

    Raises
    ------
    ExecutorError, MismatchError, InUseError, OSError
    ScenarioError
        An arm cannot be run.
    """

    def fill(folder: Path) -> int:
        values, failed = values_of(study.plan(), folder, where)
        runs = _by_cell(study.shipped, values)
        if study.mixed:
            more, failed_there = values_of(study.mixed_plan(), folder, where, stage=1)
            runs, failed = runs + _by_cell(study.mixed, more), failed + failed_there
        write_tables(study, folder, runs)
        return failed

    return write_study(final, study.inputs(), "playbook", study.size.pairs, fill, where, present)


def _by_cell(cells: list[Cell], values: Numbers) -> list[CellRuns]:
    found, point = [], 0
    for cell in cells:
        arms = {arm: values[point + place] for place, arm in enumerate(cell.arms)}
        found.append(CellRuns(cell.kind, cell.mix, arms))
        point += len(cell.arms)
    return found
