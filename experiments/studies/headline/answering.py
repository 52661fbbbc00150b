"""The tables of answers and differences, from the tables of the sweeps."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from shequn.experiments.studies.headline.agreement import Pair, differences, orders
from shequn.experiments.studies.headline.answers import critical_gates_everywhere
from shequn.experiments.studies.headline.bootstrap import SweepAnswers, answer_sweep, by_level, counts
from shequn.experiments.studies.headline.cells import Cells, Numbers, read_cells
from shequn.experiments.studies.headline.parts import PARTS, Part
from shequn.experiments.studies.headline.tables import ANSWERS, DIFFERENCES, EXPLORED, LEVELS, ORDERS
from shequn.sim.results.schema import Table

AGAIN = "-again"
MIX = "mix "  # prefix of the names of sweeps of a mix
EVEN = f"{MIX}even"


#: In the order of the fields of `Findings`.
TABLES = (ANSWERS, DIFFERENCES, ORDERS, EXPLORED, LEVELS)


class Findings(NamedTuple):
    """The findings as frames (see `TABLES`), and the answers of each sweep by name."""

    answers: pd.DataFrame
    differences: pd.DataFrame
    orders: pd.DataFrame
    explored: pd.DataFrame
    levels: pd.DataFrame
    sweeps: dict[str, SweepAnswers]


def findings(out: Path) -> Findings:
    """The findings from the sweeps whose tables are in ``out``.

    Each mix counts as a sweep named ``mix <name>``; the first graph's sweep at the mixes' sizes is the mix "even".
    """
    available = [part for part in PARTS if _table(out, part).is_file()]
    sweeps: dict[str, SweepAnswers] = {}
    counts_of: dict[str, Numbers] = {}

    def add(name: str, part: Part, cells: Cells) -> None:
        counts_of[name] = counts(part.seed, cells.replicates)
        sweeps[name] = answer_sweep(cells, counts_of[name])

    for part in available:
        for mix, cells in read_cells(_table(out, part)).items():
            if mix and EVEN not in sweeps and PARTS[0].name in sweeps:
                whole = sweeps[PARTS[0].name].cells
                add(EVEN, PARTS[0], whole.of_sizes(cells.sizes).of_replicates(cells.replicates))
            add(f"{MIX}{mix}" if mix else part.name, part, cells)
    graphs = [part.name for part in available if part.file == PARTS[0].file and not part.name.endswith(AGAIN)]
    families = {
        "new seeds": [(name, name + AGAIN) for name in graphs],
        "graphs": [(PARTS[0].name, name) for name in graphs[1:]],
        "mixes": [(EVEN, name) for name in sweeps if name.startswith(MIX) and name != EVEN],
    }
    pairs = {
        family: [Pair(a, b, sweeps[a], sweeps[b]) for a, b in names if a in sweeps and b in sweeps]
        for family, names in families.items()
    }
    tables = [sweep.table().assign(sweep=name) for name, sweep in sweeps.items()]
    compared = [differences(family).assign(family=name) for name, family in pairs.items() if family]
    explored = [
        answer_sweep(sweep.cells, counts_of[name], critical_gates_everywhere).table().assign(sweep=name)
        for name, sweep in sweeps.items()
        if not name.startswith(MIX)
    ]
    levels = [by_level(sweep.cells, counts_of[name]).assign(sweep=name) for name, sweep in sweeps.items()]
    return Findings(
        answers=_concatenate(ANSWERS, tables),
        differences=_concatenate(DIFFERENCES, compared),
        orders=ORDERS.frame(orders(pairs["new seeds"], counts_of)),
        explored=_concatenate(EXPLORED, explored),
        levels=_concatenate(LEVELS, levels),
        sweeps=sweeps,
    )


def _concatenate(table: Table, parts: list[pd.DataFrame]) -> pd.DataFrame:
    return table.frame(
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(table.names))
    )


def _table(out: Path, part: Part) -> Path:
    return out / part.name / "tables" / "responses.parquet"
