"""From the sweeps' tables to the tables of answers and differences."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from shequn.experiments.studies.headline.agreement import Pair, differences, orders
from shequn.experiments.studies.headline.answers import critical_gates_everywhere
from shequn.experiments.studies.headline.bootstrap import Answered, answered, by_level, counts
from shequn.experiments.studies.headline.cells import Cells, Numbers, read_cells
from shequn.experiments.studies.headline.parts import PARTS, Part
from shequn.experiments.studies.headline.tables import ANSWERS, DIFFERENCES, EXPLORED, LEVELS, ORDERS
from shequn.sim.results.schema import Table

AGAIN = "-again"
MIX = "mix "  # how sweeps of a mix are named
EVEN = f"{MIX}even"


#: In the order of the fields of `Findings`.
TABLES = (ANSWERS, DIFFERENCES, ORDERS, EXPLORED, LEVELS)


class Findings(NamedTuple):
    """All that is found, as frames (see `TABLES`); and the sweeps it is found from, by name."""

    answers: pd.DataFrame
    differences: pd.DataFrame
    orders: pd.DataFrame
    explored: pd.DataFrame
    levels: pd.DataFrame
    sweeps: dict[str, Answered]


def findings(out: Path) -> Findings:
    """Answers of the sweeps whose tables lie in ``out``; none of a sweep that is not there.

    A mix is a sweep named ``mix <name>``; the first graph's sweep at the mixes' sizes is the mix "even".
    """
    there = [part for part in PARTS if _table(out, part).is_file()]
    sweeps: dict[str, Answered] = {}
    drawn: dict[str, Numbers] = {}

    def add(name: str, part: Part, cells: Cells) -> None:
        drawn[name] = counts(part.seed, cells.replicates)
        sweeps[name] = answered(cells, drawn[name])

    for part in there:
        for mix, cells in read_cells(_table(out, part)).items():
            if mix and EVEN not in sweeps and PARTS[0].name in sweeps:
                whole = sweeps[PARTS[0].name].cells
                add(EVEN, PARTS[0], whole.of_sizes(cells.sizes).of_replicates(cells.replicates))
            add(f"{MIX}{mix}" if mix else part.name, part, cells)
    graphs = [part.name for part in there if part.file == PARTS[0].file and not part.name.endswith(AGAIN)]
    families = {
        "new seeds": [(name, name + AGAIN) for name in graphs],
        "graphs": [(PARTS[0].name, name) for name in graphs[1:]],
        "mixes": [(EVEN, name) for name in sweeps if name.startswith(MIX) and name != EVEN],
    }
    pairs = {
        family: [Pair(a, b, sweeps[a], sweeps[b]) for a, b in named if a in sweeps and b in sweeps]
        for family, named in families.items()
    }
    tables = [found.table().assign(sweep=name) for name, found in sweeps.items()]
    compared = [differences(found).assign(family=family) for family, found in pairs.items() if found]
    further = [
        answered(found.cells, drawn[name], critical_gates_everywhere).table().assign(sweep=name)
        for name, found in sweeps.items()
        if not name.startswith(MIX)
    ]
    levels = [by_level(found.cells, drawn[name]).assign(sweep=name) for name, found in sweeps.items()]
    return Findings(
        answers=_joined(ANSWERS, tables),
        differences=_joined(DIFFERENCES, compared),
        orders=ORDERS.frame(orders(pairs["new seeds"], drawn)),
        explored=_joined(EXPLORED, further),
        levels=_joined(LEVELS, levels),
        sweeps=sweeps,
    )


def _joined(table: Table, parts: list[pd.DataFrame]) -> pd.DataFrame:
    return table.frame(
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(table.names))
    )


def _table(out: Path, part: Part) -> Path:
    return out / part.name / "tables" / "responses.parquet"
