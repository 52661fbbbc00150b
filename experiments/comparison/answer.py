"""The answer of a comparison: its tables and its sentences."""

from pathlib import Path

import numpy as np
import pandas as pd

from shequn.experiments.comparison.assumed import sentences as assumed_sentences
from shequn.experiments.comparison.figures import draw_differences
from shequn.experiments.comparison.paired import MOST_PAIRS, Numbers
from shequn.experiments.comparison.question import Compared, Question
from shequn.experiments.comparison.wording import sentences
from shequn.sim.language import _
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
        Column("difference", "double", "", "b less a.", "one of the two is missing"),
    ),
)

COMPARISONS = Table(
    "comparisons",
    "One row for each other arm and response: b less a, over the pairs in which both are known.",
    (
        _A,
        _B,
        _RESPONSE,
        Column("n", "int64", "pairs", "Pairs in which both are known."),
        Column("mean_a", "double", "", "Mean of a.", _NO_PAIRS),
        Column("mean_b", "double", "", "Mean of b.", _NO_PAIRS),
        Column("difference", "double", "", "Mean of b less a.", _NO_PAIRS),
        Column("low", "double", "", "Lower end of its 95 % interval.", _FEW),
        Column("high", "double", "", "Upper end of its 95 % interval.", _FEW),
        Column("sd", "double", "", "Standard deviation of the differences.", _FEW),
        Column("b_higher", "double", "share", "Pairs in which b is higher.", _NO_PAIRS),
        Column("equal", "double", "share", "Pairs in which both are equal.", _NO_PAIRS),
        Column(
            "reduction",
            "double",
            "factor",
            "Variance of b less a with independent runs over that with these pairs; infinite where all "
            "differences are equal.",
            _TOO_FEW,
        ),
        Column("reduction_low", "double", "factor", "Lower end of its 95 % interval.", _TOO_FEW),
        Column("reduction_high", "double", "factor", "Upper end of its 95 % interval.", _TOO_FEW),
        Column(
            "needed",
            "int64",
            "pairs",
            "Pairs that find a difference as large as this one with a probability of 80 %.",
            f"the difference is 0, would take more than {MOST_PAIRS:,} pairs, or is {_FEW}",
        ),
    ),
)

PARTINGS = Table(
    "partings",
    "One row for each other arm and pair of which both runs were made.",
    (
        _B,
        _RUN,
        Column("day", "double", "day", "First day on which the two runs differ.", "they never do"),
    ),
)

ASSUMED = Table(
    "assumed",
    "One row for each response and assumed number: what half and one and a half of it do to b less a.",
    (
        _RESPONSE,
        Column("number", "string", "", "The number, group.name."),
        Column("difference", "double", "", "b less a as it stands, over these pairs.", _NO_PAIRS),
        Column("half", "double", "", "The same with half of the number.", _NO_PAIRS),
        Column("more", "double", "", "The same with one and a half of the number.", _NO_PAIRS),
        Column(
            "error",
            "double",
            "",
            "Standard error of their distance from the difference, pooled over all that change it.",
            "no number changes anything, or there is one pair",
        ),
        Column("largest", "double", "", "The larger distance.", _NO_PAIRS),
        Column("clear", "bool", "", "Whether that is more than four errors."),
        Column("turns", "bool", "", "Whether the sign changes, by more than four errors."),
    ),
)

#: Fields of `Difference` whose column has another name.
_NAMES = {"a": "mean_a", "b": "mean_b", "mean": "difference"}


def write_answer(
    question: Question,
    folder: Path,
    found: list[Compared],
    values: Numbers,
    partings: Numbers,
) -> list[str]:
    """Write tables of differences, the sentences, and the figure; returns remarks about it.

    Parameters
    ----------
    question : Question
    folder : Path
        With the folders ``tables`` and ``figures``.
    found : list of Compared
    values, partings : f8 arrays (arm, run, response) and (arm, run)
        Responses, and the first day on which a run differs from the first arm's: nan if unknown, inf if
        never.
    """
    _write_arms(question, folder)
    pairs = _pairs(question, values)
    rows = [
        {"a": c.a, "b": c.b, "response": c.response}
        | {_NAMES.get(key, key): value for key, value in c.found._asdict().items()}
        | {"needed": c.found.needed}
        | ({} if c.found.n > 1 else {"low": None, "high": None})  # no bounds are known
        for c in found
    ]
    comparisons = COMPARISONS.frame(
        pd.DataFrame(rows, columns=list(COMPARISONS.names)).astype({"needed": "Int64"})
    )
    parted = pd.concat(
        [
            pd.DataFrame({"b": b, "run": np.arange(partings.shape[1], dtype=np.int32), "day": partings[arm]})
            for arm, b in enumerate(question.arms)
            if arm > 0
        ],
        ignore_index=True,
    )
    parted = parted[parted["day"].notna()].replace({"day": np.inf}, np.nan)
    for table, frame in ((DIFFERENCES, pairs), (COMPARISONS, comparisons), (PARTINGS, parted)):
        write_table(folder, table, frame)
    text = "\n".join(answer_sentences(question, found, partings)) + "\n"
    (folder / "summary.txt").write_text(text, encoding="utf-8", newline="\n")
    return draw_differences(folder / "figures", pairs, comparisons)


