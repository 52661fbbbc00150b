"""The table of stages: when each of them began."""

from typing import Any

import pandas as pd

from shequn.sim.results.schema import RUN, Column, Table

STAGES = Table(
    "stages",
    "One row for each stage that the community has come to, in their order; none where a scenario has no stages.",
    (
        RUN,
        Column("stage", "string", "", "Name of the stage."),
        Column("begins", "double", "days", "Time at which it began, in days since the start."),
    ),
)


def stages_table(outcome: Any) -> pd.DataFrame:
    """The table :data:`STAGES` of one run."""
    begins = outcome.stages
    return STAGES.frame({"stage": [name for _, name in begins], "begins": [at for at, _ in begins]})
