"""What a fit found, as tables: the parameters, and log and model side by side."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.calibration.posterior import LEVEL, Posterior

if TYPE_CHECKING:
    from experiments.calibration.calibration import Calibrated


def parameter_table(posterior: Posterior, best: npt.NDArray[np.float64]) -> pd.DataFrame:
    """A row for each parameter: best found together, median, interval, range, share of it that is left."""
    interval, point = posterior.interval(), posterior.point()
    rows = [
        {
            "key": p.key,
            "best": float(p.values(best[k])),
            "median": float(p.values(point[k])),
            "low": float(p.values(interval[k, 0])),
            "high": float(p.values(interval[k, 1])),
            "range_low": p.low,
            "range_high": p.high,
            "scale": p.scale,
            "left": float(interval[k, 1] - interval[k, 0]),
        }
        for k, p in enumerate(posterior.parameters)
    ]
    return pd.DataFrame(rows)


def moment_table(
    target: Mapping[str, float], runs: Sequence[Mapping[str, float]], names: Sequence[str]
) -> pd.DataFrame:
    """Log and model side by side, worst first.

    ``apart`` is how far the log lies from the model's mean, in standard deviations of single runs
    (nan where either is missing).
    """
    rows = []
    for name in names:
        values = np.array([run[name] for run in runs], dtype=float)
        values = values[np.isfinite(values)]
        mean = float(values.mean()) if len(values) else float("nan")
        spread = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
        rows.append(
            {
                "statistic": name,
                "log": target[name],
                "model": mean,
                "model_low": float(values.min()) if len(values) else float("nan"),
                "model_high": float(values.max()) if len(values) else float("nan"),
                "apart": (target[name] - mean) / spread if spread > 0 else float("nan"),
            }
        )
    found = pd.DataFrame(rows)
    return found.sort_values(
        "apart", key=lambda column: -column.abs(), kind="stable", na_position="last"
    ).reset_index(drop=True)


def parameter_lines(posterior: Posterior, best: npt.NDArray[np.float64]) -> list[str]:
    """The parameters and what is not identified, for a terminal."""
    table = parameter_table(posterior, best)
    width = max(len(key) for key in table["key"])
    heads = f"{f'{LEVEL:.0%} interval':^19}  {'searched':^19}  left of it"
    lines = [f"{'parameter':{width}}{'best':>10}{'median':>10}  {heads}"]
    for row in table.itertuples():
        interval, searched = (
            f"{low:.3g} … {high:.3g}" for low, high in ((row.low, row.high), (row.range_low, row.range_high))
        )
        numbers = f"{row.best:>10.3g}{row.median:>10.3g}"
        lines.append(f"{row.key:{width}}{numbers}  {interval:^19}  {searched:^19}  {row.left:>9.0%}")
    said = posterior.not_identified()
    return [*lines, "", *(said or ["Every parameter is identified, and each is told apart from the others."])]


def moment_lines(table: pd.DataFrame, most: int = 44) -> list[str]:
    """Log and model side by side, for a terminal."""
    lines = [f"{'statistic':22}{'log':>10}{'model':>10}   {'range of runs':^19}{'apart (sd)':>11}"]
    shown = table[table["log"].notna()].head(most)
    for row, known in zip(shown.itertuples(), shown["apart"].notna(), strict=True):
        runs = f"{row.model_low:.3g} … {row.model_high:.3g}"
        apart = f"{row.apart:>11.1f}" if known else f"{'–':>11}"
        lines.append(f"{row.statistic:22}{row.log:>10.3g}{row.model:>10.3g}   {runs:^19}{apart}")
    return lines


def score_lines(scores: pd.DataFrame) -> list[str]:
    """The forecast beside what it has to beat, for a terminal."""
    head = f"{'forecast':14}{'weeks':>6}{'active':>9}{'joins':>9}   (weighted absolute percentage errors)"
    ordered = scores.sort_values(["weeks", "active"], kind="stable")
    rows = ordered.itertuples()
    return [head, *(f"{r.forecast:14}{r.weeks:>6}{r.active:>9.1%}{r.joins:>9.1%}" for r in rows)]


def summary(calibrated: "Calibrated", title: str, names: Sequence[str]) -> str:
    """All that was found, as text."""
    prepared, fitted = calibrated.prepared, calibrated.fitted
    part = prepared.part
    parts = [
        f"{title}: {len(part.person):,} events of {part.n_people:,} people in {part.days:,} days, fitted by "
        f"{fitted.trials:,} runs of {prepared.base.title!r}; {fitted.compared:,} of them count",
        "",
        *parameter_lines(fitted.posterior, fitted.best),
        "",
        *moment_lines(moment_table(prepared.target, calibrated.replicates, names)),
    ]
    if calibrated.scores is not None:
        parts += ["", f"The last {prepared.holdout} weeks were held out:", *score_lines(calibrated.scores)]
    return "\n".join(parts) + "\n"
