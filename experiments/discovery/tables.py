"""The table of boxes."""

from pathlib import Path

import pandas as pd

from shequn.experiments.discovery.boxes import Discovery
from shequn.sim.results.parquet import write_table
from shequn.sim.results.schema import Column, Table

BOXES = Table(
    "boxes",
    "One row for each box and each factor that it restricts, the best box first. A box says where among the parameter "
    "sets of the sweep the outcome was found, not why.",
    (
        Column("box", "int32", "number", "Box, from 1."),
        Column("factor", "string", "", "Name of the factor."),
        Column("low", "double", "", "Lowest value in the box.", "not bounded below, or the levels are words"),
        Column(
            "high", "double", "", "Highest value in the box.", "not bounded above, or the levels are words"
        ),
        Column("levels", "string", "", "Levels in the box, separated by “ | ”.", "the levels are numbers"),
        Column(
            "quasi_p",
            "double",
            "probability",
            "Chance of as many cases with the outcome in the box if this restriction meant nothing (binomial).",
        ),
        Column("cases", "int64", "parameter sets", "Parameter sets in the box."),
        Column("found", "int64", "parameter sets", "Number of these that have the outcome."),
        Column("density", "double", "share", "found/cases."),
        Column(
            "coverage", "double", "share", "Share of all parameter sets with the outcome that lie in the box."
        ),
        Column("base", "double", "share", "Share of all parameter sets that have the outcome."),
        Column(
            "p",
            "double",
            "probability",
            "Share of the reshuffled outcomes, the real ones included, whose best box is at least as good.",
        ),
        Column("clear", "bool", "", "Whether p is at most 0.01: the box is better than chance."),
    ),
)


def boxes_table(found: Discovery) -> pd.DataFrame:
    """The table :data:`BOXES`."""
    rows = [
        (
            number, one.factor, one.low, one.high, None if one.levels is None else " | ".join(one.levels), one.quasi_p,
            box.cases, box.found, box.density, box.coverage, found.found / found.cases, box.p, box.clear,
        )
        for number, box in enumerate(found.boxes, 1)
        for one in box.restrictions
    ]  # fmt: skip
    frame: pd.DataFrame = BOXES.arrow_of_rows(rows).to_pandas()
    return frame


def write_boxes(folder: Path, found: Discovery) -> None:
    """Write ``boxes.parquet`` of a result folder."""
    write_table(folder, BOXES, boxes_table(found))
