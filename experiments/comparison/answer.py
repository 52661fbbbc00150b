"""The answer of a comparison: its tables and its sentences."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from shequn.experiments.comparison.assumed import sentences as assumed_sentences
from shequn.experiments.comparison.figures import draw_differences
from shequn.experiments.comparison.paired import Numbers
from shequn.experiments.comparison.question import Compared, Question
from shequn.experiments.comparison.wording import sentences
from shequn.sim.language import _
from shequn.sim.results.folder import folder_name
from shequn.sim.results.parquet import TableFile

ARMS = "arms"  # folder of the arms' scenarios


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

    Columns
    -------
    differences
        a, b : arms. run : pair. response. value_a, value_b, difference : nan if unknown.
    comparisons
        A row for each b and response: the fields of :class:`shequn.experiments.comparison.paired.Difference`.
    partings
        b, run, day : a row for each pair of which both runs were made; nan if they never part.
    """
    _write_arms(question, folder)
    pairs = _pairs(question, values)
    rows = [
        {"a": c.a, "b": c.b, "response": c.response}
        | {f"mean_{key}" if key in "ab" else key: value for key, value in c.found._asdict().items()}
        | {"needed": c.found.needed}
        for c in found
    ]
    comparisons = pd.DataFrame(rows).rename(columns={"mean": "difference"}).astype({"needed": "Int64"})
    parted = pd.concat(
        [
            pd.DataFrame({"b": b, "run": np.arange(partings.shape[1], dtype=np.int32), "day": partings[arm]})
            for arm, b in enumerate(question.arms)
            if arm > 0
        ],
        ignore_index=True,
    )
    parted = parted[parted["day"].notna()].replace({"day": np.inf}, np.nan)
    for name, table in (("differences", pairs), ("comparisons", comparisons), ("partings", parted)):
        whole = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata()
        with TableFile(folder / "tables" / f"{name}.parquet", whole.schema) as file:
            file.append(whole)
    text = "\n".join(said(question, found, partings)) + "\n"
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
    whole = pa.Table.from_pandas(moved, preserve_index=False).replace_schema_metadata()
    with TableFile(folder / "tables" / "assumed.parquet", whole.schema) as file:
        file.append(whole)
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


def said(question: Question, found: list[Compared], partings: Numbers) -> list[str]:
    """The answer in sentences, arm by arm."""
    a, *others = question.arms
    lines = []
    for arm, b in enumerate(others, start=1):
        for c in found:
            if c.b == b:
                lines += sentences(a, b, c.response, c.found)
        made = partings[arm][~np.isnan(partings[arm])]
        lines.append(parting(np.where(np.isinf(made), np.nan, made)))
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


def parting(days: Numbers) -> str:
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