def _write_arms(question: Question, folder: Path) -> None:
    """The resolved scenario of each arm, in the arms' order: what differed, and how to run it again."""
    (folder / ARMS).mkdir(exist_ok=True)
    for number, (name, scenario) in enumerate(question.arms.items()):
        path = folder / ARMS / f"{number:02d}-{folder_name(name)}.yaml"
        path.write_text(scenario.dump(), encoding="utf-8", newline="\n")


def write_assumed(question: Question, folder: Path, moved: pd.DataFrame, runs: int) -> None:
    """Write ``assumed.parquet`` and add what the assumed numbers do to ``summary.txt``.

    Parameters
    ----------
    question, folder
        As of `write_answer`, which has written there.
    moved : DataFrame
        Of :func:`shequn.experiments.comparison.assumed.moved_differences`.
    runs : int
        That it took.
    """
    write_table(folder, ASSUMED, moved)
    lines = assumed_sentences(moved, question.responses[0], question.assumed, runs)
    with (folder / "summary.txt").open("a", encoding="utf-8", newline="\n") as file:
        file.write("\n" + "\n".join(lines) + "\n")


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
                "value_a": values[0, :, place],
                "value_b": values[arm, :, place],
                "difference": values[arm, :, place] - values[0, :, place],
            }
        )
        for arm, b in enumerate(others, start=1)
        for place, response in enumerate(question.responses)
    ]
    return pd.concat(parts, ignore_index=True)


def answer_sentences(question: Question, found: list[Compared], partings: Numbers) -> list[str]:
    """The answer in sentences, arm by arm."""
    a, *others = question.arms
    lines = []
    for arm, b in enumerate(others, start=1):
        for c in found:
            if c.b == b:
                lines += sentences(a, b, c.response, c.found)
        made = partings[arm][~np.isnan(partings[arm])]
        lines.append(divergence(np.where(np.isinf(made), np.nan, made)))
        lines.append("")
    tests = len(found)
    if tests > 1:
        lines.append(
            _(
                "Each of these {tests} intervals is a 95 % one by itself: where nothing differs, one in "
                "twenty leaves out 0."
            ).format(tests=tests)
        )
    if question.past is not None:
        past = question.past
        lines.append(
            _("All go on from the same states: those of run {run} of {scenario} on day {day}.").format(
                run=past.run, scenario=past.scenario, day=past.day
            )
        )
    main = str(question.responses[0])
    widest = max(c.found.half_width for c in found if c.response == main)
    if question.until is not None and widest > question.until:
        lines.append(
            _("The half width asked for, {until:g}, is not reached: it is {widest:.4g}.").format(
                until=question.until, widest=widest
            )
        )
    return lines


def divergence(days: Numbers) -> str:
    """When two arms part, in words.

    Parameters
    ----------
    days : f8 array (n)
        First day on which the runs of a pair differ; nan where they never do. Pairs of which one run
        failed are left out.
    """
    if not len(days):
        return _("Whether the two part is not known.")
    known = days[np.isfinite(days)]
    if not len(known):
        return _("The two never part: every day of every run is the same.")
    first, last = known.min(), known.max()
    same = len(days) - len(known)
    words = (
        _(
            "The two part on day {middle:.0f} (median; earliest {first:.0f}, latest {last:.0f}); "
            "in {same} of {n} pairs they never do."
        )
        if same
        else _("The two part on day {middle:.0f} (median; earliest {first:.0f}, latest {last:.0f}).")
    )
    return words.format(middle=np.median(known), first=first, last=last, same=same, n=len(days))
