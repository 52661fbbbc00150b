"""Comparing arms: every arm run with the same seeds, each compared with the first."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.comparison.figures import draw_differences
from experiments.comparison.paired import Difference, difference, first_parting
from experiments.comparison.wording import sentences
from experiments.designs.responses import Response
from experiments.sweeps import folder as folders
from experiments.sweeps.carrying_out import carry_out_on
from experiments.sweeps.executors import check
from experiments.sweeps.finished import FILE, FinishedRuns
from experiments.sweeps.plan import Plan, parameters
from experiments.sweeps.tables import write_tables
from experiments.sweeps.working import Finished, warm
from sim.results.folder import MANIFEST
from sim.results.manifest import manifest, write_json
from sim.results.parquet import TableFile
from sim.results.replicates import add_csv
from sim.scenario import Scenario

MOST_RUNS = 20_000  # pairs after which no half width is waited for
_LEAST_MORE = 10

#: Called before each round of runs, as in :mod:`experiments.sweeps.sweep`.
Watch = Callable[[Plan, int], Callable[[Finished], None]]


@dataclass(frozen=True)
class Question:
    """Which arms are compared, in what, and until when.

    Attributes
    ----------
    arms : dict
        Names and scenarios; all are compared with the first.
    responses : tuple of Response
        The first is the one whose half width is waited for.
    runs : int
        Pairs; with ``until``, pairs to begin with.
    until : float or None
        Half width of the interval that is asked for.
    """

    arms: Mapping[str, Scenario]
    responses: tuple[Response, ...]
    runs: int
    seed: int
    until: float | None = None

    def plan(self, runs: int) -> Plan:
        """The runs of all arms."""
        names, scenarios = tuple(self.arms), tuple(self.arms.values())
        return Plan(
            columns=("arm",),
            is_number=(False,),
            points=len(names),
            values=lambda point: (names[point],),
            scenario_of=lambda point: scenarios[point],
            responses=self.responses,
            replicates=runs,
            seed=self.seed,
            traced=True,
        )

    def asked(self) -> dict[str, Any]:
        """All that the answer depends on, beside the version."""
        return {
            "runs": self.runs,
            "seed": self.seed,
            "until": self.until,
            "responses": [str(response) for response in self.responses],
            "arms": {name: parameters(scenario) for name, scenario in self.arms.items()},
        }


class Compared(NamedTuple):
    """One arm against the first, in one response."""

    a: str
    b: str
    response: str
    found: Difference


def compare(
    question: Question,
    final: Path,
    watch: Watch,
    on: str = "processes",
    jobs: int | None = None,
    csv: bool = False,
    anew: bool = False,
) -> None:
    """Answer a question and write the folder ``final``, complete or not at all.

    Parameters as of :func:`experiments.sweeps.sweep.sweep`.

    Raises
    ------
    PlaceError, MixedError, InUseError, OSError
    """
    begun = time.perf_counter()
    check(on)
    with folders.writing(final, question.asked(), anew) as folder:
        warm(next(iter(question.arms.values())))
        runs = question.runs
        while True:
            with FinishedRuns(folder, question.plan(runs)) as finished:
                carry_out_on(finished, on, jobs, watch(finished.plan, finished.count))
                values, partings = _values(finished)
                found = _differences(question, values)
                more = _more(question, found, runs)
                if more == runs:
                    failed = write_tables(finished, folder / "tables")
                    break
            runs = more
        _write(question, folder, found, values, partings)
        if csv:
            add_csv(folder)
        (folder / FILE).unlink()
        about = {"runs": runs, "failed": failed, "seconds": round(time.perf_counter() - begun, 3)}
        write_json(folder / MANIFEST, manifest(folder, arms=list(question.arms), **about))


def _values(finished: FinishedRuns) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Responses (arm, run, response) and first days of parting from the first arm (arm, run); nan unknown."""
    plan = finished.plan
    values = np.full((plan.points, plan.replicates, len(plan.responses)), np.nan)
    partings = np.full((plan.points, plan.replicates), np.nan)
    first = ""
    for run in finished:
        point, replicate = plan.place(run.number)
        if point == 0:
            first = run.trace  # the arms of a replicate follow each other
        if run.values is None:
            continue
        values[point, replicate] = run.values
        day = first_parting(first, run.trace) if first else None
        if day is not None:
            partings[point, replicate] = day
    return values, partings


def _differences(question: Question, values: np.ndarray[Any, Any]) -> list[Compared]:
    a, *others = question.arms
    return [
        Compared(a, b, str(response), difference(values[0, :, place], values[arm, :, place]))
        for arm, b in enumerate(others, start=1)
        for place, response in enumerate(question.responses)
    ]


def _more(question: Question, found: list[Compared], runs: int) -> int:
    """How many pairs to make before looking again; as many as there are when it is enough.

    At most twice as many as now: the spread is known too badly at first to trust a longer leap.
    """
    if question.until is None:
        return runs
    main = str(question.responses[0])
    widest = max(c.found.half_width for c in found if c.response == main)
    if widest <= question.until or runs >= MOST_RUNS:
        return runs
    wanted = math.inf if not math.isfinite(widest) else runs * (widest / question.until) ** 2
    return int(min(max(math.ceil(wanted), runs + _LEAST_MORE) if wanted < 2 * runs else 2 * runs, MOST_RUNS))


def _write(
    question: Question,
    folder: Path,
    found: list[Compared],
    values: np.ndarray[Any, Any],
    partings: np.ndarray[Any, Any],
) -> None:
    """Tables of differences, the figure, and the sentences."""
    import pyarrow as pa

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
    for name, table in (("differences", pairs), ("comparisons", comparisons), ("partings", parted)):
        whole = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata()
        with TableFile(folder / "tables" / f"{name}.parquet", whole.schema) as file:
            file.append(whole)
    text = "\n".join(said(question, found, partings)) + "\n"
    (folder / "summary.txt").write_text(text, encoding="utf-8", newline="\n")
    draw_differences(folder / "figures", pairs, comparisons)


def _pairs(question: Question, values: np.ndarray[Any, Any]) -> pd.DataFrame:
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


def said(question: Question, found: list[Compared], partings: np.ndarray[Any, Any]) -> list[str]:
    """The answer in sentences, arm by arm."""
    a, *others = question.arms
    lines = []
    for arm, b in enumerate(others, start=1):
        for c in found:
            if c.b == b:
                lines += sentences(a, b, c.response, c.found)
        lines.append(_parting(partings[arm]))
        lines.append("")
    tests = len(found)
    if tests > 1:
        lines.append(
            f"Each of these {tests} intervals is a 95 % one by itself: where nothing differs, one in twenty leaves out 0."
        )
    main = str(question.responses[0])
    widest = max(c.found.half_width for c in found if c.response == main)
    if question.until is not None and widest > question.until:
        lines.append(f"The half width asked for, {question.until:g}, is not reached: it is {widest:.4g}.")
    return lines


def _parting(days: np.ndarray[Any, Any]) -> str:
    """When two arms part, in words."""
    known = days[np.isfinite(days)]
    if not len(known):
        return "The two never part: every day of every run is the same."
    text = f"The two part on day {np.median(known):.0f} (median; earliest {known.min():.0f}, latest {known.max():.0f})"
    same = len(days) - len(known)
    return text + (f"; in {same} of {len(days)} pairs they never do." if same else ".")
