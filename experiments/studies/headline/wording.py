"""The answers and differences as Markdown tables, for docs/en/explanation/headline.md."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from shequn.experiments.studies.headline.answering import AGAIN, MIX, Findings


def page(found: Findings) -> str:
    """All tables: answers of the graphs, what new seeds change, answers of the mixes, and differences."""
    names = list(found.sweeps)
    graphs = [name for name in names if not name.startswith(MIX) and not name.endswith(AGAIN)]
    again = [name for name in names if name.endswith(AGAIN)]
    mixes = [name for name in names if name.startswith(MIX)]
    parts = ["## Answers on each graph", answers_table(found.answers, graphs)]
    parts += [
        "## Critical gate at every openness (read off afterwards)",
        answers_table(found.explored, graphs),
    ]
    parts += ["## Means of each level, the other two factors averaged"]
    parts += [levels_table(found.levels, name) for name in graphs]
    if again:
        parts += ["## With new seeds", answers_table(found.answers, again), agreement(found)]
    if mixes:
        parts += ["## Mixes of drivers", answers_table(found.answers, mixes)]
    for family in ("new seeds", "graphs", "mixes"):
        parts += [f"## Differences beyond the joint interval: {family}", differing(found.differences, family)]
    return "\n\n".join(parts) + "\n"


def answers_table(answers: pd.DataFrame, sweeps: Sequence[str]) -> str:
    """A row for each answer, a column for each sweep: value (95 % interval)."""
    lines = ["| answer | " + " | ".join(sweeps) + " |", "| --- |" + " --- |" * len(sweeps)]
    by_sweep = {name: answers[answers["sweep"] == name].set_index("answer") for name in sweeps}
    for answer in by_sweep[sweeps[0]].index:
        cells = [_cell(by_sweep[name].loc[answer]) for name in sweeps]
        lines.append(f"| {answer} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def levels_table(levels: pd.DataFrame, sweep: str) -> str:
    """A row for each level of each factor, a column for each response: mean ± half of its 95 % interval."""
    rows = levels[levels["sweep"] == sweep]
    responses = list(dict.fromkeys(rows["response"]))
    lines = [f"| {sweep} | {' | '.join(responses)} |", "| --- |" + " --- |" * len(responses)]
    for (factor, level), part in rows.groupby(["factor", "level"], sort=False):
        shown = [
            f"{_number(row['value'])} ± {(row['high'] - row['low']) / 2.0:.2g}"
            for row in part.set_index("response").loc[responses].to_dict("records")
        ]
        lines.append(f"| {factor} {level} | {' | '.join(shown)} |")
    return "\n".join(lines)


def agreement(found: Findings) -> str:
    """Sentences on how many answers and orders are the same with new seeds."""
    table = found.differences
    rows = table[table["family"] == "new seeds"]
    orders = found.orders
    clear = orders[orders["clear_a"]]
    turned = clear[np.sign(clear["a"]) != np.sign(clear["b"])]
    contrasts = rows[rows["answer"].str.startswith("contrast")]
    sure = contrasts[contrasts["a"].abs() > contrasts["half_width"]]
    same = (np.sign(sure["a"]) == np.sign(sure["b"])).sum()
    return (
        f"Of {len(rows)} answers {rows['differs'].sum()} differ by more than the joint 99.9 % interval; "
        f"{rows['beyond_95'].sum()} lie beyond their own 95 % interval. "
        f"Of {len(sure)} contrasts clear of 0 in the first sweep {same} have the same sign. "
        f"Of {len(clear)} pairs of levels in clear order {len(clear) - len(turned)} come in the same order, "
        f"and {(turned['clear_b']).sum()} clearly in the other."
    )


def differing(differences: pd.DataFrame, family: str) -> str:
    """A row for each difference of a family that is beyond its joint interval."""
    rows = differences[differences["family"] == family] if len(differences) else differences
    if not len(rows):
        return "Nothing to compare."
    beyond = rows[rows["differs"]]
    count = f"{len(beyond)} of {len(rows)}."
    if not len(beyond):
        return count
    lines = [
        count,
        "",
        "| A | B | answer | A | B | B − A, joint 99.9 % |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in beyond.to_dict("records"):
        difference, half_width = row["difference"], row["half_width"]
        shown = "" if np.isnan(difference) else f"{difference:+.3g} ± {_number(half_width)}"
        words = (row["first"], row["second"], row["answer"], _number(row["a"]), _number(row["b"]), shown)
        lines.append(f"| {' | '.join(words)} |")
    return "\n".join(lines)


def _cell(row: "pd.Series[float]") -> str:
    if np.isfinite(row["low"]):
        interval = f"{_number(row['low'])} to {_number(row['high'])}"
    else:
        interval = f"there in {row['there']:.0%} of draws"
    return f"{_number(row['value'])} ({interval})"


def _number(value: float) -> str:
    return "none" if np.isnan(value) else f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
