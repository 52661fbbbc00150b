"""The numbers of a comparison: their tables, and the files of its arms."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from shequn.experiments.comparison.curves import CURVES, curves_table
from shequn.experiments.comparison.paired import MAX_PAIRS, Difference, Numbers
from shequn.experiments.comparison.question import ArmComparison, Question
from shequn.sim.results.folder import folder_name
from shequn.sim.results.parquet import write_table
from shequn.sim.results.schema import Column, Table

ARMS = "arms"  # folder of the arms' scenarios

_A = Column("a", "string", "", "The first arm, with which all are compared.")
_B = Column("b", "string", "", "The other arm.")
_RUN = Column("run", "int32", "number", "The pair: replicate of both arms, with the same seed.")
_RESPONSE = Column("response", "string", "", "Name of the response.")
_NO_PAIRS, _FEW, _TOO_FEW = "known in no pair", "known in fewer than 2 pairs", "known in fewer than 3 pairs"

DIFFERENCES = Table(
    "differences",
    "One row for each other arm, response and pair of runs.",
    (
        _A,
        _B,
        _RUN,
        _RESPONSE,
        Column("value_a", "double", "", "The response in the first arm.", "unknown, or the run failed"),
        Column("value_b", "double", "", "The response in the other arm.", "unknown, or the run failed"),
        Column("difference", "double", "", "b minus a.", "one of the two is missing"),
    ),
)

COMPARISONS = Table(
    "comparisons",
    "One row for each other arm and response: b minus a, over the pairs in which both are known.",
    (
        _A,
        _B,
        _RESPONSE,
        Column("n", "int64", "pairs", "Pairs in which both are known."),
        Column("mean_a", "double", "", "Mean of a.", _NO_PAIRS),
        Column("mean_b", "double", "", "Mean of b.", _NO_PAIRS),
        Column("difference", "double", "", "Mean of b minus a.", _NO_PAIRS),
        Column("low", "double", "", "Lower end of its 95 % interval.", _FEW),
        Column("high", "double", "", "Upper end of its 95 % interval.", _FEW),
        Column("sd", "double", "", "Standard deviation of the differences.", _FEW),
        Column("b_higher", "double", "share", "Pairs in which b is higher.", _NO_PAIRS),
        Column("equal", "double", "share", "Pairs in which both are equal.", _NO_PAIRS),
        Column(
            "reduction",
            "double",
            "factor",
            "Variance of b minus a with independent runs over that with these pairs; infinite where all "
            "differences are equal.",
            _TOO_FEW,
        ),
        Column("reduction_low", "double", "factor", "Lower end of its 95 % interval.", _TOO_FEW),
        Column("reduction_high", "double", "factor", "Upper end of its 95 % interval.", _TOO_FEW),
        Column(
            "needed",
            "int64",
            "pairs",
            "Number of pairs that find a difference as large as this one with a probability of 80 %.",
            f"the difference is 0, would take more than {MAX_PAIRS:,} pairs, or is {_FEW}",
        ),
    ),
)

PARTINGS = Table(
    "partings",
    "One row for each other arm and pair whose two runs succeeded.",
    (
        _B,
        _RUN,
        Column("day", "double", "day", "First day on which the two runs differ.", "they never do"),
    ),
)

ASSUMED = Table(
    "assumed",
    "One row for each response and assumed number: b minus a with the number times 0.5 and 1.5.",
    (
        _RESPONSE,
        Column("number", "string", "", "The number, group.name."),
        Column(
            "difference", "double", "", "b minus a with the number unchanged, over these pairs.", _NO_PAIRS
        ),
        Column("half", "double", "", "The same with the number times 0.5.", _NO_PAIRS),
        Column("more", "double", "", "The same with the number times 1.5.", _NO_PAIRS),
        Column(
            "error",
            "double",
            "",
            "Standard error of the change from the difference, pooled over all numbers that change it.",
            "no number changes anything, or there is one pair",
        ),
        Column("largest", "double", "", "The larger of the two changes.", _NO_PAIRS),
        Column("clear", "bool", "", "Whether the larger change is more than four standard errors."),
        Column(
            "turns",
            "bool",
            "",
            "Whether the sign of the difference changes, by more than four standard errors.",
        ),
    ),
)

#: Fields of `Difference` whose column has another name.
_NAMES = {"a": "mean_a", "b": "mean_b", "mean": "difference"}


class Answer(NamedTuple):
    """The numbers of a comparison, from which sentences and figures are made.

    Attributes
    ----------
    question : Question
    compared : list of ArmComparison
    partings : f8 array (arm, run)
        First day on which a run differs from that of the first arm: nan if unknown, inf if never.
    differences, comparisons, curves : DataFrame
        The tables of these names; ``curves`` is empty if none were recorded.
    assumed : DataFrame or None
        The table `ASSUMED`, if assumed numbers were changed.
    assumed_runs : int
        Number of runs in which they were changed.
    """

    question: Question
    compared: list[ArmComparison]
    partings: Numbers
    differences: pd.DataFrame
    comparisons: pd.DataFrame
    curves: pd.DataFrame
    assumed: pd.DataFrame | None = None
    assumed_runs: int = 0


def write_answer(
    question: Question,
    folder: Path,
    compared: list[ArmComparison],
    values: Numbers,
    partings: Numbers,
) -> Answer:
    """Write the tables and the scenarios of the arms.

    Parameters
    ----------
    question : Question
    folder : Path
        With a folder ``tables``.
    compared : list of ArmComparison
    values, partings : f8 arrays (arm, run, response) and (arm, run)
        Responses, those of the curves last, and the first day on which a run differs from that of the first arm: nan
        if unknown, inf if never.
    """
    _write_arms(question, folder)
    pairs = _pairs(question, values)
    rows = [
        {"a": c.a, "b": c.b, "response": c.response}
        | {_NAMES.get(key, key): value for key, value in c.difference._asdict().items()}
        | {"needed": c.difference.needed}
        | ({} if c.difference.n > 1 else {"low": None, "high": None})  # no bounds are known
        for c in compared
    ]
    comparisons = COMPARISONS.frame(
        pd.DataFrame(rows, columns=list(COMPARISONS.names)).astype({"needed": "Int64"})
    )
    days = pd.concat(
        [
            pd.DataFrame({"b": b, "run": np.arange(partings.shape[1], dtype=np.int32), "day": partings[arm]})
            for arm, b in enumerate(question.arms)
            if arm > 0
        ],
        ignore_index=True,
    )
    days = days[days["day"].notna()].replace({"day": np.inf}, np.nan)
    curves = CURVES.frame(pd.DataFrame(columns=list(CURVES.names)))
    if question.curves.columns:
        curves = curves_table(question.curves, question.arms, values[:, :, len(question.responses) :])
    frames = ((DIFFERENCES, pairs), (COMPARISONS, comparisons), (PARTINGS, days), (CURVES, curves))
    for table, frame in frames:
        write_table(folder, table, frame)
    return Answer(question, compared, partings, pairs, comparisons, curves)


def arm_comparisons(comparisons: pd.DataFrame) -> list[ArmComparison]:
    """The comparisons of a table `COMPARISONS`: the inverse of `write_answer`."""
    columns = [_NAMES.get(name, name) for name in Difference._fields]
    return [
        ArmComparison(row["a"], row["b"], row["response"], Difference(*(row[column] for column in columns)))
        for row in comparisons.to_dict("records")
    ]


def _write_arms(question: Question, folder: Path) -> None:
    """Write the resolved scenario of each arm, numbered in the order of the arms."""
    (folder / ARMS).mkdir(exist_ok=True)
    for number, (name, scenario) in enumerate(question.arms.items()):
        path = folder / ARMS / f"{number:02d}-{folder_name(name)}.yaml"
        path.write_text(scenario.dump(), encoding="utf-8", newline="\n")


def _pairs(question: Question, values: Numbers) -> pd.DataFrame:
    """One row for each pair of runs and response."""
    a, *others = question.arms
    parts = [
        pd.DataFrame(
            {
                "a": a,
                "b": b,
                "run": np.arange(values.shape[1], dtype=np.int32),
                "response": str(response),
                "value_a": values[0, :, index],
                "value_b": values[arm, :, index],
                "difference": values[arm, :, index] - values[0, :, index],
            }
        )
        for arm, b in enumerate(others, start=1)
        for index, response in enumerate(question.responses)
    ]
    return pd.concat(parts, ignore_index=True)
